/** The hours in which runs begin (`limits.run_window`), in the machine's own time. Pure: the caller says what time it is. What runs goes on. */
import type { Schedule } from "@aedev/core";
import type { Configuration, DayWindow } from "../configuration/configuration-schema.ts";

/** Whether a minute of the day lies in the window; its first minute does, its last does not. A window from late to early goes over midnight. */
export function isInside({ from, to }: DayWindow, minuteOfDay: number): boolean {
  return from < to ? from <= minuteOfDay && minuteOfDay < to : from <= minuteOfDay || minuteOfDay < to;
}

/** When runs may begin next, or null where they may now. A clock that is put forward or back is asked again when the instant has come. */
export function opensAt(window: DayWindow | null, now: Date): Date | null {
  if (window === null || isInside(window, now.getHours() * 60 + now.getMinutes())) return null;
  const opening = new Date(now);
  opening.setHours(Math.floor(window.from / 60), window.from % 60, 0, 0);
  if (opening <= now) opening.setDate(opening.getDate() + 1);
  return opening;
}

/** What faces say about a mission that waits. */
export function scheduleAt({ schedule }: Pick<Configuration, "schedule">, now: Date): Schedule {
  const opening = opensAt(schedule.runWindow, now);
  return { concurrentRuns: schedule.concurrentRuns, opensAt: opening === null ? null : clockText(opening) };
}

function clockText(at: Date): string {
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
