/** What the program uses of the other packages, each behind one dynamic import, so that a verb loads only what it needs. */
import type { State } from "@aedev/core";
import type { Blob, BlobStore, BundleManifest, RunCoder, StartExecution } from "@aedev/core/wire";
import type { Entries } from "./session.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The state of a home, read-only, beside a running daemon or without one. */
export interface OfflineHome {
  state(): State;
  readonly blobs: Pick<BlobStore, "get">;
  close(): Promise<void> | void;
}
/** `problems` names the position or view row of each thing that is wrong; empty means that the log is whole. */
export interface LogReport {
  readonly ok: boolean;
  readonly problems: readonly string[];
}
/** What the execution plane was told for a task's last run, made again from the log and the configuration. */
export interface ReplayOrder {
  readonly start: StartExecution;
  readonly work: RunCoder;
}
export interface DaemonEntry {
  initHome(options: { home: string }): Promise<{ created: readonly string[] }>;
  setSecret(options: { home: string; name: string; value: string }): Promise<void>;
  openOffline(options: { home: string }): Promise<OfflineHome>;
  startDaemon(options: { home: string; environment: Environment }): Promise<{ port: number; pid: number }>;
  stopDaemon(options: { home: string }): Promise<"stopped" | "not-running">;
  verifyLog(options: { home: string; checkpoint?: string }): Promise<LogReport>;
  rebuildViews(options: { home: string }): Promise<unknown>;
  exportLog(options: { home: string; views: boolean; write: (text: string) => void }): Promise<unknown>;
  checkPolicy(options: {
    home: string;
    file?: string;
  }): Promise<{ digest: string | null; problems: readonly unknown[] }>;
  doctor(options: { home: string; environment: Environment }): Promise<{
    checks: readonly { name: string; ok: boolean; found: string; help: string }[];
  }>;
  evidenceOf(options: {
    home: string;
    taskId: string;
  }): Promise<{ manifest: BundleManifest; entries: Readonly<Record<string, unknown>> }>;
  replayOrder(options: { home: string; taskId: string; environment: Environment }): Promise<ReplayOrder>;
  readTaskLog(options: { home: string; taskId: string }): Promise<string>;
}
export interface RunnerEntry {
  /** Runs the order again in a sandbox, every model answer from the recording: the journal's, or that of an exported folder. */
  replayRun(options: ReplayOrder & { journal: Blob; from: string | null }): Promise<{ tree: string }>;
  /** Writes the journal's exchanges as files that a person can read and change. */
  exportJournal(options: { home: string; journal: Blob; dir: string }): Promise<unknown>;
}

export const processEntries: Entries = {
  daemon: async () => {
    const entry: object = await import("@aedev/daemon");
    return entry as DaemonEntry;
  },
  runner: async () => {
    const entry: object = await import("@aedev/runner");
    return entry as RunnerEntry;
  },
};
