/**
 * Says whether a checkout may be brought from one commit to another without losing anything of a person's: it is clean, and no untracked file is in the way,
 * not even an ignored one, which git itself would overwrite. It reads through a front repository and a copy of the index.
 */
import { lstatSync, readdirSync } from "node:fs";
import { escapeLine, Fault, shellWord, summarizeList } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { gitPathBytes, gitPathText, placeOfPath } from "@aedev/host/git/path-text";
import type { GitAnswer } from "@aedev/host/git/run-git";
import { splitNul } from "./objects.ts";

const runGit = gitAt("daemon/git/checkout-state");
const listedCharactersMax = 300;

/** Both commits of a fast-forward, and through what git reads the checkout. */
export interface CheckoutStep {
  readonly folder: string;
  /** The front repository. */
  readonly gitDir: string;
  /** A copy of the checkout's index. */
  readonly index: string;
  /** A copy of it, which becomes the index of the new commit. */
  readonly nextIndex: string;
  readonly from: string;
  readonly to: string;
  /** Lets git find the new commit's objects. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Throws a Fault `checkout-changed` or `checkout-unsupported` unless the step loses nothing and needs no program of theirs. */
export async function requireClean(step: CheckoutStep): Promise<void> {
  const { folder, from, to } = step;
  const git = gitIn(step);
  await git(["update-index", "-q", "--refresh", "--ignore-submodules"], { exitCodes: [0, 1] });
  const states = splitNul((await git(["ls-files", "-t", "-z"])).stdout);
  if (states.some((state) => state.toString("latin1").startsWith("S ")))
    throw unsupported(folder, "it is a sparse checkout");
  const staged = await git(["diff-index", "--cached", "--name-only", "-z", "--ignore-submodules=none", from]);
  const edited = await git(["diff-files", "--name-only", "-z", "--ignore-submodules=all"]);
  const changed = [...new Set([staged, edited].flatMap(({ stdout }) => splitNul(stdout).map(gitPathText)))];
  const records = splitNul((await git(["diff-tree", "-r", "-z", "--no-renames", "--name-status", from, to])).stdout);
  const of = (...kinds: string[]) =>
    records.flatMap((bytes, at) =>
      at % 2 === 1 && kinds.includes(String(records[at - 1]?.toString("latin1"))) ? [gitPathText(bytes)] : [],
    );
  await git(["read-tree", "-i", "-m", from, to], {
    index: step.nextIndex,
    exitCodes: changed.length > 0 ? "any" : [0],
  });
  await requireNoFilter(step, [...changed, ...of("A", "M", "T")]);
  if (changed.length > 0)
    throw changedFault(folder, `has changes of your own: ${summarizeList(changed.map(pathLine), listedCharactersMax)}`);
  const inTheWay = untrackedInTheWay(folder, { added: of("A"), deleted: new Set(of("D")) });
  if (inTheWay.length > 0)
    throw changedFault(
      folder,
      `has untracked files that would be overwritten: ${summarizeList(inTheWay.map(pathLine), listedCharactersMax)}`,
    );
  const trial = await git(["read-tree", "-m", "-u", "--dry-run", from, to], { exitCodes: "any" });
  if (trial.exitCode !== 0) throw changedFault(folder, `can't be brought forward: ${trial.cause}`);
}

export function changedFault(folder: string, what: string): Fault {
  return new Fault("checkout-changed", `${folder} ${what}`, {
    hint: `git -C ${shellWord(folder)} status; commit, stash or move them, then again`,
  });
}

function unsupported(folder: string, why: string): Fault {
  return new Fault("checkout-unsupported", `aedev does not change ${folder}: ${why}`, {
    hint: `git -C ${shellWord(folder)} pull --ff-only`,
  });
}

function gitIn({ folder, gitDir, index, environment, timeoutMs }: CheckoutStep) {
  return (
    args: readonly string[],
    {
      index: other = index,
      ...options
    }: Partial<Record<"index" | "input", string>> & { exitCodes?: number[] | "any" } = {},
  ): Promise<GitAnswer> =>
    runGit({
      ...{ args, gitDir, workTree: folder, timeoutMs, ...options },
      environment: { ...environment, GIT_INDEX_FILE: other },
    });
}

/** A filter is a program of the person's configuration (such as LFS), which aedev does not run; without it the files would be other ones. */
async function requireNoFilter(step: CheckoutStep, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const input = Buffer.concat(paths.flatMap((path) => [gitPathBytes(path), Buffer.of(0)]));
  const { stdout } = await runGit({
    ...{ args: ["check-attr", "--cached", "-z", "--stdin", "filter"], input, timeoutMs: step.timeoutMs },
    ...{ gitDir: step.gitDir, workTree: step.folder },
    environment: { ...step.environment, GIT_INDEX_FILE: step.nextIndex },
  });
  const fields = splitNul(stdout).map(gitPathText);
  const at = fields.findIndex((value, place) => place % 3 === 2 && !["unspecified", "unset", "set"].includes(value));
  if (at < 0) return;
  throw unsupported(
    step.folder,
    `git filters ${pathLine(fields[at - 2] ?? "")} there with ${pathLine(fields[at] ?? "")}`,
  );
}

/** What exists where the new commit adds files. `deleted`: tracked files that it removes. */
function untrackedInTheWay(
  folder: string,
  { added, deleted }: { added: readonly string[]; deleted: ReadonlySet<string> },
): string[] {
  const found = new Set<string>();
  for (const path of added) {
    const names = path.split("/");
    for (let depth = 1; depth <= names.length; depth += 1) {
      const part = names.slice(0, depth).join("/");
      const state = lstatSync(placeOfPath(folder, part), { throwIfNoEntry: false });
      if (state === undefined) break;
      const isFolder = state.isDirectory();
      if (isFolder && depth === names.length)
        for (const file of filesIn(folder, part)) if (!deleted.has(file)) found.add(file);
      if (isFolder) continue;
      if (!deleted.has(part)) found.add(part);
      break;
    }
  }
  return [...found];
}

function filesIn(folder: string, path: string): string[] {
  return readdirSync(placeOfPath(folder, path), { withFileTypes: true, encoding: "buffer" }).flatMap((entry) => {
    const inside = `${path}/${gitPathText(entry.name)}`;
    return entry.isDirectory() ? filesIn(folder, inside) : [inside];
  });
}

const pathLine = (path: string) => escapeLine(path, 100);
