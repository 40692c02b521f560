/** Applies a judged patch to its base in an index and proves that it is the exact evidence diff of the result (SECURITY T3, T12). No work tree. */
import { createHash, randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type ChangedFile, canonicalJson, Fault, isFault } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { gitEvidenceDiffFlags } from "@aedev/host/git/git-safety";
import { parseRawDiff, type RawEntry } from "./diff.ts";
import { readObjects } from "./objects.ts";

const runGit = gitAt("daemon/git/apply-exactly");

/** Total bytes of changed files, old and new, that one change may contain. */
const changeBytesMax = 256 * 1024 * 1024;
const regenerateSlackBytes = 64 * 1024;
/** A raw record is at most this many times as long as the file's header in the patch, which has the name twice. */
const rawSizeFactor = 6;
/** Starts on a line of its own, while file content always follows a marker character. */
const binaryHunk = Buffer.from("\nGIT binary patch\n");
const gitlinkMode = "160000";

export interface ApplyOptions {
  /** A bare repository that has the base. */
  readonly gitDir: string;
  readonly baseCommit: string;
  readonly patch: Uint8Array;
  readonly timeoutMs: number;
}

/** The tree that patch and base give, and what changed, sorted by path in UTF-16 order. */
export interface AppliedPatch {
  readonly tree: string;
  readonly entries: readonly RawEntry[];
}

/** Throws a Fault `HOLD-PATCH-UNSAFE` unless the patch is exactly the diff from its base, and `HOLD-EVIDENCE-INCOMPLETE` if the repository lacks the base. */
export async function applyExactly(options: ApplyOptions): Promise<AppliedPatch> {
  const tree = await applyToBase(options);
  return { tree, entries: await refuseInexactPatch(options, tree) };
}

/** Tree and content digest of the result, for a comparison with the evidence. Throws as `applyExactly` does. */
export async function resultOfPatch(options: ApplyOptions): Promise<{ tree: string; contentDigest: string }> {
  const { tree, entries } = await applyExactly(options);
  const ids = entries.flatMap(({ new_mode, new_id }) => (isFileMode(new_mode) ? [new_id] : []));
  const objects = await readChangedObjects(options, ids);
  const idOf = new Map(entries.map(({ path, new_mode, new_id }) => [path, isFileMode(new_mode) ? new_id : ""]));
  return { tree, contentDigest: contentDigestOf(entries, (path) => objects.get(idOf.get(path) ?? "") ?? null) };
}

/** SHA-256 over names, modes and bytes, independent of git's hashes. A deleted path has null, a gitlink its commit id. */
export function contentDigestOf(
  changed: readonly Pick<ChangedFile, "path" | "new_mode" | "new_id">[],
  newBytes: (path: string) => Uint8Array | null,
): string {
  const entries = changed.map((file) => {
    const bytes = newBytes(file.path);
    const sha256 = bytes === null ? null : createHash("sha256").update(bytes).digest("hex");
    const entry = { mode: file.new_mode, path: file.path, sha256 };
    return file.new_mode === gitlinkMode ? { ...entry, commit: file.new_id } : entry;
  });
  return createHash("sha256").update(canonicalJson(entries)).digest("hex");
}

/** The bytes of these blobs. Throws a Fault `HOLD-PATCH-UNSAFE` if together they exceed the bound of a change. */
export async function readChangedObjects(
  { gitDir, timeoutMs }: Pick<ApplyOptions, "gitDir" | "timeoutMs">,
  ids: readonly string[],
): Promise<Map<string, Buffer>> {
  try {
    return await readObjects({ gitDir, ids: [...new Set(ids)], timeoutMs, outputBytesMax: changeBytesMax });
  } catch (error) {
    if (!isFault(error, "git-output")) throw error;
    throw unsafePatch(`the changed files are larger than ${changeBytesMax} bytes in total`, "too large");
  }
}

/** Whether an entry of this mode has a blob: it exists and is not a gitlink. */
export function isFileMode(mode: string): boolean {
  return mode !== "000000" && mode !== gitlinkMode;
}

async function applyToBase(options: ApplyOptions): Promise<string> {
  const indexFile = join(options.gitDir, `index-${randomUUID()}`);
  try {
    return await applyInIndex(options, indexFile);
  } finally {
    rmSync(indexFile, { force: true });
  }
}

async function applyInIndex(options: ApplyOptions, indexFile: string): Promise<string> {
  const { gitDir, timeoutMs } = options;
  // An evidence diff never has a binary hunk, and git would unpack a thousand times its size before the difference could be seen.
  if (Buffer.from(options.patch).includes(binaryHunk)) throw unsafePatch("the patch has a binary hunk", "binary hunk");
  const inIndex = { gitDir, timeoutMs, environment: { GIT_INDEX_FILE: indexFile } };
  await readBaseInto(inIndex, options.baseCommit);
  // git refuses an empty patch. Here it is an empty change, which the caller reports.
  if (options.patch.length > 0) {
    const args = ["apply", "--cached", "--whitespace=nowarn", "-p1", "-"];
    const applied = await runGit({ ...inIndex, args, input: options.patch, exitCodes: "any" });
    if (applied.exitCode !== 0) throw unsafePatch("the patch does not apply to its base", applied.cause);
  }
  const writtenTree = await runGit({ ...inIndex, args: ["write-tree"], exitCodes: "any" });
  if (writtenTree.exitCode !== 0) throw unsafePatch("the patch does not make a valid tree", writtenTree.cause);
  return writtenTree.text;
}

async function readBaseInto(call: Omit<Parameters<typeof runGit>[0], "args">, baseCommit: string): Promise<void> {
  try {
    await runGit({ ...call, args: ["read-tree", baseCommit] });
  } catch (error) {
    if (!isFault(error, "git-failed") || error.retry) throw error;
    const message = `the base ${baseCommit} is not in the mirror`;
    throw new Fault("HOLD-EVIDENCE-INCOMPLETE", message, { detail: "base commit missing", cause: error });
  }
}

/**
 * Throws unless the recomputed diff equals the patch byte for byte: no moved hunk, nothing between hunks, no file twice, so that judges read everything there
 * is. A gitlink passes here and is later reported by its mode. The same call lists the entries.
 */
async function refuseInexactPatch(options: ApplyOptions, tree: string): Promise<RawEntry[]> {
  const { gitDir, timeoutMs, patch } = options;
  const flags = ["-r", "-z", "-p", "--raw", "--no-abbrev", ...gitEvidenceDiffFlags, "--ignore-submodules=none"];
  try {
    const { stdout } = await runGit({
      args: ["diff-tree", ...flags, `${options.baseCommit}^{tree}`, tree],
      gitDir,
      timeoutMs,
      outputBytesMax: (rawSizeFactor + 1) * patch.length + regenerateSlackBytes,
    });
    const { entries, patch: recomputed } = parseRawDiff(stdout);
    if (recomputed.equals(patch)) return entries;
  } catch (error) {
    if (!isFault(error, "git-output")) throw error;
  }
  throw unsafePatch("the patch is not the exact difference between its base and its result", "inexact patch");
}

function unsafePatch(why: string, detail: string): Fault {
  return new Fault("HOLD-PATCH-UNSAFE", `${why}${detail === "" ? "" : ` (${detail})`}`, { detail });
}
