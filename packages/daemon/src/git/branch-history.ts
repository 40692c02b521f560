/** Reads how a branch went on after a commit, in a mirror: its commits in order, what they changed, what their messages say. Everything is bounded; nothing is checked out. */
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

/** Commits that one look reads. */
const commitsMax = 1_000;
const diffBytesMax = 32 * 1024 * 1024;
const listBytesMax = 64 * 1024 * 1024;
/** Messages that are read of one step, and their bytes. */
const messagesMax = 200;
const messageBytesMax = 4 * 1024 * 1024;
const subjectCharactersMax = 120;
/** Above this many candidates, git pairs only identical files. */
const renameCandidatesMax = 200;

/** One step of a branch: from the commit before it on the branch to its own. */
export interface BranchStep {
  readonly from: string;
  readonly to: string;
  /** Names of what differs between the two. */
  readonly paths: ReadonlySet<string>;
}

/** The first parent of a commit, null if it has none. */
export async function parentOf(commit: string, { gitDir, timeoutMs }: MirrorCall): Promise<string | null> {
  const args = ["rev-parse", "--verify", "--quiet", `${gitIdSchema.parse(commit)}^1`];
  const { text, exitCode } = await runGit({ args, gitDir, timeoutMs, exitCodes: "any" });
  return exitCode === 0 ? gitIdSchema.parse(text) : null;
}

/**
 * The branch's steps from `after` towards `tip`, by first parents, oldest first, at most `commitsMax`; `tip` must descend from `after`. One step over all
 * of it if `after` is not on that line, or if what changed is too much to list.
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

/** A record that begins with U+0001 names a commit; those after it are its paths, the first with a line feed before it. */
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

/** What differs between two commits, line by line, with renames; `paths`: only there. Null if it is too large to read. */
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

/** Whether these paths are the same at both commits, absent ones included. */
export async function isSameAt(
  options: MirrorCall & { one: string; other: string; paths: readonly string[] },
): Promise<boolean> {
  const { one, other, paths, gitDir, timeoutMs } = options;
  const args = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", one, other, "--", ...paths];
  return (await runGit({ args, gitDir, timeoutMs })).stdout.length === 0;
}

/** The commits of one step: ids, the subject of the last, and whether a message says that it reverts `commit`. */
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
