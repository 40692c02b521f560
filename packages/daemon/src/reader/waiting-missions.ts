/** Tells what each approved mission waits for, from state and configuration, with the daemon up or down. */
import { Fault } from "@aedev/contracts";
import { type Schedule, type State, type Waiting, waitingOf } from "@aedev/core/reading";

/** Reads how this machine runs missions; called only if a mission may be waiting. */
export type ReadSchedule = () => Promise<Schedule>;

/** Only the missions that wait, each with what it waits for. */
export async function waitingMissions(
  state: State,
  readSchedule: ReadSchedule,
): Promise<ReadonlyMap<string, readonly Waiting[]>> {
  const open = Object.values(state.missions).filter(
    ({ task_ids, plan }) =>
      // A plan's parts wait, each for itself.
      plan === undefined &&
      task_ids.some((id) => ["planned", "running", "captured", "landing"].includes(state.tasks[id]?.status ?? "")),
  );
  if (open.length === 0) return new Map();
  const schedule = await scheduleOrNone(readSchedule);
  const all = open.map((mission) => [mission.mission_id, waitingOf(state, mission, schedule)] as const);
  return new Map(all.filter(([, waiting]) => waiting.length > 0));
}

/** How this machine runs missions. Null for an unreadable configuration, which `aedev daemon start` and `doctor` report: missions can be shown without it. */
export async function scheduleOrNone(readSchedule: ReadSchedule): Promise<Schedule> {
  try {
    return await readSchedule();
  } catch (error) {
    if (error instanceof Fault) return { concurrentRuns: Number.POSITIVE_INFINITY, opensAt: null };
    throw error;
  }
}
