/** The hours in which runs may start (`limits.run_window`), in this machine's time. Pure: the caller passes the time. Runs in progress continue. */
import type { Schedule } from "@aedev/core";
import { type DayWindow, isInside, nextAt } from "@aedev/host/day-window";
import type { Configuration } from "./configuration-schema.ts";

/** When runs may start next; null if they may start now. Ask again at that time, in case the clock was set. */
export function opensAt(window: DayWindow | null, now: Date): Date | null {
  return window === null || isInside(window, now) ? null : nextAt(window.from, now);
}

/** The schedule, as clients show it for a mission that waits for the window. */
export function scheduleAt({ schedule }: Pick<Configuration, "schedule">, now: Date): Schedule {
  const opening = opensAt(schedule.runWindow, now);
  const { concurrentRuns } = schedule;
  return { concurrentRuns, ...repositoryRunsOf(schedule), opensAt: opening === null ? null : clockText(opening) };
}

/** The maximum of runs per repository, if there is one. */
export function repositoryRunsOf({ repositoryRuns }: Configuration["schedule"]): Pick<Schedule, "repositoryRuns"> {
  return repositoryRuns === null ? {} : { repositoryRuns };
}

function clockText(at: Date): string {
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
