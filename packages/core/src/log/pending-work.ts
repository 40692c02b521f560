/**
 * What is owed, derived from the state alone (level-triggered): start-up, retry and recovery are this one function. The shell gives each
 * debt to its plane; the same state owes the same debts under the same ids.
 */
import { approvalStanding, approvalsAbout, askedSubjects } from "../approval/standing.ts";
import { type ApprovalSubject, subjectKey } from "../approval/subject.ts";
import { askedFamilies } from "../judge/asked-families.ts";
import { type CanaryBounds, type JudgeWork, noCanaries, owedCanaries } from "../judge/owed-canaries.ts";
import { type Notice, owedNotices } from "../notice/notices.ts";
import { isUnderWay, tasksWithPlace } from "../schedule/fair-order.ts";
import type { Family } from "../wire/index.ts";
import type { State, TaskState } from "./state.ts";

export type Work = TaskWork | PersonWork | JudgeWork;

/** Work on one task; when its tries are spent, the task is held. */
export type TaskWork = { readonly work_id: string; readonly task_id: string } & (
  | { readonly kind: "PrepareRun" | "SealEvidence" | "DecideGate" | "LandChange"; readonly plane: "control" }
  | { readonly kind: "ResumeHold"; readonly plane: "control"; readonly hold_id: string; readonly due_at: string }
  | { readonly kind: "RunCoder"; readonly plane: "execution"; readonly run_id: string }
  | { readonly kind: "RunChecks"; readonly plane: "execution"; readonly run_id: string; readonly base_commit: string }
  | { readonly kind: "ProbeEngine"; readonly plane: "execution"; readonly hold_id: string }
  | {
      readonly kind: "JudgeEvidence";
      readonly plane: "judgement";
      readonly family: Family;
      readonly bundle_digest: string;
    }
);
/** Work towards a person's phone; it holds nothing and is tried for as long as it is owed. */
export type PersonWork = { readonly work_id: string; readonly task_id: null; readonly plane: "control" } & (
  | { readonly kind: "RequestApproval"; readonly subject: ApprovalSubject }
  | { readonly kind: "SendPush"; readonly notice: Notice }
);

/** What bounds the work that is owed at once. */
export interface WorkBounds {
  /** Runs under way at a time, over all repositories (`limits.concurrent_runs`). */
  readonly concurrentRuns: number;
  /** How often an approval that expired is asked again (`approvals.reminders`). */
  readonly reminders: number;
  /** Planted bundles that measure the judges; left out: none. */
  readonly canaries?: CanaryBounds;
  /** Tasks on whose run something is being done this moment: they keep their place. */
  readonly busy?: ReadonlySet<string>;
}
/** No bound at all: everything that the state allows is owed. */
export const widestBounds: WorkBounds = { concurrentRuns: Number.POSITIVE_INFINITY, reminders: 0 };

/**
 * The debts of the state at `now` (ISO 8601 UTC): of what goes on, oldest task first; of what may start, in the order of its places; then what a
 * person is to be told; last, what measures the judges. A hold that lifts itself is owed when its instant has come.
 */
export function pendingWork(state: State, now: string, bounds: WorkBounds = widestBounds): Work[] {
  const tasks = Object.values(state.tasks).toSorted(byAge);
  const landing = firstLandingOfEachRepository(state, tasks);
  const places = tasksWithPlace(state, bounds);
  const goingOn = tasks.filter((task) => {
    if (task.status === "landing") return landing.has(task.task_id);
    return isUnderWay(task) ? places.has(task.task_id) : task.status !== "planned";
  });
  const starting = [...places].flatMap((id) => state.tasks[id] ?? []).filter(({ status }) => status === "planned");
  const onTasks = [...goingOn, ...starting].flatMap((task) => owedBy(task, now));
  return [...onTasks, ...owedToPersons(state, now, bounds), ...owedCanaries(state, bounds.canaries ?? noCanaries)];
}

/** The next instant at which something becomes owed without an event, or null. */
export function nextDueAt(state: State, now: string): string | null {
  const holds = Object.values(state.tasks).flatMap((task) => task.hold?.resumes_at ?? []);
  const approvals = Object.values(state.approvals).map(({ expires_at }) => expires_at);
  return [...holds, ...approvals].filter((at) => at > now).sort()[0] ?? null;
}

/** Approvals of one subject that expired before the push server took them: nobody was reminded by these, and the log does not grow for ever. */
const unsentMax = 20;

/** A decision is asked for once, and again when its approval expired, as often as reminders are allowed; one that nobody was sent is no reminder. */
function owedToPersons(state: State, now: string, bounds: WorkBounds): PersonWork[] {
  if (state.system.notifier === null) return [];
  const control = { task_id: null, plane: "control" } as const;
  const asking = askedSubjects(state).flatMap((subject): PersonWork[] => {
    const before = approvalsAbout(state, subject);
    const last = before.at(-1);
    const isOpen = last !== undefined && approvalStanding(state, last, now) === "open";
    const told = before.filter(({ pushed_at }) => pushed_at !== null).length;
    if (isOpen || told > bounds.reminders || before.length - told > unsentMax) return [];
    const work_id = `RequestApproval/${subjectKey(subject)}/${before.length + 1}`;
    return [{ ...control, kind: "RequestApproval", work_id, subject }];
  });
  const telling = owedNotices(state, now).map(
    (notice): PersonWork => ({ ...control, kind: "SendPush", work_id: `SendPush/${notice.notice_id}`, notice }),
  );
  return [...asking, ...telling];
}

function owedBy(task: TaskState, now: string): TaskWork[] {
  const { task_id } = task;
  const run = task.runs.at(-1);
  switch (task.status) {
    case "planned":
      return [
        { kind: "PrepareRun", plane: "control", work_id: `PrepareRun/${task_id}/${task.runs.length + 1}`, task_id },
      ];
    case "running":
      return run === undefined
        ? []
        : [{ kind: "RunCoder", plane: "execution", work_id: `RunCoder/${run.run_id}`, task_id, run_id: run.run_id }];
    case "captured": {
      if (run === undefined || task.base_commit === null) return [];
      const work_id = `RunChecks/${run.run_id}/${task.base_commit}`;
      return [
        { kind: "RunChecks", plane: "execution", work_id, task_id, run_id: run.run_id, base_commit: task.base_commit },
      ];
    }
    case "checked":
      return [
        { kind: "SealEvidence", plane: "control", work_id: `SealEvidence/${run?.run_id}/${task.base_commit}`, task_id },
      ];
    case "judging":
      return judging(task);
    case "judged":
      return [{ kind: "DecideGate", plane: "control", work_id: `DecideGate/${task.evidence?.bundle.digest}`, task_id }];
    case "landing":
      return [{ kind: "LandChange", plane: "control", work_id: `LandChange/${task_id}/${task.base_commit}`, task_id }];
    case "held":
      return resuming(task, now);
    case "asked":
    case "landed":
    case "rejected":
    case "cancelled":
      return [];
  }
}

function judging(task: TaskState): TaskWork[] {
  const digest = task.evidence?.bundle.digest;
  if (digest === undefined) return [];
  const open = askedFamilies(task.evidence).filter((asked) => !task.verdicts.some(({ family }) => family === asked));
  return open.map((family) => ({
    kind: "JudgeEvidence",
    plane: "judgement",
    work_id: `JudgeEvidence/${digest}/${family}`,
    task_id: task.task_id,
    family,
    bundle_digest: digest,
  }));
}

function resuming(task: TaskState, now: string): TaskWork[] {
  const { hold, task_id } = task;
  if (hold === null) return [];
  if (hold.code === "HOLD-DOCKER-UNAVAILABLE") {
    return [
      {
        kind: "ProbeEngine",
        plane: "execution",
        work_id: `ProbeEngine/${hold.hold_id}`,
        task_id,
        hold_id: hold.hold_id,
      },
    ];
  }
  if (hold.resumes_at === null || hold.resumes_at > now) return [];
  return [
    {
      kind: "ResumeHold",
      plane: "control",
      work_id: `ResumeHold/${hold.hold_id}`,
      task_id,
      hold_id: hold.hold_id,
      due_at: hold.resumes_at,
    },
  ];
}

/** One landing at a time per repository: the task that has waited longest; one whose push may be under way goes first, also where the repository is paused. */
function firstLandingOfEachRepository(state: State, tasks: readonly TaskState[]): Set<string> {
  const first = new Map<string, TaskState>();
  for (const task of tasks.filter((candidate) => candidate.status === "landing")) {
    if (state.repositories[task.repository]?.paused === true && task.landing === null) continue;
    const known = first.get(task.repository);
    if (known === undefined || (known.landing === null && task.landing !== null)) first.set(task.repository, task);
  }
  return new Set([...first.values()].map((task) => task.task_id));
}

function byAge(left: TaskState, right: TaskState): number {
  return left.planned_at < right.planned_at
    ? -1
    : left.planned_at > right.planned_at
      ? 1
      : left.task_id < right.task_id
        ? -1
        : 1;
}
