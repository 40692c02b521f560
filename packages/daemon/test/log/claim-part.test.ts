/** The parts of a fold that a thread and its caller share: each is begun once. */
import { expect, it } from "vitest";
import { claimPart } from "../../src/log/start-log-thread.ts";

const countsOf = () => new Int32Array(new SharedArrayBuffer(16));

it("each part before the end is claimed once, in order, and none after it until the end moves", () => {
  const counts = countsOf();
  expect([claimPart(counts, 2), claimPart(counts, 2), claimPart(counts, 2)]).toEqual([0, 1, undefined]);
  expect([claimPart(counts, 4), claimPart(counts, 3), claimPart(counts, 4)]).toEqual([2, undefined, 3]);
  expect(claimPart(countsOf(), 0)).toBeUndefined();
});

it("the next part is claimed if another thread was faster", () => {
  const counts = countsOf();
  const exchange = Atomics.compareExchange;
  let seen = 0;
  try {
    Atomics.compareExchange = ((array: Int32Array, place: number, expected: number, value: number) => {
      // Another thread is faster, once.
      seen += 1;
      if (seen === 1) exchange(array, place, expected, value);
      return exchange(array, place, expected, value);
    }) as typeof exchange;
    expect(claimPart(counts, 3)).toBe(1);
  } finally {
    Atomics.compareExchange = exchange;
  }
  expect([seen, claimPart(counts, 3), claimPart(counts, 3)]).toEqual([2, 2, undefined]);
});
