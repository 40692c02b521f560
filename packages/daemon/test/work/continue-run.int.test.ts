/** What follows an interrupted run: control's own performer prepares the next run, on real git and a real log. */
import type { HoldCode } from "@aedev/contracts";
import type { CommandBody } from "@aedev/core";
import { ids, sampleHeldReport, startRun } from "@aedev/core/testing";
import { afterEach, expect, it } from "vitest";
import { candidate } from "../../../../test/support/evidence-patch.ts";
import { commitTo, type PlannedTree } from "../../../../test/support/git-repositories.ts";
import type { Control } from "../../src/control/control.ts";
import { decideGate } from "../../src/work/decide-gate.ts";
import { prepareRun } from "../../src/work/prepare-run.ts";
import { openSignedHome, type SignedHome } from "../evidence/signed-home.ts";

let home: SignedHome;
afterEach(() => home.close());
const interrupted = "r-bbbbbbbbbbbbbbbb";
const remoteOf = () => home.state().repositories["repo"]?.url ?? "";

/** Makes the task's last run reach its time limit with `files` written, or end with another code. */
async function timedOut(files: PlannedTree | null, code: HoldCode = "HOLD-CODER-TIMEOUT"): Promise<void> {
  home = await openSignedHome();
  const { submit, blobs } = home;
  const { base_commit, policy, settings, ref } = home.task();
  const patch =
    files === null ? null : blobs.put(candidate(remoteOf(), base_commit ?? "", { files }).patch, "text/x-diff");
  const result = sampleHeldReport(code, { patch, exit_code: 124 });
  const task_id = ids.task;
  const bodies = [
    { kind: "HoldTask", task_id, code: "HOLD-PREPARE-FAILED", detail: null, hold_id: ids.hold },
    { kind: "RetryTask", task_id },
    { ...startRun, run_id: interrupted, base_commit, policy, settings, ref },
    { kind: "RecordCoderResult", task_id, run_id: interrupted, result, hold_id: "h-bbbbbbbbbbbbbbbb" },
    code === "HOLD-CODER-UNAVAILABLE" ? { kind: "RecordCoderVendorProbe" } : { kind: "RetryTask", task_id },
  ] as CommandBody[];
  for (const body of bodies) await submit(body);
}

async function prepared(control: Control = home.control) {
  const command = await prepareRun(ids.task, control);
  if (command.kind !== "StartRun") throw new Error(command.kind);
  return { command, prompt: Buffer.from(home.blobs.get(command.prompt.digest)).toString() };
}

it("the next run starts from what the run wrote and is told so, even on a base that moved elsewhere", async () => {
  await timedOut({ "src/a.js": "exports.a = 2;\n", "src/half.js": "half\n" });
  const { patch } = home.task().runs.at(-1) ?? {};
  const same = await prepared();
  expect(same.command.continues).toEqual({ run_id: interrupted, code: "HOLD-CODER-TIMEOUT", patch, from_base: null });
  expect(same.prompt).toContain("it reached its time limit. What it changed is in the checkout");
  expect(same.prompt).toContain("src/half.js (+1 -0)");
  commitTo(remoteOf(), { files: { "elsewhere.txt": "moved\n" } });
  const moved = await prepared();
  expect(moved.command.base_commit).not.toBe(same.command.base_commit);
  expect(moved.command.continues).toMatchObject({ patch, from_base: null });
  await home.submit(moved.command);
  expect(home.task().runs.at(-1)?.continues).toEqual(moved.command.continues);
});

it("after the time limit a next attempt starts by itself, continues from what was captured and is told", async () => {
  await timedOut({ "src/a.js": "exports.a = 2;\n" });
  const { base_commit, policy, settings, ref, runs } = home.task();
  const patch = runs.at(-1)?.patch ?? null;
  const next = { ...startRun, base_commit, policy, settings, ref };
  const continues = { run_id: interrupted, code: "HOLD-CODER-TIMEOUT", patch, from_base: null };
  const end = (run_id: string, kept: typeof patch, hold_id: string) =>
    ({
      ...{ kind: "RecordCoderResult", task_id: ids.task, run_id, hold_id },
      result: sampleHeldReport("HOLD-CODER-TIMEOUT", { patch: kept, exit_code: 124 }),
      repair: { max_runs: 1, task_tokens: 1_000 },
    }) as CommandBody;
  const second = "r-cccccccccccccccc";
  await home.submit({ ...next, run_id: second, continues } as CommandBody);
  const half = candidate(remoteOf(), base_commit ?? "", { files: { "src/a.js": "exports.a = 3;\n" } }).patch;
  const kept = home.blobs.put(half, "text/x-diff");
  await home.submit(end(second, kept, "h-cccccccccccccccc"));
  expect(home.task()).toMatchObject({ status: "planned", hold: null, next_cause: "timeout" });
  const third = await prepared();
  expect(third.command.continues).toEqual({ ...continues, run_id: second, patch: kept });
  expect(third.prompt).toContain("it reached its time limit. What it changed is in the checkout");
  await home.submit(third.command);
  await home.submit(end(third.command.run_id, kept, "h-dddddddddddddddd"));
  // The second attempt left something new, the last one did not.
  expect(home.task().hold).toMatchObject({ code: "HOLD-CODER-TIMEOUT", detail: "attempts spent (2 runs)" });
});

it("after an outage of the model's vendor the run continues from what was captured, after a coder's failure from the base", async () => {
  await timedOut({ "src/half.js": "half\n" }, "HOLD-CODER-UNAVAILABLE");
  expect(home.task()).toMatchObject({ status: "planned", hold: null });
  const { patch } = home.task().runs.at(-1) ?? {};
  const { command, prompt } = await prepared();
  const continues = { run_id: interrupted, code: "HOLD-CODER-UNAVAILABLE", patch, from_base: null };
  expect(command.continues).toEqual(continues);
  expect(prompt).toContain("the vendor of the model did not answer. What it changed is in the checkout");
  await home.close();
  await timedOut({ "src/half.js": "half\n" }, "HOLD-CODER-FAILED");
  expect((await prepared()).command).not.toHaveProperty("continues");
});

it("the next run starts from the base, with the reason, if the work does not fit or the policy says so", async () => {
  await timedOut({ "src/a.js": "exports.a = 2;\n" });
  const policy = home.control.policy();
  const repair = { ...policy.repair, continue_from: "base" as const };
  const asked = await prepared({ ...home.control, policy: () => ({ ...policy, repair }) });
  expect(asked.command.continues).toMatchObject({ patch: null, from_base: "repair.continue_from is base" });
  commitTo(remoteOf(), { files: { "src/a.js": "exports.a = 7;\n" } });
  const moved = await prepared();
  expect(moved.command.continues).toMatchObject({ patch: null, from_base: "src/a.js changed on both sides" });
  expect(moved.prompt).toContain("nothing of that run is in the checkout");
  await home.close();
  await timedOut({ "src/aux.js": "x\n" });
  expect((await prepared()).command.continues).toMatchObject({ patch: null, from_base: "unsafe: src/aux.js" });
  await home.close();
  await timedOut(null);
  const nothing = await prepared();
  expect(nothing.command.continues).toMatchObject({ patch: null, from_base: "that run left no change that was kept" });
});

it("a change that only needs tests is in the checkout, and the coder is told what to add", async () => {
  home = await openSignedHome();
  await home.seal();
  const decision = await decideGate(ids.task, { waits_for_window: false }, home.control);
  await home.submit({ ...decision, missing_tests: "a way", repair: { max_runs: 1, task_tokens: 1_000 } } as never);
  const { patch, run_id } = home.task().runs.at(-1) ?? {};
  expect(home.task()).toMatchObject({ next_cause: "tests", fallback: { run_id } });
  const { command, prompt } = await prepared();
  expect(command.continues).toEqual({ run_id, code: null, patch, from_base: null });
  expect(prompt).toContain("src/b.js (+1 -0)");
  expect(prompt).toContain("### What the tests leave open");
  expect(prompt).not.toMatch(/exports\.b = 3|did not come to its end/);
  commitTo(remoteOf(), { files: { "src/a.js": "exports.a = 7;\n" } });
  const moved = await prepared();
  expect(moved.command.continues).toMatchObject({ code: null, patch: null });
  expect(moved.prompt).toContain("The base alone (src/a.js changed on both sides)");
  expect(moved.prompt).toContain("exports.b = 3");
});
