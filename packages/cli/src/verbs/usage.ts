/** `aedev usage`: usage and its cost, with the daemon up or down. It reads the log and the price list, and calls nothing. */
import { costText, decimalOf, groupedText, roundedText, usedText } from "@aedev/contracts";
import type { UsageReport, UsageRow } from "@aedev/contracts/api";
import { type Answer, done, doneWithData, usageFault } from "../command-line/answer.ts";
import { durationOption } from "../command-line/duration.ts";
import type { Verb } from "../command-line/verb.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { columns } from "../render/columns.ts";

const groupings = ["day", "repo", "model", "mission"] as const satisfies readonly UsageReport["by"][];

export const verb: Verb = {
  summary: "Show what was used by runs, judges, canaries, drafts and set-up runs, and what it costs at list price.",
  options: [
    { flags: "--by <grouping>", summary: "day (as usual), repo, model or mission" },
    { flags: "--since <duration>", summary: "how far back, such as 24h or 7d (default: everything)" },
    { flags: "--csv", summary: "print a table for other programs" },
  ],
  examples: [
    "aedev usage",
    "aedev usage --since 7d",
    "aedev usage --by model",
    "aedev usage --by mission --csv",
    "aedev usage --json",
  ],
  async run(session, input): Promise<Answer> {
    const asked = input.text("by") ?? "day";
    const by = groupings.find((one) => one === asked);
    if (by === undefined)
      throw usageFault(`--by takes ${groupings.join(", ")}, not "${asked}"`, "aedev usage --by model");
    if (input.flag("csv") && session.json)
      throw usageFault("give --csv or --json, not both", "aedev usage --by model --csv");
    const spanText = input.text("since");
    const since =
      spanText === undefined ? null : new Date(Date.now() - durationOption(spanText, "--since")).toISOString();
    const report = await readHome(session, (home) => home.usage(by, since));
    return input.flag("csv") ? doneWithData(report, csvOf(report)) : done(report, textOf(report));
  },
};

const nameless: Readonly<Record<UsageReport["by"], string>> = {
  day: "(no day)",
  repo: "(no repository)",
  model: "(model not recorded)",
  mission: "(no mission)",
};

function textOf({ by, rows, total }: UsageReport): string {
  if (rows.length === 0) return "nothing was used yet";
  // A run uses several models, so its count belongs to no model's row; the total counts it.
  const named = by === "model" ? rows.filter(({ key, requests }) => key !== null || requests > 0) : rows;
  const runs = <Cell extends string | number>(value: Cell): Cell[] => (by === "model" ? [] : [value]);
  const table = columns(
    [by, ...runs("runs"), "requests", "tokens", "cost at list price"],
    named.map((row) => [
      row.key ?? nameless[by],
      ...runs(row.runs),
      groupedText(row.requests),
      roundedText(row.tokens),
      costText(row),
    ]),
    "",
  );
  return `${table}\n\ntotal: ${usedText(total)}\ncost:  ${costText(total)}`;
}

const csvColumns: Readonly<Record<string, (row: UsageRow) => string | number>> = {
  key: ({ key }) => key ?? "",
  runs: ({ runs }) => runs,
  run_seconds: ({ run_ms }) => Math.round(run_ms / 1000),
  requests: ({ requests }) => requests,
  unfinished_requests: ({ unfinished_requests }) => unfinished_requests,
  tokens: ({ tokens }) => tokens,
  input_tokens: ({ input_tokens }) => input_tokens,
  output_tokens: ({ output_tokens }) => output_tokens,
  cache_read_tokens: ({ cache_read_tokens }) => cache_read_tokens,
  cache_write_tokens: ({ cache_write_tokens }) => cache_write_tokens,
  cache_write_hour_tokens: ({ cache_write_hour_tokens }) => cache_write_hour_tokens,
  unfinished_tokens: ({ unfinished_tokens }) => unfinished_tokens,
  // Empty instead of zero if no part has a known price.
  usd: ({ nano_usd, unknown }) => (nano_usd === 0 && unknown.length > 0 ? "" : decimalOf(nano_usd, 9)),
  subscription_usd: ({ subscription_nano_usd }) => decimalOf(subscription_nano_usd, 9),
  requests_of_unknown_price: ({ unknown }) => unknown.reduce((sum, { requests }) => sum + requests, 0),
  unknown_models: ({ unknown }) => unknown.map(({ model }) => model ?? "not recorded").join(" "),
};

function csvOf({ rows }: UsageReport): string {
  const lines = rows.map((row) => Object.values(csvColumns).map((cellOf) => csvCell(cellOf(row))));
  return [Object.keys(csvColumns), ...lines].map((cells) => cells.join(",")).join("\n");
}

/** Quoted if needed; a spreadsheet takes a text that starts with one of these characters for a formula. */
function csvCell(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@]/.test(value) ? `'${value}` : String(value);
  return /[",\s]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
