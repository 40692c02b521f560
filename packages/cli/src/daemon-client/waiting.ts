/** What each approved mission waits for, with the daemon up or down. Derived from the state and the configuration. */

import { Fault } from "@aedev/contracts";
import { type Schedule, type State, type Waiting, waitingOf } from "@aedev/core";
import type { Session } from "../terminal/session.ts";

/** By mission, only those that wait for something. The configuration is read only where a mission could. */
export async function waitingMissions(
  session: Pick<Session, "home" | "environment" | "entries">,
  state: State,
): Promise<ReadonlyMap<string, readonly Waiting[]>> {
  const open = Object.values(state.missions).filter(({ task_ids }) =>
    task_ids.some((id) => ["planned", "running", "captured", "landing"].includes(state.tasks[id]?.status ?? "")),
  );
  if (open.length === 0) return new Map();
  const schedule = await scheduleOf(session);
  const all = open.map((mission) => [mission.mission_id, waitingOf(state, mission, schedule)] as const);
  return new Map(all.filter(([, waiting]) => waiting.length > 0));
}

/** The part of a document that says what the mission waits for; empty if it waits for nothing. All clients show the same document. */
export function waitsForOf(waiting: readonly Waiting[] | undefined): { readonly waits_for?: readonly string[] } {
  return waiting === undefined || waiting.length === 0 ? {} : { waits_for: waiting.map(({ text }) => text) };
}

/** An unreadable configuration is reported by `aedev daemon start` and `doctor`; showing missions works without it. */
async function scheduleOf({
  home,
  environment,
  entries,
}: Pick<Session, "home" | "environment" | "entries">): Promise<Schedule> {
  try {
    return await (await entries.daemon()).readSchedule({ home, environment });
  } catch (error) {
    if (error instanceof Fault) return { concurrentRuns: Number.POSITIVE_INFINITY, opensAt: null };
    throw error;
  }
}
