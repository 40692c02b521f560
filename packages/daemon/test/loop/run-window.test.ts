/** The hours in which runs begin: inside and outside, by day and over midnight, and when they begin next. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isInside, opensAt, scheduleAt } from "../../src/loop/run-window.ts";

const at = (hours: number, minutes = 0) => hours * 60 + minutes;
const night = { from: at(22), to: at(6, 30) };
const day = { from: at(9), to: at(17) };
const minuteOfDay = fc.nat(24 * 60 - 1);
const windows = fc.record({ from: minuteOfDay, to: minuteOfDay }).filter(({ from, to }) => from !== to);

describe("the run window", () => {
  it("holds its first minute and not its last, by day and over midnight", () => {
    expect([at(8, 59), at(9), at(16, 59), at(17)].map((minute) => isInside(day, minute))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(
      [at(21, 59), at(22), at(23, 59), at(0), at(6, 29), at(6, 30)].map((minute) => isInside(night, minute)),
    ).toEqual([false, true, true, true, true, false]);
  });

  it("and the same hours the other way round share no minute and leave none out", () => {
    fc.assert(
      fc.property(windows, minuteOfDay, ({ from, to }, minute) => {
        expect(isInside({ from, to }, minute)).toBe(!isInside({ from: to, to: from }, minute));
      }),
    );
  });

  it("opens next today or tomorrow, never more than a day away, and inside itself", () => {
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
          expect(isInside(window, opening.getHours() * 60 + opening.getMinutes())).toBe(true);
        },
      ),
    );
  });

  it("is said as the clock shows it", () => {
    const noon = new Date(2026, 5, 10, 12);
    const said = (runWindow: typeof night | null) => scheduleAt({ schedule: { concurrentRuns: 2, runWindow } }, noon);
    expect(said(night)).toEqual({ concurrentRuns: 2, opensAt: "22:00" });
    expect(said(day)).toEqual({ concurrentRuns: 2, opensAt: null });
  });
});
