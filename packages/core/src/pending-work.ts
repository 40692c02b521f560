/** Derives the pending work from the state alone, so that start-up, retry and recovery are one function. The same state always gives the same work items with the same ids. */

import { type Family, landingWayOf } from "@aedev/contracts";
import type { ApprovalSubject } from "@aedev/contracts/events";
import { approvalStatus, askedOf } from "./approval/approval-status.ts";
import { type IssueWork, issueWork } from "./issue/pending-comments.ts";
import { outageInstants, type ProbeVendorWork, pendingProbes } from "./judges/outage.ts";
import { type CanaryBounds, type JudgeWork, noCanaries, pendingCanaries } from "./judges/pending-canaries.ts";
import { requestedJudges } from "./judges/requested-judges.ts";
import { landingPause, tasksToLand } from "./landing/queue.ts";
import { isOpenAsDraft, type PullRequestWork, upkeepWork } from "./landing/upkeep.ts";
import { runOfChange } from "./model/fallback-change.ts";
import { entitiesOf, openDraft, openSetUpRun, type State, type TaskState } from "./model/state.ts";
import { type Notice, pendingNotices } from "./notice/notices.ts";
import { coderOutageInstants, type ProbeCoderVendorWork, pendingCoderProbes } from "./outage/coder-outage.ts";
import { isUnderWay, tasksWithPlace } from "./schedule/fair-order.ts";
import { watchedLandings } from "./task/outcomes.ts";
import { type HoldBounds, type HoldWork, holdWork, probedFrom, resumesAt, timesOutAt } from "./task/pending-holds.ts";
import { type RestoreWork, restoreDueAt, restoreWork } from "./task/run-for-tests.ts";

/** A piece of work, with the plane that performs it. */
export type Work =
  | TaskWork
  | PersonWork
  | JudgeWork
  | DraftWork
  | SetUpWork
  | PullRequestWork
  | WatchWork
  | IssueWork
  | ProbeVendorWork
  | ProbeCoderVendorWork;

/** Work on one task. The task is held if its attempts are used up. */
export type TaskWork = HoldWork | RestoreWork | PhaseWork;
type PhaseWork = { readonly work_id: string; readonly task_id: string } & (
  | { readonly kind: "PrepareRun" | "SealEvidence" | "DecideGate" | "LandChange"; readonly plane: "control" }
  | { readonly kind: "OpenDraft"; readonly plane: "control"; readonly change_digest: string }
  | { readonly kind: "RunCoder"; readonly plane: "execution"; readonly run_id: string }
  | { readonly kind: "RunChecks"; readonly plane: "execution"; readonly run_id: string; readonly base_commit: string }
  | {
      readonly kind: "JudgeEvidence";
      readonly plane: "judgement";
      readonly family: Family;
      readonly bundle_digest: string;
    }
);
/** Work that reaches a person's phone. It never holds a task and is tried as long as it is pending. */
export type PersonWork = { readonly work_id: string; readonly task_id: null; readonly plane: "control" } & (
  | { readonly kind: "RequestApproval"; readonly subject: ApprovalSubject }
  | { readonly kind: "SendPush"; readonly notice: Notice }
);

/** A draft that a person waits for. It holds no task and is never repeated: its performer always reports how it ended. */
export interface DraftWork {
  readonly kind: "DraftMission";
  readonly work_id: string;
  readonly task_id: null;
  readonly plane: "execution";
  readonly mission_id: string;
  readonly run_id: string;
}

/** A set-up run that a person waits for. Like a draft, it is never repeated. */
export interface SetUpWork {
  readonly kind: "SetUpRepository";
  readonly work_id: string;
  readonly task_id: null;
  readonly plane: "execution";
  readonly run_id: string;
}

/** Checks the outcomes of a repository's landed changes. It holds no task and is pending as long as a landing is watched. */
export interface WatchWork {
  readonly kind: "WatchLandings";
  readonly work_id: string;
  readonly task_id: null;
  readonly plane: "control";
  readonly repository: string;
}

/** Limits on the work that is pending at once. */
export interface WorkBounds {
  /** The most runs under way at a time, over all repositories (`limits.concurrent_runs`). */
  readonly concurrentRuns: number;
  /** The most runs under way at a time in each repository (`limits.repository_runs`); absent: no such limit. */
  readonly repositoryRuns?: number;
  /** How often an expired approval is requested again (`approvals.reminders`). */
  readonly reminders: number;
  /** What happens to holds that wait too long (`hold`); absent: nothing. */
  readonly holds?: HoldBounds;
  /** Bounds of canaries, the planted bundles that measure the judges; absent: there are none. */
  readonly canaries?: CanaryBounds;
  /** True: changes that wait for approval are shown as draft pull requests (`landing.draft`). */
  readonly drafts?: boolean;
  /** Tasks whose run is being worked on right now: they keep their place. */
  readonly busy?: ReadonlySet<string>;
}
/** No limits: everything that the state allows is pending. */
export const widestBounds: WorkBounds = { concurrentRuns: Number.POSITIVE_INFINITY, reminders: 0 };

/**
 * The work that is pending at `now` (ISO 8601 UTC), in this order: tasks under way, oldest first; tasks that may start, in fair order; drafts, the
 * set-up run, and pull requests that do not land; messages to people; comments on issues; outcomes of landed changes; probes of vendors; canaries. A
 * hold with a time limit has work once its time has come.
 */
export function pendingWork(state: State, now: string, bounds: WorkBounds = widestBounds): Work[] {
  const { system } = state;
  const tasks = entitiesOf(state.tasks);
  const landing = tasksToLand(state);
  const places = tasksWithPlace(state, bounds);
  const isStopped = system.pause?.stop_runs === true;
  const goingOn = tasks.filter((task) => {
    const { status, task_id, hold, repository } = task;
    if (status === "landing") return landing.has(task_id);
    // The end of this hold would let the landing push.
    if (hold?.code === "HOLD-EXTERNAL-STATE-UNKNOWN") return landingPause(state, repository) === null;
    if (status === "held") return true;
    if (isStopped || status === "planned") return false;
    return !isUnderWay(task) || places.has(task_id);
  });
  const onTasks: TaskWork[] = [];
  const context = { now, bounds: bounds.holds, system };
  for (const task of sortedByAge(goingOn)) onTasks.push(...taskWork(task, context));
  for (const id of isStopped ? [] : places) {
    const task = state.tasks[id];
    if (task?.status === "planned") onTasks.push(...taskWork(task, context));
  }
  return [
    ...onTasks,
    ...tasks.flatMap((task) => restoreWork(task, now)),
    ...(bounds.drafts === true ? sortedByAge(tasks).flatMap((task) => openDrafts(state, task)) : []),
    ...draftWork(state),
    ...setUpWork(state),
    ...upkeepWork(state),
    ...personWork(state, now, bounds),
    ...issueWork(state),
    ...watchWork(state, now),
    ...pendingProbes(state, now),
    ...pendingCoderProbes(state, now),
    ...(system.pause === undefined ? pendingCanaries(state, bounds.canaries ?? noCanaries) : []),
  ];
}

/** The next time at which work becomes pending without an event, or null. */
export function nextDueAt(state: State, now: string, bounds: WorkBounds = widestBounds): string | null {
  let next: string | null = null;
  const note = (at: string | null) => {
    if (at !== null && at > now && (next === null || at < next)) next = at;
  };
  for (const task of entitiesOf(state.tasks))
    if (task.hold !== null)
      note(resumesAt(task, state.system) ?? probedFrom(task) ?? timesOutAt(task.hold, bounds.holds));
  for (const task of entitiesOf(state.tasks)) note(restoreDueAt(task));
  for (const { expires_at } of entitiesOf(state.approvals)) note(expires_at);
  for (const at of [...outageInstants(state), ...coderOutageInstants(state)]) note(at);
  return next;
}

function draftWork(state: State): DraftWork[] {
  const work: DraftWork[] = [];
  for (const mission of entitiesOf(state.missions)) {
    const run_id = mission.drafts === undefined ? undefined : openDraft(mission)?.run_id;
    if (run_id === undefined) continue;
    const { mission_id } = mission;
    const work_id = `DraftMission/${run_id}`;
    work.push({ kind: "DraftMission", work_id, task_id: null, plane: "execution", mission_id, run_id });
  }
  return work;
}

function setUpWork(state: State): SetUpWork[] {
  const run_id = openSetUpRun(state)?.run_id;
  if (run_id === undefined) return [];
  return [{ kind: "SetUpRepository", work_id: `SetUpRepository/${run_id}`, task_id: null, plane: "execution", run_id }];
}

/** A new landing is checked soon, so its commit is part of the id. */
function watchWork({ repositories }: State, now: string): WatchWork[] {
  const work: WatchWork[] = [];
  for (const repository of entitiesOf(repositories)) {
    const newest = watchedLandings(repository, now).at(-1);
    if (newest === undefined) continue;
    const { name } = repository;
    const work_id = `WatchLandings/${name}/${newest.commit}`;
    work.push({ kind: "WatchLandings", work_id, task_id: null, plane: "control", repository: name });
  }
  return work;
}

/** The most approvals of one subject that may expire before they could be pushed. They don't count as reminders, but must not fill the log. */
const unsentMax = 20;

/** A decision is requested once, and again each time that its approval expires, up to the allowed reminders. An approval that was never pushed does not count. */
function personWork(state: State, now: string, bounds: WorkBounds): PersonWork[] {
  if (state.system.notifier === null) return [];
  const control = { task_id: null, plane: "control" } as const;
  const work: PersonWork[] = [];
  for (const [key, { subject, approvals: before }] of askedOf(state)) {
    const last = before.at(-1);
    const isOpen = last !== undefined && approvalStatus(state, last, now) === "open";
    // Approvals of an earlier epoch are void, and were not reminders of this request.
    const ofEpoch = before.filter(({ epoch }) => epoch === state.system.epoch);
    const sent = ofEpoch.filter(({ pushed_at }) => pushed_at !== null).length;
    if (isOpen || sent > bounds.reminders || ofEpoch.length - sent > unsentMax) continue;
    work.push({ ...control, kind: "RequestApproval", work_id: `RequestApproval/${key}/${before.length + 1}`, subject });
  }
  for (const notice of pendingNotices(state, now))
    work.push({ ...control, kind: "SendPush", work_id: `SendPush/${notice.notice_id}`, notice });
  return work;
}

function taskWork(task: TaskState, context: Parameters<typeof holdWork>[1]): TaskWork[] {
  const { task_id, base_commit, independent } = task;
  const run = runOfChange(task);
  // After another run has written tests, the same change is checked on the same base once more.
  const checks = `${run?.run_id}/${base_commit}${independent === undefined ? "" : `/${independent.rounds}`}`;
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
      if (run === undefined || base_commit === null) return [];
      const work_id = `RunChecks/${checks}`;
      return [{ kind: "RunChecks", plane: "execution", work_id, task_id, run_id: run.run_id, base_commit }];
    }
    case "checked":
      return [{ kind: "SealEvidence", plane: "control", work_id: `SealEvidence/${checks}`, task_id }];
    case "judging":
      return judging(task);
    case "judged":
      return [{ kind: "DecideGate", plane: "control", work_id: `DecideGate/${task.evidence?.bundle.digest}`, task_id }];
    case "landing":
      return [{ kind: "LandChange", plane: "control", work_id: `LandChange/${task_id}/${task.base_commit}`, task_id }];
    case "held":
      return holdWork(task, context);
    case "asked":
    case "landed":
    case "rejected":
    case "cancelled":
      return [];
  }
}

/** A change that waits for approval and would land through a pull request is shown as a draft once, unless that was skipped. */
function openDrafts(state: State, task: TaskState): TaskWork[] {
  const { task_id, status, evidence, draft_skipped } = task;
  const repository = state.repositories[task.repository];
  if (status !== "asked" || evidence === null || repository === undefined) return [];
  if (landingPause(state, task.repository) !== null) return [];
  const { change_digest } = evidence;
  const isSkipped = draft_skipped?.change_digest === change_digest;
  if (landingWayOf(repository) !== "pull-request" || isOpenAsDraft(task) || isSkipped) return [];
  return [{ kind: "OpenDraft", plane: "control", work_id: `OpenDraft/${change_digest}`, task_id, change_digest }];
}

function judging(task: TaskState): TaskWork[] {
  const digest = task.evidence?.bundle.digest;
  if (digest === undefined) return [];
  const open = requestedJudges(task.evidence).filter((asked) => !task.verdicts.some(({ family }) => family === asked));
  return open.map((family) => ({
    kind: "JudgeEvidence",
    plane: "judgement",
    work_id: `JudgeEvidence/${digest}/${family}`,
    task_id: task.task_id,
    family,
    bundle_digest: digest,
  }));
}

/** The tasks are nearly always sorted already, because they were planned in this order. */
function sortedByAge(tasks: readonly TaskState[]): readonly TaskState[] {
  for (let place = 1; place < tasks.length; place += 1)
    if (byAge(tasks[place - 1] as TaskState, tasks[place] as TaskState) > 0) return tasks.toSorted(byAge);
  return tasks;
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
