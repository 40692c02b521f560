/** Pending work on a pull request that does not land: its change was withdrawn, so it is closed or its check is taken back, or it only shows the change. This file decides and never asks GitHub. */
import { branchName, shellWord } from "@aedev/contracts";
import { entitiesOf, entityById, type State, type TaskState } from "../model/state.ts";

/** Work on a pull request that is not being landed. It holds no task and is tried for as long as it is pending. */
export interface PullRequestWork {
  /** `ClosePullRequest`: the task has ended. `SuspendPullRequest`: another change is being made. `FollowDraft`: people may review the draft while a person is asked about it. */
  readonly kind: "ClosePullRequest" | "SuspendPullRequest" | "FollowDraft";
  readonly work_id: string;
  readonly task_id: null;
  readonly plane: "control";
  readonly of_task: string;
}

type Upkeep = "close" | "suspend";

/** What has to be done about the task's pull request. Null: nothing, because its change is approved or there is no pull request. */
export function pullRequestUpkeep(task: TaskState): Upkeep | null {
  const { pull_request, status, gate, approval } = task;
  if (pull_request === undefined || pull_request.withdrawn === true || status === "landed") return null;
  if (status === "cancelled" || status === "rejected") return "close";
  const isApproved = approval !== null || gate?.answer === "merge";
  const head = pull_request.head?.commit;
  const isOpen = isOpenAsDraft(task);
  return isApproved || isOpen || head === undefined || pull_request.suspended === head ? null : "suspend";
}

/** Whether a draft pull request shows the change that a person is asked about. */
export function isOpenAsDraft({ status, landing, pull_request }: TaskState): boolean {
  return status === "asked" && landing?.draft === true && pull_request?.head?.commit === landing.commit;
}

const kinds = { close: "ClosePullRequest", suspend: "SuspendPullRequest", follow: "FollowDraft" } as const;

/** The pending work on pull requests. There is none in a paused repository, or while all work is paused. */
export function upkeepWork(state: State): PullRequestWork[] {
  const isPaused = state.system.pause !== undefined;
  if (isPaused) return [];
  const work: PullRequestWork[] = [];
  for (const task of entitiesOf(state.tasks)) {
    if (task.pull_request === undefined) continue;
    const wanted = isOpenAsDraft(task) ? "follow" : pullRequestUpkeep(task);
    if (wanted === null || entityById(state.repositories, task.repository)?.paused === true) continue;
    const kind = kinds[wanted];
    const { commits = [] } = task.pull_request;
    const work_id = `${kind}/${task.task_id}/${commits.length}/${commits.at(-1)}`;
    work.push({ kind, work_id, task_id: null, plane: "control", of_task: task.task_id });
  }
  return work;
}

/** What remains to be done at GitHub, one line each, and what helps if aedev may not do it. */
export function openEnds({ repositories }: Pick<State, "repositories">, task: TaskState): string[] {
  const wanted = pullRequestUpkeep(task);
  if (wanted === null || task.pull_request === undefined) return [];
  const { number, head, head_ref } = task.pull_request;
  const branch = branchName(head_ref);
  const pull = number === null ? `the pull request of ${branch}, if it was opened` : `pull request #${number}`;
  const check =
    head === null ? [] : [`the check on ${head.commit.slice(0, 12)} still says that the change was accepted`];
  const ends =
    wanted === "close" ? [`${pull} is to be closed`, ...check, `the branch ${branch} is to be removed`] : check;
  const repository = entityById(repositories, task.repository);
  if (repository === undefined || repository.allow_writes) return ends;
  const allow = `aedev repo add ${shellWord(repository.url)} --name ${repository.name} --allow-writes`;
  return [...ends, `aedev does that only where it may write (${allow}); or do it at GitHub`];
}
