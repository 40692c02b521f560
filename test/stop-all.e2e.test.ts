/** `aedev stop-all` ends every run now and loses none of its work; a pause lets running work end and starts nothing new. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { honestSource, honestTest, shell, tagOf, turnsOf, write } from "./support/scripted-change.ts";

const tag = tagOf("stopped");
let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory, "small", ["--profile", "balanced", "--allow-writes"]);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const statusOf = async (id: string) => (await laboratory.mission(id)).status;
const taskOf = async (id: string) => (await laboratory.mission(id)).tasks[0]?.task_id ?? "";

it("stop-all stops a run and keeps its files, starts nothing meanwhile, and continues on command", async () => {
  const forEver = shell("tail -f /dev/null");
  laboratory.models.coder = { [tag]: [{ calls: [write("lib/add.js", honestSource)] }, { calls: [forEver] }] };
  const id = await laboratory.submit("small", `Make add() right in lib/add.js ${tag}`);
  const hasWritten = () => laboratory.models.requests.some(({ body }) => body.includes("tool_result"));
  await laboratory.until(async () => hasWritten() && (await laboratory.containers()).length > 0);
  const task = await taskOf(id);
  const stopped = await laboratory.must("stop-all");
  expect(stopped.stdout).toContain(`everything is stopped; 1 task to continue later\n  ${task}\nnext: aedev resume`);
  await expect.poll(() => laboratory.containers(), { timeout: 20_000, interval: 500 }).toEqual([]);
  expect((await laboratory.must("status")).stdout).toContain("all runs are stopped since ");
  expect((await laboratory.must("status", "--plain")).stdout).toContain("STOPPED: aedev resume");
  // A restart of the daemon does not change that, and a new mission waits.
  await laboratory.must("daemon", "restart");
  const second = await laboratory.submit("small", "Make add() right for zero in lib/add.js");
  expect((await laboratory.must("mission", "show", second)).stdout).toMatch(/all work is paused\n.*\n +aedev resume/);
  expect((await laboratory.must("task", "salvage", task)).stdout).toContain("HOLD-STOPPED");
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect([await laboratory.containers(), await statusOf(id), await statusOf(second)]).toEqual([[], "held", "approved"]);
  await laboratory.must("mission", "cancel", second);

  laboratory.models.coder = { [tag]: turnsOf(honestTest) };
  await laboratory.must("resume");
  const landed = await laboratory.wait(id);
  expect([landed.mission.status, landed.task.runs.length]).toEqual(["landed", 2]);
  // The source is the first run's, the test the second's.
  const { patch } = (await laboratory.must("task", "diff", task, "--json")).json<{ patch: string }>();
  expect(patch).toContain("lib/add.js");
  expect(patch).toContain("adds negative numbers");
});
