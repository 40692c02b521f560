/** A cancelled task lets go of the machine at once, whatever was under way. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.models.coder = { "": fixTurns };
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory, "slow", ["--verify", "sleep 120", "--allow-writes"]);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

it("stops checks that are under way", async () => {
  const id = await laboratory.submit("slow", "Make add() right for negative numbers in lib/add.js");
  const has = async (text: string) => (await laboratory.run("events", "export")).stdout.includes(text);
  await laboratory.until(async () => (await has('"type":"ChangeCaptured"')) && (await laboratory.containers()).length);
  await laboratory.must("task", "cancel", (await laboratory.mission(id)).tasks[0]?.task_id ?? "");
  await expect.poll(() => laboratory.containers(), { timeout: 20_000, interval: 500 }).toEqual([]);
  // And none comes after it.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(await laboratory.containers()).toEqual([]);
  expect((await laboratory.mission(id)).status).toBe("cancelled");
});
