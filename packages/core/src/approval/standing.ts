/** Whether an approval may still be used. Derived from the approval, what it is about, and the instant; nothing is ever set. */
import { type ApprovalState, entityById, type State } from "../log/state.ts";
import { coderQuestion } from "../task/coder-question.ts";
import { type ApprovalSubject, subjectKey } from "./subject.ts";

/** In this order: a decision was made, a younger approval or another change took its place, its time is over. */
export type Standing = "open" | "decided" | "superseded" | "expired";

/** `now`: ISO 8601 UTC. */
export function approvalStanding(state: State, approval: ApprovalState, now: string): Standing {
  if (approval.used !== null) return "decided";
  if (!indexOf(state).askedKeys.has(subjectKey(approval.subject)))
    return isDecided(state, approval.subject) ? "decided" : "superseded";
  if (latestApproval(state, approval.subject)?.approval_id !== approval.approval_id) return "superseded";
  return approval.epoch === state.system.epoch && approval.expires_at > now ? "open" : "expired";
}

/** The youngest approval about this very subject. */
function latestApproval(state: State, subject: ApprovalSubject): ApprovalState | undefined {
  return indexOf(state).approvals.get(subjectKey(subject))?.at(-1);
}

/** Every approval about this very subject, oldest first. */
export function approvalsAbout(state: State, subject: ApprovalSubject): ApprovalState[] {
  return [...(indexOf(state).approvals.get(subjectKey(subject)) ?? [])];
}

/** What is looked up for each approval and each subject. A state never changes, so that it is made once per state: many are asked at a time. */
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
  const index = { askedKeys: new Set(askedSubjects(state).map(subjectKey)), approvals };
  indexes.set(state, index);
  return index;
}

function byAge({ requested_at, approval_id }: ApprovalState): string {
  return `${requested_at} ${approval_id}`;
}

/** Every subject that a person is asked about now. */
export function askedSubjects(state: State): ApprovalSubject[] {
  const missions = Object.values(state.missions).flatMap((mission): ApprovalSubject[] => {
    const mission_id = mission.mission_id as never;
    if (mission.stage === "awaiting_approval")
      return [{ kind: "specification", mission_id, spec_digest: mission.specification.digest }];
    if (mission.stage !== "clarifying") return [];
    const { round, questions } = mission.clarity;
    return questions.map(({ id }) => ({ kind: "question", mission_id, task_id: null, question_id: id, round }));
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

/** Somebody decided it elsewhere: at the terminal, say. Another change or another text in its place is no decision. */
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
    case "question":
      return true;
  }
}
