/**
 * The order in which the changes of a repository land. The change that was decided first comes first, and keeps its place while its checks run again on
 * a moved base. A change that fails there, conflicts or is held leaves the queue; a change that waits for people does not block others.
 *
 * Folder: the body of a pull request, and the order in which changes land.
 */
import type { PullRequestWait } from "@aedev/contracts";
import type { PausedRepository, QueueDocument } from "@aedev/contracts/api";
import { entitiesOf, entityById, type State, type TaskState } from "../model/state.ts";
import { isWaitingForMerge, mergeWaits } from "./merge-waits.ts";

type Queue = QueueDocument["repositories"][number];
export interface Candidate extends Pick<Queue["candidates"][number], "state" | "behind"> {
  readonly task: TaskState;
}

/** Waits that end without a person. */
const byMachine: ReadonlySet<PullRequestWait["kind"]> = new Set(["check-running", "checks-not-started"]);

/** When the landing of the change was decided; null: not recorded. */
function decidedAt({ approval, gate }: TaskState): string | null {
  return (approval === null ? gate?.at : approval.at) ?? null;
}

/** Whether the task's change is going to land: it is landing, or its checks run again on a moved base and its decision is still valid. */
function isCandidate({ status, approval, gate }: TaskState): boolean {
  if (status === "landing") return true;
  return (status === "captured" || status === "checked") && (approval !== null || gate?.answer === "merge");
}

/**
 * Whether the candidates after this one must wait for it. They need not while its pull request waits; but they must if its base has moved before and
 * only checks are missing, so that aedev's other changes move its base at most once.
 */
function keepsOthersBack(task: TaskState): boolean {
  if (!isWaitingForMerge(task)) return true;
  return task.landings > 1 && (task.pull_request?.waits_for ?? []).every(({ kind }) => byMachine.has(kind));
}

/** Whether landings are paused in a repository, and by what. */
export function landingPause(
  { repositories, system }: Pick<State, "repositories" | "system">,
  name: string,
): Queue["paused"] {
  if (system.pause !== undefined) return "everything";
  const repository = entityById(repositories, name);
  if (repository?.paused === true) return "repository";
  return repository?.landings_paused === true ? "landings" : null;
}

/** The repositories that are paused on their own, by name, whether or not all work is paused. */
export function pausedRepositories({ repositories }: Pick<State, "repositories">): PausedRepository[] {
  return Object.values(repositories)
    .flatMap(({ name, paused, landings_paused }): PausedRepository[] => {
      if (paused) return [{ name, paused: "repository" }];
      return landings_paused === true ? [{ name, paused: "landings" }] : [];
    })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** The candidates of one repository in landing order, with the state of each. */
export function landingQueue(state: Pick<State, "repositories" | "system" | "tasks">, repository: string): Candidate[] {
  const order = entitiesOf(state.tasks)
    .filter((task) => task.repository === repository && isCandidate(task))
    .toSorted(byDecision);
  const isPaused = landingPause(state, repository) !== null;
  // Its push may be under way, so nothing else lands at the same time, and no pause stops it.
  const started = order.find(isUnderWay);
  let before: TaskState | undefined;
  return order.map((task): Candidate => {
    const ahead = started ?? before;
    if (before === undefined && keepsOthersBack(task)) before = task;
    if (task.status !== "landing") return { task, state: "rechecking", behind: null };
    if (task === started) return { task, state: "landing", behind: null };
    if (ahead !== undefined) return { task, state: "behind", behind: ahead.task_id };
    if (isWaitingForMerge(task)) return { task, state: "waiting", behind: null };
    return { task, state: isPaused ? "paused" : "landing", behind: null };
  });
}

/** Whether the landing has started. A draft that was opened before the approval does not count. */
function isUnderWay(task: TaskState): boolean {
  return task.status === "landing" && task.landing !== null && task.landing.draft !== true && !isWaitingForMerge(task);
}

function byDecision(left: TaskState, right: TaskState): number {
  const keyOf = (task: TaskState) => [decidedAt(task) ?? task.planned_at, task.planned_at, task.task_id];
  const [one, other] = [keyOf(left), keyOf(right)];
  const place = one.findIndex((part, index) => part !== other[index]);
  return place < 0 ? 0 : (one[place] ?? "") < (other[place] ?? "") ? -1 : 1;
}

/** Ids of the tasks whose landing has something to do now: the change lands, or its pull request is checked. */
export function tasksToLand(state: Pick<State, "repositories" | "system" | "tasks">): Set<string> {
  const candidates = entitiesOf(state.tasks).filter(isCandidate);
  if (candidates.length === 0) return new Set();
  const names = new Set(candidates.map(({ repository }) => repository));
  const all = [...names].flatMap((name) => landingQueue(state, name));
  const due = all.filter(({ task, state: now }) => now === "landing" || isWaitingForMerge(task));
  return new Set(due.map(({ task }) => task.task_id));
}

/** Whether this landing may act now rather than only look: no candidate comes before it, and landings are not paused. */
export function mayLandNow(state: Pick<State, "repositories" | "system" | "tasks">, task: TaskState): boolean {
  if (landingPause(state, task.repository) !== null) return false;
  const own = landingQueue(state, task.repository).find(({ task: one }) => one.task_id === task.task_id);
  return own?.state === "landing" || own?.state === "waiting";
}

/** What `aedev queue` shows: the repositories with candidates or paused landings, or the requested repository. */
export function queueDocument(state: State, wanted?: string): QueueDocument {
  const names = Object.keys(state.repositories).filter((name) => wanted === undefined || name === wanted);
  const all = names.toSorted().map((name): Queue => {
    const candidates = landingQueue(state, name).map(({ task, state: now, behind }, index) => ({
      position: index + 1,
      task_id: task.task_id,
      mission_id: task.mission_id,
      title: entityById(state.missions, task.mission_id)?.title ?? "",
      state: now,
      behind,
      waits_for: isWaitingForMerge(task) ? mergeWaits(task) : [],
      decided_at: decidedAt(task),
      since: (now === "waiting" ? task.pull_request?.waits_since : null) ?? task.changed_at,
    }));
    return { repository: name as Queue["repository"], paused: landingPause(state, name), candidates };
  });
  return {
    repositories: all.filter(
      ({ paused, candidates }) => wanted !== undefined || paused !== null || candidates.length > 0,
    ),
  };
}
