/**
 * Computes the inverse of a landed change on a branch's head, by a three-way merge of trees in a temporary repository (SECURITY T1, T3). No hook, filter or
 * merge driver runs, the trees' attributes are ignored, nothing is checked out and the mirror gets no object.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, gitIdSchema, isFault } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { gitEvidenceDiffFlags } from "@aedev/host/git/git-safety";
import { gitPathText } from "@aedev/host/git/path-text";
import { type RepositoryOptions, withScratchRepository } from "./bare-repository.ts";
import { readRawEntries } from "./diff.ts";
import { splitNul } from "./objects.ts";

const runGit = gitAt("daemon/git/inverse");

/** Most bytes that the patch of an inverse may have. */
const inversePatchBytesMax = 32 * 1024 * 1024;
/** The usual attributes, except that git's own driver merges text line by line, whatever the tree asks for. */
const mergingAttributes = "* -text -ident -filter -working-tree-encoding diff merge\n";
const mergeFlags = [
  "-c",
  "merge.directoryRenames=false",
  "-c",
  "merge.conflictStyle=merge",
  "-c",
  "merge.renormalize=false",
];
/** The author of scratch commits, which git demands although they are thrown away. */
const nobody = Object.fromEntries(
  ["AUTHOR", "COMMITTER"].flatMap((who) => [
    [`GIT_${who}_NAME`, "aedev"],
    [`GIT_${who}_EMAIL`, "aedev@localhost"],
    [`GIT_${who}_DATE`, "@0 +0000"],
  ]),
);

/** The inverse as a tree with its evidence patch, or why there is none. */
export type Inverse =
  | { readonly kind: "inverse"; readonly tree: string; readonly patch: Uint8Array }
  | { readonly kind: "conflict"; readonly paths: readonly string[] }
  | { readonly kind: "empty" };

/** `commit`: the landed one. `before`: the commit before its change. `onto`: the branch's head. The mirror has all three. */
export async function inverseOf(
  options: RepositoryOptions & { commit: string; before: string; onto: string },
): Promise<Inverse> {
  const { commit, before, onto, timeoutMs } = options;
  return withScratchRepository({ ...options, likeId: onto }, async (gitDir) => {
    writeFileSync(join(gitDir, "info", "attributes"), mergingAttributes);
    const call = { gitDir, timeoutMs };
    // The landed state is the merge's base, so that the way back to the state before is applied to the head.
    const base = await commitTree(commit, [], call);
    const [ours, theirs] = [await commitTree(onto, [base], call), await commitTree(before, [base], call)];
    const merged = await mergeTrees(ours, theirs, call);
    if ("paths" in merged) return { kind: "conflict", paths: merged.paths };
    const { tree } = merged;
    const patch = await evidencePatch({ ...call, from: onto, to: tree });
    return patch.length === 0 ? { kind: "empty" } : { kind: "inverse", tree, patch };
  });
}

interface GitCall {
  readonly gitDir: string;
  readonly timeoutMs: number;
}

async function commitTree(of: string, parents: readonly string[], call: GitCall): Promise<string> {
  const args = ["commit-tree", `${gitIdSchema.parse(of)}^{tree}`, ...parents.flatMap((one) => ["-p", one])];
  const { text } = await runGit({ ...call, args, input: "", environment: nobody });
  return gitIdSchema.parse(text);
}

/** git's exit code 0 means merged, 1 conflicts, any other a failure. */
async function mergeTrees(
  ours: string,
  theirs: string,
  call: GitCall,
): Promise<{ tree: string } | { paths: readonly string[] }> {
  const flags = ["--write-tree", "-z", "--name-only", "--no-messages"];
  const args = [...mergeFlags, "merge-tree", ...flags, ours, theirs];
  const { exitCode, stdout, cause } = await runGit({ ...call, args, exitCodes: "any" });
  if (exitCode !== 0 && exitCode !== 1)
    throw new Fault("git-failed", `git merge-tree failed (${cause}); it needs git 2.38 or newer`, { detail: cause });
  const [tree, ...paths] = splitNul(stdout).map(gitPathText);
  return exitCode === 0
    ? { tree: gitIdSchema.parse(tree) }
    : { paths: [...new Set(paths.filter((path) => path !== ""))] };
}

/** The change between two commits or trees in the form that evidence uses. Throws a Fault `HOLD-PATCH-UNSAFE` if it is too large. */
export async function evidencePatch({
  from,
  to,
  patchBytesMax = inversePatchBytesMax,
  ...call
}: GitCall & { from: string; to: string; patchBytesMax?: number }): Promise<Uint8Array> {
  const flags = ["-r", "-p", ...gitEvidenceDiffFlags, "--ignore-submodules=none"];
  try {
    const args = ["diff-tree", ...flags, `${from}^{tree}`, `${to}^{tree}`];
    return (await runGit({ ...call, args, outputBytesMax: patchBytesMax })).stdout;
  } catch (error) {
    if (!isFault(error, "git-output")) throw error;
    throw new Fault("HOLD-PATCH-UNSAFE", `the change is larger than ${patchBytesMax} bytes`, { detail: "too large" });
  }
}

/** Splits the changed files into those that go from exactly the landed state back to exactly the state before, and the others. */
export async function compareWithLanded(
  options: GitCall & {
    readonly commit: string;
    readonly before: string;
    readonly changed: readonly { path: string; old_mode: string; new_mode: string; old_id: string; new_id: string }[];
  },
): Promise<{ restored: string[]; merged: string[] }> {
  const { commit, before, changed, ...call } = options;
  const landed = new Map((await readRawEntries({ ...call, from: before, to: commit })).map((one) => [one.path, one]));
  const isBack = (file: (typeof changed)[number]) => {
    const then = landed.get(file.path);
    const isSame = then?.new_id === file.old_id && then.new_mode === file.old_mode;
    return isSame && then.old_id === file.new_id && then.old_mode === file.new_mode;
  };
  return {
    restored: changed.filter(isBack).map(({ path }) => path),
    merged: changed.filter((file) => !isBack(file)).map(({ path }) => path),
  };
}
