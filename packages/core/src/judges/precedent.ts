/** Keeps one verdict per change, family, model and prompt. An answer is final wherever the same change comes back; a judge is asked again only if it gave no answer. */

import { type Family, type Verdict, type ViewName, wasAnswered } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import type { JudgedChange, State, TaskState } from "../model/state.ts";

/** The most verdicts that one task keeps: more than its runs can cause without a person. */
export const judgedChangesMax = 64;

type Judge = Pick<Verdict, "family" | "model" | "prompt_digest">;

/**
 * The earlier verdict on the task's current change, rewritten for the current bundle; null if this judge has not answered about the change. A verdict
 * against the change counts on every base. A pass counts only for the judged tree: on another tree the judge is asked again.
 */
export function precedentVerdict(state: State, task: TaskState, judge: Judge): Verdict | null {
  const { evidence } = task;
  if (evidence === null) return null;
  const verdicts = verdictsOn(state, evidence.change_digest).filter(({ verdict }) => isSameJudge(verdict, judge));
  const precedent = verdicts.find(isAgainst) ?? verdicts.find(({ tree }) => tree === evidence.tree);
  return precedent === undefined ? null : reusedVerdict(precedent, evidence.bundle.digest);
}

/**
 * This family's verdict against this change under any model and prompt, rewritten for `bundleDigest`; null if there is none. If there are several, the
 * strongest: a fail before a flip before anything else.
 */
export function precedentVeto(
  state: State,
  { family, changeDigest, bundleDigest }: { family: Family; changeDigest: string; bundleDigest: string },
): Verdict | null {
  const verdicts = verdictsOn(state, changeDigest).filter(
    (known) => known.verdict.family === family && isAgainst(known),
  );
  const veto =
    verdicts.find(({ verdict }) => verdict.verdict === "fail") ??
    verdicts.find(({ verdict }) => failedInAView(verdict)) ??
    verdicts[0];
  return veto === undefined ? null : reusedVerdict(veto, bundleDigest);
}

/**
 * The verdict to record for the task's current change: the earlier verdict if there is one, otherwise the new one. Null if the new one claims to reuse a
 * verdict that does not exist. A newly configured judge that gives no answer does not remove a veto of its family.
 */
export function verdictToRecord(state: State, task: TaskState, verdict: Verdict): Verdict | null {
  const precedent = precedentVerdict(state, task, verdict);
  if (precedent !== null || task.evidence === null) return precedent;
  const { family, reused_from } = verdict;
  const { change_digest: changeDigest, bundle } = task.evidence;
  const veto = precedentVeto(state, { family, changeDigest, bundleDigest: bundle.digest });
  if (reused_from !== undefined) return veto;
  return veto !== null && failedInAView(veto) && !wasAnswered(verdict) ? veto : verdict;
}

function failedInAView({ verdict, detail }: Pick<Verdict, "verdict" | "detail">): boolean {
  return verdict === "fail" || detail === "flip";
}

/** Sorted by task id, because a state's keys have another order after a restart. */
function verdictsOn(state: State, changeDigest: string): JudgedChange[] {
  const isOnChange = ({ change_digest }: JudgedChange) => change_digest === changeDigest;
  return Object.values(state.tasks)
    .filter(({ judged }) => judged.some(isOnChange))
    .toSorted((left, right) => (left.task_id < right.task_id ? -1 : 1))
    .flatMap(({ judged }) => judged.filter(isOnChange));
}

function isAgainst({ verdict }: JudgedChange): boolean {
  return verdict.verdict !== "pass";
}

function reusedVerdict({ verdict: { tries: _tries, ...verdict } }: JudgedChange, bundleDigest: string): Verdict {
  return {
    ...verdict,
    bundle_digest: bundleDigest,
    usage: { input_tokens: 0, output_tokens: 0 },
    reused_from: verdict.reused_from ?? verdict.bundle_digest,
  };
}

/** The verdicts that a task keeps after `verdict` on its current evidence. Only answers are kept. */
export function withJudged(task: TaskState, verdict: EventData<"VerdictRecorded">): readonly JudgedChange[] {
  const { evidence, judged } = task;
  if (evidence === null || !wasAnswered(verdict)) return judged;
  const { change_digest, tree } = evidence;
  const others = judged.filter(
    (known) => known.change_digest !== change_digest || known.tree !== tree || !isSameJudge(known.verdict, verdict),
  );
  return [...others, { change_digest, tree, verdict }].slice(-judgedChangesMax);
}

/** The task's verdicts that are requested again and of which one view passed. Verdicts on another bundle are dropped. */
export function withPartlyJudged({
  verdicts,
  evidence,
  partly_judged = [],
}: Pick<TaskState, "verdicts" | "evidence" | "partly_judged">): Pick<TaskState, "partly_judged"> {
  const current = [...partly_judged, ...verdicts].filter(
    (verdict) =>
      verdict.bundle_digest === evidence?.bundle.digest && !wasAnswered(verdict) && passedViewsOf(verdict).length > 0,
  );
  const newest = current.filter(
    (verdict, index) => !current.slice(index + 1).some((newer) => isSameJudge(newer, verdict)),
  );
  return newest.length === 0 && partly_judged.length === 0 ? {} : { partly_judged: newest };
}

/** The views that this judge passed on the task's bundle in a verdict that was no answer. These views are never requested again. */
export function passedViews({ partly_judged = [], evidence }: TaskState, judge: Judge): ViewName[] {
  const known = partly_judged.find(
    (verdict) => verdict.bundle_digest === evidence?.bundle.digest && isSameJudge(verdict, judge),
  );
  return known === undefined ? [] : passedViewsOf(known);
}

function passedViewsOf({ views }: Verdict): ViewName[] {
  return views.filter(({ verdict }) => verdict === "pass").map(({ view }) => view);
}

/** Whether releasing the task's hold could give a new verdict, because a judge was asked and gave no answer. */
export function mayAskAgain({ verdicts }: Pick<TaskState, "verdicts">): boolean {
  return verdicts.some((verdict) => !wasAnswered(verdict));
}

function isSameJudge(one: Judge, other: Judge): boolean {
  return one.family === other.family && one.model === other.model && one.prompt_digest === other.prompt_digest;
}
