/** Names the paths of one run's files, hands its folders over, and deletes them. It knows nothing about their contents. */
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault, type Sha256 } from "@aedev/contracts";
import { socketPathBytesMax } from "@aedev/host/api-socket";
import { homeLayout } from "@aedev/host/home-layout";
import { execa } from "execa";
import type { SandboxUser } from "../engine/sandbox-user.ts";

/** Name of the gateway's socket, on the host and in the container. */
export const gatewaySocketName = "gateway.sock";
const toolTimeoutMs = 300_000;

export interface RunFolder {
  root: string;
  checkpointPath: string;
  /** The gateway's index of exchanges. */
  journalPath: string;
  /** Where the gateway put what a person said. */
  toldPath: string;
  /** Mounted at `/workspace`. */
  workspace: string;
  /** The worktree, mounted at `/workspace/repo`. */
  tree: string;
  /** The agent's disposable repository, mounted at `/workspace/repo/.git`. */
  agentGit: string;
  /** Our repository of this run for objects that the walker captures. Never mounted. */
  captureGit: string;
  /** A folder with the base's ignore files and nothing else. Never mounted. */
  ignores: string;
  /** The role's system prompt, mounted at `/system_prompts`: a copy that the sandbox's user can read. */
  prompts: string;
  socketFolder: string;
  socketPath: string;
}

export function runFolder(options: { home: string; homeId: string; sha256: Sha256 }, runId: string): RunFolder {
  const root = join(homeLayout(options.home).worktrees, runId);
  const socketFolder = socketFolderOf(options, runId);
  return {
    root,
    checkpointPath: join(root, "stage.json"),
    journalPath: journalPathOf(options.home, runId),
    toldPath: join(root, "told.jsonl"),
    workspace: join(root, "workspace"),
    tree: join(root, runId),
    agentGit: join(root, "agent.git"),
    captureGit: join(root, "capture.git"),
    ignores: join(root, "ignores"),
    prompts: join(root, "prompts"),
    socketFolder,
    socketPath: join(socketFolder, gatewaySocketName),
  };
}

/** The path of a run's gateway index, which also works where a socket's path would be too long. */
export function journalPathOf(home: string, runId: string): string {
  return join(homeLayout(home).worktrees, runId, "journal.jsonl");
}

/** A folder for sockets whose path is short enough. `name`: a run's id, or another name that is no longer. */
export function socketFolderOf(options: { home: string; homeId: string; sha256: Sha256 }, name: string): string {
  const usual = join(homeLayout(options.home).run, name);
  if (Buffer.byteLength(join(usual, gatewaySocketName)) <= socketPathBytesMax) return usual;
  // A home whose path is too long for a socket gets a short folder, named after the home only, so that a restart finds it.
  const short = join(tmpdir(), `aedev-${options.sha256(options.homeId).slice(0, 12)}`, name);
  if (Buffer.byteLength(join(short, gatewaySocketName)) > socketPathBytesMax)
    throw new Fault("socket-path", `the socket's path is longer than ${socketPathBytesMax} bytes: ${short}`);
  return short;
}

/** Creates the run's socket folder with mode 0700 for the sandbox's user, under a parent that only aedev's user can enter. */
export function makeSocketFolder(folder: RunFolder, owner: SandboxUser): void {
  makeOwnFolder(folder.socketFolder, owner);
}

/** Like `makeSocketFolder`, for a path from `socketFolderOf`. */
export function makeOwnFolder(socketFolder: string, owner: SandboxUser): void {
  const parent = join(socketFolder, "..");
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  assertOwnFolder(parent, [process.getuid?.()]);
  mkdirSync(socketFolder, { recursive: true, mode: 0o700 });
  // After a restart it already belongs to the sandbox's user.
  assertOwnFolder(socketFolder, [process.getuid?.(), owner.uid]);
  chmodSync(socketFolder, 0o700);
  if (owner.chown) chownSync(socketFolder, owner.uid, owner.gid);
}

/** A link here would lead later calls elsewhere, and another user's folder would let that user in. */
function assertOwnFolder(path: string, owners: readonly (number | undefined)[]): void {
  const state = lstatSync(path);
  if (!state.isDirectory() || (process.getuid !== undefined && !owners.includes(state.uid)))
    throw new Fault("socket-path", `${path} is not a folder of this user`);
}

/** Gives everything under the paths to the sandbox's user, without following links. */
export async function handOver(paths: readonly string[], owner: SandboxUser): Promise<void> {
  if (!owner.chown) return;
  await runTool("chown", ["-R", "-h", "-P", `${owner.uid}:${owner.gid}`, "--", ...paths]);
}

/** A folder beside the prepared archives that is filled once, under a temporary name, so that no partial copy stays, for example after the disk filled up. */
export async function keptFolder(
  home: string,
  name: string,
  fill: (partial: string) => Promise<void>,
): Promise<string> {
  const store = homeLayout(home).prepared;
  const folder = join(store, `.${name}`);
  if (existsSync(folder)) return folder;
  mkdirSync(store, { recursive: true, mode: 0o700 });
  const partial = mkdtempSync(join(store, `.work-${name}-`));
  try {
    await fill(partial);
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    await deleteFolder(partial);
  }
  return folder;
}

/** Deletes a folder that an agent may have written to, at any depth and with any mode, without following links. */
export async function deleteFolder(path: string): Promise<void> {
  try {
    await runTool("rm", ["-rf", "--", path]);
  } catch {
    // The agent may have removed its own permissions, so they are restored before the second attempt.
    await runTool("chmod", ["-R", "u+rwX", "--", path]);
    await runTool("rm", ["-rf", "--", path]);
  }
}

async function runTool(tool: "chown" | "rm" | "chmod", args: readonly string[]): Promise<void> {
  const result = await execa(tool, args, {
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C" },
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    timeout: toolTimeoutMs,
  });
  if (result.failed) throw new Fault("run-folder", `${tool} failed: ${result.stderr.slice(-300)}`);
}
