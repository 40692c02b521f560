/** What the program uses of the other packages, each behind one dynamic import, so that a verb loads only what it needs. */
import type { Entries } from "./session.ts";

export type DaemonEntry = typeof import("@aedev/daemon");
type Runner = typeof import("@aedev/runner");

/** A home opened for reading, beside a running daemon or without one. */
export type OfflineHome = Awaited<ReturnType<DaemonEntry["openOffline"]>>;
export type RunnerEntry = Pick<Runner, "replayRun" | "exportJournal">;

export const processEntries: Entries = {
  daemon: () => import("@aedev/daemon"),
  runner: () => import("@aedev/runner"),
};
