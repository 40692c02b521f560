/** Parses git's raw diffs between two trees into typed values. Names must be UTF-8, because evidence is text; nothing is guessed. */
import { isUtf8 } from "node:buffer";
import { type ChangedFile, changedFileSchema, Fault, renameSchema } from "@aedev/contracts";
import { runGit } from "@aedev/host/git/run-git";
import { z } from "zod";
import { splitNul } from "./objects.ts";

/** Two trees or commits in one of our repositories. */
interface DiffOptions {
  readonly gitDir: string;
  readonly from: string;
  readonly to: string;
  readonly timeoutMs: number;
}

export type DetectedRename = z.infer<typeof renameSchema>;

const rawFlags = ["-r", "-z", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none", "--no-relative"];
/** Above this many candidates, git pairs only identical files. */
const renameCandidatesMax = 1_000;

/** The changed entries, without rename detection, sorted by path; the caller adds `binary`, which needs the bytes. */
export async function readChangedEntries(options: DiffOptions): Promise<Omit<ChangedFile, "binary">[]> {
  const raw = splitNul(await diffTree(options, ["--raw", "--full-index", "--no-abbrev", "--no-renames"]));
  const lines = lineCounts(await diffTree(options, ["--numstat", "--text", "--no-renames"]));
  const entries: Omit<ChangedFile, "binary">[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const header = /^:([0-7]{6}) ([0-7]{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])$/.exec(textOf(raw[index]));
    if (header === null) throw new TypeError("git diff-tree printed an invalid header");
    const [, old_mode, new_mode, old_id, new_id, letter = ""] = header;
    const path = pathOf(raw[index + 1]);
    const counts = lines.get(path) ?? { added: 0, deleted: 0 };
    const entry = { path, status: statuses[letter], old_mode, new_mode, old_id, new_id };
    const lineFields = { added_lines: counts.added, deleted_lines: counts.deleted };
    entries.push(changedFileSchema.omit({ binary: true }).parse({ ...entry, ...lineFields }));
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Renames as separate evidence: the entries above show them as a deletion and an addition. */
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

/** Names of everything that differs; a name that is not UTF-8 gets replacement characters. */
export async function readDifferingPaths(options: DiffOptions): Promise<string[]> {
  return splitNul(await diffTree(options, ["--name-only", "--no-renames"])).map((name) => name.toString("utf8"));
}

const statuses: Record<string, ChangedFile["status"]> = { A: "added", M: "modified", T: "modified", D: "deleted" };

async function diffTree(options: DiffOptions, flags: readonly string[]): Promise<Buffer> {
  const { from, to, gitDir, timeoutMs } = options;
  const args = ["diff-tree", ...rawFlags, ...flags, `${from}^{tree}`, `${to}^{tree}`];
  return (await runGit({ args, gitDir, timeoutMs })).stdout;
}

function lineCounts(numstat: Buffer): Map<string, { added: number; deleted: number }> {
  // git prints a dash if it counts no lines: for a link target with NUL, which `binary` reports.
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
  if (bytes === undefined || !isUtf8(bytes))
    throw new Fault("HOLD-PATCH-UNSAFE", "the change has a path that is not UTF-8", { detail: "path not UTF-8" });
  return bytes.toString("utf8");
}
