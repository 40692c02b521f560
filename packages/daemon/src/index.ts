/**
 * What faces may use of the control plane: start and stop it, read a home beside it or without it. Light by itself: each entry loads its parts
 * when it is called, so that a verb pays only for what it uses.
 */
import type { JudgeSetup, Schedule, State } from "@aedev/core";
import type { BlobStore, BundleManifest } from "@aedev/core/wire";
import type { ExportedEvidence } from "./evidence/evidence-of-home.ts";
import type { EvidenceReport } from "./evidence/verify-evidence.ts";
import type { ReplayOrder } from "./replay-order.ts";
import type { Settings, Setup } from "./settings.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A home opened for reading; nothing of it is changed. */
export interface OfflineHome {
  state(): State;
  readonly blobs: Pick<BlobStore, "get">;
  close(): void;
}

/** Makes the home's folders, token, keys, empty overlays and log; what is there stays as it is. `created`: empty when nothing was missing. */
export async function initHome({ home }: { home: string }): Promise<{ created: string[] }> {
  const { initHome: make } = await import("./home/initialize.ts");
  return { created: (await make(home)).changed ? [home] : [] };
}

/** The names that `setSecret` takes. */
export async function knownSecrets(): Promise<readonly string[]> {
  return (await import("./home/secrets.ts")).secretNames;
}

/** Stores a secret in its plane's own file. Throws a Fault where the name is unknown or the value is not one line. */
export async function setSecret(options: { home: string; name: string; value: string }): Promise<void> {
  const { storeSecret } = await import("./offline.ts");
  storeSecret(options);
}

export async function startDaemon(options: {
  home: string;
  environment: Environment;
}): Promise<{ port: number; pid: number }> {
  return (await import("./process/start-daemon.ts")).startDaemon(options);
}

export async function stopDaemon(options: { home: string }): Promise<"stopped" | "not-running"> {
  return (await import("./process/start-daemon.ts")).stopDaemon(options);
}

export async function openOffline({ home }: { home: string }): Promise<OfflineHome> {
  return (await import("./open-offline.ts")).openOffline(home);
}

/** Chain, versions, views and signed head; each problem names its position or view row. */
export async function verifyLog(options: {
  home: string;
  checkpoint?: string;
}): Promise<{ ok: boolean; problems: string[] }> {
  return (await import("./offline.ts")).verifyLog(options);
}

export async function rebuildViews({ home }: { home: string }): Promise<{ position: number; hash: string }> {
  return (await import("./home/audit.ts")).rebuildHome(home);
}

/** Writes the log as JSON Lines in order, with `views` each view row after it. */
export async function exportLog(options: {
  home: string;
  views: boolean;
  write: (text: string) => void;
}): Promise<void> {
  return (await import("./offline.ts")).exportLog(options);
}

export async function checkPolicy(options: {
  home: string;
  file?: string;
}): Promise<{ digest: string | null; problems: string[] }> {
  return (await import("./offline.ts")).checkPolicy(options);
}

export async function doctor(options: {
  home: string;
  environment: Environment;
}): Promise<{ checks: { name: string; ok: boolean; needed?: boolean; found: string; help: string }[] }> {
  return (await import("./doctor.ts")).doctor(options);
}

/** The settings that `aedev init` asks for, and where each known secret is. */
export async function readSetup(options: { home: string; environment: Environment }): Promise<Setup> {
  return (await import("./settings.ts")).readSetup(options);
}

/** Writes those that are given into the home's overlays, comments kept; returns whether a file changed. */
export async function writeSettings(options: { home: string; settings: Partial<Settings> }): Promise<boolean> {
  return (await import("./settings.ts")).writeSettings(options);
}

/** A sealed bundle's manifest and its entries: JSON parsed, anything else as text. */
export async function evidenceOf(options: {
  home: string;
  taskId: string;
}): Promise<{ manifest: BundleManifest; entries: Record<string, unknown> }> {
  return (await import("./offline.ts")).evidenceOf(options);
}

/** A task's evidence, signed statements and key as the text of one file. Throws a Fault where there is none or it would not verify. */
export async function exportEvidence(options: { home: string; taskId: string }): Promise<ExportedEvidence> {
  return (await import("./evidence/evidence-of-home.ts")).exportEvidence(options);
}

/** Proves an exported file, which needs no home, or a task's evidence in this one. `keyFile`: the only key that is believed. */
export async function verifyEvidence(options: {
  home: string;
  of: { file: string } | { taskId: string };
  keyFile?: string;
  readPatch?: boolean;
}): Promise<EvidenceReport> {
  const { verifyEvidenceFile, verifyEvidenceTask } = await import("./evidence/verify-evidence.ts");
  const { of } = options;
  return "file" in of ? verifyEvidenceFile(of.file, options) : verifyEvidenceTask(of.taskId, options);
}

/** The judges as configuration, policy and prompt make them: what their record is counted under. */
export async function readJudgeSetup(options: { home: string; environment: Environment }): Promise<JudgeSetup> {
  return (await import("./canary/judge-setup.ts")).readJudgeSetup(options);
}

/** How many runs may be under way, and whether runs begin at this hour: from the configuration, with the daemon up or down. */
export async function readSchedule(options: { home: string; environment: Environment }): Promise<Schedule> {
  return (await import("./offline-schedule.ts")).readSchedule(options);
}

/** Progress lines of a task's runs, oldest first, and what the coder said at the end of each. */
export async function readTaskLog(options: { home: string; taskId: string }): Promise<string> {
  return (await import("./task-log.ts")).readTaskLog(options);
}

/** `at` is null for the coder's own words at the end of its run. */
export interface TaskLogLine {
  readonly run_id: string;
  readonly attempt: number;
  readonly at: string | null;
  readonly text: string;
}
export interface TaskLogReader {
  /** What came since the last read; `goesOn` is false where nothing more comes by itself. */
  read(): {
    readonly lines: readonly TaskLogLine[];
    readonly runs: readonly { readonly run_id: string; readonly attempt: number; readonly status: string }[];
    readonly status: string;
    readonly goesOn: boolean;
  };
  close(): void;
}

/** A task's log as it grows, with the daemon up or down. */
export async function openTaskLog(options: { home: string; taskId: string }): Promise<TaskLogReader> {
  return (await import("./task-log.ts")).openTaskLog(options);
}

/** What a run is at, for a person: its newest line, and the tokens that its exchanges counted so far. */
export interface RunActivity {
  readonly step: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
}
export interface WatchReader {
  /** The state, and the position of the newest event in it. */
  read(): { readonly state: State; readonly position: number };
  activity(runId: string): RunActivity;
  close(): void;
}

/** A home opened for a live view, beside a running daemon or without one. */
export async function openWatch(options: { home: string }): Promise<WatchReader> {
  return (await import("./watch-reader.ts")).openWatch(options);
}

/** What `task replay` gives the runner: the task's last recorded run, made again from the log and the configuration. */
export async function replayOrder(options: {
  home: string;
  taskId: string;
  environment: Environment;
}): Promise<ReplayOrder> {
  return (await import("./replay-order.ts")).replayOrder(options);
}
