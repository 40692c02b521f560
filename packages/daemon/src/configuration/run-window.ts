/** The hours in which runs may start (`limits.run_window`), in the machine's local time. Pure: the caller passes the time. Runs in progress continue. */
import type { Schedule } from "@aedev/core";
import { type DayWindow, isInside, nextAt } from "@aedev/host/day-window";
import type { Configuration } from "./configuration-schema.ts";

/** When runs may start next; null if they may start now. The clock is checked again at that instant, in case it was set. */
export function opensAt(window: DayWindow | null, now: Date): Date | null {
  return window === null || isInside(window, now) ? null : nextAt(window.from, now);
}

/** How clients describe a mission that waits for the window. */
export function scheduleAt({ schedule }: Pick<Configuration, "schedule">, now: Date): Schedule {
  const opening = opensAt(schedule.runWindow, now);
  const { concurrentRuns } = schedule;
  return { concurrentRuns, ...repositoryRunsOf(schedule), opensAt: opening === null ? null : clockText(opening) };
}

/** The bound of each repository, if there is one. */
export function repositoryRunsOf({ repositoryRuns }: Configuration["schedule"]): Pick<Schedule, "repositoryRuns"> {
  return repositoryRuns === null ? {} : { repositoryRuns };
}

function clockText(at: Date): string {
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
