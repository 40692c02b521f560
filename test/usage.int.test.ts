/**
 * The cost of vendors' recorded answers, in every class of tokens, from the bytes of an answer to every view: the sum is the same everywhere, a subscription is
 * shown at list price, and anything without a known price says so.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { nanoDollarsOf, noUsage, tokensOf, type Usage } from "@aedev/contracts";
import type { UsageReport, UsageSum } from "@aedev/contracts/api";
import type { CommandBody } from "@aedev/core";
import { ids } from "@aedev/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "../packages/cli/src/program.ts";
import { taskText } from "../packages/cli/src/render/task-text.ts";
import { processEntries } from "../packages/cli/src/terminal/entries.ts";
import { openHome } from "../packages/daemon/src/index.ts";
import { pullRequestTexts } from "../packages/daemon/src/work/pull-request-texts.ts";
import { openSignedHome, type SignedHome } from "../packages/daemon/test/evidence/signed-home.ts";
import { happenings, idOf, judgeCanary, ofMission, plant } from "../packages/daemon/test/log/lives.ts";
import { createMeter } from "../packages/runner/src/gateway/meter.ts";
import { createMessagesCounter } from "../packages/runner/src/gateway/wire/anthropic-messages/usage-count.ts";
import { gatewayLimits } from "../packages/runner/test/throw-away-home.ts";
import { readGenerated } from "../packages/validators/src/vendor/gemini.ts";
import { readCompletion } from "../packages/validators/src/vendor/openai.ts";

const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const start = (usage: object) => event("message_start", { message: { usage: { output_tokens: 1, ...usage } } });
const end = (output_tokens: number) => event("message_delta", { usage: { output_tokens } });

/** An answer of the coder's model, as its endpoint streams it; `nano`: its cost at the shipped list price. */
interface Streamed {
  readonly name: string;
  readonly model: string;
  readonly billing: "api" | "subscription";
  readonly bytes: string;
  readonly isDocument?: true;
  /** Null if the price is unknown. */
  readonly nano: number | null;
  readonly tokens: number;
}
const sonnet = { model: "claude-sonnet-4-6", billing: "api" } as const;
const streams: readonly Streamed[] = [
  { name: "input and output", ...sonnet, bytes: start({ input_tokens: 100 }) + end(20), nano: 600_000, tokens: 120 },
  {
    name: "cache reads",
    ...sonnet,
    bytes: start({ input_tokens: 1, cache_read_input_tokens: 1000 }) + end(2),
    nano: 3000 + 300_000 + 30_000,
    tokens: 3,
  },
  {
    name: "cache writes for five minutes",
    ...sonnet,
    bytes: start({ input_tokens: 1, cache_creation_input_tokens: 40 }) + end(2),
    nano: 3000 + 150_000 + 30_000,
    tokens: 43,
  },
  {
    name: "cache writes for five minutes and for an hour",
    ...sonnet,
    bytes:
      start({
        input_tokens: 1,
        cache_creation_input_tokens: 40,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 30 },
      }) + end(2),
    nano: 3000 + 37_500 + 180_000 + 30_000,
    tokens: 73,
  },
  {
    name: "a whole document, of a dated model",
    ...{ model: "claude-haiku-4-5-20251001", billing: "api" },
    bytes: JSON.stringify({ type: "message", usage: { input_tokens: 7, output_tokens: 3 } }),
    isDocument: true,
    nano: 7000 + 15_000,
    tokens: 10,
  },
  {
    name: "a subscription",
    ...{ model: "claude-opus-4-6", billing: "subscription" },
    bytes: start({ input_tokens: 10 }) + end(10),
    nano: 50_000 + 250_000,
    tokens: 20,
  },
  {
    name: "a model without a price",
    ...{ model: "claude-of-tomorrow", billing: "api" },
    bytes: start({ input_tokens: 5 }) + end(5),
    nano: null,
    tokens: 10,
  },
  {
    name: "an answer that broke off",
    ...sonnet,
    bytes: start({ input_tokens: 9 }),
    nano: 27_000 + 15_000,
    tokens: 500,
  },
];
/** The reservation of each request. */
const reserved = 500;

const choices = [{ finish_reason: "stop", message: { content: "{}" } }];
const candidates = [{ finishReason: "STOP", content: { parts: [{ text: "{}" }] } }];
const judged = [
  {
    family: "openai",
    model: "gpt-5.1-2025-11-13",
    outcome: readCompletion({
      choices,
      usage: {
        ...{ prompt_tokens: 100, completion_tokens: 30 },
        prompt_tokens_details: { cached_tokens: 60 },
        completion_tokens_details: { reasoning_tokens: 20 },
      },
    }),
    nano: 40 * 1250 + 60 * 125 + 30 * 10_000,
    tokens: 70,
  },
  {
    family: "gemini",
    model: "gemini-2.5-pro",
    outcome: readGenerated({
      candidates,
      usageMetadata: {
        ...{ promptTokenCount: 50, candidatesTokenCount: 5, thoughtsTokenCount: 4, cachedContentTokenCount: 10 },
      },
    }),
    nano: 40 * 1250 + 10 * 125 + 9 * 10_000,
    tokens: 49,
  },
] as const;

/** Counts a run with these answers as the gateway does. */
function counted(answers: readonly Streamed[]): Usage {
  const meter = createMeter(gatewayLimits);
  for (const { model, billing, bytes, isDocument } of answers) {
    const counter = createMessagesCounter(isDocument === true ? "application/json" : "text/event-stream");
    // In pieces, as from a socket.
    for (let at = 0; at < bytes.length; at += 7) counter.take(Buffer.from(bytes.slice(at, at + 7)));
    const reservation = { model, billing, tokens: reserved, nanoDollars: 0 };
    meter.readmit(reservation);
    const end = { counts: counter.counts(), final: counter.isFinal(), free: false, countsAsRequest: true };
    meter.settle({ reserved: reservation, ...end, bodyBytes: null });
  }
  return meter.usage();
}

const expectedTokens = streams.reduce((sum, { tokens }) => sum + tokens, 0);
const expectedNano = streams.reduce((sum, { nano }) => sum + (nano ?? 0), 0);
const judgesTokens = judged.reduce((sum, { tokens }) => sum + tokens, 0);
const judgesNano = judged.reduce((sum, { nano }) => sum + nano, 0);

let signed: SignedHome;
beforeAll(async () => {
  signed = await openSignedHome();
  await signed.seal();
  await signed.decide();
  // A second mission, with the recorded run and verdicts.
  for (const name of ["step 0", "step 1", "step 2"]) await submit(happenings[name]);
  const captured = happenings["step 3"] as Extract<CommandBody, { kind: "RecordCoderResult" }>;
  await submit({ ...captured, result: { ...captured.result, usage: counted(streams) } } as CommandBody);
  for (const name of ["step 4", "step 5"]) await submit(happenings[name]);
  for (const { family, model, outcome } of judged) {
    const said = happenings["pass by openai"] as Extract<CommandBody, { kind: "RecordVerdict" }>;
    const usage = { ...outcome.usage, requests: 2 };
    await submit({ ...said, verdict: { ...said.verdict, family, model, usage } } as CommandBody);
  }
  await signed.submit(plant(1, { audit: null, beside: null }));
  const judgedCanary = judgeCanary(1) as Extract<CommandBody, { kind: "RecordCanaryVerdict" }>;
  const usage = { input_tokens: 200, output_tokens: 20, requests: 2 };
  await signed.submit({ ...judgedCanary, verdict: { ...judgedCanary.verdict, model: "gpt-5.1", usage } });
});
afterAll(() => signed.close());

function submit(body: CommandBody | undefined): Promise<void> {
  if (body === undefined) throw new Error("the story has no such step");
  return signed.submit(ofMission(1, body));
}

async function aedev(...line: string[]): Promise<string> {
  let out = "";
  const terminal = {
    write: (text: string) => {
      out += text;
    },
    complain: (text: string) => {
      throw new Error(text);
    },
    interactive: false,
    readAll: async () => "",
    ask: async () => "",
  };
  const environment = { ...process.env, AEDEV_HOME: signed.home };
  expect(await runProgram(line, { environment, terminal, entries: processEntries })).toBe(0);
  return out;
}
const shown = async <T>(...line: string[]): Promise<T> => JSON.parse(await aedev(...line, "--json")) as T;

describe("the price of a recorded answer", () => {
  it.each(streams)("the price of $name is computed class by class", ({ nano, tokens, ...answer }) => {
    const usage = counted([{ nano, tokens, ...answer }]);
    const [model] = usage.models ?? [];
    expect([usage.models?.length, tokensOf(usage)]).toEqual([1, tokens]);
    const price = signed.control.budgets().prices[answer.model.replace("-20251001", "")]?.price;
    expect(model === undefined || price === undefined ? null : nanoDollarsOf(model, price)).toBe(nano);
  });
});

describe("every view of usage", () => {
  const mission = idOf("m", 1);
  const task = idOf("t", 1);
  const ofTask = { tokens: expectedTokens + judgesTokens, nano_usd: expectedNano + judgesNano };

  it("usage of a task and its mission is the sum of coder and judges, with the coder's own next to it", async () => {
    // Not `aedev task show`, which also shows the change: this task's bundle is from a story and not in the store.
    using home = await openHome({ home: signed.home, environment: {} });
    const details = await home.task(task);
    expect(details.used).toMatchObject(ofTask);
    expect(tokensOf(details.usage)).toBe(expectedTokens);
    expect((await shown<{ used: UsageSum }>("mission", "show", mission)).used).toEqual(details.used);
    expect(details.used).toMatchObject({
      unknown: [{ model: "claude-of-tomorrow", requests: 1 }],
      unfinished_requests: 1,
    });
    const text = taskText(details);
    expect(text).toContain(`with judges:`);
    expect(text).toContain(`${ofTask.tokens} tokens`);
    expect(text).toMatch(/cost: +at least \$0\.00\d+ at list price, \$0\.0003 of it on a subscription \(1 request\)/);
    expect(text).toContain("1 request of unknown price (model claude-of-tomorrow)");
  });

  it("usage of a task's runs and verdicts has the cost of each, which add up to the task's", async () => {
    using home = await openHome({ home: signed.home, environment: {} });
    const details = await home.task(task);
    const [run] = details.run_details;
    expect(run?.used).toMatchObject({ tokens: expectedTokens, nano_usd: expectedNano, runs: 1 });
    expect(run?.used.unknown).toEqual([{ model: "claude-of-tomorrow", requests: 1 }]);
    for (const { family, tokens, nano } of judged)
      expect(details.verdicts.find((verdict) => verdict.family === family)?.used).toMatchObject({
        tokens,
        nano_usd: nano,
      });
    const parts = [...details.run_details, ...details.verdicts].map(({ used }) => used);
    for (const key of ["tokens", "nano_usd", "requests", "runs", "subscription_nano_usd"] as const)
      expect([...parts, details.earlier_verdicts_used].reduce((sum, used) => sum + used[key], 0)).toBe(
        details.used[key],
      );
    const lines = taskText(details).split("\n");
    expect(lines.find((line) => line.startsWith("  run 1"))).toMatch(/at least \$0\.00\d+.*unknown price/);
    expect(lines.find((line) => line.startsWith("  gemini"))).toMatch(/49 tokens {2}\$0\.000\d$/);
  });

  it("usage of planted bundles is in the judges' report and has its own row among missions", async () => {
    const report = await shown<{
      canaries: { used: UsageSum };
      families: { family: string; used: UsageSum }[];
    }>("judges", "show");
    const { rows } = await shown<UsageReport>("usage", "--by", "mission");
    const { key: _key, ...canaries } = rows.find(({ key }) => key === "canaries") ?? { key: null };
    expect(report.canaries.used).toEqual(canaries);
    expect(report.canaries.used.requests).toBeGreaterThan(0);
    expect(report.families.reduce((sum, { used }) => sum + used.nano_usd, 0)).toBe(report.canaries.used.nano_usd);
    expect(rows.map(({ key }) => key)).not.toContain(null);
    expect(await aedev("judges", "show")).toMatch(/asking about them used 220 tokens, 2 requests: \$0\.000\d/);
  });

  it("all usage has one total, however it is grouped, which is today's", async () => {
    const { today } = await shown<{ today: UsageSum }>("status");
    const { total } = await shown<UsageReport>("usage");
    expect(today).toEqual(total);
    for (const by of ["day", "repo", "model", "mission"]) {
      const report = await shown<UsageReport>("usage", "--by", by);
      expect(report.total).toEqual(total);
      for (const key of ["tokens", "nano_usd", "requests", "runs", "subscription_nano_usd"] as const)
        expect(report.rows.reduce((sum, row) => sum + row[key], 0)).toBe(total[key]);
    }
    const { rows } = await shown<UsageReport>("usage", "--by", "mission");
    expect(rows.find(({ key }) => key === mission)).toMatchObject(ofTask);
  });

  it("usage since a duration leaves out what is older, and refuses what is no duration", async () => {
    const { total } = await shown<UsageReport>("usage");
    expect((await shown<UsageReport>("usage", "--since", "1d")).total).toEqual(total);
    expect((await shown<UsageReport>("usage", "--since", "1ms")).rows).toEqual([]);
    await expect(aedev("usage", "--since", "yesterday")).rejects.toThrow();
  });

  it("usage by model has no row for runs, which ask several models", async () => {
    const table = await aedev("usage", "--by", "model");
    expect(table).toMatch(/^model +requests +tokens/);
    expect(table).toContain("claude-sonnet");
    expect(table.split("\n").filter((line) => /^\(model not recorded\) +- /.test(line))).toEqual([]);
  });

  it("usage as a table has the same amounts, and no amount if nothing is known", async () => {
    const lines = (await aedev("usage", "--by", "model", "--csv")).trim().split("\n");
    const [head = [], ...rows] = lines.map((line) => line.split(","));
    const cell = (row: readonly string[] | undefined, name: string) => row?.[head.indexOf(name)];
    const { total } = await shown<UsageReport>("usage");
    expect(rows.reduce((sum, row) => sum + Math.round(Number(cell(row, "usd")) * 1e9), 0)).toBe(total.nano_usd);
    expect(
      cell(
        rows.find(([model]) => model === "claude-of-tomorrow"),
        "usd",
      ),
    ).toBe("");
    expect(
      cell(
        rows.find(([model]) => model === "claude-opus-4-6"),
        "subscription_usd",
      ),
    ).toBe("0.000300000");
  });

  it("usage of a pull request and of a budget counts the same tokens", async () => {
    const first = await shown<{ used: UsageSum }>("task", "show", ids.task);
    expect(pullRequestTexts(signed.task(), signed.control).body).toContain(`with judges ${first.used.tokens} tokens`);
    const { total } = await shown<UsageReport>("usage");
    const { budgets } = await shown<{ budgets: { key: string; used: number; unpriced: unknown[] }[] }>(
      "budget",
      "show",
    );
    expect(budgets.find(({ key }) => key === "limits.day_tokens")?.used).toBe(total.tokens);
    expect(budgets.find(({ key }) => key === "limits.day_usd")?.unpriced).toContain("claude-of-tomorrow");
  });

  it("today's usage is a signal once it is most of a day's budget", async () => {
    const signals = async (limit: number) => {
      writeFileSync(join(signed.home, "config.yaml"), `limits:\n  day_tokens: ${limit}\n`);
      return (await shown<{ signals?: { kind: string; detail?: string }[] }>("status")).signals ?? [];
    };
    const { tokens } = (await shown<UsageReport>("usage")).total;
    expect(await signals(tokens * 2)).toEqual([]);
    expect(await signals(tokens)).toMatchObject([{ kind: "spend", detail: "100 % of limits.day_tokens" }]);
  });

  it("today's usage has no dollars, and a signal, while a file of the home can't be read", async () => {
    const broken = async (name: string, text: string) => {
      writeFileSync(join(signed.home, name), text);
      const { signals = [], today } = await shown<{ signals?: { kind: string; detail?: string }[]; today: UsageSum }>(
        "status",
      );
      writeFileSync(join(signed.home, name), "");
      return { unread: signals.filter(({ kind }) => kind === "unread").map(({ detail }) => detail), today };
    };
    const whole = await broken("prices.yaml", "");
    expect(whole.unread).toEqual([]);
    const prices = await broken("prices.yaml", "models: [\n");
    expect(prices.unread).toEqual(["today's budgets, prices.yaml"]);
    expect([prices.today.tokens, prices.today.unknown.length > whole.today.unknown.length]).toEqual([
      whole.today.tokens,
      true,
    ]);
    expect((await broken("policies.yaml", "repair: { max_runs: many }\n")).unread).toEqual(["policies.yaml"]);
  });
});

it("the usage of nothing is zero and not unknown", () => {
  expect(counted([])).toEqual(noUsage);
});
