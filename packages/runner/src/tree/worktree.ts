/** Creates and deletes a run's worktree (THREATS T1, T2): the exact base commit, and a repository with only what it reaches. Once an agent has written there, git never runs on it. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, type RunId, runIdSchema } from "@aedev/contracts";
import { gitInfoAttributes } from "@aedev/host/git/git-safety";
import { homeLayout } from "@aedev/host/home-layout";
import type { RunnerContext } from "../engine/context.ts";
import { deleteFolder, handOver, type RunFolder } from "./run-folder.ts";

export interface WorktreeOptions {
  folder: RunFolder;
  runId: string;
  repository: string;
  baseCommit: string;
  /** Paths that prepare fills; hidden from the agent's git. */
  outputs: readonly string[];
}

/** Creates the worktree and the agent's repository. Throws `HOLD-FETCH-FAILED` if the mirror lacks the base. */
export async function makeWorktree(options: WorktreeOptions, context: RunnerContext): Promise<void> {
  const { folder, baseCommit, runId } = options;
  const { git } = context;
  const mirror = homeLayout(context.home).mirror(options.repository);
  await assertBase(context, { mirror, baseCommit });
  await assertOutputsUntracked(context, { gitDir: mirror, tree: baseCommit, outputs: options.outputs });
  writeAttributes(mirror);
  mkdirSync(join(folder.tree, ".git"), { recursive: true, mode: 0o755 });
  const record = recordWorktree({ mirror, runId, tree: folder.tree, baseCommit });
  await git(["reset", "--quiet", "--hard", baseCommit], { gitDir: record, workTree: folder.tree });
  await makeAgentGit(options, { mirror, record, context });
}

/** Removes the run's folders and the worktree's record in the mirror. Contract: any state worth keeping is already a blob. */
export async function deleteWorktree(options: {
  folder: RunFolder;
  runId: string;
  mirror: string | null;
}): Promise<void> {
  await deleteFolder(options.folder.root);
  await deleteFolder(options.folder.socketFolder);
  if (options.mirror === null) return;
  // Like `git worktree prune`, but without git reading any other run's tree.
  const record = recordOf(options.mirror, options.runId);
  const gone = draftOf(options.mirror, options.runId);
  if (existsSync(record)) renameSync(record, gone);
  await deleteFolder(gone);
}

/** The runs that have a record in a mirror of this home. */
export function worktreeRecords(home: string): { readonly runId: RunId; readonly mirror: string }[] {
  const { mirrors } = homeLayout(home);
  const namesIn = (folder: string) => (existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : []);
  return namesIn(mirrors).flatMap((name) => {
    const mirror = join(mirrors, name);
    const names = [
      ...namesIn(join(mirror, "worktrees")),
      ...namesIn(mirror).map((one) => one.replace(/^worktree-/, "")),
    ];
    const runs = names.flatMap((one) => runIdSchema.safeParse(one).data ?? []);
    return [...new Set(runs)].map((runId) => ({ runId, mirror }));
  });
}

const recordOf = (mirror: string, runId: string) => join(mirror, "worktrees", runId);
/** Where git does not look: another run's git reads every record and fails on one that is half written or half deleted. */
const draftOf = (mirror: string, runId: string) => join(mirror, `worktree-${runId}`);

/** What `git worktree add --detach --no-checkout --lock` records (gitrepository-layout), but all at once. Keeps the base from being pruned. */
function recordWorktree(options: { mirror: string; runId: string; tree: string; baseCommit: string }): string {
  const { mirror, runId, tree, baseCommit } = options;
  const record = recordOf(mirror, runId);
  const draft = draftOf(mirror, runId);
  // It is there if an earlier process ended here.
  mkdirSync(draft, { recursive: true });
  writeFileSync(join(draft, "HEAD"), `${baseCommit}\n`);
  writeFileSync(join(draft, "commondir"), "../..\n");
  writeFileSync(join(draft, "gitdir"), `${join(tree, ".git")}\n`);
  writeFileSync(join(draft, "locked"), "aedev run\n");
  mkdirSync(join(mirror, "worktrees"), { recursive: true });
  renameSync(draft, record);
  return record;
}

/** Hands the folders over to the sandbox's user once they are complete. */
export async function handOverWorktree(folder: RunFolder, context: RunnerContext): Promise<void> {
  await handOver([folder.tree, folder.agentGit, folder.workspace], context.user);
}

async function assertBase(context: RunnerContext, options: { mirror: string; baseCommit: string }): Promise<void> {
  const missing = new Fault("HOLD-FETCH-FAILED", `the mirror does not have the base ${options.baseCommit}`, {
    hint: "aedev repo list",
  });
  if (!existsSync(options.mirror)) throw missing;
  const answer = await context.git(["cat-file", "-e", `${options.baseCommit}^{commit}`], {
    gitDir: options.mirror,
    exitCodes: [0, 1, 128],
  });
  if (answer.exitCode !== 0) throw missing;
}

/** An output that the tree has would be overwritten silently, or written through one of the tree's links. */
export async function assertOutputsUntracked(
  context: RunnerContext,
  options: { gitDir: string; tree: string; outputs: readonly string[] },
): Promise<void> {
  for (const output of options.outputs) {
    const parts = output.split("/").filter((part) => part !== "" && part !== ".");
    if (output.startsWith("/") || parts.length === 0 || parts.some((part) => part === ".." || /^\.git$/i.test(part)))
      throw new Fault("HOLD-PREPARE-FAILED", `the output ${JSON.stringify(output)} is not a path in the repository`);
    const path = parts.join("/");
    const own = await context.git(["ls-tree", "-z", options.tree, "--", path], { gitDir: options.gitDir });
    if (own.text !== "")
      throw new Fault("HOLD-PREPARE-FAILED", `the output ${JSON.stringify(output)} is tracked by the base`, {
        detail: `output_tracked ${path}`,
      });
    for (let depth = 1; depth < parts.length; depth += 1) {
      const parent = parts.slice(0, depth).join("/");
      const entry = await context.git(["ls-tree", "-z", options.tree, "--", parent], { gitDir: options.gitDir });
      if (entry.text !== "" && !entry.text.startsWith("040000 "))
        throw new Fault(
          "HOLD-PREPARE-FAILED",
          `the output ${JSON.stringify(output)} is under ${parent}, which is not a folder`,
        );
    }
  }
}

async function makeAgentGit(
  options: WorktreeOptions,
  target: { mirror: string; record: string; context: RunnerContext },
): Promise<void> {
  const { folder, baseCommit } = options;
  const { git } = target.context;
  const format = baseCommit.length === 64 ? "sha256" : "sha1";
  await git(["init", "--quiet", "--bare", "--template=", `--object-format=${format}`, folder.agentGit]);
  await git(["pack-objects", "--quiet", "--revs", "--threads=1", join(folder.agentGit, "objects", "pack", "pack")], {
    gitDir: target.mirror,
    input: `${baseCommit}\n`,
    timeoutMs: 600_000,
  });
  mkdirSync(join(folder.agentGit, "refs", "heads"), { recursive: true });
  writeFileSync(join(folder.agentGit, "HEAD"), "ref: refs/heads/work\n");
  writeFileSync(join(folder.agentGit, "refs", "heads", "work"), `${baseCommit}\n`);
  const version = format === "sha256" ? "\trepositoryformatversion = 1\n" : "\trepositoryformatversion = 0\n";
  const extension = format === "sha256" ? "[extensions]\n\tobjectformat = sha256\n" : "";
  writeFileSync(
    join(folder.agentGit, "config"),
    `[core]\n${version}\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n${extension}`,
  );
  writeAttributes(folder.agentGit);
  const excluded = options.outputs.map((output) => `/${output.replace(/^\.?\/+/, "").replace(/\/+$/, "")}`);
  writeFileSync(join(folder.agentGit, "info", "exclude"), excluded.map((line) => `${line}\n`).join(""));
  copyFileSync(join(target.record, "index"), join(folder.agentGit, "index"));
}

/** Attributes in a tree must not hide or change bytes (THREATS T3). */
function writeAttributes(gitDir: string): void {
  mkdirSync(join(gitDir, "info"), { recursive: true });
  writeFileSync(join(gitDir, "info", "attributes"), gitInfoAttributes);
}
