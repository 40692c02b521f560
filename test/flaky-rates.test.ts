/** How often a change is asked about because of an unrelated flaky test. The figures are drawn with a seed, so that they are the same each time. */
import { expect, it } from "vitest";
import { measureFlaky } from "./support/flaky-rates.ts";

const how = { changes: 400, seed: 7 };

it.each([
  [0.1, 0.1, 0.1],
  [1 / 3, 1 / 3, 0.13],
  [0.5, 0.5, 0.17],
])(
  "seldom asks about a change that leaves a test as flaky as it was: failing in %f of its runs",
  async (base, after, most) => {
    const measured = await measureFlaky({ base, after }, how);
    expect(measured.asked).toBeLessThan(most);
    expect(measured.most).toBeLessThanOrEqual(12);
  },
);

it.each([
  [0.1, 0.6, 0.7],
  [0.1, 0.8, 0.9],
  [1 / 3, 0.6, 0.37],
  [1 / 3, 0.8, 0.75],
  [1 / 3, 0.9, 0.9],
])("aedev asks about a change that raises a test's failures from %f to %f of its runs", async (base, after, least) => {
  const measured = await measureFlaky({ base, after }, how);
  expect(measured.asked).toBeGreaterThan(least);
  expect(measured.most).toBeLessThanOrEqual(12);
});
