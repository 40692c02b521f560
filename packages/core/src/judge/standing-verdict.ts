/**
 * One verdict for each change, family, model and prompt, and never another for the same: an answer that came stands, whatever the bundle, run
 * or task under which the same change comes back. Only silence (no key, no connection, an error, a time limit) lets a judge be asked again.
 */
import type { EventData } from "../log/event.ts";
import type { State, TaskState } from "../log/state.ts";
import { type Family, type Verdict, wasAnswered } from "../wire/index.ts";

/** A judge's word on a change, as a task remembers it. */
export interface JudgedChange {
  readonly change_digest: string;
  /** The code that was judged: the change on its base. */
  readonly tree: string;
  readonly verdict: Verdict;
}

/** Words that one task remembers: more than its runs can bring about without a person. */
export const judgedChangesMax = 64;

type Judge = Pick<Verdict, "family" | "model" | "prompt_digest">;

/**
 * The word that stands for the task's present change, as it is recorded under the present bundle; null where this judge has not spoken on it.
 * A word against the change stands on every base. A pass is about the tree that was seen: on another one the judge looks again, and may only veto.
 */
export function standingVerdict(state: State, task: TaskState, judge: Judge): Verdict | null {
  const { evidence } = task;
  if (evidence === null || judge.prompt_digest === null) return null;
  const words = wordsOn(state, evidence.change_digest).filter(({ verdict }) => isSameJudge(verdict, judge));
  const standing = words.find(isAgainst) ?? words.find(({ tree }) => tree === evidence.tree);
  return standing === undefined ? null : reused(standing, evidence.bundle.digest);
}

/**
 * A word of this family against this very change, under whatever model and prompt it was given, as it is recorded under `bundleDigest`; null
 * where there is none. Of several the one that says most: a fail before a flip before what is only no pass.
 */
export function standingVeto(
  state: State,
  { family, changeDigest, bundleDigest }: { family: Family; changeDigest: string; bundleDigest: string },
): Verdict | null {
  const words = wordsOn(state, changeDigest).filter((word) => word.verdict.family === family && isAgainst(word));
  const veto =
    words.find(({ verdict }) => verdict.verdict === "fail") ??
    words.find(({ verdict }) => failedALook(verdict)) ??
    words[0];
  return veto === undefined ? null : reused(veto, bundleDigest);
}

/**
 * What the log records for a family's word on the task's present change: the word that stands, where there is one, and else the word itself;
 * null where it was taken over from a word that nobody gave. A judge set up anew that gives no answer takes no veto of its family away.
 */
export function wordToRecord(state: State, task: TaskState, verdict: Verdict): Verdict | null {
  const standing = standingVerdict(state, task, verdict);
  if (standing !== null || task.evidence === null) return standing;
  const { family, reused_from } = verdict;
  const { change_digest: changeDigest, bundle } = task.evidence;
  const veto = standingVeto(state, { family, changeDigest, bundleDigest: bundle.digest });
  if (reused_from !== undefined) return veto;
  return veto !== null && failedALook(veto) && !wasAnswered(verdict) ? veto : verdict;
}

function failedALook({ verdict, detail }: Pick<Verdict, "verdict" | "detail">): boolean {
  return verdict === "fail" || detail === "flip";
}

function wordsOn(state: State, changeDigest: string): JudgedChange[] {
  return Object.values(state.tasks)
    .flatMap(({ judged }) => judged)
    .filter(({ change_digest }) => change_digest === changeDigest);
}

function isAgainst({ verdict }: JudgedChange): boolean {
  return verdict.verdict !== "pass";
}

function reused({ verdict }: JudgedChange, bundleDigest: string): Verdict {
  return {
    ...verdict,
    bundle_digest: bundleDigest,
    usage: { input_tokens: 0, output_tokens: 0 },
    reused_from: verdict.reused_from ?? verdict.bundle_digest,
  };
}

/** What a task remembers after `verdict` on its present evidence; silence is not remembered. */
export function withJudged(task: TaskState, verdict: EventData<"VerdictRecorded">): readonly JudgedChange[] {
  const { evidence, judged } = task;
  if (evidence === null || !wasAnswered(verdict)) return judged;
  const { change_digest, tree } = evidence;
  const others = judged.filter(
    (known) => known.change_digest !== change_digest || known.tree !== tree || !isSameJudge(known.verdict, verdict),
  );
  return [...others, { change_digest, tree, verdict }].slice(-judgedChangesMax);
}

/** Whether a release of the task's hold could bring a word that is not there yet: some judge that was asked gave no answer. */
export function mayAskAgain({ verdicts }: Pick<TaskState, "verdicts">): boolean {
  return verdicts.some((verdict) => !wasAnswered(verdict));
}

function isSameJudge(one: Judge, other: Judge): boolean {
  return one.family === other.family && one.model === other.model && one.prompt_digest === other.prompt_digest;
}
