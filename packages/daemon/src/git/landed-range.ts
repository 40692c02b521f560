/** Finds the commit before a landed change on its branch: one back, or further if a rebase landed several commits. It only reads the mirror. */
import { gitIdSchema, isFault } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { evidencePatch } from "./inverse.ts";

const runGit = gitAt("daemon/git/landed-range");

/** How many commits are searched for one landing. */
const commitsMax = 32;
const messagesBytesMax = 4 * 1024 * 1024;

interface MirrorCall {
  readonly gitDir: string;
  readonly timeoutMs: number;
}

/**
 * The commit before the landed change; null if the landed commit has no parent. A merge or squash is one step of the branch. Among several commits, the change
 * begins where the difference is the judged `patch`, else where messages begin to have the task's trailer; else it is the last commit alone.
 */
export async function commitBefore(
  options: MirrorCall & { commit: string; taskId: string; patch: Uint8Array | null },
): Promise<string | null> {
  const { commit, taskId, patch, ...call } = options;
  const line = await firstParents(commit, call);
  const parent = line[1]?.id ?? null;
  if (parent === null || (line[0]?.parents ?? 0) > 1) return parent;
  const judged = patch === null ? null : await beforeJudged(line, patch, call);
  if (judged !== null) return judged;
  const isOurs = line.map(({ message }) => message.split("\n").includes(`Aedev-Task: ${taskId}`));
  // Only the newest commit with the trailer and those directly before it count: further back, somebody else could have written the trailer.
  const newest = isOurs.indexOf(true);
  const end = newest < 0 ? -1 : isOurs.indexOf(false, newest);
  return end < 0 ? parent : (line[end]?.id ?? parent);
}

/** Whether the landed change is byte for byte the judged one, whatever else was on its branch by then. */
export async function isJudgedChange(options: MirrorCall & { commit: string; patch: Uint8Array }): Promise<boolean> {
  const { commit, patch, ...call } = options;
  return (await beforeJudged(await firstParents(commit, call), patch, call)) !== null;
}

/** The commit from which the difference is the judged patch. */
async function beforeJudged(
  [landed, ...older]: readonly { readonly id: string; readonly parents: number }[],
  patch: Uint8Array,
  call: MirrorCall,
): Promise<string | null> {
  if (landed === undefined) return null;
  for (const { id } of landed.parents > 1 ? older.slice(0, 1) : older) {
    const since = await patchSince(id, landed.id, { ...call, patchBytesMax: patch.length });
    if (since !== null && Buffer.from(since).equals(Buffer.from(patch))) return id;
  }
  return null;
}

/** Null: the diff exceeds the bound, so it is not the judged one. */
async function patchSince(
  from: string,
  to: string,
  call: MirrorCall & { readonly patchBytesMax: number },
): Promise<Uint8Array | null> {
  try {
    return await evidencePatch({ ...call, from, to });
  } catch (error) {
    if (isFault(error, "HOLD-PATCH-UNSAFE")) return null;
    throw error;
  }
}

/** The commit and those before it on its branch, each with its number of parents and its message. */
async function firstParents(
  commit: string,
  { gitDir, timeoutMs }: MirrorCall,
): Promise<{ id: string; parents: number; message: string }[]> {
  const flags = ["--first-parent", "-z", "--no-show-signature", `--max-count=${commitsMax + 1}`];
  const read = (format: string) =>
    runGit({
      args: ["log", ...flags, `--format=tformat:%H%n%P%n${format}`, gitIdSchema.parse(commit), "--"],
      gitDir,
      timeoutMs,
      outputBytesMax: messagesBytesMax,
    });
  const { text } = await read("%B").catch((error: unknown) => {
    // Messages that large are not read.
    if (isFault(error, "git-output")) return read("");
    throw error;
  });
  return text
    .split("\0")
    .filter((record) => record !== "")
    .map((record) => {
      const [id = "", parents = "", ...message] = record.split("\n");
      return {
        id: gitIdSchema.parse(id),
        parents: parents.split(" ").filter(Boolean).length,
        message: message.join("\n"),
      };
    });
}
