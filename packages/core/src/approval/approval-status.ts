/**
 * Tells whether an approval can still be used. The status is computed from the approval, its subject and the current time; it is never stored.
 *
 * Folder: requests for a person's decision, and their single use.
 */
import { type ApprovalSubject, subjectKey } from "@aedev/contracts/events";
import {
  type ApprovalState,
  entitiesOf,
  entityById,
  isUndecided,
  type MissionState,
  type State,
  type TaskState,
} from "../model/state.ts";
import { taskQuestion } from "../task/task-question.ts";

/** Checked in this order: decided, superseded by a newer approval or another change, expired. */
export type ApprovalStatus = "open" | "decided" | "superseded" | "expired";

/** `now`: ISO 8601 UTC. */
export function approvalStatus(state: State, approval: ApprovalState, now: string): ApprovalStatus {
  if (approval.used !== null) return "decided";
  const { subject } = approval;
  if (isOffer(subject)) return offerStatus(state, approval, subject, now);
  const asked = askedOf(state).get(keyOf(approval.subject));
  if (asked === undefined) return isDecided(state, approval.subject) ? "decided" : "superseded";
  if (asked.approvals.at(-1)?.approval_id !== approval.approval_id) return "superseded";
  return approval.epoch === state.system.epoch && approval.expires_at > now ? "open" : "expired";
}

type Offer = Extract<ApprovalSubject, { kind: "revert" | "budget" }>;
/** An approval with which a tap raises a budget. */
type RaiseApproval = ApprovalState & { readonly subject: Extract<ApprovalSubject, { kind: "budget" }> };

/** Whether the subject is an offer: it comes with a message about an event, nothing waits for its answer, and it is not an open subject. */
export function isOffer(subject: ApprovalSubject): subject is Offer {
  return subject.kind === "revert" || subject.kind === "budget";
}

function offerStatus(state: State, approval: ApprovalState, subject: Offer, now: string): ApprovalStatus {
  const closed = subject.kind === "revert" ? closedRevert(state, subject) : closedRaise(state, approval, subject);
  if (closed !== null) return closed;
  return approval.epoch === state.system.epoch && approval.expires_at > now ? "open" : "expired";
}

/** An offer to take a change back ends when a revert of the change is requested, by anybody. */
function closedRevert(
  { tasks }: State,
  { task_id, commit }: Extract<Offer, { kind: "revert" }>,
): "decided" | "superseded" | null {
  const task = entityById(tasks, task_id);
  if (task?.landed_commit !== commit) return "superseded";
  return task.reverted_by === undefined ? null : "decided";
}

/** An offer to raise a budget ends with its hold, however that ends, or with a newer offer about the same hold. */
function closedRaise(
  state: State,
  { approval_id }: ApprovalState,
  subject: Extract<Offer, { kind: "budget" }>,
): "decided" | "superseded" | null {
  const hold = entityById(state.tasks, subject.task_id)?.hold ?? null;
  if (hold === null) return "decided";
  const isNewest = newestRaise(state, subject.hold_id)?.approval_id === approval_id;
  return hold.hold_id === subject.hold_id && isNewest ? null : "superseded";
}

/** The newest offer to raise the budget that caused this hold. */
export function newestRaise(state: State, holdId: string): RaiseApproval | undefined {
  const isAbout = (approval: ApprovalState): approval is RaiseApproval =>
    approval.subject.kind === "budget" && approval.subject.hold_id === holdId;
  return entitiesOf(state.approvals).filter(isAbout).toSorted(byAge).at(-1);
}

/** All approvals of this subject, oldest first. */
export function approvalsAbout(state: State, subject: ApprovalSubject): readonly ApprovalState[] {
  const key = subjectKey(subject);
  const about = ({ subject: other }: ApprovalState) => keyOf(other) === key;
  return askedOf(state).get(key)?.approvals ?? entitiesOf(state.approvals).filter(about).toSorted(byAge);
}

/** All subjects that wait for a person's decision. A round of questions is one subject, named by its first open question; its page shows all of them. */
export function openSubjects(state: State): ApprovalSubject[] {
  return [...askedOf(state).values()].map(({ subject }) => subject);
}

/** The approval that was requested first among those that can still be used; null if there is none. `now`: ISO 8601 UTC. */
export function longestOpenApproval(state: State, now: string): ApprovalState | null {
  const newest = openSubjects(state).flatMap((subject) => approvalsAbout(state, subject).at(-1) ?? []);
  return newest.filter((approval) => approvalStatus(state, approval, now) === "open").toSorted(byAge)[0] ?? null;
}

/** A subject that waits for a decision, with its approvals, oldest first. */
export interface OpenSubject {
  readonly subject: ApprovalSubject;
  readonly approvals: readonly ApprovalState[];
}
let newest: { readonly state: State; readonly asked: ReadonlyMap<string, OpenSubject> } | null = null;

/** Open subjects by their keys. Cached for the newest state, because callers ask for many statuses of one state. */
export function askedOf(state: State): ReadonlyMap<string, OpenSubject> {
  if (newest?.state === state) return newest.asked;
  const asked = new Map<string, OpenSubject>();
  const add = (subject: ApprovalSubject | null) => {
    if (subject === null) return;
    const key = keyOf(subject);
    asked.set(key, { subject, approvals: approvalsByKey(state.approvals).get(key) ?? [] });
  };
  for (const mission of entitiesOf(state.missions)) if (isUndecided(mission)) add(subjectOf(mission, subjectOfMission));
  for (const task of entitiesOf(state.tasks)) if (mayWaitForPerson(task)) add(subjectOf(task, subjectOfTask));
  newest = { state, asked };
  return asked;
}

let grouped: {
  readonly approvals: State["approvals"];
  readonly byKey: ReadonlyMap<string, readonly ApprovalState[]>;
} | null = null;

/** All approvals by the key of their subject, each list oldest first. Cached, because most events change no approval. */
function approvalsByKey(approvals: State["approvals"]): ReadonlyMap<string, readonly ApprovalState[]> {
  if (grouped?.approvals === approvals) return grouped.byKey;
  const byKey = Map.groupBy(entitiesOf(approvals), ({ subject }) => keyOf(subject));
  for (const list of byKey.values()) if (list.length > 1) list.sort(byAge);
  grouped = { approvals, byKey };
  return byKey;
}

/** Cached, because keys are long and compared often. */
const keys = new WeakMap<ApprovalSubject, string>();

function keyOf(subject: ApprovalSubject): string {
  const known = keys.get(subject);
  if (known !== undefined) return known;
  const key = subjectKey(subject);
  keys.set(subject, key);
  return key;
}

/** Subjects of missions and tasks, cached because most of these are the same in the next state. */
const subjects = new WeakMap<MissionState | TaskState, ApprovalSubject | null>();

function subjectOf<T extends MissionState | TaskState>(
  entity: T,
  find: (entity: T) => ApprovalSubject | null,
): ApprovalSubject | null {
  let subject = subjects.get(entity);
  if (subject === undefined) {
    subject = find(entity);
    subjects.set(entity, subject);
  }
  return subject;
}

function byAge(left: ApprovalState, right: ApprovalState): number {
  const ageOf = ({ requested_at, approval_id }: ApprovalState) => `${requested_at} ${approval_id}`;
  return ageOf(left) < ageOf(right) ? -1 : 1;
}

/** A part's specification is approved with its plan. */
function subjectOfMission({
  mission_id: id,
  stage,
  specification,
  clarity,
  part_of,
}: MissionState): ApprovalSubject | null {
  const mission_id = id as never;
  const spec_digest = specification.digest;
  if (stage === "awaiting_approval" && part_of !== undefined) return null;
  if (stage === "awaiting_approval") return { kind: "specification", mission_id, spec_digest };
  const [question] = stage === "clarifying" ? clarity.questions : [];
  if (question === undefined) return null;
  const { round } = clarity;
  return { kind: "question", mission_id, task_id: null, question_id: question.id, round, spec_digest };
}

/** A quick check that excludes most tasks. */
function mayWaitForPerson({ status }: TaskState): boolean {
  return status === "asked" || status === "held";
}

function subjectOfTask(task: TaskState): ApprovalSubject | null {
  const ids = { mission_id: task.mission_id as never, task_id: task.task_id as never };
  const question = taskQuestion(task);
  if (question !== null) return { kind: "question", ...ids, question_id: question.id, round: task.runs.length };
  if (task.status !== "asked" || task.evidence === null || task.policy === null) return null;
  const { change_digest, bundle } = task.evidence;
  return { kind: "landing", ...ids, change_digest, bundle_digest: bundle.digest, policy_digest: task.policy.digest };
}

/** Whether a closed subject was decided, e.g. at the terminal, rather than replaced by another change or text. */
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
    case "budget":
      return false;
    case "question":
      return subject.task_id !== null || !isStillOpen(state, subject);
  }
}

/** Whether a question of clarification is still unanswered, whatever the specification is by now. */
function isStillOpen(
  { missions }: State,
  { mission_id, question_id, round }: Extract<ApprovalSubject, { kind: "question" }>,
): boolean {
  const mission = entityById(missions, mission_id);
  if (mission?.stage !== "clarifying" || mission.clarity.round !== round) return false;
  return mission.clarity.questions.some(({ id }) => id === question_id);
}
