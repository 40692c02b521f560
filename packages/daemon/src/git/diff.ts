/** Parses git's raw diffs between two trees into typed values. It guesses nothing. */
import { type ChangedFile, changedFileSchema, renameSchema } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { gitPathText } from "@aedev/host/git/path-text";
import { z } from "zod";
import { splitNul } from "./objects.ts";

const runGit = gitAt("daemon/git/diff");

/** Two trees or commits in one of our repositories. */
interface DiffOptions {
  readonly gitDir: string;
  readonly from: string;
  readonly to: string;
  readonly timeoutMs: number;
}

export type DetectedRename = z.infer<typeof renameSchema>;

const rawFlags = ["-r", "-z", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none", "--no-relative"];
/** With more candidates than this, git pairs only identical files. */
const renameCandidatesMax = 1_000;

/** What differs at one path, apart from its lines and bytes. */
export type RawEntry = Pick<ChangedFile, "path" | "status" | "old_mode" | "new_mode" | "old_id" | "new_id">;

const rawEntrySchema = changedFileSchema.pick({
  path: true,
  status: true,
  old_mode: true,
  new_mode: true,
  old_id: true,
  new_id: true,
});

/** Splits the output of `diff-tree -z --raw -p --no-renames`: entries sorted by path, an empty record, the patch, whose names are quoted despite `-z`. */
export function parseRawDiff(output: Buffer): { entries: RawEntry[]; patch: Buffer } {
  const entries: RawEntry[] = [];
  for (let offset = 0; offset < output.length; ) {
    if (output[offset] === 0) return { entries: sortedByPath(entries), patch: output.subarray(offset + 1) };
    const header = recordAt(output, offset);
    const name = recordAt(output, offset + header.length + 1);
    entries.push(rawEntryOf(header, name));
    offset += header.length + name.length + 2;
  }
  return { entries: sortedByPath(entries), patch: Buffer.alloc(0) };
}

function recordAt(output: Buffer, offset: number): Buffer {
  const end = output.indexOf(0, offset);
  if (end < 0) throw new TypeError("git diff-tree printed a record without an end");
  return output.subarray(offset, end);
}

function rawEntryOf(record: Buffer, name: Buffer): RawEntry {
  const header = /^:([0-7]{6}) ([0-7]{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])$/.exec(textOf(record));
  if (header === null) throw new TypeError("git diff-tree printed an invalid header");
  const [, old_mode, new_mode, old_id, new_id, letter = ""] = header;
  return rawEntrySchema.parse({ path: pathOf(name), status: statuses[letter], old_mode, new_mode, old_id, new_id });
}

function sortedByPath(entries: RawEntry[]): RawEntry[] {
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The entries that differ, sorted by path, without rename detection. */
export async function readRawEntries(options: DiffOptions): Promise<RawEntry[]> {
  return parseRawDiff(await diffTree(options, ["--raw", "--no-abbrev", "--no-renames"])).entries;
}

/** The number of added and deleted lines of each changed path. */
export async function readLineCounts(options: DiffOptions): Promise<Map<string, { added: number; deleted: number }>> {
  return lineCounts(await diffTree(options, ["--numstat", "--text", "--no-renames"]));
}

/** Renames, as evidence of their own: the raw entries show each as a deletion and an addition. */
export async function readRenames(options: DiffOptions): Promise<DetectedRename[]> {
  const flags = ["--raw", "--no-abbrev", "-M50%", `-l${renameCandidatesMax}`, "--diff-filter=R"];
  const raw = splitNul(await diffTree(options, flags));
  const renames: DetectedRename[] = [];
  for (let index = 0; index + 2 < raw.length; index += 3) {
    const similarity = / R([0-9]{1,3})$/.exec(textOf(raw[index]))?.[1];
    renames.push(
      renameSchema.parse({ from: pathOf(raw[index + 1]), to: pathOf(raw[index + 2]), similarity: Number(similarity) }),
    );
  }
  return renames;
}

/** The names of all paths that differ. */
export async function readDifferingPaths(options: DiffOptions): Promise<string[]> {
  return splitNul(await diffTree(options, ["--name-only", "--no-renames"])).map(gitPathText);
}

const statuses: Record<string, ChangedFile["status"]> = { A: "added", M: "modified", T: "modified", D: "deleted" };

async function diffTree(options: DiffOptions, flags: readonly string[]): Promise<Buffer> {
  const { from, to, gitDir, timeoutMs } = options;
  const args = ["diff-tree", ...rawFlags, ...flags, `${from}^{tree}`, `${to}^{tree}`];
  return (await runGit({ args, gitDir, timeoutMs })).stdout;
}

function lineCounts(numstat: Buffer): Map<string, { added: number; deleted: number }> {
  // git prints a dash where it counts no lines: for a link target with NUL, which `binary` reports.
  const count = z.union([z.literal("-").transform(() => 0), z.coerce.number().int().nonnegative()]);
  return new Map(
    splitNul(numstat).map((record) => {
      const first = record.indexOf(9);
      const second = record.indexOf(9, first + 1);
      const added = count.parse(record.toString("latin1", 0, first));
      const deleted = count.parse(record.toString("latin1", first + 1, second));
      return [pathOf(record.subarray(second + 1)), { added, deleted }];
    }),
  );
}

function textOf(bytes: Buffer | undefined): string {
  return bytes === undefined ? "" : bytes.toString("latin1");
}

function pathOf(bytes: Buffer | undefined): string {
  if (bytes === undefined) throw new TypeError("git diff-tree printed a record without a path");
  return gitPathText(bytes);
}
