/** Work that waits for a remote: news of its repository end the wait, even if they come during a look; other news and a wait for the clock don't matter. */
import { setTimeout as delay } from "node:timers/promises";
import { initialState } from "@aedev/core";
import { stateAfter } from "@aedev/core/testing";
import { afterEach, expect, it } from "vitest";
import { type Loop, type Perform, startLoop } from "../../src/loop/loop.ts";

let loop: Loop | undefined;
afterEach(() => loop?.stop());

/** A task that is about to land in `repo`. */
function open(perform: Perform) {
  const state = stateAfter("landing", initialState);
  let tries = 0;
  loop = startLoop({
    state: () => state,
    submit: () => Promise.resolve({ kind: "accepted" }),
    perform: (work, now) => {
      tries += 1;
      return perform(work, now);
    },
    bounds: { concurrentRuns: 2, reminders: 0 },
  });
  return { tries: () => tries, look: (...names: string[]) => loop?.noteNews(new Set(names)) };
}
const inAnHour = () => Date.now() + 3_600_000;

it("news of the repository end a pause, once each", async () => {
  const waiting = open(async () => ({ kind: "Deferred", atMs: inAnHour(), untilNewsOf: "repo" }));
  await expect.poll(waiting.tries).toBe(1);
  waiting.look("other");
  await delay(50);
  expect(waiting.tries()).toBe(1);
  waiting.look("other", "repo");
  await expect.poll(waiting.tries).toBe(2);
  await delay(50);
  expect(waiting.tries()).toBe(2);
});

it("news during a look cause one more", async () => {
  let end: (() => void) | undefined;
  const waiting = open(async () => {
    if (end === undefined)
      await new Promise<void>((resolve) => {
        end = resolve;
      });
    return { kind: "Deferred", atMs: inAnHour(), untilNewsOf: "repo" };
  });
  await expect.poll(() => end).toBeDefined();
  waiting.look("repo");
  end?.();
  await expect.poll(waiting.tries).toBe(2);
  await delay(50);
  expect(waiting.tries()).toBe(2);
});

it("news don't end a wait for the clock, such as for a rate limit", async () => {
  const waiting = open(async () => ({ kind: "Deferred", atMs: inAnHour() }));
  await expect.poll(waiting.tries).toBe(1);
  waiting.look("repo");
  await delay(50);
  expect(waiting.tries()).toBe(1);
});
