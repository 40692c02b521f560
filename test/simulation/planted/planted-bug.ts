/** The places in aedev's own parts where a bug can be planted, to see that an invariant finds it. */
import { type Command, type Decision, decide, type nextDueAt, type State } from "@aedev/core";
import type { SqliteDatabase } from "../../../packages/daemon/src/log/sqlite/database.ts";
import type { Invariant } from "../invariant-list.ts";
import type { LandingBugs } from "../landing.ts";
import type { Committed, SimulatedLog } from "../memory-log.ts";

/** Changes of the performers by a planted bug. */
export interface PerformerBugs extends LandingBugs {
  /** Starts a container although the run has one. */
  readonly startsAgain?: boolean;
  /** Tells the gate of one judge only. */
  readonly asksOneJudge?: boolean;
  /** Asks a judge although no budget is left. */
  readonly asksWithoutRoom?: boolean;
  /** Counts budget as left that running runs may still use. */
  readonly reservesNothing?: boolean;
  /** Leaves the work of ending a hold at its time undone. */
  readonly neverResumes?: boolean;
  /** Never returns from that work. */
  readonly resumesForEver?: boolean;
}

export interface PlantedBug extends PerformerBugs {
  readonly decide?: typeof decide;
  /** Runs that the loop starts beyond the limit. */
  readonly moreRuns?: number;
  /** Does not tell the loop about new events. */
  readonly neverWakes?: boolean;
  /** Keeps containers after their run. */
  readonly keepsContainers?: boolean;
  /** Records the gate's work, but its performer never returns. */
  readonly neverReturns?: boolean;
  /** Answers people before the commit. */
  readonly answersEarly?: boolean;
  /** Replaces the time when work becomes due without an event. */
  readonly nextDueAt?: typeof nextDueAt;
  /** Replaces the log as the daemon and people see it. */
  readonly log?: (log: SimulatedLog) => SimulatedLog;
  /** Changes the log in memory as a daemon starts. */
  readonly start?: (committed: Committed) => void;
  /** The log in memory does not notice writes of another process. */
  readonly ignoresOthers?: boolean;
  /** Alters SQLite's connection once the log is open. */
  readonly connection?: (database: SqliteDatabase) => void;
}

/** A bug with the night that exposes it. */
export interface Planted {
  readonly bug: PlantedBug;
  readonly seed: number;
  /** By default `plantedMissions`. */
  readonly missions?: number;
  /** By default in memory. */
  readonly store?: "sqlite";
  readonly finds: Invariant;
}

/** A bug that alters the events of some kind from `decide`. */
export function deciding(alter: (command: Command, decided: Decision, state: State) => Decision): PlantedBug {
  return { decide: (command, state) => alter(command, decide(command, state), state) };
}
