/** Creates and deletes a run's worktree (SECURITY T1, T2): the base commit and only its history. Once an agent wrote there, git never runs on it. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, type PlacedSubmodule, type RunId, runIdSchema } from "@aedev/contracts";
import { gitInfoAttributes } from "@aedev/host/git/git-safety";
import { homeLayout, submoduleStore } from "@aedev/host/home-layout";
import type { RunnerContext } from "../engine/context.ts";
import { deleteFolder, handOver, type RunFolder } from "./run-folder.ts";

const site = "runner/tree/worktree";
const makeSite = "runner/tree/worktree#make";

export interface WorktreeOptions {
  folder: RunFolder;
  runId: string;
  repository: string;
  baseCommit: string;
  /** Submodules of the base that are filled; absent if none are. */
  submodules?: readonly PlacedSubmodule[] | undefined;
  /** Paths that prepare fills, which are hidden from the agent's git. */
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
  keepBase({ mirror, runId, baseCommit });
  await makeAgentGit(options, { mirror, context });
  await git(site, ["read-tree", "-u", "--reset", baseCommit], {
    gitDir: mirror,
    workTree: folder.tree,
    environment: { GIT_INDEX_FILE: join(folder.agentGit, "index") },
  });
  await laySubmodules(options, { mirror, context });
}

/** Writes the files of filled submodules into the folders that the base's checkout made: plain files, no repositories. */
async function laySubmodules(
  { folder, baseCommit, submodules = [] }: WorktreeOptions,
  { mirror, context }: { mirror: string; context: RunnerContext },
): Promise<void> {
  for (const { path, commit, store } of submodules) {
    const entry = await context.git(site, ["ls-tree", "-z", baseCommit, "--", path], { gitDir: mirror });
    if (!entry.text.startsWith(`160000 commit ${commit}\t`)) continue;
    const index = join(folder.root, "submodule.index");
    await context.git(site, ["read-tree", "-u", "--reset", commit], {
      gitDir: submoduleStore(mirror, store),
      workTree: join(folder.tree, path),
      environment: { GIT_INDEX_FILE: index },
    });
    rmSync(index, { force: true });
  }
}

/** Removes the run's folders and its ref in the mirror. Contract: any state worth keeping is already a blob. */
export async function deleteWorktree(options: {
  folder: RunFolder;
  runId: string;
  mirror: string | null;
}): Promise<void> {
  await deleteFolder(options.folder.root);
  await deleteFolder(options.folder.socketFolder);
  if (options.mirror !== null) rmSync(baseRefOf(options.mirror, options.runId), { force: true });
}

/** The runs whose base a ref keeps in a mirror of this home. */
export function runsWithBase(home: string): { readonly runId: RunId; readonly mirror: string }[] {
  const { mirrors } = homeLayout(home);
  const namesIn = (folder: string) => (existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : []);
  return namesIn(mirrors).flatMap((name) => {
    const mirror = join(mirrors, name);
    const runs = namesIn(join(mirror, baseRefs)).flatMap((one) => runIdSchema.safeParse(one).data ?? []);
    return runs.map((runId) => ({ runId, mirror }));
  });
}

const baseRefs = "refs/aedev/runs";
const baseRefOf = (mirror: string, runId: string) => join(mirror, baseRefs, runId);

/**
 * Keeps the base from being pruned, by a ref. A worktree's record would not do, because git fails on one that another run is just deleting (seen in git 2.39).
 * The ref is written as git writes it: under a name that ends with `.lock`, then renamed.
 */
function keepBase(options: { mirror: string; runId: string; baseCommit: string }): void {
  const ref = baseRefOf(options.mirror, options.runId);
  mkdirSync(join(options.mirror, baseRefs), { recursive: true });
  writeFileSync(`${ref}.lock`, `${options.baseCommit}\n`);
  renameSync(`${ref}.lock`, ref);
}

/** Hands the complete folders over to the sandbox's user. */
export async function handOverWorktree(folder: RunFolder, context: RunnerContext): Promise<void> {
  await handOver([folder.tree, folder.agentGit, folder.workspace], context.user);
}

async function assertBase(context: RunnerContext, options: { mirror: string; baseCommit: string }): Promise<void> {
  const missing = new Fault("HOLD-FETCH-FAILED", `the mirror does not have the base ${options.baseCommit}`, {
    hint: "aedev repo list",
  });
  if (!existsSync(options.mirror)) throw missing;
  const answer = await context.git(site, ["cat-file", "-e", `${options.baseCommit}^{commit}`], {
    gitDir: options.mirror,
    exitCodes: [0, 1, 128],
  });
  if (answer.exitCode !== 0) throw missing;
}

/** Refuses an output that is in the tree, because it would be overwritten silently, or written through one of the tree's links. */
export async function assertOutputsUntracked(
  context: RunnerContext,
  options: { gitDir: string; tree: string; outputs: readonly string[] },
): Promise<void> {
  for (const output of options.outputs) {
    const parts = output.split("/").filter((part) => part !== "" && part !== ".");
    if (output.startsWith("/") || parts.length === 0 || parts.some((part) => part === ".." || /^\.git$/i.test(part)))
      throw new Fault("HOLD-PREPARE-FAILED", `the output ${JSON.stringify(output)} is not a path in the repository`);
    const path = parts.join("/");
    const own = await context.git(site, ["ls-tree", "-z", options.tree, "--", path], { gitDir: options.gitDir });
    if (own.text !== "")
      throw new Fault("HOLD-PREPARE-FAILED", `the output ${JSON.stringify(output)} is tracked by the base`, {
        detail: `output_tracked ${path}`,
      });
    for (let depth = 1; depth < parts.length; depth += 1) {
      const parent = parts.slice(0, depth).join("/");
      const entry = await context.git(site, ["ls-tree", "-z", options.tree, "--", parent], { gitDir: options.gitDir });
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
  target: { mirror: string; context: RunnerContext },
): Promise<void> {
  const { folder, baseCommit } = options;
  const { git } = target.context;
  const format = baseCommit.length === 64 ? "sha256" : "sha1";
  await git(makeSite, ["init", "--quiet", "--bare", "--template=", `--object-format=${format}`, folder.agentGit], {});
  await git(
    site,
    ["pack-objects", "--quiet", "--revs", "--threads=1", join(folder.agentGit, "objects", "pack", "pack")],
    {
      gitDir: target.mirror,
      input: `${baseCommit}\n`,
      timeoutMs: 600_000,
    },
  );
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
}

/** Attributes in a tree must not hide or change bytes (SECURITY T3). */
function writeAttributes(gitDir: string): void {
  mkdirSync(join(gitDir, "info"), { recursive: true });
  writeFileSync(join(gitDir, "info", "attributes"), gitInfoAttributes);
}
