/** How long the daemon has worked without interruption, from the starts in the log. */
import { describe, expect, it } from "vitest";
import { soakOf } from "../../src/board/soak.ts";
import type { StoredEvent } from "../../src/log/sqlite/stored-event.ts";
import { logged } from "./sample-board.ts";

const instant = (hour: number, minute = 0) => new Date(Date.UTC(2026, 0, 1, hour, minute)).toISOString();
/** A start of the daemon with its planes, as the log has it. */
const start = (hour: number, after_death = false): StoredEvent[] => [
  logged("PlaneStarted", instant(hour), { plane: "execution", generation: 1 }),
  logged("PlaneStarted", instant(hour), { plane: "judgement", generation: 1 }),
  logged("DaemonStarted", instant(hour, 1), { after_death }),
];
const plane = (hour: number, name: "execution" | "judgement") =>
  logged("PlaneStarted", instant(hour), { plane: name, generation: 2 });
const soak = (events: readonly StoredEvent[], now: string, given: Partial<Parameters<typeof soakOf>[1]> = {}) =>
  soakOf(events.toReversed(), { now, daemon: "running", ...given });

describe("the soak", () => {
  it("counts from the last start and passes after a day, but not a second earlier", () => {
    expect(soak(start(0), instant(12, 1))).toMatchObject({
      ...{ t0: instant(0, 1), elapsed_seconds: 12 * 3600, progress_percent: 50, result: "running", why: null },
      interruptions: { rows: [], more: 0 },
    });
    expect(soak(start(0), instant(24, 1))).toMatchObject({ progress_percent: 100, result: "pass" });
    const almost = new Date(Date.parse(instant(24, 1)) - 1).toISOString();
    expect(soak(start(0), almost)).toMatchObject({ progress_percent: 99, result: "running" });
    expect(soak([...start(0), ...start(5)], instant(6))).toMatchObject({ t0: instant(5, 1), result: "running" });
  });

  it("shows a death in between: it counts on from the start before, and fails", () => {
    expect(soak([...start(0), ...start(5, true)], instant(30))).toMatchObject({
      ...{ t0: instant(0, 1), result: "fail" },
      interruptions: { rows: [{ at: instant(5, 1), what: "daemon-died" }], more: 0 },
    });
    expect(soak([...start(0), ...start(5, true), ...start(6)], instant(31))).toMatchObject({
      ...{ t0: instant(6, 1), result: "pass" },
      interruptions: { rows: [] },
    });
  });

  it("shows a plane that ended, which a start of the daemon explains for its own planes only", () => {
    expect(soak([...start(0), plane(3, "execution")], instant(30))).toMatchObject({
      result: "fail",
      interruptions: { rows: [{ at: instant(3), what: "execution-ended" }] },
    });
    const both = soak([...start(0), plane(3, "judgement"), ...start(5, true)], instant(30));
    expect(both.interruptions.rows.map(({ what }) => what)).toEqual(["daemon-died", "judgement-ended"]);
  });

  it("counts every start after a given time as an interruption", () => {
    expect(soak([...start(0), ...start(5)], instant(30), { t0: instant(4) })).toMatchObject({
      ...{ t0: instant(4), elapsed_seconds: 26 * 3600, result: "fail" },
      interruptions: { rows: [{ what: "daemon-stopped" }] },
    });
    expect(soak(start(0), instant(30), { t0: instant(4) })).toMatchObject({ result: "pass" });
  });

  it("fails while the daemon is dead or stuck, is stopped while somebody stopped it, and is not measured without a start", () => {
    for (const daemon of ["died", "stuck"] as const)
      expect(soak(start(0), instant(30), { daemon })).toMatchObject({ result: "fail" });
    expect(soak(start(0), instant(30), { daemon: "stopped" })).toMatchObject({ result: "stopped" });
    expect(soak([...start(0), ...start(5, true)], instant(30), { daemon: "stopped" })).toMatchObject({
      result: "fail",
    });
    expect(soak([plane(0, "execution")], instant(30))).toMatchObject({
      ...{ t0: null, elapsed_seconds: null, progress_percent: null, result: null, why: "no-start" },
      interruptions: { rows: [], more: 0 },
    });
    expect(soak([], instant(30), { t0: instant(4) })).toMatchObject({ t0: null, result: null, why: "no-start" });
    expect(soak(start(0), instant(30), { t0: instant(4) })).toMatchObject({ t0: instant(4), result: "pass" });
  });

  it("lists at most twenty interruptions, and counts the rest", () => {
    const deaths = Array.from({ length: 25 }, (_, hour) => start(hour + 1, true)).flat();
    const { interruptions } = soak([...start(0), ...deaths], instant(40));
    expect([interruptions.rows.length, interruptions.more]).toEqual([20, 5]);
  });
});
