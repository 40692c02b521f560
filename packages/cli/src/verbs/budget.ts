/** `aedev budget`: shows and raises budgets. */

import { budgetOfDetail, counted } from "@aedev/contracts";
import type { BudgetRow } from "@aedev/daemon";
import { type Answer, done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { call, findDaemon } from "../daemon-client/daemon-link.ts";
import { requireHome } from "../daemon-client/home.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { columns } from "../render/columns.ts";
import { unitAmountText } from "../render/usage-text.ts";
import type { Session } from "../terminal/session.ts";

const showVerb: Verb = {
  summary:
    "Show every budget, and what is used of those of a day. Dollars are at list price. aedev budget raise raises one.",
  examples: ["aedev budget show", "aedev budget show --json"],
  async run(session) {
    const budgets = await readHome(session, (home) => home.budgets());
    return done({ budgets }, budgetsText(budgets));
  },
};

function budgetsText(budgets: readonly BudgetRow[]): string {
  const rows = budgets.map((row) => [
    row.key,
    row.repository,
    row.limit === null ? "no limit" : unitAmountText(row.unit, row.limit),
    row.used === null ? null : usedAmount(row, row.used),
  ]);
  return columns(["budget", "repository", "limit", "used today"], rows, "");
}

function usedAmount(row: BudgetRow, used: number): string {
  const models = row.unpriced.map((model) => model ?? "a model that is not recorded");
  return models.length === 0
    ? unitAmountText(row.unit, used)
    : `at least ${unitAmountText(row.unit, used)}; no price of ${models.join(", ")}`;
}

const raiseVerb: Verb = {
  summary:
    "Raise a budget that has a limit in config.yaml, and release the holds that it caused. A running daemon needs no restart.",
  arguments: [
    { name: "<key>", summary: "the budget, such as limits.day_usd" },
    { name: "<amount>", summary: 'whole tokens, minutes or runs, or dollars such as 2.50; "none" for no limit' },
  ],
  examples: [
    "aedev budget raise limits.day_tokens 60000000",
    "aedev config set limits.day_usd 20 && aedev budget raise limits.day_usd 40",
    "aedev budget raise limits.day_runs none",
  ],
  async run(session, input): Promise<Answer> {
    const [key, amount] = [input.argument(0), input.argument(1)];
    const { home, environment } = session;
    requireHome(home);
    const daemon = await session.entries.daemon();
    await daemon.raiseBudget({ home, environment, key, amount });
    const held = await holdsOf(session, key);
    const isUp = (await findDaemon(session)) !== undefined;
    const released: string[] = [];
    for (const id of isUp ? held : []) {
      const answer = await call(session, "releaseHold", { params: { id }, body: {} });
      if (answer.kind !== "refused") released.push(id);
    }
    const waiting = held.filter((id) => !released.includes(id));
    return done({ key, amount, released, held: waiting }, textOf({ key, amount, released, waiting }));
  },
};

async function holdsOf(session: Session, key: string): Promise<string[]> {
  const { holds } = await readHome(session, (home) => home.status());
  return holds
    .filter(({ code, detail }) => code === "HOLD-BUDGET" && budgetOfDetail(detail) === key)
    .map(({ hold_id }) => hold_id);
}

function textOf(raised: { key: string; amount: string; released: readonly string[]; waiting: readonly string[] }) {
  const { key, amount, released, waiting } = raised;
  return [
    amount === "none" ? `${key} has no limit now` : `${key} is ${amount} now`,
    ...(released.length === 0 ? [] : [`${counted(released.length, "hold")} released`]),
    ...waiting.map((id) => `still held: aedev hold release ${id}`),
  ].join("\n");
}

export const verbs = { "": showVerb, show: showVerb, raise: raiseVerb };
