/** Decides whether an approval can still be used. The status is computed from the approval, its subject and the current time; it is never stored. */
import { type ApprovalSubject, subjectKey } from "@aedev/contracts/events";
import { type ApprovalState, entityById, type State } from "../model/state.ts";
import { coderQuestion } from "../task/coder-question.ts";

/** Checked in this order: decided, superseded by a newer approval or another change, expired. */
export type ApprovalStatus = "open" | "decided" | "superseded" | "expired";

/** `now`: ISO 8601 UTC. */
export function approvalStatus(state: State, approval: ApprovalState, now: string): ApprovalStatus {
  if (approval.used !== null) return "decided";
  if (approval.subject.kind === "revert") return offerStatus(state, approval, approval.subject, now);
  if (!indexOf(state).askedKeys.has(subjectKey(approval.subject)))
    return isDecided(state, approval.subject) ? "decided" : "superseded";
  if (latestApproval(state, approval.subject)?.approval_id !== approval.approval_id) return "superseded";
  return approval.epoch === state.system.epoch && approval.expires_at > now ? "open" : "expired";
}

/** An offer stands until its change is to be taken back, whoever asked for that. Nothing waits for it, so it is no open subject. */
function offerStatus(
  { system, tasks }: State,
  { epoch, expires_at }: ApprovalState,
  { task_id, commit }: Extract<ApprovalSubject, { kind: "revert" }>,
  now: string,
): ApprovalStatus {
  const task = entityById(tasks, task_id);
  if (task?.landed_commit !== commit) return "superseded";
  if (task.reverted_by !== undefined) return "decided";
  return epoch === system.epoch && expires_at > now ? "open" : "expired";
}

/** The newest approval of this subject. */
function latestApproval(state: State, subject: ApprovalSubject): ApprovalState | undefined {
  return indexOf(state).approvals.get(subjectKey(subject))?.at(-1);
}

/** All approvals of this subject, oldest first. */
export function approvalsAbout(state: State, subject: ApprovalSubject): ApprovalState[] {
  return [...(indexOf(state).approvals.get(subjectKey(subject)) ?? [])];
}

/** A lookup table that is built once per state, because many statuses are asked for one state. */
interface Index {
  readonly askedKeys: ReadonlySet<string>;
  /** By subject, oldest first. */
  readonly approvals: ReadonlyMap<string, readonly ApprovalState[]>;
}
const indexes = new WeakMap<State, Index>();

function indexOf(state: State): Index {
  const known = indexes.get(state);
  if (known !== undefined) return known;
  const approvals = Map.groupBy(Object.values(state.approvals), ({ subject }) => subjectKey(subject));
  for (const about of approvals.values()) about.sort((left, right) => (byAge(left) < byAge(right) ? -1 : 1));
  const index = { askedKeys: new Set(openSubjects(state).map(subjectKey)), approvals };
  indexes.set(state, index);
  return index;
}

function byAge({ requested_at, approval_id }: ApprovalState): string {
  return `${requested_at} ${approval_id}`;
}

/** All subjects that wait for a person's decision. A round of questions is one subject, named by the first that is open: its page has them all. */
export function openSubjects(state: State): ApprovalSubject[] {
  const missions = Object.values(state.missions).flatMap((mission): ApprovalSubject[] => {
    const mission_id = mission.mission_id as never;
    if (mission.stage === "awaiting_approval")
      return [{ kind: "specification", mission_id, spec_digest: mission.specification.digest }];
    if (mission.stage !== "clarifying") return [];
    const { round, questions } = mission.clarity;
    const spec_digest = mission.specification.digest;
    return questions
      .slice(0, 1)
      .map(({ id }) => ({ kind: "question", mission_id, task_id: null, question_id: id, round, spec_digest }));
  });
  const tasks = Object.values(state.tasks).flatMap((task): ApprovalSubject[] => {
    const ids = { mission_id: task.mission_id as never, task_id: task.task_id as never };
    const question = coderQuestion(task);
    if (question !== null) return [{ kind: "question", ...ids, question_id: question.id, round: task.runs.length }];
    if (task.status !== "asked" || task.evidence === null || task.policy === null) return [];
    const { change_digest, bundle } = task.evidence;
    return [
      { kind: "landing", ...ids, change_digest, bundle_digest: bundle.digest, policy_digest: task.policy.digest },
    ];
  });
  return [...missions, ...tasks];
}

/** Whether a closed subject was decided, e.g. at the terminal. If it was replaced by another change or text, it was not. */
function isDecided(state: State, subject: ApprovalSubject): boolean {
  switch (subject.kind) {
    case "landing": {
      const task = entityById(state.tasks, subject.task_id);
      return task?.evidence?.change_digest === subject.change_digest && task.next_cause === null;
    }
    case "specification": {
      const mission = entityById(state.missions, subject.mission_id);
      return mission?.specification.digest === subject.spec_digest;
    }
    case "revert":
      return false;
    case "question":
      return subject.task_id !== null || !isStillOpen(state, subject);
  }
}

/** Whether a question of clarification waits for its answer, on whatever specification. */
function isStillOpen(
  { missions }: State,
  { mission_id, question_id, round }: Extract<ApprovalSubject, { kind: "question" }>,
): boolean {
  const mission = entityById(missions, mission_id);
  if (mission?.stage !== "clarifying" || mission.clarity.round !== round) return false;
  return mission.clarity.questions.some(({ id }) => id === question_id);
}
