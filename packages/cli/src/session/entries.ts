/** What the program uses of the other packages, each behind one dynamic import, so that a verb loads only what it needs. */
import type { State } from "@aedev/core";
import type { BlobStore, BundleManifest } from "@aedev/core/wire";
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
export interface DaemonEntry {
  initHome(options: { home: string }): Promise<{ created: readonly string[] }>;
  setSecret(options: { home: string; name: string; value: string }): Promise<void>;
  openOffline(options: { home: string }): Promise<OfflineHome>;
  startDaemon(options: { home: string; environment: Environment }): Promise<{ port: number; pid: number }>;
  stopDaemon(options: { home: string }): Promise<"stopped" | "not-running">;
  verifyLog(options: { home: string; checkpoint?: string }): Promise<LogReport>;
  rebuildViews(options: { home: string }): Promise<unknown>;
  exportLog(options: { home: string; views: boolean; write: (text: string) => void }): Promise<unknown>;
  checkPolicy(options: { home: string; file?: string }): Promise<{ digest: string | null; problems: readonly unknown[] }>;
  doctor(options: { home: string; environment: Environment }): Promise<{
    checks: readonly { name: string; ok: boolean; found: string; help: string }[];
  }>;
  evidenceOf(options: { home: string; taskId: string }): Promise<{ manifest: BundleManifest; entries: Readonly<Record<string, unknown>> }>;
  readTaskLog(options: { home: string; taskId: string }): Promise<string>;
}
export interface RunnerEntry {
  replayRun(options: unknown): Promise<{ tree: string }>;
  exportJournal(options: unknown): Promise<void>;
}

export const processEntries: Entries = {
  daemon: async () => (await import("@aedev/daemon")) as DaemonEntry,
  runner: async () => (await import("@aedev/runner")) as RunnerEntry,
};
