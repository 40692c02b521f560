/**
 * The coder CLI's own record of its conversation: kept when a usage limit stops a run, and passed on to the run that continues it. The agent may have forged
 * it: it is read after the container is dead and only ever written into another sandbox of the same task.
 */
import { lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sha256 } from "@aedev/contracts";
import { readRegular } from "@aedev/host/nofollow-read";

/** Folder of the CLI's own files. It is in the workspace, so that they outlive the container. */
const folderName = ".coder";
/** Where the CLI keeps, in that folder, conversations of runs in `/workspace/repo`. */
const sessionFolders = [folderName, "projects", "-workspace-repo"];
const sessionBytesMax = 64 * 1024 * 1024;

/** The CLI's id of a task's conversation: a UUID that is the same for every run of the task. */
function sessionIdOf(taskId: string, sha256: Sha256): string {
  const hex = sha256(`session ${taskId}`);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join("-");
}

/** `isContinued`: the run continues the conversation of an earlier one. */
export function sessionEnvironment(
  work: { readonly task_id: string; readonly isContinued: boolean },
  sha256: Sha256,
): Record<string, string> {
  const id = sessionIdOf(work.task_id, sha256);
  const environment = { CLAUDE_CONFIG_DIR: `/workspace/${folderName}` };
  return { ...environment, [work.isContinued ? "CLAUDE_RESUME" : "CLAUDE_SESSION_ID"]: id };
}

/** Writes a conversation to where the CLI looks for it. The caller hands over the workspace afterwards. */
export function writeSession(
  { workspace, taskId, bytes }: { workspace: string; taskId: string; bytes: Uint8Array },
  sha256: Sha256,
): void {
  const folder = join(workspace, ...sessionFolders);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, `${sessionIdOf(taskId, sha256)}.jsonl`), bytes, { mode: 0o600 });
}

/** The conversation's whole lines, which only the CLI parses; null if the coder never answered. Contract: the container's whole process tree is dead. */
export async function readSession(
  { workspace, taskId }: { workspace: string; taskId: string },
  sha256: Sha256,
): Promise<Uint8Array | null> {
  let folder = workspace;
  for (const name of sessionFolders) {
    folder = join(folder, name);
    if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return null;
  }
  const read = await readRegular(join(folder, `${sessionIdOf(taskId, sha256)}.jsonl`), sessionBytesMax);
  if (read === null || read.sizeBytes > sessionBytesMax) return null;
  // The run may have been stopped while the last line was written.
  const lines = read.bytes.subarray(0, read.bytes.lastIndexOf("\n") + 1);
  return lines.includes('"type":"assistant"') ? lines : null;
}
