/** Taking a landed change back: computed without a coder, checked, asked about under any policy, and landed as exactly the tree before it. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { fixTurns, Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeEach(async () => {
  laboratory = await Laboratory.open();
  laboratory.models.coder = { "": fixTurns };
  await laboratory.must("daemon", "start");
});
afterEach(() => laboratory[Symbol.asyncDispose]());

interface Revert {
  readonly task_id: string;
  readonly mission_id: string;
  readonly reverts: { readonly task_id: string; readonly commit: string };
}

it("a landed change is taken back through the whole gate, which asks and lands the tree before it; a second request shows the first", async () => {
  const bare = await registerSmallProject(laboratory);
  const before = await laboratory.git(bare, "rev-parse", "main^{tree}");
  const intake = [
    ...["intake", "Make add() right for negative numbers in lib/add.js", "--repo", "small", "--json"],
    ...["--criterion", "a new test fails before the change and passes after it"],
  ];
  const submit = async () => {
    const { mission_id } = (await laboratory.must(...intake)).json<{ mission_id: string }>();
    await laboratory.must("mission", "approve", mission_id);
    return mission_id;
  };
  const { task } = await laboratory.wait(await submit());
  expect(task).toMatchObject({ status: "landed", decision: "merge" });
  const same = await laboratory.run(...intake);
  expect(same.exitCode).toBe(1);
  expect(JSON.parse(same.stdout)).toMatchObject({
    error: { code: "same-request", same: { status: "landed", landed: { commit: task.landed_commit, branch: "main" } } },
  });

  const revert = (await laboratory.must("task", "revert", task.task_id, "--json")).json<Revert>();
  expect(revert.reverts).toMatchObject({ task_id: task.task_id, commit: task.landed_commit });
  const again = (await laboratory.must("task", "revert", task.task_id, "--json")).json<Revert>();
  expect(again.task_id).toBe(revert.task_id);

  const waiting = await laboratory.wait(revert.mission_id);
  const { status, decision, hold_code, hold_detail, usage } = waiting.task;
  expect({ status, decision, hold_code, hold_detail }).toEqual({
    status: "asked",
    decision: "ask",
    hold_code: null,
    hold_detail: null,
  });
  expect(usage.requests).toBe(0);
  const shown = (await laboratory.must("task", "show", revert.task_id)).stdout;
  expect(shown).toContain(
    `takes back ${(task.landed_commit ?? "").slice(0, 12)} of ${task.task_id}, which a person decides`,
  );
  expect(shown).toContain("tests that the reverted change brought or changed go back with it");

  expect((await laboratory.must("task", "diff", revert.task_id)).stdout).toContain("deleted file");
  expect((await laboratory.must("evidence", "verify", revert.task_id)).exitCode).toBe(0);
  expect((await laboratory.must("evidence", "show", revert.task_id, "--entry", "reverted")).stdout).toContain(
    "restored",
  );
  expect((await laboratory.must("task", "logs", revert.task_id)).exitCode).toBe(0);

  await laboratory.must("task", "approve", revert.task_id, "--yes");
  const landed = await laboratory.wait(revert.mission_id);
  expect(landed.task.status).toBe("landed");
  expect(await laboratory.git(bare, "rev-parse", "main^{tree}")).toBe(before);
  const message = await laboratory.git(bare, "log", "-1", "--format=%B", "main");
  expect(message).toMatch(/^Revert "Make add\(\) right for negative numbers in lib\/add\.js"\n/);
  expect(message).toContain(`This reverts commit ${task.landed_commit}.`);
  expect(message).toContain(`Aedev-Task: ${revert.task_id}`);
  expect((await laboratory.run("events", "verify")).exitCode).toBe(0);

  const refused = await laboratory.run("task", "revert", task.task_id);
  expect(refused).toMatchObject({ exitCode: 1 });
  expect(refused.stderr).toContain("is taken back already");

  // A change that was taken back may be wanted again: neither its text nor its patch counts as present.
  const wanted = await laboratory.wait(await submit());
  expect(wanted.task).toMatchObject({ status: "landed", decision: "merge" });
});
