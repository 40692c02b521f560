/**
 * Derives the pending push messages from the state: open decisions, holds, landings and repairs. It sends nothing and knows no address.
 *
 * Folder: which push messages and signals are due.
 */
import { families, type HoldCode, type LaneKind, laneKinds } from "@aedev/contracts";
import type { ApprovalSubject } from "@aedev/contracts/events";
import { approvalStatus, approvalsAbout, isOffer, openSubjects } from "../approval/approval-status.ts";
import { mayHaveOutage, outageOf, outageToldAt, tasksWaitingFor } from "../judges/outage.ts";
import { independentCause } from "../model/independent-run.ts";
import type { RepositoryState } from "../model/repository-state.ts";
import { entitiesOf, type OutcomeState, type State, type TaskState } from "../model/state.ts";
import { coderOutageNotice } from "../outage/coder-outage.ts";

/** ntfy's priorities: 5 for a decision, 4 for a hold, 3 for a result, 2 for progress. */
export type NoticePriority = 5 | 4 | 3 | 2;

/** A push message that is due. */
export interface Notice {
  /** Stable: the same state gives the same notices with the same ids. */
  readonly notice_id: string;
  /** Equal messages have the same key and are folded. */
  readonly key: string;
  readonly priority: NoticePriority;
  /** The stream on which `PushSent` is recorded. */
  readonly stream: string;
  readonly about:
    | { readonly kind: "approval"; readonly approval_id: string }
    | { readonly kind: "hold"; readonly task_id: string; readonly hold_id: string }
    | { readonly kind: "landed"; readonly task_id: string }
    | {
        readonly kind: "outcome";
        readonly task_id: string;
        readonly outcome: OutcomeState["outcome"];
        /** When the cause was observed. */
        readonly at: string;
      }
    | { readonly kind: "lane"; readonly repository: string; readonly change: LaneKind }
    | { readonly kind: "repair"; readonly task_id: string; readonly attempt: number };
}

/** The messages that are pending at `now`, most urgent first. Nothing from before the notifier was configured is pushed. */
export function pendingNotices(state: State, now: string): Notice[] {
  const { notifier } = state.system;
  if (notifier === null) return [];
  const notices: Notice[] = [];
  for (const approval of entitiesOf(state.approvals)) {
    if (approval.pushed_at !== null || isOffer(approval.subject)) continue;
    if (approvalStatus(state, approval, now) !== "open") continue;
    const { approval_id } = approval;
    const notice_id = `approval/${approval_id}`;
    const about = { kind: "approval", approval_id } as const;
    notices.push({ notice_id, key: notice_id, priority: 5, stream: notice_id, about });
  }
  for (const task of entitiesOf(state.tasks)) notices.push(...unsentNotices(task, notifier.since));
  notices.push(...outageNotices(state, now, notifier.since), ...coderOutageNotices(state, now, notifier.since));
  for (const repository of entitiesOf(state.repositories)) notices.push(...laneNotices(repository, notifier.since));
  return notices.length < 2 ? notices : notices.sort((left, right) => right.priority - left.priority);
}

/** One message for an outage, however many tasks wait for its end. It names the task that has waited longest. */
function outageNotices(state: State, now: string, since: string): Notice[] {
  if (!mayHaveOutage(state)) return [];
  return families.flatMap((family): Notice[] => {
    const at = outageToldAt(state, family);
    const [task] = tasksWaitingFor(state, family);
    if (at === null || at > now || at < since || task?.hold == null) return [];
    const notice_id = `outage/${family}/${outageOf(state, family)?.since ?? task.hold.held_at}`;
    if (entitiesOf(state.tasks).some(({ pushes }) => pushes.some((push) => push.notice_id === notice_id))) return [];
    const { task_id, hold } = task;
    const about = { kind: "hold", task_id, hold_id: hold.hold_id } as const;
    return [{ notice_id, key: notice_id, priority: 4, stream: `task/${task_id}`, about }];
  });
}

function coderOutageNotices(state: State, now: string, since: string): Notice[] {
  const due = coderOutageNotice(state);
  if (due?.task.hold == null || due.at > now || due.at < since) return [];
  const { notice_id, task } = due;
  const about = { kind: "hold", task_id: task.task_id, hold_id: due.task.hold.hold_id } as const;
  return [{ notice_id, key: notice_id, priority: 4, stream: `task/${task.task_id}`, about }];
}

/** A person is told once that changes of a kind are asked about from now on. */
function laneNotices({ name, lanes = {} }: RepositoryState, since: string): Notice[] {
  return laneKinds.flatMap((change): Notice[] => {
    const closed = lanes[change]?.closed;
    if (closed === undefined || closed.told === true || closed.at < since) return [];
    const notice_id = `lane/${change}/${name}/${closed.at}`;
    const about = { kind: "lane", repository: name, change } as const;
    return [{ notice_id, key: notice_id, priority: 4, stream: `repository/${name}`, about }];
  });
}

/** Open decisions that were never pushed and whose approvals have all expired: nobody was notified, and no message is pending. */
export function unsentAsks(state: State, now: string): ApprovalSubject[] {
  if (state.system.notifier === null) return [];
  return openSubjects(state).filter((subject) => {
    const approvals = approvalsAbout(state, subject);
    return (
      approvals.length > 0 &&
      approvals.every((approval) => approval.pushed_at === null && approvalStatus(state, approval, now) !== "open")
    );
  });
}

/** Pending messages about one task for a notifier that was configured at `since`. */
export function unsentNotices(task: TaskState, since: string): Notice[] {
  const notices = taskNotices(task, since);
  if (notices.length === 0) return notices;
  return notices.filter(({ notice_id }) => !task.pushes.some((push) => push.notice_id === notice_id));
}

function landedNotices({ task_id, changed_at, pull_request }: TaskState, since: string): Notice[] {
  if (changed_at < since) return [];
  const notice_id = `landed/${task_id}`;
  // A merge that nobody judged is as urgent as a hold.
  const priority = pull_request?.tree_differs === true ? 4 : 3;
  return [{ notice_id, key: notice_id, priority, stream: `task/${task_id}`, about: { kind: "landed", task_id } }];
}

/** The latest instant at which a pending message about a landed task became due; null: no message is pending. */
export function unsentAt(task: TaskState): string | null {
  const instants = unsentNotices(task, "").map(({ about }) => (about.kind === "outcome" ? about.at : task.changed_at));
  return instants.toSorted().at(-1) ?? null;
}

/** A person is told once that a check is red, and once about each other outcome that undoes a landed change. A person's own report is not repeated to them. */
function outcomeNotices({ task_id, outcomes }: TaskState, since: string): Notice[] {
  if (outcomes === undefined) return [];
  const first = (kind: OutcomeState["outcome"]) => outcomes.find(({ outcome }) => outcome === kind) ?? [];
  return [first("red"), first("reverted"), first("gone")].flat().flatMap(({ outcome, at }): Notice[] => {
    if (at < since) return [];
    const notice_id = `outcome/${outcome}/${task_id}`;
    // A red check needs a person now; people caused the other outcomes.
    const priority = outcome === "red" ? 4 : 3;
    const about = { kind: "outcome", task_id, outcome, at } as const;
    return [{ notice_id, key: notice_id, priority, stream: `task/${task_id}`, about }];
  });
}

const toldOtherwise: readonly HoldCode[] = ["HOLD-QUESTION", "HOLD-VALIDATOR-UNAVAILABLE", "HOLD-CODER-UNAVAILABLE"];

function taskNotices(task: TaskState, since: string): Notice[] {
  const { task_id, hold } = task;
  const stream = `task/${task_id}`;
  if (hold?.timed_out_at !== undefined && hold.timed_out_at >= since) {
    const about = { kind: "hold", task_id, hold_id: hold.hold_id } as const;
    const notice_id = `hold-timeout/${hold.hold_id}`;
    return [{ notice_id, key: notice_id, priority: 5, stream, about }];
  }
  // A coder's question has its own approval, and an outage has one message for all tasks that wait for its end.
  const isToldOtherwise = hold !== null && hold.stays !== true && toldOtherwise.includes(hold.code);
  if (hold !== null && !isToldOtherwise && hold.held_at >= since) {
    const about = { kind: "hold", task_id, hold_id: hold.hold_id } as const;
    const notice_id = `hold/${hold.hold_id}`;
    // A message about a budget has a button for this hold only, so no two such messages are equal.
    const key = hold.code === "HOLD-BUDGET" ? notice_id : `hold/${hold.code}/${task_id}`;
    return [{ notice_id, key, priority: 4, stream, about }];
  }
  if (task.status === "landed") return [...landedNotices(task, since), ...outcomeNotices(task, since)];
  const run = task.runs.at(-1);
  // A run for independent tests is not news about the change.
  const isAgain = run !== undefined && run.cause !== null && run.cause !== independentCause;
  if (task.status === "running" && isAgain && run.started_at >= since) {
    const { attempt } = run;
    const notice_id = `repair/${task_id}/${attempt}`;
    return [{ notice_id, key: notice_id, priority: 2, stream, about: { kind: "repair", task_id, attempt } }];
  }
  return [];
}
