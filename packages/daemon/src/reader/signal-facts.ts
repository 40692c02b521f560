/** What signals need beside the state: the machine, what is used of today's budgets, what landed, and the judges' records. Daemon up or down. */
import { isFault } from "@aedev/contracts";
import type { UsageSum } from "@aedev/contracts/api";
import type { JudgeSetup } from "@aedev/core";
import type { MachineFacts, SignalFacts } from "@aedev/core/reading";
import type { ViewQueries } from "../log/view-queries.ts";
import type { BudgetRow } from "./budget-rows.ts";
import type { OfflineHome } from "./open-offline.ts";

const dayMs = 24 * 60 * 60_000;

/** `machine` and `setup` null: not known here. */
export function signalFacts(
  { endingsSince, countDefects }: Pick<ViewQueries, "endingsSince" | "countDefects">,
  given: { machine: MachineFacts | null; budgets: readonly BudgetRow[]; setup: JudgeSetup | null },
): SignalFacts {
  const { machine, budgets, setup } = given;
  const ended = endingsSince(new Date(Date.now() - dayMs).toISOString());
  return {
    ...(machine === null ? {} : { machine }),
    budgets,
    landed: ended.filter(({ type }) => type === "ChangeLanded").length,
    ...(setup === null ? {} : { judges: { count: countDefects, setup } }),
  };
}

/** For a reader of the home, with the daemon up or down. What the configuration says is read only if something was used today, or a judge has a record. */
export async function readSignalFacts(
  home: Pick<OfflineHome, "endingsSince" | "countDefects" | "hasDefectAnswers">,
  given: {
    machine: () => Promise<MachineFacts | null>;
    budgets: () => Promise<readonly BudgetRow[]>;
    judgeSetup: () => Promise<JudgeSetup>;
    today: Pick<UsageSum, "requests" | "runs">;
  },
): Promise<SignalFacts> {
  const { machine, budgets, judgeSetup, today } = given;
  const isUsed = today.requests + today.runs > 0;
  return signalFacts(home, {
    machine: await machine(),
    budgets: (isUsed ? await ifValid(budgets) : null) ?? [],
    setup: home.hasDefectAnswers() ? await ifValid(judgeSetup) : null,
  });
}

/** Null if the configuration or the policy is not valid, which other verbs report. */
async function ifValid<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isFault(error, "config-invalid")) return null;
    throw error;
  }
}
