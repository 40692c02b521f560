/** Asks core what is pending and keeps the answer until the state changes or the next announced instant comes. It gives out nothing. */
import { nextDueAt, pendingWork, type State, type Work, type WorkBounds } from "@aedev/core";
import { workKinds } from "../control/work-kinds.ts";

/** The pending work, and when more becomes pending without an event (milliseconds since 1970; Infinity: never). */
export interface FoundWork {
  readonly pending: readonly Work[];
  /** Ids of the pending work. */
  readonly ids: ReadonlySet<string>;
  readonly dueMs: number;
}
interface KeptWork extends FoundWork {
  readonly state: State;
  readonly atMs: number;
  /** The run slots that were taken by work under way when this answer was made. */
  readonly busy: ReadonlySet<string>;
}

/** Core announces only when work becomes pending. Work that ends by time, such as watching a landing, disappears after this time at the latest. */
const keptMsMax = 60_000;

/** `underWay`: the work that is being done. */
export function createWorkFinder({
  bounds,
  underWay,
}: {
  bounds: WorkBounds;
  underWay: ReadonlyMap<string, Work>;
}): (state: State, nowMs: number) => FoundWork {
  let kept: KeptWork | null = null;
  return (state, nowMs) => {
    const busy = busyTasks(underWay);
    if (kept !== null && isGood(kept, { state, nowMs, busy })) return kept;
    const now = new Date(nowMs).toISOString();
    const pending = pendingWork(state, now, { ...bounds, busy });
    const due = nextDueAt(state, now, bounds);
    const dueMs = due === null ? Number.POSITIVE_INFINITY : Date.parse(due);
    const ids = new Set(pending.map(({ work_id }) => work_id));
    kept = { state, atMs: nowMs, busy, pending, ids, dueMs };
    return kept;
  };
}

/** Tasks whose run is being worked on. A run that is being prepared already has its slot, which later work must not take. */
function busyTasks(underWay: ReadonlyMap<string, Work>): ReadonlySet<string> {
  const busy = new Set<string>();
  for (const { kind, task_id } of underWay.values()) {
    const { place } = workKinds[kind];
    if (task_id !== null && (place === "run" || place === "preparation")) busy.add(task_id);
  }
  return busy;
}

/** Checks both ends, because the clock may be set back. */
function isGood(kept: KeptWork, { state, nowMs, busy }: { state: State; nowMs: number; busy: ReadonlySet<string> }) {
  if (kept.state !== state || nowMs < kept.atMs || nowMs >= Math.min(kept.dueMs, kept.atMs + keptMsMax)) return false;
  if (kept.busy.size !== busy.size) return false;
  for (const id of busy) if (!kept.busy.has(id)) return false;
  return true;
}
