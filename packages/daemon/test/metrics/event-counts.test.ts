/** Which events count as holds, including those of a run for tests, after which the earlier change is asked about. */
import { expect, it } from "vitest";
import { countEvents } from "../../src/metrics/event-counts.ts";

it("a hold of a run for tests is counted by its code, a restored change without a hold is not", () => {
  let tell: (events: readonly object[]) => void = () => undefined;
  const counts = countEvents({
    subscribe(listener: (events: readonly object[]) => void) {
      tell = listener;
      return () => undefined;
    },
  } as never);
  tell([
    { type: "ChangeRestored", data: { cause: "held", code: "HOLD-CODER-FAILED" } },
    { type: "ChangeRestored", data: { cause: "riskier", code: null } },
    { type: "TaskHeld", data: { code: "HOLD-BUDGET" } },
  ]);
  const holds = counts.metrics().find(({ name }) => name === "aedev_task_holds_total");
  const counted = holds?.samples.filter(({ value }) => value > 0).map(({ labels, value }) => [labels["code"], value]);
  expect(counted?.toSorted()).toEqual([
    ["HOLD-BUDGET", 1],
    ["HOLD-CODER-FAILED", 1],
  ]);
});
