/** Tells what a branch did to a landed change since the last look: reverted it, changed its lines, or lost it. It knows no log and no task. */
import { commitsOfBranch, isSameAt, parentOf, readLineDiff, readMessages } from "./branch-history.ts";
import { type FileDiff, followLines, isInverse, type LandedLines, landedLines } from "./landed-lines.ts";
import { isAncestor } from "./push.ts";

/** With more files than this, a change's lines are not followed, only its commit. */
const filesMax = 200;

/** How far a landed change has been followed. */
export interface BranchWatch {
  readonly commit: string;
  /** The landed commit's first parent; null if it has none. */
  readonly before: string | null;
  /** What the change did; null: it has too many files or too much text to be followed. */
  readonly change: {
    readonly before: string;
    readonly diff: readonly FileDiff[];
    readonly paths: readonly string[];
  } | null;
  readonly lines: LandedLines;
  /** The branch's commit up to which the change was followed. */
  readonly seen: string;
  /** The branch has more commits than one look reads, so look again. */
  readonly isBehind: boolean;
}

/** Something that happened to the change on its branch. */
export type BranchFinding =
  | { readonly outcome: "gone"; readonly tip: string }
  | {
      readonly outcome: "reverted" | "changed-again";
      readonly commit: string;
      readonly subject: string;
      readonly saysRevert: boolean;
      readonly lines: number;
      /** The commits of the branch step, `commit` included. */
      readonly ids: readonly string[];
    };

interface MirrorCall {
  readonly gitDir: string;
  readonly timeoutMs: number;
}

/** Begins to follow a landed commit, which the mirror has. */
export async function beginWatch(commit: string, call: MirrorCall): Promise<BranchWatch> {
  const before = await parentOf(commit, call);
  const diff = before === null ? null : await readLineDiff({ ...call, from: before, to: commit });
  if (before === null || diff === null || diff.length > filesMax)
    return { commit, before, change: null, lines: landedLines([]), seen: commit, isBehind: false };
  const paths = [...new Set(diff.flatMap(({ from, to }) => (to === null ? [from] : [from, to])))];
  return { commit, before, change: { before, diff, paths }, lines: landedLines(diff), seen: commit, isBehind: false };
}

/** Follows the change to the branch's tip, or for as many commits as one look reads. After `reverted` or `gone` nothing is left to follow. */
export async function followBranch(
  watch: BranchWatch,
  options: MirrorCall & { tip: string },
): Promise<{ watch: BranchWatch; findings: readonly BranchFinding[] }> {
  const { tip, gitDir, timeoutMs } = options;
  const call = { gitDir, timeoutMs };
  if (!(await isAncestor({ ...call, older: watch.commit, newer: tip })))
    return { watch, findings: [{ outcome: "gone", tip }] };
  // If history behind the last look was rewritten, follow again from the landed commit.
  let current = (await isAncestor({ ...call, older: watch.seen, newer: tip }))
    ? watch
    : await beginWatch(watch.commit, call);
  const findings: BranchFinding[] = [];
  for (const step of await commitsOfBranch({ ...call, after: current.seen, tip })) {
    const { change } = current;
    const touched = [...current.lines.files.keys()].some((path) => step.paths.has(path));
    const isBack = change?.paths.some((path) => step.paths.has(path));
    if (change === null || !(touched || isBack === true)) {
      current = { ...current, seen: step.to };
      continue;
    }
    const { lines, inverse } = await throughStep(current, step, call);
    const changed = lines.lost - current.lines.lost;
    const reverted = inverse || (await isSameAt({ ...call, one: change.before, other: step.to, paths: change.paths }));
    current = { ...current, lines, seen: step.to };
    if (!reverted && changed === 0) continue;
    const { ids, subject, saysRevert } = await readMessages({ ...call, step, commit: watch.commit });
    const outcome = reverted ? "reverted" : "changed-again";
    findings.push({ outcome, commit: step.to, subject, saysRevert, lines: changed, ids });
    if (reverted) break;
  }
  return { watch: { ...current, isBehind: current.seen !== tip }, findings };
}

async function throughStep(
  { change, lines }: BranchWatch,
  step: { from: string; to: string; paths: ReadonlySet<string> },
  call: MirrorCall,
): Promise<{ lines: LandedLines; inverse: boolean }> {
  const range = { ...call, from: step.from, to: step.to };
  const known = [...lines.files.keys(), ...(change?.paths ?? [])].filter((path) => step.paths.has(path));
  let diff = await readLineDiff({ ...range, paths: [...new Set(known)] });
  // An apparent deletion can be a rename, which shows only among all files.
  if (diff?.some(({ to }) => to === null)) diff = (await readLineDiff(range)) ?? diff;
  if (diff === null) return { lines, inverse: false };
  const next = followLines(lines, diff);
  const isWhole = lines.lost === 0 && [...next.files.values()].every((ranges) => ranges.length === 0);
  return { lines: next, inverse: isWhole && isInverse(change?.diff ?? [], diff) };
}
