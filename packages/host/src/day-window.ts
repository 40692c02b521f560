/** A daily time window in this machine's time zone, such as 22:00-06:30. Pure: it reads no clock; the caller passes the time. */

/** Minutes since midnight. If `from` is above `to`, the window spans midnight. */
export interface DayWindow {
  readonly from: number;
  readonly to: number;
}

/** Parses a text such as "22:00-06:30"; null for any other text. */
export function parseDayWindow(text: string): DayWindow | null {
  if (!/^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$/.test(text)) return null;
  const [from = 0, to = 0] = text.split("-").map((part) => Number(part.slice(0, 2)) * 60 + Number(part.slice(3)));
  return { from, to };
}

/** Whether an instant is in the window; its first minute is included, its last is not. */
export function isInside({ from, to }: DayWindow, now: Date): boolean {
  const minute = now.getHours() * 60 + now.getMinutes();
  return from < to ? from <= minute && minute < to : from <= minute || minute < to;
}

/** The next instant at which the clock shows this minute of the day. It is computed by the calendar, not by adding minutes: a day may have 23 or 25 hours. */
export function nextAt(minuteOfDay: number, now: Date): Date {
  const next = new Date(now);
  next.setHours(Math.floor(minuteOfDay / 60), minuteOfDay % 60, 0, 0);
  if (next <= now) next.setDate(next.getDate() + 1);
  return next;
}

/** The latest instant, not after `now`, at which the clock showed this minute of the day. */
export function lastAt(minuteOfDay: number, now: Date): Date {
  const last = new Date(now);
  last.setHours(Math.floor(minuteOfDay / 60), minuteOfDay % 60, 0, 0);
  if (last > now) last.setDate(last.getDate() - 1);
  return last;
}

/** The midnight at the start of the day of `now`. */
export function dayStart(now: Date): Date {
  const start = new Date(now);
  start.setHours(0, 0, 0, 0);
  return start;
}

/** The local date of an instant, such as 2026-01-31. */
export function localDay(instant: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${instant.getFullYear()}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`;
}
