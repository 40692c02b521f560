/** The hours in which runs begin (`limits.run_window`), in the machine's own time. Pure: the caller says what time it is. What runs goes on. */
import type { Schedule } from "@aedev/core";
import { type DayWindow, isInside, nextAt } from "@aedev/host/day-window";
import type { Configuration } from "../configuration/configuration-schema.ts";

/** When runs may begin next, or null where they may now. A clock that is put forward or back is asked again when the instant has come. */
export function opensAt(window: DayWindow | null, now: Date): Date | null {
  return window === null || isInside(window, now) ? null : nextAt(window.from, now);
}

/** What clients say about a mission that waits. */
export function scheduleAt({ schedule }: Pick<Configuration, "schedule">, now: Date): Schedule {
  const opening = opensAt(schedule.runWindow, now);
  return { concurrentRuns: schedule.concurrentRuns, opensAt: opening === null ? null : clockText(opening) };
}

function clockText(at: Date): string {
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
