/**
 * What faces may use of the control plane: start and stop it, read a home beside it or without it. Light by itself: each entry loads its parts
 * when it is called, so that a verb pays only for what it uses.
 */
import type { State } from "@aedev/core";
import type { BlobStore, BundleManifest } from "@aedev/core/wire";
import type { ReplayOrder } from "./replay-order.ts";

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
}): Promise<{ checks: { name: string; ok: boolean; found: string; help: string }[] }> {
  return (await import("./doctor.ts")).doctor(options);
}

/** A sealed bundle's manifest and its entries: JSON parsed, anything else as text. */
export async function evidenceOf(options: {
  home: string;
  taskId: string;
}): Promise<{ manifest: BundleManifest; entries: Record<string, unknown> }> {
  return (await import("./offline.ts")).evidenceOf(options);
}

/** Progress lines of a task's runs, oldest first, and what the coder said at the end of each. */
export async function readTaskLog(options: { home: string; taskId: string }): Promise<string> {
  return (await import("./offline.ts")).readTaskLog(options);
}

/** What `task replay` gives the runner: the task's last recorded run, made again from the log and the configuration. */
export async function replayOrder(options: {
  home: string;
  taskId: string;
  environment: Environment;
}): Promise<ReplayOrder> {
  return (await import("./replay-order.ts")).replayOrder(options);
}
