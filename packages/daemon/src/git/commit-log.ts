/** Reads what each commit of a branch changed, in lines per file. It only reads the mirror. Everything is bounded. */
import { createHash } from "node:crypto";
import { gitIdSchema } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { gitPathText } from "@aedev/host/git/path-text";
import { z } from "zod";
import { splitNul } from "./objects.ts";

const runGit = gitAt("daemon/git/commit-log");

interface MirrorCall {
  readonly gitDir: string;
  readonly timeoutMs: number;
}

/** Commits that one call of git reads. */
const commitsOfCall = 500;
/** With more candidates than this, git pairs only identical files. */
const renameCandidatesMax = 200;
const idsBytesMax = 64 * 1024 * 1024;
const authorLength = 12;

const lines = z.int().nonnegative();
/** A file that a commit changed. `from`: its name before. A binary file has no lines. */
const touchedFileSchema = z.strictObject({
  path: z.string(),
  from: z.string().optional(),
  added: lines,
  deleted: lines,
});
export type TouchedFile = z.infer<typeof touchedFileSchema>;

export const commitFactsSchema = z.strictObject({
  id: gitIdSchema,
  /** When it was committed, in seconds. */
  at: z.int(),
  /** A digest of the author's address: who it is does not matter, only whether it is the same person. */
  author: z.string(),
  /** Whether its message says that it mends a defect. */
  fix: z.boolean(),
  files: z.array(touchedFileSchema),
});
export type CommitFacts = z.infer<typeof commitFactsSchema>;

/** Whether a message says that its change mends a defect: Kamei's words. */
export function isFixMessage(text: string): boolean {
  return /\b(?:bug|fix|defect|patch)(?:e[sd]|s|ed|ing)?\b/iu.test(text);
}

/** The commits of a branch that are no merges, oldest first: the newest `max`, and whether there are older ones. */
export async function commitsBefore(
  options: MirrorCall & { tip: string; max: number },
): Promise<{ readonly ids: readonly string[]; readonly hasOlder: boolean }> {
  const { tip, max, ...call } = options;
  const args = ["rev-list", "--no-merges", "--date-order", `--max-count=${max + 1}`, gitIdSchema.parse(tip), "--"];
  const { text } = await runGit({ ...call, args, outputBytesMax: idsBytesMax });
  const newest = text === "" ? [] : text.split("\n");
  return {
    ids: newest
      .slice(0, max)
      .map((id) => gitIdSchema.parse(id))
      .toReversed(),
    hasOlder: newest.length > max,
  };
}

/** The last fetched commit of the branch that missions start from; null if nothing was fetched yet. */
export async function fetchedTip(call: MirrorCall): Promise<string | null> {
  const args = ["rev-parse", "--verify", "--quiet", "refs/aedev/remote/HEAD^{commit}"];
  const { text, exitCode } = await runGit({ ...call, args, exitCodes: "any" });
  return exitCode === 0 ? gitIdSchema.parse(text) : null;
}

/** The facts of these commits, in parts, in their order. */
export async function* readCommits(options: MirrorCall & { ids: readonly string[] }): AsyncGenerator<CommitFacts[]> {
  const { ids, ...call } = options;
  const format = "--format=tformat:%H %ct %ae%x00%B";
  const flags = ["--no-show-signature", "--no-mailmap", "--numstat", "--no-ext-diff", "--no-textconv", "-z"];
  const renames = ["-M", `-l${renameCandidatesMax}`];
  for (let from = 0; from < ids.length; from += commitsOfCall) {
    const part = ids.slice(from, from + commitsOfCall);
    const args = ["log", "--no-walk=unsorted", "--stdin", ...flags, ...renames, format];
    const { stdout } = await runGit({ ...call, args, input: `${part.join("\n")}\n` });
    yield parseLog(splitNul(stdout));
  }
}

/** The lines of every file of a commit. */
export async function readSizes(options: MirrorCall & { commit: string }): Promise<TouchedFile[]> {
  const { commit, ...call } = options;
  const { text: empty } = await runGit({ ...call, args: ["hash-object", "-t", "tree", "--stdin"], input: "" });
  const flags = ["-r", "-z", "--numstat", "--no-renames", "--no-ext-diff", "--no-textconv"];
  const trees = [gitIdSchema.parse(empty), `${gitIdSchema.parse(commit)}^{tree}`];
  const { stdout } = await runGit({ ...call, args: ["diff-tree", ...flags, ...trees] });
  return readFiles(recordReader(splitNul(stdout)));
}

/** `added<tab>deleted<tab>path`, after a line feed if it is a commit's first; for a rename the path is empty and its two names follow. */
const fileRecord = /^\n?(\d+|-)\t(\d+|-)\t/u;
const counted = (text: string | undefined, path: string) =>
  text === undefined || text === "-" || isBinaryName(path) ? 0 : Number(text);

/** git has no other way to tell: a mirror's attributes make every file text, so that nothing is hidden from a diff. */
const hasNoLines =
  /\.(?:png|jpe?g|gif|ico|webp|bmp|tiff?|icns|psd|pdf|zip|[tj]ar|gz|tgz|bz2|xz|7z|zst|woff2?|ttf|otf|eot|mp[34]|wav|ogg|webm|mov|exe|dll|so|dylib|a|o|class|wasm|pyc|bin|db|sqlite)$/iu;

/** Whether the lines of a file are no text that somebody wrote, judged by its name. */
export function isBinaryName(path: string): boolean {
  return hasNoLines.test(path);
}

/** Reads records in their order, because a message and a name may look like any of them. */
function recordReader(records: readonly Buffer[]) {
  let at = 0;
  const none = Buffer.alloc(0);
  return {
    isAtEnd: () => at >= records.length,
    isFile: () => fileRecord.test(records[at]?.toString("latin1") ?? ""),
    next: () => records[at++] ?? none,
  };
}

function parseLog(records: readonly Buffer[]): CommitFacts[] {
  const reader = recordReader(records);
  const found: CommitFacts[] = [];
  while (!reader.isAtEnd()) {
    const [id = "", at = "", ...address] = reader.next().toString("utf8").replace(/^\n/u, "").split(" ");
    const author = createHash("sha256").update(address.join(" ")).digest("hex").slice(0, authorLength);
    const fix = isFixMessage(reader.next().toString("utf8"));
    found.push(commitFactsSchema.parse({ id, at: Number(at), author, fix, files: readFiles(reader) }));
  }
  return found;
}

function readFiles(reader: ReturnType<typeof recordReader>): TouchedFile[] {
  const files: TouchedFile[] = [];
  while (reader.isFile()) {
    const record = reader.next();
    const [whole = "", added, deleted] = fileRecord.exec(record.toString("latin1")) ?? [];
    const name = record.subarray(whole.length);
    const names = name.length > 0 ? [name] : [reader.next(), reader.next()];
    const [path = "", from] = names.map(gitPathText).toReversed();
    files.push({
      path,
      ...(from === undefined ? {} : { from }),
      added: counted(added, path),
      deleted: counted(deleted, path),
    });
  }
  return files;
}
