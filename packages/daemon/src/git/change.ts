/**
 * Derives a change from patch and base, independently of the runner's report (SECURITY T3, T12, T18). It needs no work tree, and adds nothing to the mirror.
 */
import type { ChangedFile } from "@aedev/contracts";
import { encodingName, encodingsOf } from "@aedev/host/text-form/encoding";
import { type ApplyOptions, applyExactly, contentDigestOf, isFileMode, readChangedObjects } from "./apply-exactly.ts";
import { type RepositoryOptions, withScratchRepository } from "./bare-repository.ts";
import { type DetectedRename, readLineCounts, readRenames } from "./diff.ts";
import { readLinks } from "./linked-files.ts";
import { isText, readTree } from "./objects.ts";

const linkMode = "120000";

export interface DerivedChange {
  readonly tree: string;
  /** Sorted by path in UTF-16 order; a gitlink has mode 160000. */
  readonly changed: readonly ChangedFile[];
  readonly renames: readonly DetectedRename[];
  /** The targets of new or changed symbolic links. */
  readonly linkTargets: ReadonlyMap<string, string>;
  /** The targets of the base's symbolic links. */
  readonly baseLinks: ReadonlyMap<string, string>;
  /** Bytes of a changed path in the base or the candidate; null if it does not exist or is a gitlink. */
  oldBytes(path: string): Uint8Array | null;
  newBytes(path: string): Uint8Array | null;
  /** SHA-256 over the canonical JSON of `{mode, path, sha256}` of every changed path. */
  readonly contentDigest: string;
  /** Every path of the base. */
  readonly basePaths: readonly string[];
}

/**
 * Applies `patch` to the base and describes what changed. Throws a Fault `HOLD-PATCH-UNSAFE` unless the patch is exactly the evidence diff from the base to its
 * result. Such a diff can carry any bytes, NUL included, and any name. One exception is unsafe too, because git can't read it back: a change without lines (an
 * empty file, a mode) below a folder whose name ends with a space.
 */
export async function deriveChange(
  options: RepositoryOptions & { baseCommit: string; patch: Uint8Array },
): Promise<DerivedChange> {
  return withScratchRepository({ ...options, likeId: options.baseCommit }, (gitDir) =>
    deriveChangeIn({ gitDir, ...options }),
  );
}

async function deriveChangeIn(options: ApplyOptions): Promise<DerivedChange> {
  const { gitDir, timeoutMs, baseCommit } = options;
  const { tree, entries } = await applyExactly(options);
  const diffOptions = { gitDir, from: baseCommit, to: tree, timeoutMs };
  const lines = await readLineCounts(diffOptions);
  const ids = entries.flatMap(({ old_mode, old_id, new_mode, new_id }) => [
    ...(isFileMode(old_mode) ? [old_id] : []),
    ...(isFileMode(new_mode) ? [new_id] : []),
  ]);
  const objects = await readChangedObjects(options, ids);
  const bytesOf = (mode: string, id: string) => (isFileMode(mode) ? (objects.get(id) ?? null) : null);
  const sides = new Map(
    entries.map((entry) => [
      entry.path,
      { old: bytesOf(entry.old_mode, entry.old_id), new: bytesOf(entry.new_mode, entry.new_id) },
    ]),
  );
  const changed = entries.map((entry): ChangedFile => {
    const side = sides.get(entry.path);
    const { added, deleted } = lines.get(entry.path) ?? { added: 0, deleted: 0 };
    return {
      ...entry,
      ...{ added_lines: added, deleted_lines: deleted },
      ...readability(side?.old ?? null, side?.new ?? null),
    };
  });
  const newBytes = (path: string) => sides.get(path)?.new ?? null;
  const baseEntries = await readTree({ gitDir, tree: baseCommit, timeoutMs });
  return {
    tree,
    changed,
    renames: await readRenames(diffOptions),
    linkTargets: new Map(
      changed
        .filter((file) => file.new_mode === linkMode)
        .map((file) => [file.path, Buffer.from(newBytes(file.path) ?? []).toString("utf8")]),
    ),
    baseLinks: await readLinks(baseEntries, { gitDir, timeoutMs }),
    oldBytes: (path) => sides.get(path)?.old ?? null,
    newBytes,
    contentDigest: contentDigestOf(changed, newBytes),
    basePaths: baseEntries.map((entry) => entry.path),
  };
}

/** Whether nobody can judge the bytes. A file that already was in an old encoding can be judged: its view writes out each byte that is not UTF-8. */
function readability(old: Uint8Array | null, now: Uint8Array | null): Pick<ChangedFile, "binary" | "encoding"> {
  if ([old, now].every((bytes) => bytes === null || isText(bytes))) return { binary: false };
  const encodings = old === null || now === null ? null : encodingsOf(old, now);
  if (encodings === null || encodings.before.startsWith("utf-")) return { binary: true };
  return { binary: false, encoding: encodingName(encodings.after) };
}
