/** What signals need beside the state: the machine, what is used of today's budgets, what landed, the judges' records, and what a daemon observed. Daemon up or down. */
import { Fault } from "@aedev/contracts";
import type { UsageSum } from "@aedev/contracts/api";
import type { JudgeSetup } from "@aedev/core";
import { errorWindowMs, type MachineFacts, type ObservedFacts, type SignalFacts } from "@aedev/core/reading";
import type { ViewQueries } from "../log/view-queries.ts";
import type { BudgetRow } from "./budget-rows.ts";
import type { OfflineHome } from "./open-offline.ts";

type Read<T> = () => T | Promise<T>;

/** `machine` and `setup` null: nothing can be said about them here. What can't be read is named in `unread`. */
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
): Promise<SignalFacts> {
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

/** A configuration that is not valid, a part of the log that can't be read, or an error of the operating system. Anything else is a bug. */
function isUnreadable(error: unknown): boolean {
  return error instanceof Fault || (error instanceof Error && "syscall" in error);
}

/** For a reader of the home, with the daemon up or down. Budgets are read only if something was used today, the bar for judges only if one has a record; whether the files can be read is asked always. */
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
