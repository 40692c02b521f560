/** Cancelling a task frees the machine at once, whatever was under way. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { isNight } from "./support/is-night.ts";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { shell, turnsOf } from "./support/scripted-change.ts";

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  // The CLI refuses to run a bare `sleep`.
  laboratory.models.coder = { "Sleep over": turnsOf(shell("tail -f /dev/null")), "": fixTurns };
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory, "slow", ["--verify", "sleep 120", "--allow-writes"]);
  await registerSmallProject(laboratory, "quick");
});
afterAll(() => laboratory[Symbol.asyncDispose]());

it("cancelling a task stops its running checks", async () => {
  const id = await laboratory.submit("slow", "Make add() right for negative numbers in lib/add.js");
  const has = async (text: string) => (await laboratory.run("events", "export")).stdout.includes(text);
  await laboratory.until(async () => (await has('"type":"ChangeCaptured"')) && (await laboratory.containers()).length);
  await laboratory.must("task", "cancel", (await laboratory.mission(id)).tasks[0]?.task_id ?? "");
  await expect.poll(() => laboratory.containers(), { timeout: 20_000, interval: 500 }).toEqual([]);
  // No further container starts.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(await laboratory.containers()).toEqual([]);
  expect((await laboratory.mission(id)).status).toBe("cancelled");
});

it.runIf(isNight)("cancelling runs gives their slots to others, and counts their tokens", async () => {
  const ids = [];
  // As many runs as there are slots.
  for (const number of [1, 2])
    ids.push(await laboratory.submit("quick", `Sleep over add() in lib/add.js, number ${number}`));
  const usageOf = async (id: string) => (await laboratory.mission(id)).tasks[0]?.usage.requests ?? 0;
  const isAsked = (number: number) => laboratory.models.requests.some(({ body }) => body.includes(`number ${number}`));
  await laboratory.until(async () => isAsked(1) && isAsked(2) && (await laboratory.containers()).length === 2);
  // The answer comes before the end.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  for (const id of ids) await laboratory.must("task", "cancel", (await laboratory.mission(id)).tasks[0]?.task_id ?? "");
  const { mission } = await laboratory.wait(await laboratory.submit("quick", "Make add() right in lib/add.js"));
  expect(mission.status).toBe("landed");
  for (const id of ids) expect(await usageOf(id)).toBeGreaterThan(0);
});
