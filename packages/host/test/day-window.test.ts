/** Day windows: their text form, which times they contain by day and over midnight, and the next time at which the clock shows a minute. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isInside, nextAt, parseDayWindow } from "../src/day-window.ts";

const at = (hours: number, minutes = 0) => hours * 60 + minutes;
const clock = (minute: number) => new Date(2026, 0, 15, 0, minute);
const night = { from: at(22), to: at(6, 30) };
const day = { from: at(9), to: at(17) };
const minuteOfDay = fc.nat(24 * 60 - 1);
const windows = fc.record({ from: minuteOfDay, to: minuteOfDay }).filter(({ from, to }) => from !== to);

describe("a day window", () => {
  it("includes a day window's first minute and excludes its last, by day and over midnight", () => {
    expect([at(8, 59), at(9), at(16, 59), at(17)].map((minute) => isInside(day, clock(minute)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(
      [at(21, 59), at(22), at(23, 59), at(0), at(6, 29), at(6, 30)].map((minute) => isInside(night, clock(minute))),
    ).toEqual([false, true, true, true, true, false]);
  });

  it("divides the day completely between a window and the reversed one", () => {
    fc.assert(
      fc.property(windows, minuteOfDay, ({ from, to }, minute) => {
        expect(isInside({ from, to }, clock(minute))).toBe(!isInside({ from: to, to: from }, clock(minute)));
      }),
    );
  });

  it("parses a day window from two times of a day, and from nothing else", () => {
    expect(parseDayWindow("22:00-06:30")).toEqual(night);
    expect(parseDayWindow("09:00-17:00")).toEqual(day);
    for (const text of ["", "22-6", "24:00-06:00", "09:60-10:00", "9:00-10:00", "09:00-10:00 "])
      expect(parseDayWindow(text)).toBeNull();
  });

  it("ends a day window today, or tomorrow when the minute has passed", () => {
    const noon = new Date(2026, 5, 30, 12, 0, 30);
    expect(nextAt(at(22), noon)).toEqual(new Date(2026, 5, 30, 22));
    expect(nextAt(at(12), noon)).toEqual(new Date(2026, 6, 1, 12));
  });
});
