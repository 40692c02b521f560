/** Reads from a mirror how a branch continued after a commit: its commits in order, what they changed, what their messages say. Everything is bounded. */
import { escapeLine, gitIdSchema, isFault } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { gitEvidenceDiffFlags } from "@aedev/host/git/git-safety";
import { gitPathText } from "@aedev/host/git/path-text";
import { type FileDiff, readBareDiff } from "./landed-lines.ts";
import { splitNul } from "./objects.ts";

const runGit = gitAt("daemon/git/branch-history");

interface MirrorCall {
  readonly gitDir: string;
  readonly timeoutMs: number;
}

/** Commits that one look reads at most. */
const commitsMax = 1_000;
const diffBytesMax = 32 * 1024 * 1024;
const listBytesMax = 64 * 1024 * 1024;
/** Limits on the messages that are read of one step: their number and their bytes. */
const messagesMax = 200;
const messageBytesMax = 4 * 1024 * 1024;
const subjectCharactersMax = 120;
/** With more candidates than this, git pairs only identical files. */
const renameCandidatesMax = 200;

/** One step of a branch: from one commit of its first-parent line to the next. */
export interface BranchStep {
  readonly from: string;
  readonly to: string;
  /** Names of the files that differ between the two commits. */
  readonly paths: ReadonlySet<string>;
}

/** The first parent of a commit; null if it has none. */
export async function parentOf(commit: string, { gitDir, timeoutMs }: MirrorCall): Promise<string | null> {
  const args = ["rev-parse", "--verify", "--quiet", `${gitIdSchema.parse(commit)}^1`];
  const { text, exitCode } = await runGit({ args, gitDir, timeoutMs, exitCodes: "any" });
  return exitCode === 0 ? gitIdSchema.parse(text) : null;
}

/** A commit's tree and its message. */
export async function readCommitText(
  commit: string,
  { gitDir, timeoutMs }: MirrorCall,
): Promise<{ tree: string; message: string }> {
  const format = ["--no-walk", "--no-show-signature", "--format=tformat:%T%n%B"];
  const { text } = await runGit({ args: ["log", ...format, gitIdSchema.parse(commit), "--"], gitDir, timeoutMs });
  const [tree = "", ...message] = text.split("\n");
  return { tree: gitIdSchema.parse(tree), message: message.join("\n").trim() };
}

/**
 * The branch's steps from `after` towards `tip` along first parents, oldest first, at most `commitsMax`; `tip` must descend from `after`. A single step covers
 * everything if `after` is not on that line or the changes are too many to list.
 */
export async function commitsOfBranch(options: MirrorCall & { after: string; tip: string }): Promise<BranchStep[]> {
  const { after, tip, gitDir, timeoutMs } = options;
  if (after === tip) return [];
  const call = { gitDir, timeoutMs, outputBytesMax: listBytesMax };
  const range = [gitIdSchema.parse(tip), `^${gitIdSchema.parse(after)}`];
  const { text } = await runGit({
    ...call,
    args: ["rev-list", "--first-parent", "--parents", "--reverse", ...range, "--"],
  });
  const line = text
    .split("\n")
    .slice(0, commitsMax)
    .map((row) => row.split(" "));
  const isOnLine = line.every(([, parent], index) => parent === (index === 0 ? after : line[index - 1]?.[0]));
  if (!isOnLine) return [await wholeStep(options)];
  const last = line.at(-1)?.[0];
  if (last === undefined) return [];
  try {
    const flags = ["--first-parent", "--diff-merges=first-parent", "--name-only", "--no-renames", "-z"];
    const log = [
      "log",
      "--reverse",
      "--no-show-signature",
      "--format=tformat:%x01%H",
      ...flags,
      last,
      `^${after}`,
      "--",
    ];
    const { stdout } = await runGit({ ...call, args: log });
    return touchedByCommits(stdout, after);
  } catch (error) {
    if (!isFault(error, "git-output")) throw error;
    return [await wholeStep(options)];
  }
}

/** A record that begins with U+0001 names a commit. The records after it are its paths; a line feed precedes the first. */
function touchedByCommits(log: Buffer, after: string): BranchStep[] {
  const found: { from: string; to: string; paths: Set<string> }[] = [];
  for (const bytes of splitNul(log)) {
    const text = bytes.toString("utf8").replace(/^\n/, "");
    if (text.startsWith("\u0001"))
      found.push({ from: found.at(-1)?.to ?? after, to: gitIdSchema.parse(text.slice(1).trim()), paths: new Set() });
    else if (text !== "") found.at(-1)?.paths.add(text);
  }
  return found;
}

async function wholeStep({
  after,
  tip,
  gitDir,
  timeoutMs,
}: MirrorCall & { after: string; tip: string }): Promise<BranchStep> {
  const args = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", after, tip];
  const { stdout } = await runGit({ args, gitDir, timeoutMs });
  return { from: after, to: tip, paths: new Set(splitNul(stdout).map(gitPathText)) };
}

/** The line diff between two commits, with renames, limited to `paths` if given; null if it is too large to read. */
export async function readLineDiff(
  options: MirrorCall & { from: string; to: string; paths?: readonly string[] },
): Promise<FileDiff[] | null> {
  const { from, to, paths = [], gitDir, timeoutMs } = options;
  const renames = ["-M", `-l${renameCandidatesMax}`];
  const flags = [
    "-r",
    "-p",
    "--raw",
    "-z",
    ...gitEvidenceDiffFlags.filter((flag) => flag !== "--no-renames"),
    ...renames,
  ];
  const trees = [`${gitIdSchema.parse(from)}^{tree}`, `${gitIdSchema.parse(to)}^{tree}`];
  try {
    const args = ["diff-tree", ...flags, "--unified=0", ...trees, "--", ...paths];
    const { stdout } = await runGit({ args, gitDir, timeoutMs, outputBytesMax: diffBytesMax });
    return readBareDiff(stdout);
  } catch (error) {
    if (!isFault(error, "git-output")) throw error;
    return null;
  }
}

/** Whether each of these paths is the same, or absent, at both commits. */
export async function isSameAt(
  options: MirrorCall & { one: string; other: string; paths: readonly string[] },
): Promise<boolean> {
  const { one, other, paths, gitDir, timeoutMs } = options;
  const args = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", one, other, "--", ...paths];
  return (await runGit({ args, gitDir, timeoutMs })).stdout.length === 0;
}

/** The commits of one step: their ids, the last one's subject, and whether a message says that it reverts `commit`. */
export async function readMessages(
  options: MirrorCall & { step: Pick<BranchStep, "from" | "to">; commit: string },
): Promise<{ ids: readonly string[]; subject: string; saysRevert: boolean }> {
  const { step, commit, gitDir, timeoutMs } = options;
  const args = [
    "log",
    "-z",
    `--max-count=${messagesMax}`,
    "--no-show-signature",
    "--format=tformat:%H%n%B",
    step.to,
    `^${step.from}`,
    "--",
  ];
  try {
    const { stdout } = await runGit({ args, gitDir, timeoutMs, outputBytesMax: messageBytesMax });
    const messages = splitNul(stdout).map((bytes) => bytes.toString("utf8"));
    const own = messages.find((text) => text.startsWith(step.to)) ?? "";
    return {
      ids: messages.map((text) => text.slice(0, text.indexOf("\n"))),
      subject: escapeLine(own.split("\n")[1] ?? "", subjectCharactersMax),
      saysRevert: messages.some((text) => text.replace(/\s+/g, " ").includes(`This reverts commit ${commit}`)),
    };
  } catch (error) {
    if (!isFault(error, "git-output")) throw error;
    return { ids: [step.to], subject: "", saysRevert: false };
  }
}
