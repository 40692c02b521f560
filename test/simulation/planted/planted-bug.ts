/** Where a bug can be planted in aedev's own parts, to see that an invariant finds it. */
import { type Command, type Decision, decide, type nextDueAt, type State } from "@aedev/core";
import type { SqliteDatabase } from "../../../packages/daemon/src/log/sqlite/database.ts";
import type { Invariant } from "../invariant-list.ts";
import type { LandingBugs } from "../landing.ts";
import type { Committed, SimulatedLog } from "../memory-log.ts";

/** What a planted bug changes in the performers. */
export interface PerformerBugs extends LandingBugs {
  /** A container is started although the run has one. */
  readonly startsAgain?: boolean;
  /** The gate is told of one judge only. */
  readonly asksOneJudge?: boolean;
  /** A judge is asked although nothing is left. */
  readonly asksWithoutRoom?: boolean;
  /** What runs under way may still use counts as left. */
  readonly reservesNothing?: boolean;
  /** The work of ending a hold at its time is done by nobody. */
  readonly neverResumes?: boolean;
  /** The same work never returns. */
  readonly resumesForEver?: boolean;
}

export interface PlantedBug extends PerformerBugs {
  readonly decide?: typeof decide;
  /** Runs that the loop starts beyond the limit. */
  readonly moreRuns?: number;
  /** The loop is not told of new events. */
  readonly neverWakes?: boolean;
  /** Containers stay after their run. */
  readonly keepsContainers?: boolean;
  /** The gate's work is recorded, and its performer never returns. */
  readonly neverReturns?: boolean;
  /** People get their answer before the commit. */
  readonly answersEarly?: boolean;
  /** When work becomes due without an event. */
  readonly nextDueAt?: typeof nextDueAt;
  /** The log as the daemon and people see it. */
  readonly log?: (log: SimulatedLog) => SimulatedLog;
  /** What is on the disk changes as a daemon starts; of the log in memory. */
  readonly start?: (committed: Committed) => void;
  /** The log in memory does not notice that another process wrote. */
  readonly ignoresOthers?: boolean;
  /** SQLite's connection is altered once the log is open. */
  readonly connection?: (database: SqliteDatabase) => void;
}

/** A bug with the night that shows it. */
export interface Planted {
  readonly bug: PlantedBug;
  readonly seed: number;
  /** By default `plantedMissions`. */
  readonly missions?: number;
  /** By default in memory. */
  readonly store?: "sqlite";
  readonly finds: Invariant;
}

/** `decide` whose events of some kind are altered. */
export function deciding(alter: (command: Command, decided: Decision, state: State) => Decision): PlantedBug {
  return { decide: (command, state) => alter(command, decide(command, state), state) };
}
