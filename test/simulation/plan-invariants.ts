/**
 * Checks what people may rely on when missions wait for each other: by what they wrote (`world.ts`) and by the whole log, whatever aedev keeps in its state. Taking
 * a landed change back is not simulated.
 */
import { resumptionOf } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { evolve, initialState, missionStatus, type State, type TaskState, tasksOf, waitingOf } from "@aedev/core";
import { statusOrder, taskStatus } from "@aedev/core/reading";
import type { SqliteDatabase } from "../../packages/daemon/src/log/sqlite/database.ts";
import type { StoredEvent } from "../../packages/daemon/src/log/sqlite/stored-event.ts";
import type { DrawnPlan, World } from "./world.ts";

export interface PlanWatcher {
  committed(events: readonly StoredEvent[]): void;
  /** The fold of all events so far. */
  readonly state: State;
  /** Whether a mission, or each part of a plan, has landed. */
  hasLanded(mission: string): boolean;
}

const entityOf = (stream: string) => stream.slice(stream.indexOf("/") + 1);
const endStatuses = ["landed", "rejected", "cancelled"];

export function createPlanWatcher(world: World): PlanWatcher {
  let state = initialState;
  const landed = new Set<string>();
  const started = new Set<string>();
  const approved = new Set<string>();

  const hasLanded = (mission: string) =>
    (world.plans.get(mission)?.parts ?? [{ mission_id: mission }]).every(({ mission_id }) => landed.has(mission_id));

  /** `state`: before the event. */
  function startedRightly({ mission_id, plan: id }: TaskState): void {
    const before = (world.after.get(mission_id) ?? []).filter((other) => !hasLanded(other));
    if (before.length > 0)
      world.violated("a run started before what its mission waits for landed", `${mission_id} waits for ${before}`);
    const plan = id === undefined ? undefined : world.plans.get(id);
    if (plan === undefined) return;
    if (id !== undefined && state.missions[id]?.stage !== "approved")
      world.violated("a part started although its plan has stopped", `${mission_id}, undecided`);
    const beside = alike(plan, mission_id).find((other) => started.has(other) && !landed.has(other));
    if (beside !== undefined)
      world.violated("a part started beside one that may change the same files", `${mission_id}, ${beside}`);
    const failed = plan.on_failure === "stop" ? failedParts(state, plan) : [];
    if (failed.length > 0)
      world.violated("a part started although its plan has stopped", `${mission_id}, for ${failed}`);
  }

  function follow(event: StoredEvent): void {
    const id = entityOf(event.stream);
    const task = state.tasks[id];
    if (event.type === "RunStarted" && task?.runs.length === 0) {
      startedRightly(task);
      started.add(task.mission_id);
    }
    if (event.type === "ChangeLanded" && task !== undefined) landed.add(task.mission_id);
    if (event.type === "MissionApproved") approved.add(id);
    const plan = world.plans.get(id);
    if (event.type === "MissionUpdated" && plan !== undefined)
      plan.on_failure = event.data.on_failure ?? plan.on_failure;
    if (event.type === "PlanReplaced" && plan !== undefined) replaced(id, plan, event.data);
    state = evolve(state, event);
  }

  /** What people wrote in the new version counts from now on. */
  function replaced(id: string, plan: DrawnPlan, { parts }: EventData<"PlanReplaced">): void {
    const present = new Set<string>(parts.map(({ mission_id }) => mission_id));
    const dropped = plan.parts.find(({ mission_id }) => started.has(mission_id) && !present.has(mission_id));
    if (dropped !== undefined)
      world.violated("a plan was decided in part", `${id} dropped ${dropped.mission_id}, which had started`);
    const missionOf = new Map(parts.map(({ name, mission_id }) => [name, mission_id]));
    const whole = state.missions[id]?.after ?? [];
    for (const { mission_id, after } of parts)
      world.after.set(mission_id, [...whole, ...after.flatMap((name) => missionOf.get(name) ?? [])]);
    plan.parts = parts.map(({ mission_id, files }) => {
      return { mission_id, files, repository: state.missions[mission_id]?.repository ?? "" };
    });
    approved.delete(id);
  }

  /** A plan's events are committed together, so that it is whole after each commit. */
  function decidedWhole(id: string, { parts }: DrawnPlan): void {
    const all = [id, ...parts.map(({ mission_id }) => mission_id)];
    const isApproved = all.filter((mission) => approved.has(mission)).length;
    const whole = state.missions[id];
    if (whole === undefined) return;
    const open = parts.filter(({ mission_id }) => !hasEnded(state, mission_id));
    const isOver = whole.stage === "rejected" || whole.stage === "cancelled";
    // Parts that a new version keeps stay approved.
    const isPart = isApproved > 0 && isApproved < all.length && (approved.has(id) || whole.plan?.version === 1);
    if (isPart || (isOver && open.length > 0))
      world.violated("a plan was decided in part", `${id} is ${whole.stage}, ${isApproved} approved`);
  }

  return {
    committed(events) {
      // After a violation the log may have a gap.
      if (world.broken.length > 0) return;
      for (const event of events) follow(event);
      const missions = new Set(events.filter(({ type }) => decisions.has(type)).map(({ stream }) => entityOf(stream)));
      for (const [id, plan] of missions.size === 0 ? [] : world.plans)
        if (missions.has(id) || plan.parts.some(({ mission_id }) => missions.has(mission_id))) decidedWhole(id, plan);
    },
    get state() {
      return state;
    },
    hasLanded,
  };
}
const decisions: ReadonlySet<StoredEvent["type"]> = new Set(["MissionApproved", "MissionRejected", "MissionCancelled"]);

/** Parts of the same repository that may change the same files. */
function alike({ parts }: DrawnPlan, id: string): string[] {
  const own = parts.find(({ mission_id }) => mission_id === id);
  const folder = (path: string) => (path.endsWith("/") ? path : `${path}/`);
  const meet = (one: string, other: string) =>
    folder(one).startsWith(folder(other)) || folder(other).startsWith(folder(one));
  return parts
    .filter(({ mission_id, repository }) => mission_id !== id && repository === own?.repository)
    .filter(({ files }) => own?.files.some((one) => files.some((other) => meet(one, other))))
    .map(({ mission_id }) => mission_id);
}

function tasksOfMission({ tasks }: State, mission: string): TaskState[] {
  return Object.values(tasks).filter(({ mission_id }) => mission_id === mission);
}

function hasEnded(state: State, mission: string): boolean {
  const stage = state.missions[mission]?.stage;
  if (stage === "rejected" || stage === "cancelled") return true;
  return stage === "approved" && tasksOfMission(state, mission).every(({ status }) => endStatuses.includes(status));
}

/** The parts that were rejected or cancelled, or wait in a hold until a person acts. */
function failedParts(state: State, { parts }: DrawnPlan): string[] {
  const isFailed = ({ status, hold }: TaskState) =>
    status === "rejected" ||
    status === "cancelled" ||
    (hold !== null && hold.code !== "HOLD-QUESTION" && resumptionOf(hold) === "never");
  return parts
    .map(({ mission_id }) => mission_id)
    .filter((id) => state.missions[id]?.stage === "cancelled" || tasksOfMission(state, id).some(isFailed));
}

/** Checks all plans, and all missions that still wait for their first run. `open`: the state that aedev keeps. */
export function plansAtEnd({
  folded,
  open,
  world,
  watcher,
}: {
  folded: State;
  open: State;
  world: World;
  watcher: PlanWatcher;
}): void {
  for (const [id, { parts }] of world.plans) {
    const whole = folded.missions[id];
    if (whole?.stage !== "approved") continue;
    for (const { mission_id } of parts) {
      const tasks = tasksOfMission(folded, mission_id).length;
      if (tasks !== 1) world.violated("a part of an approved plan has not exactly one task", `${mission_id}, ${tasks}`);
    }
    const ofParts = parts.flatMap(({ mission_id }) => tasksOfMission(folded, mission_id)).map(taskStatus);
    const urgent = statusOrder.find((status) => ofParts.includes(status));
    const shown = shownStatus(folded, id);
    if (shown !== urgent)
      world.violated("a plan has another status than its most urgent part", `${id}, ${shown}, not ${urgent}`);
  }
  for (const task of Object.values(folded.tasks)) {
    if (task.status !== "planned" || task.runs.length > 0) continue;
    const { mission_id } = task;
    if (!isKeptBack(task, { folded, world, watcher }))
      world.violated("waits although nothing keeps it from starting", mission_id);
    const mission = open.missions[mission_id];
    const schedule = { concurrentRuns: Number.POSITIVE_INFINITY, opensAt: null };
    if (mission === undefined || waitingOf(open, mission, schedule).length === 0)
      world.violated("waits for nothing that anybody names", mission_id);
  }
}

function isKeptBack(
  { mission_id, plan: id, repository }: TaskState,
  { folded, world, watcher }: { folded: State; world: World; watcher: PlanWatcher },
): boolean {
  const plan = id === undefined ? undefined : world.plans.get(id);
  const before = [...(world.after.get(mission_id) ?? []), ...(plan === undefined ? [] : alike(plan, mission_id))];
  const isStopped = plan?.on_failure === "stop" && failedParts(folded, plan).length > 0;
  const isUndecided = id !== undefined && folded.missions[id]?.stage === "awaiting_approval";
  const isPaused = folded.system.pause !== undefined || folded.repositories[repository]?.paused === true;
  return isStopped || isUndecided || isPaused || before.some((other) => !watcher.hasLanded(other));
}

function shownStatus(state: State, id: string) {
  const mission = state.missions[id];
  return mission === undefined ? undefined : missionStatus(mission, tasksOf(state, mission));
}

/** Rows and counts of SQLite's views that differ from the statuses of the folded log. */
export function wrongStatuses(database: SqliteDatabase, folded: State): string[] {
  const problems: string[] = [];
  const rows = database.prepare("SELECT id, status, part_of FROM view_missions").all() as {
    id: string;
    status: string;
    part_of: string | null;
  }[];
  const counts = new Map<string, number>();
  for (const { id, status, part_of } of rows) {
    const shown = shownStatus(folded, id);
    if (status !== shown) problems.push(`view_missions/${id} is ${status}, not ${shown}`);
    if (part_of === null) counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  const counted = database
    .prepare("SELECT status, count FROM view_counts WHERE counted = 'view_missions' AND count > 0")
    .all() as { status: string; count: number }[];
  for (const { status, count } of counted)
    if (counts.get(status) !== count) problems.push(`view_counts: ${count} ${status}, not ${counts.get(status)}`);
  return problems;
}
