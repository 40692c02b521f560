/** Docker stops and comes back: the task holds and goes on by itself. Stops only the engine that the tests started (AEDEV_TEST_ENGINE). */
import { execa } from "execa";
import { expect, it } from "vitest";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";

const engine = process.env["AEDEV_TEST_ENGINE"];

it("goes on after the engine itself was stopped and started", async () => {
  if (engine === undefined)
    throw new Error("AEDEV_TEST_ENGINE names no engine that a test may stop: run ./scripts/test");
  await using laboratory = await Laboratory.open();
  laboratory.models.coder = { "": fixTurns };
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  await execa(engine, ["stop"]);
  const id = await laboratory.submit("small", "Make add() right for negative numbers in lib/add.js");
  const held = await laboratory.until(async () =>
    (await laboratory.mission(id)).tasks.find((task) => task.hold_code !== null),
  );
  expect(held.hold_code).toBe("HOLD-DOCKER-UNAVAILABLE");
  await execa(engine, ["start"]);
  const { exitCode, task } = await laboratory.wait(id);
  expect({ exitCode, decision: task.decision, runs: task.runs.length }).toEqual({
    exitCode: 0,
    decision: "merge",
    runs: 1,
  });
});
