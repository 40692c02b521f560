/** Docker stops and comes back: the task holds and continues automatically. Stops only the engine that the tests started (AEDEV_TEST_ENGINE). */
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeEach(async () => {
  laboratory = await Laboratory.open();
  laboratory.models.coder = { "": fixTurns };
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
});
afterEach(() => laboratory[Symbol.asyncDispose]());

async function engine(verb: "stop" | "start"): Promise<void> {
  const command = process.env["AEDEV_TEST_ENGINE"];
  if (command === undefined)
    throw new Error("AEDEV_TEST_ENGINE names no engine that a test may stop: run ./scripts/test");
  await execa(command, [verb]);
}

async function holdsAndGoesOn(id: string, runs: number): Promise<void> {
  const held = await laboratory.until(async () =>
    (await laboratory.mission(id)).tasks.find((task) => task.hold_code !== null),
  );
  expect(held.hold_code).toBe("HOLD-DOCKER-UNAVAILABLE");
  await engine("start");
  const { exitCode, task } = await laboratory.wait(id);
  const outcome = { exitCode, decision: task.decision, code: task.hold_code, runs: task.runs.length };
  expect(outcome).toEqual({ exitCode: 0, decision: "merge", code: null, runs });
}

const mission = "Make add() right for negative numbers in lib/add.js";

it("a task continues with the same run if the engine was away before the run began", async () => {
  await engine("stop");
  await holdsAndGoesOn(await laboratory.submit("small", mission), 1);
});

it("a task continues with a new run if the engine stopped under the coder", async () => {
  laboratory.models.coder = { "": fixTurns.map((turn, index) => (index === 1 ? { ...turn, waitMs: 4_000 } : turn)) };
  const id = await laboratory.submit("small", mission);
  await laboratory.until(async () => laboratory.models.requests.length >= 2);
  await engine("stop");
  await holdsAndGoesOn(id, 2);
});
