/** Gathers the facts that signals need besides the state: the machine, today's budgets, landings, the judges' records, and what a daemon observed. */
import { Fault } from "@aedev/contracts";
import type { UsageSum } from "@aedev/contracts/api";
import type { JudgeSetup } from "@aedev/core";
import { errorWindowMs, type MachineFacts, type ObservedFacts, type SignalFacts } from "@aedev/core/reading";
import type { ViewQueries } from "../log/view-queries.ts";
import type { BudgetRow } from "./budget-rows.ts";
import type { OfflineHome } from "./open-offline.ts";

type Read<T> = () => T | Promise<T>;

/** The facts, with the units of the budgets. */
export interface ReadFacts extends SignalFacts {
  readonly budgets?: readonly BudgetRow[];
}

/** `machine` and `setup` null: unknown here. A fact that can't be read is named in `unread`. */
export async function signalFacts(
  { endingsSince, countDefects }: Pick<ViewQueries, "endingsSince" | "countDefects">,
  given: {
    machine: Read<MachineFacts | null>;
    budgets: Read<readonly BudgetRow[]>;
    setup: Read<JudgeSetup | null>;
    observed: Read<ObservedFacts>;
    /** Files of the home that can't be read. */
    unreadFiles: Read<readonly string[]>;
  },
): Promise<ReadFacts> {
  const unread: string[] = [];
  const read = async <T>(what: string, from: Read<T>): Promise<T | null> => {
    try {
      return await from();
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unread.push(what);
      return null;
    }
  };
  const machine = await read("free space", given.machine);
  const budgets = await read("today's budgets", given.budgets);
  const ended = await read("what landed", () => endingsSince(new Date(Date.now() - errorWindowMs).toISOString()));
  const setup = await read("the judges' records", given.setup);
  const observed = await read("run/observed.json", given.observed);
  const files = await read("the home's files", given.unreadFiles);
  unread.push(...(files ?? []));
  return {
    ...(machine === null ? {} : { machine }),
    ...(budgets === null ? {} : { budgets }),
    ...(ended === null ? {} : { landed: ended.filter(({ type }) => type === "ChangeLanded").length }),
    ...(setup === null ? {} : { judges: { count: countDefects, setup } }),
    ...(observed === null ? {} : { observed }),
    unread,
  };
}

/** Whether this is an invalid configuration, an unreadable part of the log or an error of the operating system. Anything else is a bug. */
function isUnreadable(error: unknown): boolean {
  return error instanceof Fault || (error instanceof Error && "syscall" in error);
}

/** For a reader of the home. Today's budgets and the judges' bar are read only if they were used; whether files can be read is always checked. */
export function readSignalFacts(
  home: Pick<OfflineHome, "endingsSince" | "countDefects" | "hasDefectAnswers">,
  given: {
    machine: () => Promise<MachineFacts | null>;
    budgets: () => Promise<readonly BudgetRow[]>;
    judgeSetup: () => Promise<JudgeSetup>;
    observed: () => Promise<ObservedFacts>;
    unreadFiles: () => Promise<readonly string[]>;
    today: Pick<UsageSum, "requests" | "runs">;
  },
): Promise<SignalFacts> {
  const { machine, budgets, judgeSetup, observed, unreadFiles, today } = given;
  return signalFacts(home, {
    machine,
    budgets: () => (today.requests + today.runs > 0 ? budgets() : []),
    setup: () => (home.hasDefectAnswers() ? judgeSetup() : null),
    observed,
    unreadFiles,
  });
}
