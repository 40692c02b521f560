/** What control does around a run that writes independent tests: its base, and the gate's decision on the waiting change. On real git and a real log. */
import { canonicalJson, type HoldCode, type IndependentTests } from "@aedev/contracts";
import type { CommandBody, TaskState } from "@aedev/core";
import { gated, ids } from "@aedev/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import { commitTo } from "../../../../test/support/git-repositories.ts";
import type { Control } from "../../src/control/control.ts";
import { decideGate } from "../../src/work/decide-gate.ts";
import { prepareRun } from "../../src/work/prepare-run.ts";
import { openSignedHome, type SignedHome } from "../evidence/signed-home.ts";

let home: SignedHome;
afterEach(() => home.close());

const found = { files: ["test/other.js"], passed: 2, failed: [], uncounted: 0 };
const open = (tests: IndependentTests | null) =>
  openSignedHome(undefined, undefined, (blobs) =>
    tests === null ? {} : { "independent-tests": blobs.put(canonicalJson(tests), "application/json") },
  );

/** The gate's decision on a task with these independent tests. */
async function decided(independent: TaskState["independent"], isWanted = true) {
  const policy = {
    ...home.control.policy(),
    second_implementation: isWanted ? ("always" as const) : ("never" as const),
  };
  const ofTask = { independent, policy: home.blobs.put(canonicalJson(policy), "application/json") };
  const task = { ...home.task(), ...ofTask } as TaskState;
  const state = { ...home.state(), tasks: { [ids.task]: task } };
  const { views, head } = home.control.log;
  const log = { state, views, head, stateWith: () => state } as never;
  const control: Control = { ...home.control, log };
  const command = await decideGate(ids.task, { waits_for_window: false }, control);
  if (command.kind !== "DecideGate") throw new Error(command.kind);
  return command.decision;
}
const written = () => {
  const { base_commit, patch } = home.task();
  if (base_commit === null || patch === null) throw new Error("the task has a change");
  return { base_commit, patch };
};

it("the run starts on the base of the change that waits for it, wherever the branch is", async () => {
  home = await open(null);
  await home.seal();
  const { evidence, base_commit } = home.task();
  const merge = gated("merge", { bundle_digest: evidence?.bundle.digest ?? "" });
  await home.submit({ ...merge, independent_tests: true } as CommandBody);
  expect(home.task()).toMatchObject({ status: "planned", next_cause: "independent-tests" });
  const moved = commitTo(home.state().repositories["repo"]?.url ?? "", { files: { "elsewhere.txt": "moved\n" } });
  expect(moved).not.toBe(base_commit);
  const command = await prepareRun(ids.task, home.control);
  if (command.kind !== "StartRun") throw new Error(command.kind);
  expect(command).toMatchObject({ base_commit, cause: "independent-tests" });
  const prompt = Buffer.from(home.blobs.get(command.prompt.digest)).toString("utf8");
  expect(prompt).toContain("Another engineer does the same mission");
});

describe("the gate", () => {
  const run_id = ids.run;
  const kinds = async (...given: Parameters<typeof decided>) =>
    (await decided(...given)).reasons.map((reason) => (typeof reason === "string" ? reason : reason.kind));

  it.each<HoldCode | null>(["HOLD-BUDGET", null])("the gate asks if the run has written no test (%s)", async (code) => {
    home = await open(null);
    await home.seal();
    const missing = { written: null, rounds: 1, run_id, missing: { code } };
    const why = code === null ? "not-in-time" : "held";
    expect((await decided(missing)).reasons).toContainEqual({ kind: "independent-tests-missing", why, code });
    expect(await kinds({ written: null, rounds: 1, run_id })).not.toContain("independent-tests-missing");
    expect(await kinds(missing, false)).not.toContain("independent-tests-missing");
    // Another run still has to write tests for a later change.
    expect(await kinds({ ...missing, run_id: "r-cccccccccccccccc" })).not.toContain("independent-tests-missing");
  });

  it.each([
    ["no-files", "no-files"],
    ["unavailable", "unavailable"],
    ["none-counted", "none-counted"],
    [null, "not-loaded"],
    ["not-loaded", "not-loaded", 2],
    [null, "no-results"],
    [null, "no-results", 2],
  ] as [string | null, Required<IndependentTests>["why_none"], number?][])(
    "the gate asks if no test was compared, unless the mission or the runner is why (%s, %s)",
    async (why, whyNone, rounds = 1) => {
      home = await open({ ...found, passed: 0, uncounted: 0, why_none: whyNone });
      await home.seal();
      const kind = "independent-tests-missing";
      const { reasons } = await decided({ written: written(), rounds, run_id });
      const expected = why === null ? [] : [{ kind, why, code: null }];
      expect(reasons.filter((reason) => typeof reason !== "string" && reason.kind === kind)).toEqual(expected);
      // The run that has to write others comes first.
      expect(await kinds({ written: written(), rounds: 1, run_id: "r-cccccccccccccccc" })).not.toContain(kind);
    },
  );

  it("the gate needs the tests' results in the evidence once the run has written some", async () => {
    home = await open(null);
    await home.seal();
    const both = { written: written(), rounds: 1, run_id };
    expect(await decided(both)).toMatchObject({ answer: "hold", hold_code: "HOLD-EVIDENCE-INCOMPLETE" });
    expect((await decided({ written: null, rounds: 1, run_id })).answer).toBe("ask");
    await home.close();
    home = await open(found);
    await home.seal();
    expect((await decided(both)).answer).toBe("ask");
  });
});
