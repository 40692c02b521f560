/** Which push messages are owed, derived from the state: what a person has to decide, what is parked, what has landed, and what is tried again. It sends nothing and knows no address. */
import { approvalStanding, approvalsAbout, askedSubjects } from "../approval/standing.ts";
import type { ApprovalSubject } from "../approval/subject.ts";
import type { PushState, State, TaskState } from "../log/state.ts";

/** ntfy's own numbers: 5 asks for a decision, 4 is stuck, 3 a result, 2 progress. */
export type NoticePriority = 5 | 4 | 3 | 2;

export interface Notice {
  /** Stable: the same state owes the same notices under the same ids. */
  readonly notice_id: string;
  /** What equal messages share, for folding. */
  readonly key: string;
  readonly priority: NoticePriority;
  /** Stream on which `PushSent` is recorded. */
  readonly stream: string;
  readonly about:
    | { readonly kind: "approval"; readonly approval_id: string }
    | { readonly kind: "hold"; readonly task_id: string; readonly hold_id: string }
    | { readonly kind: "landed"; readonly task_id: string }
    | { readonly kind: "repair"; readonly task_id: string; readonly attempt: number };
}

/** The messages that are owed at `now` and neither sent nor folded; the most urgent first. Nothing that is older than the notifier. */
export function owedNotices(state: State, now: string): Notice[] {
  const { notifier } = state.system;
  if (notifier === null) return [];
  const asks = Object.values(state.approvals)
    .filter((approval) => approval.pushed_at === null && approvalStanding(state, approval, now) === "open")
    .map(({ approval_id }): Notice => {
      const notice_id = `approval/${approval_id}`;
      return { notice_id, key: notice_id, priority: 5, stream: notice_id, about: { kind: "approval", approval_id } };
    });
  const tasks = Object.values(state.tasks).flatMap((task) =>
    taskNotices(task, notifier.since).filter(({ notice_id }) => !wasPushed(task.pushes, notice_id)),
  );
  return [...asks, ...tasks].toSorted((left, right) => right.priority - left.priority);
}

/** What a person is asked and was never sent, and whose approvals have all expired: nothing more is owed, and nobody was told. */
export function untoldAsks(state: State, now: string): ApprovalSubject[] {
  if (state.system.notifier === null) return [];
  return askedSubjects(state).filter((subject) => {
    const approvals = approvalsAbout(state, subject);
    return (
      approvals.length > 0 &&
      approvals.every((approval) => approval.pushed_at === null && approvalStanding(state, approval, now) !== "open")
    );
  });
}

function taskNotices(task: TaskState, since: string): Notice[] {
  const { task_id, hold } = task;
  const stream = `task/${task_id}`;
  // A coder's question is asked by an approval of its own.
  if (hold !== null && hold.code !== "HOLD-QUESTION" && hold.held_at >= since) {
    const about = { kind: "hold", task_id, hold_id: hold.hold_id } as const;
    return [{ notice_id: `hold/${hold.hold_id}`, key: `hold/${hold.code}/${task_id}`, priority: 4, stream, about }];
  }
  if (task.status === "landed" && task.changed_at >= since) {
    const notice_id = `landed/${task_id}`;
    return [{ notice_id, key: notice_id, priority: 3, stream, about: { kind: "landed", task_id } }];
  }
  const run = task.runs.at(-1);
  if (task.status === "running" && run !== undefined && run.cause !== null && run.started_at >= since) {
    const { attempt } = run;
    const notice_id = `repair/${task_id}/${attempt}`;
    return [{ notice_id, key: notice_id, priority: 2, stream, about: { kind: "repair", task_id, attempt } }];
  }
  return [];
}

function wasPushed(pushes: readonly PushState[], noticeId: string): boolean {
  return pushes.some(({ notice_id }) => notice_id === noticeId);
}
