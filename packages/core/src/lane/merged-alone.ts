/**
 * What merged without an approval, and how it turned out: kept per repository, newest last, as a function of each task alone.
 *
 * Folder: how often changes that merged by themselves went wrong, and when a person is asked instead.
 */
import { isTaskBranch, laneKindOf } from "@aedev/contracts";
import type { OutcomeState, PastState, TaskState } from "../model/state.ts";
import { mergedAloneMax } from "../model/state.ts";

type Merged = PastState["merged"][string][number];

/** A change on the same lines within this time that says it repairs something shows that the landing was wrong. */
const fixedWithinMs = 14 * 24 * 3_600_000;
const saysFix = /\b(?:hot|bug)?fix(?:e[sd]|ing)?\b|\b(?:bug|regression|repair(?:s|ed)?)\b/i;

/** The task's landing in the record; null if it did not land, is on a branch of its own, or a person approved it. */
export function mergedAlone(task: TaskState): Merged | null {
  const { task_id, status, gate, approval, landing, changed_at, outcomes = [] } = task;
  if (status !== "landed" || gate?.answer !== "merge" || approval !== null) return null;
  if (landing !== null && isTaskBranch(landing.ref, task_id)) return null;
  return { task_id, kind: laneKindOf(gate.shares), at: changed_at, bad: wentWrong(outcomes, changed_at) };
}

/** A person's newest report decides; otherwise one outcome that shows harm is enough. */
export function wentWrong(outcomes: readonly OutcomeState[], landedAt: string): boolean {
  const report = outcomes.findLast(({ evidence }) => evidence.kind === "person");
  return report === undefined ? outcomes.some((one) => showsHarm(one, landedAt)) : report.outcome === "bad";
}

function showsHarm({ outcome, evidence, at }: OutcomeState, landedAt: string): boolean {
  if (outcome === "reverted") return true;
  if (evidence.kind === "check") return evidence.before === "passed";
  if (outcome !== "changed-again" || evidence.kind !== "commit") return false;
  const isSoon = Date.parse(at) - Date.parse(landedAt) <= fixedWithinMs;
  return isSoon && (evidence.says_revert || saysFix.test(evidence.subject));
}

/** The record of a repository with this task's landing, which replaces what was known about it. */
export function withMergedAlone(merged: PastState["merged"], task: TaskState): PastState["merged"] {
  const one = mergedAlone(task);
  if (one === null) return merged;
  const others = (Object.hasOwn(merged, task.repository) ? merged[task.repository] : undefined) ?? [];
  const all = [...others.filter(({ task_id }) => task_id !== task.task_id), one].toSorted(byLanding);
  return { ...merged, [task.repository]: all.slice(-mergedAloneMax) };
}

/** The order in which a repository's record is kept. */
function byLanding(one: Merged, other: Merged): number {
  const [left, right] = [one, other].map(({ at, task_id }) => `${at} ${task_id}`) as [string, string];
  return left < right ? -1 : 1;
}
