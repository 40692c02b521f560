/** A change restored because the run for its tests did not help is shown, checked on a moved base and signed as the run that made it. */
import { join } from "node:path";
import type { CommandBody } from "@aedev/core";
import { ids, sampleHeldReport, startRun } from "@aedev/core/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/git-repositories.ts";
import { landingEvidence } from "../../src/phone/approval/landing-evidence.ts";
import { keptWork, salvageWork } from "../../src/reader/salvage.ts";
import { decideGate } from "../../src/work/decide-gate.ts";
import { openSignedHome, type SignedHome } from "../evidence/signed-home.ts";

const second = "r-bbbbbbbbbbbbbbbb";
let home: SignedHome;
beforeEach(async () => {
  home = await openSignedHome();
  await home.seal();
  const decision = await decideGate(ids.task, { waits_for_window: false }, home.control);
  await home.submit({ ...decision, missing_tests: "a way", repair: { max_runs: 1, task_tokens: 1_000 } } as never);
  const { base_commit, policy, settings, ref } = home.task();
  await home.submit({ ...startRun, run_id: second, base_commit, policy, settings, ref } as CommandBody);
});
afterEach(() => home.close());
const fail = () =>
  home.submit({ kind: "HoldTask", task_id: ids.task, code: "HOLD-CODER-FAILED", detail: "why", hold_id: ids.hold });

it("a restored change is shown with its own evidence and with what became of the run", async () => {
  const [before] = home.task().runs;
  expect(home.task()).toMatchObject({ status: "running", evidence: null, patch: null });
  await fail();
  const shown = landingEvidence(home.control, home.task());
  expect(shown.reasons[0]).toEqual({ kind: "run-for-tests", cause: "held", code: "HOLD-CODER-FAILED" });
  expect(Buffer.from(shown.patch).toString()).toContain("exports.b = 3");
  expect(home.task()).toMatchObject({ status: "asked", patch: before?.patch, evidence: { run_id: before?.run_id } });
});

it("a restored change is checked again on a moved base and sealed as the run that made it", async () => {
  await fail();
  const earlier = home.task().evidence;
  await home.approveAndMove();
  const { evidence, status } = home.task();
  expect(evidence).toMatchObject({ run_id: ids.run, parent: earlier?.bundle.digest });
  expect(evidence?.base_commit).not.toBe(earlier?.base_commit);
  expect(status).not.toBe("held");
});

it("salvage hands out the restored change, unless the failed run is named", async () => {
  const result = sampleHeldReport("HOLD-CODER-FAILED", { patch: home.blobs.put("half a test", "text/x-patch") });
  await home.submit({ kind: "RecordCoderResult", task_id: ids.task, run_id: second, result, hold_id: ids.hold });
  const of = { home: home.home, taskId: ids.task };
  expect(keptWork(of).map(({ run_id }) => run_id)).toEqual([ids.run, second]);
  const salvaged = (more: object = {}) => salvageWork({ ...of, to: join(temporaryFolder(), "salvaged"), ...more });
  expect(await salvaged()).toMatchObject({ run_id: ids.run });
  expect(await salvaged({ runId: second })).toMatchObject({ run_id: second });
});
