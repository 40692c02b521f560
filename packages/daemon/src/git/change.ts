/** Derives a change from patch and base, independently of the runner's report (THREATS T3, T12, T18). There is no work tree, and the mirror gets no object. */
import { createHash, randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type ChangedFile, canonicalJson, Fault, isFault } from "@aedev/contracts";
import { gitEvidenceDiffFlags } from "@aedev/host/git/git-safety";
import { runGit } from "@aedev/host/git/run-git";
import { type RepositoryOptions, withScratchRepository } from "./bare-repository.ts";
import { type DetectedRename, readChangedEntries, readRenames } from "./diff.ts";
import { isText, readObjects, readTree } from "./objects.ts";

/** Total bytes of changed files, old and new, that one change may contain. */
const changeBytesMax = 256 * 1024 * 1024;
const regenerateSlackBytes = 64 * 1024;
/** On a line of its own: file content always follows a marker character. */
const binaryHunk = Buffer.from("\nGIT binary patch\n");
const gitlinkMode = "160000";
const linkMode = "120000";

export interface DerivedChange {
  readonly tree: string;
  /** Sorted by path in UTF-16 order; a gitlink has mode 160000. */
  readonly changed: readonly ChangedFile[];
  readonly renames: readonly DetectedRename[];
  /** Targets of symbolic links that are new or changed. */
  readonly linkTargets: ReadonlyMap<string, string>;
  /** Bytes of a changed path in the base or the candidate; null if it does not exist or is a gitlink. */
  oldBytes(path: string): Uint8Array | null;
  newBytes(path: string): Uint8Array | null;
  /** SHA-256 over the canonical JSON of `{mode, path, sha256}` of every changed path. */
  readonly contentDigest: string;
  /** Every path of the base. */
  readonly basePaths: readonly string[];
}

/**
 * Applies `patch` to the base and says what changed. Throws a Fault `HOLD-PATCH-UNSAFE` unless the patch is exactly the evidence diff from the
 * base to its result. That diff can carry any bytes, including NUL, and any UTF-8 name. git itself can't read back a change without lines (an
 * empty file, a mode) below a folder whose name ends with a space, so that is unsafe too.
 */
export async function deriveChange(
  options: RepositoryOptions & { baseCommit: string; patch: Uint8Array },
): Promise<DerivedChange> {
  return withScratchRepository({ ...options, likeId: options.baseCommit }, (gitDir) =>
    deriveChangeIn({ gitDir, ...options }),
  );
}

interface DeriveOptions {
  readonly gitDir: string;
  readonly baseCommit: string;
  readonly patch: Uint8Array;
  readonly timeoutMs: number;
}

/** The same in a repository that the caller keeps: the result's blobs and trees stay in it. */
export async function deriveChangeIn(options: DeriveOptions): Promise<DerivedChange> {
  const { gitDir, timeoutMs } = options;
  const baseEntries = await readBase(options);
  const tree = await applyToBase(options);
  await refuseInexactPatch(options, tree);
  const diffOptions = { gitDir, from: options.baseCommit, to: tree, timeoutMs };
  const entries = await readChangedEntries(diffOptions);
  const objects = await readChangedObjects(options, entries);
  const bytesOf = (mode: string, id: string) => (isFileMode(mode) ? (objects.get(id) ?? null) : null);
  const sides = new Map(
    entries.map((entry) => [
      entry.path,
      { old: bytesOf(entry.old_mode, entry.old_id), new: bytesOf(entry.new_mode, entry.new_id) },
    ]),
  );
  const changed = entries.map((entry): ChangedFile => {
    const side = sides.get(entry.path);
    return { ...entry, binary: [side?.old, side?.new].some((bytes) => bytes != null && !isText(bytes)) };
  });
  const newBytes = (path: string) => sides.get(path)?.new ?? null;
  return {
    tree,
    changed,
    renames: await readRenames(diffOptions),
    linkTargets: new Map(
      changed
        .filter((file) => file.new_mode === linkMode)
        .map((file) => [file.path, Buffer.from(newBytes(file.path) ?? []).toString("utf8")]),
    ),
    oldBytes: (path) => sides.get(path)?.old ?? null,
    newBytes,
    contentDigest: contentDigestOf(changed, newBytes),
    basePaths: baseEntries.map((entry) => entry.path),
  };
}

/** Binds names, modes and bytes without git's hashes. A deleted path counts with a null; a gitlink with its commit id. */
function contentDigestOf(changed: readonly ChangedFile[], newBytes: (path: string) => Uint8Array | null): string {
  const entries = changed.map((file) => {
    const bytes = newBytes(file.path);
    const sha256 = bytes === null ? null : createHash("sha256").update(bytes).digest("hex");
    const entry = { mode: file.new_mode, path: file.path, sha256 };
    return file.new_mode === gitlinkMode ? { ...entry, commit: file.new_id } : entry;
  });
  return createHash("sha256").update(canonicalJson(entries)).digest("hex");
}

async function readBase(options: DeriveOptions) {
  try {
    return await readTree({ gitDir: options.gitDir, tree: options.baseCommit, timeoutMs: options.timeoutMs });
  } catch (error) {
    if (!isFault(error, "git-failed")) throw error;
    const message = `the base ${options.baseCommit} is not in the mirror`;
    throw new Fault("HOLD-FETCH-FAILED", message, { detail: "base commit missing", retry: true, cause: error });
  }
}

async function applyToBase(options: DeriveOptions): Promise<string> {
  const indexFile = join(options.gitDir, `index-${randomUUID()}`);
  try {
    return await applyInIndex(options, indexFile);
  } finally {
    rmSync(indexFile, { force: true });
  }
}

async function applyInIndex(options: DeriveOptions, indexFile: string): Promise<string> {
  const { gitDir, timeoutMs } = options;
  // The evidence diff has none, and git would unpack a thousand times its size before the difference could be seen.
  if (Buffer.from(options.patch).includes(binaryHunk)) throw unsafe("the patch has a binary hunk", "binary hunk");
  const inIndex = { gitDir, timeoutMs, environment: { GIT_INDEX_FILE: indexFile } };
  await runGit({ ...inIndex, args: ["read-tree", options.baseCommit] });
  // git refuses an empty patch; here it is an empty change, which the caller reports.
  if (options.patch.length > 0) {
    const args = ["apply", "--cached", "--whitespace=nowarn", "-p1", "-"];
    const applied = await runGit({ ...inIndex, args, input: options.patch, exitCodes: "any" });
    if (applied.exitCode !== 0) throw unsafe("the patch does not apply to its base", applied.cause);
  }
  const writtenTree = await runGit({ ...inIndex, args: ["write-tree"], exitCodes: "any" });
  if (writtenTree.exitCode !== 0) throw unsafe("the patch does not make a valid tree", writtenTree.cause);
  return writtenTree.text;
}

/**
 * The recomputed diff must equal the patch byte for byte: no hunk moved, nothing is between the hunks, no file occurs twice, and judges read
 * everything there is. Gitlinks are included: a patch with one passes here and is then reported by its mode.
 */
async function refuseInexactPatch(options: DeriveOptions, tree: string): Promise<void> {
  const { gitDir, timeoutMs, patch } = options;
  const flags = ["-r", "-p", ...gitEvidenceDiffFlags, "--ignore-submodules=none"];
  try {
    const { stdout } = await runGit({
      args: ["diff-tree", ...flags, `${options.baseCommit}^{tree}`, tree],
      gitDir,
      timeoutMs,
      outputBytesMax: patch.length + regenerateSlackBytes,
    });
    if (stdout.equals(patch)) return;
  } catch (error) {
    if (!isFault(error, "git-output")) throw error;
  }
  throw unsafe("the patch is not the exact difference between its base and its result", "inexact patch");
}

async function readChangedObjects(
  options: DeriveOptions,
  entries: readonly Omit<ChangedFile, "binary">[],
): Promise<Map<string, Buffer>> {
  const { gitDir, timeoutMs } = options;
  const ids = new Set<string>();
  for (const entry of entries) {
    if (isFileMode(entry.old_mode)) ids.add(entry.old_id);
    if (isFileMode(entry.new_mode)) ids.add(entry.new_id);
  }
  try {
    return await readObjects({ gitDir, ids: [...ids], timeoutMs, outputBytesMax: changeBytesMax });
  } catch (error) {
    if (!isFault(error, "git-output")) throw error;
    throw unsafe(`the changed files are larger than ${changeBytesMax} bytes in total`, "too large");
  }
}

function isFileMode(mode: string): boolean {
  return mode !== "000000" && mode !== gitlinkMode;
}

function unsafe(why: string, detail: string): Fault {
  return new Fault("HOLD-PATCH-UNSAFE", `${why}${detail === "" ? "" : ` (${detail})`}`, { detail });
}
