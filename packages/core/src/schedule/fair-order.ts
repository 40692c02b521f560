/**
 * Assigns the places for runs. Tasks under way keep theirs; free places go in the order that a person gave, then by priority, then fairly across
 * repositories, then by age.
 *
 * Folder: which task runs next, and what an approved mission waits for.
 */
import { type Priority, priorities, resumptionOf } from "@aedev/contracts";
import { entitiesOf, entityById, type State, type TaskState } from "../model/state.ts";
import { missionStatus, tasksOf } from "../model/status.ts";
import { isCoderDown } from "../outage/coder-outage.ts";
import { isBeingReplaced, stoppedBy } from "./plan-stop.ts";

export interface RunCapacity {
  /** The most runs under way at a time, over all repositories. */
  readonly concurrentRuns: number;
  /** The most runs under way at a time in each repository; absent: no such limit. */
  readonly repositoryRuns?: number;
  /** Tasks whose run is being worked on right now; none after a restart. */
  readonly busy?: ReadonlySet<string>;
}

/**
 * Ids of the tasks that may start, continue or check a run, at most as many as there are places. A run whose engine does not answer keeps its place. A
 * run that returns from another hold or to a moved base waits behind those with a place. Planned tasks are ordered by hand, then by priority, then by fewer runs under
 * way in the repository, then by the longest time since its last start, then by age.
 */
export function tasksWithPlace(
  state: State,
  { concurrentRuns, repositoryRuns = Number.POSITIVE_INFINITY, busy = new Set() }: RunCapacity,
): Set<string> {
  const tasks = entitiesOf(state.tasks);
  const underWay = tasks
    .filter((task) => isUnderWay(task) || waitsForEngine(task) || (task.status === "planned" && busy.has(task.task_id)))
    .sort((left, right) => comparePlaces(left, right, busy));
  const counts = new Map<string, number>();
  const add = ({ repository }: TaskState) => counts.set(repository, (counts.get(repository) ?? 0) + 1);
  const hasRoom = ({ repository }: TaskState) => (counts.get(repository) ?? 0) < repositoryRuns;
  const chosen = new Set<string>();
  for (const task of underWay) {
    if (chosen.size < concurrentRuns && hasRoom(task)) chosen.add(task.task_id);
    add(task);
  }
  if (chosen.size >= concurrentRuns) return chosen;
  const places = placesByHand(state);
  const mayHavePlace = (task: TaskState) => !chosen.has(task.task_id) && hasRoom(task) && !waitsForCoder(state, task);
  let waiting = tasks
    .filter((task) => task.status === "planned" && mayStart(state, task) && mayHavePlace(task))
    .map((task) => ({ task, ...startKey(state, task, places) }));
  const countOf = ({ task }: Candidate) => counts.get(task.repository) ?? 0;
  const compare = (left: Candidate, right: Candidate) =>
    compareKeys(left.first, right.first) || countOf(left) - countOf(right) || compareKeys(left.last, right.last);
  while (chosen.size < concurrentRuns && waiting.length > 0) {
    const next = waiting.reduce((first, other) => (compare(other, first) < 0 ? other : first));
    chosen.add(next.task.task_id);
    add(next.task);
    waiting = waiting.filter((one) => one !== next && hasRoom(one.task));
  }
  return chosen;
}

/** The missions whose tasks wait for a run, in the order in which they would start now; pauses and predecessors change nothing about it. At most `limit`. */
export function startOrder(state: State, limit: number): string[] {
  const tasks = entitiesOf(state.tasks);
  const counts = new Map<string, number>();
  for (const { repository } of tasks.filter(isUnderWay)) counts.set(repository, (counts.get(repository) ?? 0) + 1);
  const places = placesByHand(state);
  const keyOf = (task: TaskState): Key => {
    const { first, last } = startKey(state, task, places);
    return [...first, counts.get(task.repository) ?? 0, ...last];
  };
  // Within a repository the counts don't matter, so that each queue is sorted once; then the first of all queues starts next.
  const queues = Map.groupBy(
    tasks.filter(({ status }) => status === "planned"),
    ({ repository }) => repository,
  );
  const waiting = [...queues.values()].map((queue) =>
    queue
      .map((task) => ({ task, key: keyOf(task) }))
      .sort((left, right) => compareKeys(right.key, left.key))
      .map(({ task }) => task),
  );
  const headOf = (queue: TaskState[]) => {
    const task = queue.pop();
    return task === undefined ? [] : [{ task, key: keyOf(task), queue }];
  };
  let heads = waiting.flatMap(headOf);
  const order: string[] = [];
  while (order.length < limit && heads.length > 0) {
    const next = heads.reduce((first, head) => (compareKeys(head.key, first.key) < 0 ? head : first));
    const { repository, mission_id } = next.task;
    counts.set(repository, (counts.get(repository) ?? 0) + 1);
    order.push(mission_id);
    heads = heads.flatMap((head) => (head === next ? headOf(head.queue) : [head]));
  }
  return order;
}

/** A task's place in a person's order; infinity: it is in none. */
function placesByHand({ system }: State): (task: TaskState) => number {
  const places = new Map<string, number>(system.start_order?.map((id, place) => [id, place]));
  return ({ mission_id, plan = "" }) => places.get(mission_id) ?? places.get(plan) ?? Number.POSITIVE_INFINITY;
}

/** Whether the task's run is under way: from its start until its checks are in. */
export function isUnderWay(task: TaskState): boolean {
  return task.status === "running" || task.status === "captured";
}

/** Whether a run or its checks wait for an engine that does not answer: the container may still exist, and they continue once a probe reaches the engine. */
export function waitsForEngine({ hold }: Pick<TaskState, "hold">): boolean {
  return (
    hold?.code === "HOLD-DOCKER-UNAVAILABLE" &&
    (hold.back_to === "running" || hold.back_to === "captured") &&
    resumptionOf(hold) === "probe"
  );
}

/** False while all work or the repository is paused, a predecessor of the mission has not landed, or its plan has stopped. */
export function mayStart(state: State, task: TaskState): boolean {
  return (
    !orderOf(state).waiting.has(task.mission_id) &&
    !isPaused(state, task.repository) &&
    stoppedBy(state, task).length === 0 &&
    !isBeingReplaced(state, task)
  );
}

/** Whether a new run would fail like those before it because the vendor is down. A revert calls no model. */
export function waitsForCoder(state: State, task: TaskState): boolean {
  return task.reverts === undefined && isCoderDown(state);
}

export function isPaused(state: State, repository: string): boolean {
  return state.system.pause !== undefined || entityById(state.repositories, repository)?.paused === true;
}

/** The missions that a mission still waits for. */
export function waitsFor(state: State, missionId: string): string[] {
  const { landed } = orderOf(state);
  return (entityById(state.missions, missionId)?.after ?? []).filter((id) => !landed.has(id));
}

interface MissionOrder {
  readonly landed: ReadonlySet<string>;
  /** The missions with a predecessor that has not landed. */
  readonly waiting: ReadonlySet<string>;
}
/** Computed once for a state, because every task that waits for its first run asks. */
const orders = new WeakMap<State, MissionOrder>();

function orderOf(state: State): MissionOrder {
  const known = orders.get(state);
  if (known !== undefined) return known;
  const landed = landedMissions(state);
  const waiting = new Set<string>();
  for (const { mission_id, after } of entitiesOf(state.missions))
    if (after.some((id) => !landed.has(id))) waiting.add(mission_id);
  const order = { landed, waiting };
  orders.set(state, order);
  return order;
}

function landedMissions(state: State): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { status, mission_id, plan } of entitiesOf(state.tasks))
    if (status === "landed") for (const id of plan === undefined ? [mission_id] : [mission_id, plan]) ids.add(id);
  const hasLanded = (id: string) => {
    const mission = entityById(state.missions, id);
    return mission !== undefined && missionStatus(mission, tasksOf(state, mission)) === "landed";
  };
  return new Set([...ids].filter(hasLanded));
}

/** Orders tasks by when they got their place. The task that returned last comes last, because its place may be taken; a task whose engine does not answer still has its place. */
function comparePlaces(left: TaskState, right: TaskState, busy: ReadonlySet<string>): number {
  const hasPlace = (task: TaskState) => busy.has(task.task_id) || waitsForEngine(task);
  const hasLeft = hasPlace(left);
  if (hasLeft !== hasPlace(right)) return hasLeft ? -1 : 1;
  if (left.changed_at !== right.changed_at) return left.changed_at < right.changed_at ? -1 : 1;
  return left.task_id < right.task_id ? -1 : 1;
}

type Key = readonly (string | number)[];

/** What decides which task starts first. Between `first` and `last`: fewer runs under way in the repository. */
interface StartKey {
  readonly first: Key;
  readonly last: Key;
}
interface Candidate extends StartKey {
  readonly task: TaskState;
}

function startKey(state: State, task: TaskState, places: (task: TaskState) => number): StartKey {
  const priority: Priority = entityById(state.missions, task.mission_id)?.priority ?? "normal";
  const { repository, planned_at, task_id } = task;
  const served = entityById(state.past.served, repository) ?? "";
  return { first: [places(task), priorities.indexOf(priority)], last: [served, planned_at, task_id] };
}

/** Compares keys of the same shape element by element. */
function compareKeys(left: Key, right: Key): number {
  for (const [index, value] of left.entries()) {
    const other = right[index];
    if (other === undefined || value === other) continue;
    return value < other ? -1 : 1;
  }
  return 0;
}
