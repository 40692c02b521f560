/** One change goes from a mission to a merged commit; nothing is landed blindly, twice or without permission. */
import { afterEach, describe, expect, it } from "vitest";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory | undefined;
afterEach(async () => {
  await laboratory?.[Symbol.asyncDispose]();
  laboratory = undefined;
});

describe("landing", () => {
  it("merges a fix whose evidence is good, as one commit that names mission, task and bundle", async () => {
    laboratory = await Laboratory.open();
    laboratory.models.coder = { "": fixTurns };
    await laboratory.must("daemon", "start");
    const bare = await registerSmallProject(laboratory);
    const id = await laboratory.submit("small", "Make add() right for negative numbers in lib/add.js");
    const { exitCode, mission, task } = await laboratory.wait(id);
    expect({
      exitCode,
      status: mission.status,
      decision: task.decision,
      hold: task.hold_code,
      detail: task.hold_detail,
    }).toEqual({ exitCode: 0, status: "landed", decision: "merge", hold: null, detail: null });
    const log = await laboratory.git(bare, "log", "--format=%H%n%B", "main");
    expect(log).toContain(`Aedev-Mission: ${id}`);
    expect(log).toContain(`Aedev-Task: ${task.task_id}`);
    expect(log).toContain(`Aedev-Bundle: ${task.evidence_digest}`);
    expect(await laboratory.git(bare, "rev-list", "--count", "main")).toBe("2");
    expect((await laboratory.run("events", "verify")).exitCode).toBe(0);
  });
});
