/** Where everything of one run lies, and the one way to delete such a folder. It knows paths, not contents. */
import { chmodSync, chownSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault, type Sha256 } from "@aedev/core/wire";
import { execa } from "execa";

/** A unix socket's whole path, on Linux 107 and on macOS 103 characters. */
const socketPathBytesMax = 104;
/** Of the gateway's socket, on the host and in the container. */
export const gatewaySocketName = "gateway.sock";
const toolTimeoutMs = 300_000;

export interface RunFolder {
  root: string;
  stagePath: string;
  /** The gateway's index of exchanges. */
  journalPath: string;
  /** Mounted at `/workspace`. */
  workspace: string;
  /** The git worktree, mounted at `/workspace/repo`. Its name is the run's, because git names its own record after it. */
  tree: string;
  /** The disposable repository, mounted at `/workspace/repo/.git`. */
  agentGit: string;
  /** Our repository of this run: objects the agent made, taken by the walker. Never mounted. */
  captureGit: string;
  /** The base's ignore files and nothing else. Never mounted. */
  ignores: string;
  /** The role's system prompt, mounted at `/system_prompts`: a copy that the sandbox's user can read. */
  prompts: string;
  socketFolder: string;
  socketPath: string;
}

export function runFolder(place: { home: string; homeId: string; sha256: Sha256 }, runId: string): RunFolder {
  const root = join(place.home, "worktrees", runId);
  const socketFolder = socketFolderOf(place, runId);
  return {
    root,
    stagePath: join(root, "stage.json"),
    journalPath: journalPathOf(place.home, runId),
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

/** The gateway's index of a run, also where no place for its socket can be found. */
export function journalPathOf(home: string, runId: string): string {
  return join(home, "worktrees", runId, "journal.jsonl");
}

/** A folder for sockets whose path is short enough. `name`: a run's id, or another name of that length at most. */
export function socketFolderOf(place: { home: string; homeId: string; sha256: Sha256 }, name: string): string {
  const usual = join(place.home, "run", name);
  if (Buffer.byteLength(join(usual, gatewaySocketName)) <= socketPathBytesMax) return usual;
  // A home too deep for a socket gets a short folder; the name comes from the home alone, so that a restart finds it again.
  const short = join(tmpdir(), `aedev-${place.sha256(place.homeId).slice(0, 12)}`, name);
  if (Buffer.byteLength(join(short, gatewaySocketName)) > socketPathBytesMax)
    throw new Fault("SOCKET-PATH", `no path of at most ${socketPathBytesMax} bytes for a socket: ${short}`);
  return short;
}

/** Makes the socket's folder: the run's own, 0700, reachable for the sandbox's user and through parents of ours only. */
export function makeSocketFolder(folder: RunFolder, owner: { uid: number; gid: number; chown: boolean }): void {
  makeOwnFolder(folder.socketFolder, owner);
}

/** As `makeSocketFolder`, of what `socketFolderOf` named. */
export function makeOwnFolder(socketFolder: string, owner: { uid: number; gid: number; chown: boolean }): void {
  const parent = join(socketFolder, "..");
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  assertOwnFolder(parent, [process.getuid?.()]);
  mkdirSync(socketFolder, { recursive: true, mode: 0o700 });
  // A restart finds it handed over already.
  assertOwnFolder(socketFolder, [process.getuid?.(), owner.uid]);
  chmodSync(socketFolder, 0o700);
  if (owner.chown) chownSync(socketFolder, owner.uid, owner.gid);
}

/** A link in its place would be followed by what comes next, a stranger's folder would let the stranger in. */
function assertOwnFolder(path: string, owners: readonly (number | undefined)[]): void {
  const state = lstatSync(path);
  if (!state.isDirectory() || (process.getuid !== undefined && !owners.includes(state.uid)))
    throw new Fault("SOCKET-PATH", `${path} is not a folder of this user`);
}

/** Gives everything under the paths to the sandbox's user, without following a link. */
export async function handOver(
  paths: readonly string[],
  owner: { uid: number; gid: number; chown: boolean },
): Promise<void> {
  if (!owner.chown) return;
  await runTool("chown", ["-R", "-h", "-P", `${owner.uid}:${owner.gid}`, "--", ...paths]);
}

/** Deletes a folder that an agent may have written to: any depth, any mode, no link followed. */
export async function deleteFolder(path: string): Promise<void> {
  try {
    await runTool("rm", ["-rf", "--", path]);
  } catch {
    // A folder that its owner closed: opened again, it can go. What still fails is a Fault.
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
  if (result.failed) throw new Fault("FOLDER", `${tool} failed: ${result.stderr.slice(-300)}`);
}
