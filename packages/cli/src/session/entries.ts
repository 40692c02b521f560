/** What the program uses of the other packages, each behind one dynamic import, so that a verb loads only what it needs. */
import type { Entries } from "./session.ts";

type Daemon = typeof import("@aedev/daemon");
type Runner = typeof import("@aedev/runner");
type Environment = Readonly<Record<string, string | undefined>>;

/** A home opened for reading, beside a running daemon or without one. */
export type OfflineHome = Awaited<ReturnType<Daemon["openOffline"]>>;
/** What a task's last recorded run was given, made again from the log and the configuration. */
export type ReplayOrder = Omit<Parameters<Runner["replayRun"]>[0], "home" | "recording" | "progress">;
export type DaemonEntry = Daemon & {
  replayOrder(options: { home: string; taskId: string; environment: Environment }): Promise<ReplayOrder>;
};
export type RunnerEntry = Pick<Runner, "replayRun" | "exportJournal">;

export const processEntries: Entries = {
  daemon: async () => (await import("@aedev/daemon")) as DaemonEntry,
  runner: () => import("@aedev/runner"),
};
