/** Two missions with the same patch: once one has landed it, the other lands it only if a person who knows that wants it. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { isNight } from "./support/is-night.ts";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeEach(async () => {
  laboratory = await Laboratory.open();
  laboratory.models.coder = { "": fixTurns };
  await laboratory.must("daemon", "start");
});
afterEach(() => laboratory[Symbol.asyncDispose]());

const reasonsOf = async (taskId: string) => (await laboratory.must("task", "show", taskId)).stdout;
const branches = async (bare: string) => (await laboratory.git(bare, "for-each-ref", "refs/heads/aedev")).split("\n");

it("an approved change is asked about again after another task landed the same, and so is every later one; a changed line makes another change", async () => {
  const bare = await registerSmallProject(laboratory, "branch", ["--profile", "balanced"]);
  const one = await laboratory.submit("branch", "Make add() right for negative numbers in lib/add.js");
  const first = (await laboratory.wait(one)).task;
  const two = await laboratory.submit("branch", "add() in lib/add.js must take negative numbers");
  const second = (await laboratory.wait(two)).task;
  expect([first.status, second.status]).toEqual(["asked", "asked"]);
  expect(await reasonsOf(second.task_id)).not.toContain("same change as");

  await laboratory.must("task", "approve", first.task_id, "--yes");
  const landed = (await laboratory.wait(one)).task;
  expect(landed.status).toBe("landed");
  const same = `same change as ${first.task_id}, which landed as ${landed.landed_commit?.slice(0, 12)}`;

  await laboratory.must("task", "approve", second.task_id, "--yes");
  const again = (await laboratory.wait(two)).task;
  expect(again).toMatchObject({ status: "asked", hold_code: null });
  expect((await reasonsOf(second.task_id)).replaceAll(/\s+/g, " ")).toContain(same);
  expect(await branches(bare)).toHaveLength(1);

  await laboratory.must("task", "approve", second.task_id, "--yes");
  expect((await laboratory.wait(two)).task.status).toBe("landed");
  expect(await branches(bare)).toHaveLength(2);

  // A later one names both before anybody approves it.
  if (!isNight) return;
  const three = await laboratory.submit("branch", "Negative numbers in lib/add.js: add(-1, 2) must return 1");
  const third = (await laboratory.wait(three)).task;
  const shown = await reasonsOf(third.task_id);
  for (const id of [first.task_id, second.task_id]) expect(shown).toContain(`same change as ${id}`);

  const other = structuredClone(fixTurns);
  const input = other[0]?.calls?.[0]?.input as { content: string };
  input.content = input.content.replace("a * 2", "2 * a");
  laboratory.models.coder = { "": other };
  const four = await laboratory.submit("branch", "Let add() in lib/add.js accept negative numbers");
  expect(await reasonsOf((await laboratory.wait(four)).task.task_id)).not.toContain("same change as");
});
