/** The hours in which runs may start: inside and outside, by day and over midnight, and when they open next. */
import { isInside } from "@aedev/host/day-window";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { opensAt, scheduleAt } from "../../src/configuration/run-window.ts";

const at = (hours: number, minutes = 0) => hours * 60 + minutes;
const night = { from: at(22), to: at(6, 30) };
const day = { from: at(9), to: at(17) };
const minuteOfDay = fc.nat(24 * 60 - 1);
const windows = fc.record({ from: minuteOfDay, to: minuteOfDay }).filter(({ from, to }) => from !== to);

describe("the run window", () => {
  it("the run window opens next today or tomorrow, at most a day away, and inside itself", () => {
    const noon = new Date(2026, 5, 10, 12, 0, 30);
    expect(opensAt(null, noon)).toBe(null);
    expect(opensAt(day, noon)).toBe(null);
    expect(opensAt(night, noon)).toEqual(new Date(2026, 5, 10, 22));
    expect(opensAt(day, new Date(2026, 5, 30, 17))).toEqual(new Date(2026, 6, 1, 9));
    fc.assert(
      fc.property(
        windows,
        fc.date({ min: new Date(2026, 0, 1), max: new Date(2027, 0, 1), noInvalidDate: true }),
        (window, now) => {
          const opening = opensAt(window, now);
          if (opening === null) return;
          expect(opening.getTime()).toBeGreaterThan(now.getTime());
          expect(opening.getTime() - now.getTime()).toBeLessThanOrEqual(25 * 3_600_000);
          expect(isInside(window, opening)).toBe(true);
        },
      ),
    );
  });

  it("the run window's opening is shown as the clock shows it", () => {
    const noon = new Date(2026, 5, 10, 12);
    const said = (runWindow: typeof night | null, repositoryRuns: number | null = null) =>
      scheduleAt({ schedule: { concurrentRuns: 2, repositoryRuns, runWindow } }, noon);
    expect(said(night)).toEqual({ concurrentRuns: 2, opensAt: "22:00" });
    expect(said(day)).toEqual({ concurrentRuns: 2, opensAt: null });
    expect(said(day, 1)).toEqual({ concurrentRuns: 2, repositoryRuns: 1, opensAt: null });
  });
});
