/** When a push message goes out: not in quiet hours unless a decision waits, and not twice for the same thing within a while. It reads no clock: instants are handed in. */
import type { Notice, State } from "@aedev/core";
import type { DayWindow } from "../configuration/configuration-schema.ts";

/** What wakes a person also in quiet hours. */
const alwaysThrough = 5;

/** Milliseconds since the epoch at which a message of this priority may go out, in the machine's own time; null: at once. */
export function quietUntil(window: DayWindow | null, priority: Notice["priority"], now: Date): number | null {
  if (window === null || priority >= alwaysThrough) return null;
  const minute = now.getHours() * 60 + now.getMinutes();
  const { from, to } = window;
  const isQuiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
  if (!isQuiet) return null;
  const end = new Date(now);
  // By the calendar, not by adding minutes: a day may have 23 or 25 hours.
  end.setHours(Math.floor(to / 60), to % 60, 0, 0);
  if (end <= now) end.setDate(end.getDate() + 1);
  return end.getTime();
}

/** Whether an equal message was sent within `foldForMs` before `nowMs`. One that was itself folded does not count: something is said at least once per while. */
export function isFolded(
  state: State,
  notice: Notice,
  { foldForMs, nowMs }: { foldForMs: number; nowMs: number },
): boolean {
  const { about, key } = notice;
  const pushes = "task_id" in about ? (state.tasks[about.task_id]?.pushes ?? []) : [];
  return pushes.some((push) => {
    const agoMs = nowMs - Date.parse(push.at);
    // A clock that was set back must not silence a message until it has caught up.
    return push.key === key && !push.folded && agoMs >= 0 && agoMs < foldForMs;
  });
}
