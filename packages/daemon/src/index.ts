/** The control plane's API for clients: start and stop it, read a home with or without it. Each entry loads its parts when it is called, so a verb loads only what it uses. */

import type { BundleManifest, LandingCommit } from "@aedev/contracts";
import type { Verification } from "@aedev/contracts/api";
import type { HomeOptions } from "./configuration/load-configuration.ts";
import type { Check } from "./doctor/check.ts";
import type { ExportedEvidence } from "./evidence/evidence-of-home.ts";
import type { EvidenceReport } from "./evidence/verify-evidence.ts";
import type { HomeReader } from "./reader/home-reader.ts";
import type { ReplayOrder } from "./reader/replay-order.ts";
import type { SandboxSettings } from "./reader/sandbox-settings.ts";
import type { HomeSettings, HomeSetup } from "./reader/settings.ts";
import type { TaskLogReader } from "./reader/task-log.ts";
import type { WatchReader } from "./reader/watch-reader.ts";

export type { Check } from "./doctor/check.ts";
export type { HoldReading } from "./reader/hold-reading.ts";
export type { HomeReader, HomeStatus, MissionReading, RecordedRun, RiskReading } from "./reader/home-reader.ts";
export type { WatchReader } from "./reader/watch-reader.ts";
export type { WatchRow } from "./reader/watch-rows.ts";

interface TaskOptions {
  readonly home: string;
  readonly taskId: string;
}

/** Creates the home's folders, token, keys, empty overlays and log; existing files stay unchanged. `changed`: something was missing. */
export async function initHome({ home }: { home: string }): Promise<{ changed: boolean }> {
  return (await import("./process/initialize-home.ts")).initHome(home);
}

/** The names that `setSecret` takes. */
export async function knownSecrets(): Promise<readonly string[]> {
  return (await import("./home/secrets.ts")).secretNames;
}

/** Stores a secret in its plane's own file. Throws a Fault if the name is unknown or the value is not one line. */
export async function setSecret(options: { home: string; name: string; value: string }): Promise<void> {
  const { storeSecret } = await import("./reader/offline.ts");
  storeSecret(options);
}

/** Starts the daemon and resolves when it answers; a running daemon is left alone. Throws a Fault with the cause if it does not start. */
export async function startDaemon(options: HomeOptions): Promise<{ port: number; pid: number }> {
  return (await import("./process/start-daemon.ts")).startDaemon(options);
}

/** Stops the daemon and waits until it has ended. */
export async function stopDaemon(options: { home: string }): Promise<"stopped" | "not-running"> {
  return (await import("./process/start-daemon.ts")).stopDaemon(options);
}

/** Opens a home for reading, beside a running daemon or without one. Throws a Fault `no-home` if it has no log. Close it after use. */
export async function openHome(options: HomeOptions): Promise<HomeReader> {
  const [{ openOffline }, { homeReader }] = await Promise.all([
    import("./reader/open-offline.ts"),
    import("./reader/home-reader.ts"),
  ]);
  return homeReader(openOffline(options.home), {
    schedule: () => readSchedule(options),
    judgeSetup: async () => (await import("./canary/judge-setup.ts")).readJudgeSetup(options),
  });
}

/** Chain, versions, views and signed head; each problem names its position or view row. `sinceHead`: only the events after the checkpoint or, without a checkpoint, after the signed head. */
export async function verifyLog(options: {
  home: string;
  checkpoint?: string;
  sinceHead?: boolean;
}): Promise<Verification> {
  return (await import("./reader/offline.ts")).verifyLog(options);
}

/** Rebuilds the views from the log. Throws a Fault if a daemon is running on this home. */
export async function rebuildViews({ home }: { home: string }): Promise<{ position: number; hash: string }> {
  return (await import("./home/audit.ts")).rebuildHome(home);
}

/** Writes the log as JSON Lines in order; with `views`, each view row follows; with `last`, only that many of the newest events. */
export async function exportLog(options: {
  home: string;
  views: boolean;
  last?: number;
  write: (text: string) => void;
}): Promise<void> {
  return (await import("./reader/offline.ts")).exportLog(options);
}

/** Reads the home's policy, with `file` as the overlay if given. `digest` is null if there are problems. */
export async function checkPolicy(options: {
  home: string;
  file?: string;
}): Promise<{ digest: string | null; problems: string[] }> {
  return (await import("./reader/offline.ts")).checkPolicy(options);
}

/** Checks machine, engine, home and credentials. A check is needed unless `needed` is false; `help` is the command that fixes it. */
export async function doctor(options: HomeOptions): Promise<{ checks: Check[] }> {
  return (await import("./doctor/doctor.ts")).doctor(options);
}

/** The settings that `aedev init` asks for, and where each known secret is. */
export async function readSetup(options: HomeOptions): Promise<HomeSetup> {
  return (await import("./reader/settings.ts")).readSetup(options);
}

/** What a trial of the sandbox needs to know; null if the configuration does not load. A home without a log has an empty id. */
export async function sandboxSettings(options: HomeOptions): Promise<SandboxSettings | null> {
  return (await import("./reader/sandbox-settings.ts")).sandboxSettings(options);
}

/** Writes the given settings into the home's overlays and keeps comments; returns whether a file changed. */
export async function writeSettings(options: { home: string; settings: Partial<HomeSettings> }): Promise<boolean> {
  return (await import("./reader/settings.ts")).writeSettings(options);
}

/** The URL or path that `repo add` would register for a working copy. Throws a Fault if the folder is none. */
export async function sourceOf(options: { folder: string; timeoutMs: number }): Promise<string> {
  const { inspectSource } = await import("./git/remote.ts");
  return (await inspectSource(options.folder, { timeoutMs: options.timeoutMs })).url;
}

/** A sealed bundle's digest, manifest and entries: JSON parsed, anything else as text. Throws a Fault `no-evidence` if nothing is sealed. */
export async function evidenceOf(
  options: TaskOptions,
): Promise<{ digest: string; manifest: BundleManifest; entries: Record<string, unknown> }> {
  return (await import("./reader/offline.ts")).evidenceOf(options);
}

/** A task's evidence, signed statements and key as the text of one file. Throws a Fault if there is none or it would not verify. */
export async function exportEvidence(options: TaskOptions): Promise<ExportedEvidence> {
  return (await import("./evidence/evidence-of-home.ts")).exportEvidence(options);
}

/** Verifies an exported file, which needs no home, or a task's evidence in this home. `keyFile`: the only key that is trusted. */
export async function verifyEvidence(options: {
  home: string;
  source: { file: string } | { taskId: string };
  keyFile?: string;
  readPatch?: boolean;
}): Promise<EvidenceReport> {
  const { verifyEvidenceFile, verifyEvidenceTask } = await import("./evidence/verify-evidence.ts");
  const { source } = options;
  return "file" in source ? verifyEvidenceFile(source.file, options) : verifyEvidenceTask(source.taskId, options);
}

/** What an approval of a task would do now. Throws a Fault `unknown-task`. */
export async function onApprove(options: HomeOptions & TaskOptions): Promise<LandingCommit> {
  return (await import("./reader/on-approve.ts")).onApprove(options);
}

/** Progress lines of a task's runs, oldest first, and what the coder said at the end of each. */
export async function readTaskLog(options: TaskOptions): Promise<string> {
  return (await import("./reader/task-log.ts")).readTaskLog(options);
}

/** A task's log as it grows, with the daemon up or down. */
export async function openTaskLog(options: TaskOptions): Promise<TaskLogReader> {
  return (await import("./reader/task-log.ts")).openTaskLog(options);
}

/** A home opened for a live view, beside a running daemon or without one. */
export async function openWatch(options: HomeOptions): Promise<WatchReader> {
  const { openWatch: open } = await import("./reader/watch-reader.ts");
  return open({ home: options.home, schedule: () => readSchedule(options) });
}

/** The input of `task replay` for the runner: the task's last recorded run, reconstructed from the log and the configuration. */
export async function replayOrder(options: HomeOptions & TaskOptions): Promise<ReplayOrder> {
  return (await import("./reader/replay-order.ts")).replayOrder(options);
}

/** Loaded with the first document that needs it: the configuration costs more than the rest. */
async function readSchedule(options: HomeOptions) {
  return (await import("./reader/schedule.ts")).readSchedule(options);
}
