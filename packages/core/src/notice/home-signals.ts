/** Signals that something is not as it should be, although no decision and no hold says so: derived from the state and a few facts of the machine. Pure. */
import type { HomeSignal } from "@aedev/contracts";
import { entityById, type State } from "../model/state.ts";

const hourMs = 3_600_000;
/** Runs may be limited to some hours of the day (`limits.run_window`). */
const queuedMsMax = 24 * hourMs;
/** A person who decides once a day has had the chance. */
const heldMsMax = 24 * hourMs;

/** Clocks that are set by a server jump by less. */
const behindMsMax = 5 * 60_000;

/** What the machine says. */
export interface MachineFacts {
  /** Free bytes of the home's disk, and what a run needs (`limits.disk_free`). */
  readonly disk_free_bytes: number;
  readonly disk_needed_bytes: number;
}

/** At most one signal of each kind, about the oldest cause. `now`: ISO 8601 UTC. `machine` null: not known here. */
export function homeSignals(state: State, now: string, machine: MachineFacts | null): HomeSignal[] {
  const before = (ms: number) => new Date(Date.parse(now) - ms).toISOString();
  const tasks = Object.values(state.tasks);
  const isPaused = state.system.pause !== undefined;
  const queued = tasks.filter(
    ({ status, planned_at, repository, runs }) =>
      status === "planned" &&
      !isPaused &&
      // When a task with runs was planned again is not recorded.
      runs.length === 0 &&
      planned_at < before(queuedMsMax) &&
      entityById(state.repositories, repository)?.paused !== true,
  );
  const held = tasks.flatMap(({ task_id, hold }) =>
    hold !== null &&
    hold.resumes_at === null &&
    !(isPaused && hold.code === "HOLD-STOPPED") &&
    hold.held_at < before(heldMsMax)
      ? [{ task_id, since: hold.held_at }]
      : [],
  );
  const low = machine !== null && machine.disk_free_bytes < machine.disk_needed_bytes;
  return [
    ...(low ? [{ kind: "disk-low", severity: "critical", task_id: null, since: null, count: 1 } as const] : []),
    ...clockBehind(state, new Date(Date.parse(now) + behindMsMax).toISOString()),
    ...oldest(
      "queue-age",
      queued.map(({ task_id, planned_at: since }) => ({ task_id, since })),
    ),
    ...oldest("hold-age", held),
  ];
}

/** Nothing can have been recorded after `latest`. `since` is the latest instant that was. */
function clockBehind({ missions, tasks }: State, latest: string): HomeSignal[] {
  const instants = [
    ...Object.values(missions).map(({ submitted_at }) => submitted_at),
    ...Object.values(tasks).map(({ changed_at }) => changed_at),
  ];
  const since = instants
    .filter((instant) => instant > latest)
    .toSorted()
    .at(-1);
  return since === undefined ? [] : [{ kind: "clock-behind", severity: "critical", task_id: null, since, count: 1 }];
}

function oldest(
  kind: "queue-age" | "hold-age",
  causes: readonly { readonly task_id: string; readonly since: string }[],
): HomeSignal[] {
  const [first] = causes.toSorted((one, other) => (one.since < other.since ? -1 : 1));
  return first === undefined ? [] : [{ kind, severity: "warning", ...first, count: causes.length }];
}
