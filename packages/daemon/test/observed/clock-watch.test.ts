/** Which move of three clocks is a jump of the wall clock, a sleep of the machine, or can't be told. */
import { expect, it } from "vitest";
import { createClockWatch, machineClocks } from "../../src/observed/clock-watch.ts";

const minute = 60_000;

/** What a look finds after the clocks moved on by so many minutes. */
function lookAfter(by: { wall: number; monotonic: number; boot: number | null }) {
  const at = { wall: 1_700_000_000_000, monotonic: 5_000, boot: by.boot === null ? null : 9_000 };
  const look = createClockWatch({
    wallMs: () => at.wall,
    monotonicMs: () => at.monotonic,
    bootMs: () => at.boot,
  });
  at.wall += by.wall * minute;
  at.monotonic += by.monotonic * minute;
  if (at.boot !== null) at.boot += (by.boot ?? 0) * minute;
  const first = look();
  // Compared with the last look, not with the first.
  expect(look()).toBeNull();
  return first;
}

it("no move is seen while the clocks agree, however long, or for what a time server corrects", () => {
  expect(lookAfter({ wall: 1, monotonic: 1, boot: 1 })).toBeNull();
  expect(lookAfter({ wall: 600, monotonic: 600, boot: 600 })).toBeNull();
  expect(lookAfter({ wall: 3.9, monotonic: 1, boot: 1 })).toBeNull();
  expect(lookAfter({ wall: -1.9, monotonic: 1, boot: null })).toBeNull();
});

it("a jump, forward or back, is seen if the wall clock moved against the time since boot", () => {
  expect(lookAfter({ wall: 4, monotonic: 1, boot: 1 })).toEqual({ moved_ms: 3 * minute, how: "jumped" });
  expect(lookAfter({ wall: -59, monotonic: 1, boot: 1 })).toEqual({ moved_ms: -60 * minute, how: "jumped" });
  // The machine slept too, but the jump is what makes times wrong.
  expect(lookAfter({ wall: 100, monotonic: 1, boot: 40 })).toEqual({ moved_ms: 60 * minute, how: "jumped" });
});

it("a sleep is seen if only the clock stayed behind that stops during sleep", () => {
  expect(lookAfter({ wall: 61, monotonic: 1, boot: 61 })).toEqual({ moved_ms: 60 * minute, how: "slept" });
  expect(lookAfter({ wall: 3.9, monotonic: 1, boot: 3.9 })).toBeNull();
});

it("without a clock that runs during sleep a forward move stays unclear; a backward one is always a jump", () => {
  expect(lookAfter({ wall: 61, monotonic: 1, boot: null })).toEqual({ moved_ms: 60 * minute, how: "unclear" });
  expect(lookAfter({ wall: -59, monotonic: 1, boot: null })).toEqual({ moved_ms: -60 * minute, how: "jumped" });
});

it("the real clocks advance", () => {
  const before = machineClocks.monotonicMs();
  expect(machineClocks.wallMs()).toBeGreaterThan(1_600_000_000_000);
  expect(machineClocks.monotonicMs()).toBeGreaterThanOrEqual(before);
  const boot = machineClocks.bootMs();
  if (process.platform === "linux") expect(boot).toBeGreaterThan(0);
  else expect(boot).toBeNull();
});
