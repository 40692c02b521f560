/** The loop's patience with work on planted bundles: it is given up, holds nothing and keeps nothing else from being done. */

import { Fault } from "@aedev/contracts";
import { type Command, decide, evolve, initialState, type State } from "@aedev/core";
import { ids, someInstant, stateAfter, storyCommand, verdictOf } from "@aedev/core/testing";
import { afterEach, expect, it, vi } from "vitest";
import { type Loop, type Perform, startLoop } from "../../src/loop/loop.ts";

let loop: Loop | undefined;
afterEach(() => {
  loop?.stop();
  vi.useRealTimers();
});

function open(from: State, perform: Perform) {
  let state = from;
  const performed: string[] = [];
  const submit = (item: Command) => {
    const decision = decide(item, state);
    if (decision.kind === "events")
      for (const event of decision.events) state = evolve(state, { ...event, recorded_at: item.at });
    return Promise.resolve({ kind: decision.kind === "refused" ? "refused" : "accepted" });
  };
  loop = startLoop({
    state: () => state,
    submit,
    perform: (work, now) => {
      performed.push(work.work_id);
      return perform(work, now);
    },
    bounds: {
      concurrentRuns: 1,
      reminders: 0,
      canaries: { sharePercent: 100, atOnce: 2, families: ["openai", "gemini"] },
    },
  });
  return { performed, state: () => state };
}
const ordered = (from: State) => {
  const decision = decide(storyCommand({ kind: "RequestAudit", audit_id: "u-aaaaaaaaaaaaaaaa", n: 1 }), from);
  if (decision.kind === "refused") throw new Error(decision.reason);
  return decision.events.reduce((state, event) => evolve(state, { ...event, recorded_at: someInstant }), from);
};

it("canary work is given up at once if nothing can be planted, and after three tries if something outside failed", async () => {
  vi.useFakeTimers();
  const barren = open(ordered(initialState), () => Promise.reject(new Fault("nothing-to-plant", "no past")));
  await vi.advanceTimersByTimeAsync(600_000);
  expect(barren.performed.toSorted()).toEqual(
    ["injection", "known-bad", "known-good"].map((kind) => `PlantCanary/u-aaaaaaaaaaaaaaaa/${kind}/1`),
  );
  loop?.stop();
  const failing = open(ordered(initialState), () => Promise.reject(new Fault("git-timeout", "slow", { retry: true })));
  await vi.advanceTimersByTimeAsync(600_000);
  expect(failing.performed).toHaveLength(9);
});

it("the live bundle is judged although its companion can't be planted, and the task is left alone", async () => {
  const live = open(stateAfter("sealed", initialState), (work) => {
    if (work.kind === "JudgeEvidence")
      return Promise.resolve({ kind: "RecordVerdict", task_id: work.task_id, verdict: verdictOf(work.family, "pass") });
    return work.kind === "PlantCanary"
      ? Promise.reject(new Fault("nothing-to-plant", "no past"))
      : Promise.resolve({ kind: "Deferred", atMs: Date.now() + 3_600_000 });
  });
  await expect.poll(() => live.state().tasks[ids.task]?.status).toBe("judged");
  expect(live.performed.filter((id) => id.startsWith("PlantCanary/"))).toHaveLength(1);
  expect(live.state().tasks[ids.task]?.hold).toBeNull();
});
