/**
 * Outages of the coder's model vendor, derived from the tasks that they hold: which tasks wait, whether new runs wait too, when the vendor is probed,
 * when a person is told, and what releases all of these tasks at once. The work of a run before the outage is kept like that of any interrupted run.
 *
 * Folder: outages of the coder's vendor: which tasks wait, when it is probed.
 */
import type { NewEvent } from "../model/event.ts";
import { releaseEvents } from "../model/release-event.ts";
import type { RunState } from "../model/run-state.ts";
import { entitiesOf, type State, type TaskState } from "../model/state.ts";

const code = "HOLD-CODER-UNAVAILABLE";
/** With this many waiting tasks, no other run starts. A single task may have a request that its vendor never answers. */
const outageAfter = 2;
/** How long after the oldest hold the vendor is probed. The pause doubles with each run of a waiting task that failed again after a probe. */
const firstProbeMs = 15_000;
const probeMsMax = 30 * 60_000;
/** A person is told once about an outage that lasts longer than this. */
const toldAfterMs = 10 * 60_000;

/** Work that finds out whether the coder's model vendor answers. It calls no model and holds no task. */
export interface ProbeCoderVendorWork {
  readonly kind: "ProbeCoderVendor";
  readonly work_id: string;
  readonly task_id: null;
  readonly plane: "execution";
}

type Tasks = Pick<State, "tasks">;

/** Cached for the newest state, because several callers ask for it. */
let newest: { readonly tasks: State["tasks"]; readonly held: readonly TaskState[] } | null = null;

/** The tasks that are held until the vendor answers, oldest hold first. Tasks that waited too often are left out: they wait for a person. */
export function tasksWaitingForCoder({ tasks }: Tasks): readonly TaskState[] {
  if (newest?.tasks === tasks) return newest.held;
  const since = ({ hold, task_id }: TaskState) => `${hold?.held_at ?? ""} ${task_id}`;
  const held = entitiesOf(tasks)
    .filter(({ hold }) => hold?.code === code && hold.stays !== true)
    .sort((left, right) => (since(left) < since(right) ? -1 : 1));
  newest = { tasks, held };
  return held;
}

/** Whether the vendor is down for all tasks, so that new runs wait too. */
export function isCoderDown(state: Tasks): boolean {
  return tasksWaitingForCoder(state).length >= outageAfter;
}

/** The last runs of a task in a row that ended because the vendor did not answer. */
function failedRuns({ runs }: TaskState): readonly RunState[] {
  return runs.slice(runs.findLastIndex(({ outcome }) => outcome?.code !== code) + 1);
}

/** The earliest time of the next probe; null: no task waits for the vendor. */
function probeAt(state: Tasks): string | null {
  const waiting = tasksWaitingForCoder(state);
  const since = waiting[0]?.hold?.held_at;
  if (since === undefined) return null;
  const failures = Math.max(1, ...waiting.map((task) => failedRuns(task).length));
  return after(since, Math.min(probeMsMax, firstProbeMs * 2 ** Math.min(failures - 1, 20)));
}

/** The earliest probe of the vendor that a task waits for; null: the task does not wait for it. */
export function coderProbeFrom(state: Tasks, taskId: string): string | null {
  return tasksWaitingForCoder(state).some(({ task_id }) => task_id === taskId) ? probeAt(state) : null;
}

export function pendingCoderProbes(state: Tasks, now: string): ProbeCoderVendorWork[] {
  const at = probeAt(state);
  if (at === null || at > now) return [];
  // The id stays the same until the oldest hold ends, so that the pauses between failing probes grow.
  const work_id = `ProbeCoderVendor/${tasksWaitingForCoder(state)[0]?.hold?.hold_id}`;
  return [{ kind: "ProbeCoderVendor", work_id, task_id: null, plane: "execution" }];
}

/** The events after a probe reached the vendor: all tasks that wait for it continue. */
export function eventsOfCoderProbe(state: Tasks, by: string): NewEvent[] {
  return tasksWaitingForCoder(state).flatMap((task) => releaseEvents(task, { vendor: true, by }));
}

/** The message about an outage, on the task that has waited longest: when it is due, and its id. Null: no task waits, or a person was told. */
export function coderOutageNotice(state: Tasks): { task: TaskState; at: string; notice_id: string } | null {
  const waiting = tasksWaitingForCoder(state);
  const [task] = waiting;
  if (task?.hold == null) return null;
  const idOf = (one: TaskState) => `outage/coder/${failedRuns(one)[0]?.run_id ?? one.task_id}`;
  if (waiting.some((one) => one.pushes.some(({ notice_id }) => notice_id === idOf(one)))) return null;
  // A run that failed again started soon after the outage began.
  const since = failedRuns(task)[1]?.started_at ?? task.hold.held_at;
  return { task, at: after(since, toldAfterMs), notice_id: idOf(task) };
}

/** The instants at which a probe or a message becomes due. */
export function coderOutageInstants(state: Tasks): string[] {
  return [probeAt(state) ?? [], coderOutageNotice(state)?.at ?? []].flat();
}

function after(instant: string, ms: number): string {
  return new Date(Date.parse(instant) + ms).toISOString();
}
