/** Control's own performers revert a landed change, on real git and a real log; only the checks' results and the verdicts are given. */
import {
  boundedProvenness,
  canonicalJson,
  isFault,
  noUsage,
  reasonText,
  revertReportSchema,
  withCoverage,
} from "@aedev/contracts";
import type { CommandBody, TaskState } from "@aedev/core";
import { ids, noRepair, verdictOf } from "@aedev/core/testing";
import { expect, it } from "vitest";
import { commitTo, gitText } from "../../../../test/support/git-repositories.ts";
import { revertCommand } from "../../src/clarification/revert-command.ts";
import { openBundle } from "../../src/control/read-blobs.ts";
import { decideGate } from "../../src/work/decide-gate.ts";
import { tryInverse } from "../../src/work/inverse-change.ts";
import { landChange } from "../../src/work/land-change.ts";
import { prepareRun } from "../../src/work/prepare-run.ts";
import { sealEvidence } from "../../src/work/seal-evidence.ts";
import { openSignedHome, type SignedHome } from "../evidence/signed-home.ts";

/** A home whose change has landed on `main` by a push. */
async function landedHome(): Promise<{ home: SignedHome; remote: string; tree: string }> {
  const home = await openSignedHome();
  const remote = home.state().repositories["repo"]?.url ?? "";
  const tree = gitText(remote, ["rev-parse", "main^{tree}"]);
  await home.seal();
  await home.decide();
  await home.submit({ kind: "ApproveLanding", task_id: ids.task, digest: null });
  await land(home, ids.task);
  return { home, remote, tree };
}

async function land({ control, submit }: SignedHome, taskId: string): Promise<void> {
  const command = await landChange(taskId, control);
  if (command?.kind !== "RecordLanded") throw new Error(`it did not land: ${JSON.stringify(command)}`);
  await submit(command);
}
const taskOf = ({ control }: SignedHome, id: string): TaskState => {
  const task = control.log.stateWith({ tasks: [id] }).tasks[id];
  if (task === undefined) throw new Error(`there is no task ${id}`);
  return task;
};

/** Makes the revert's task, as a person's request does. */
async function requested(home: SignedHome): Promise<string> {
  const task = taskOf(home, ids.task);
  const command = revertCommand(task, task.landed_commit ?? "", home.control);
  await home.submit(command);
  return command.revert_task_id;
}

/** Reports checks as the runner does for a repository without any. */
async function checked({ blobs, submit, ...home }: SignedHome, id: string): Promise<void> {
  const task = taskOf({ blobs, submit, ...home }, id);
  const json = (value: unknown) => blobs.put(canonicalJson(value), "application/json");
  const cell = { ran: false, why_not: "none", commands: [] };
  const names = ["old-tests-old-code", "old-tests-new-code", "new-tests-old-code", "new-tests-new-code"];
  const entries = {
    ...{ specification: task.specification, patch: task.patch, usage: json(noUsage) },
    environment: json({
      image: "i",
      image_id: "i",
      engine_version: "1",
      coder_version: "",
      prepare_cache_key: null,
      model: "",
    }),
    "base-commit": blobs.put(task.base_commit ?? "", "text/plain"),
    tree: blobs.put(task.tree ?? "", "text/plain"),
    "test-matrix": json({
      ...{ has_checks: false, own_control: null },
      cells: Object.fromEntries(names.map((name) => [name, cell])),
    }),
    provenness: json(withCoverage(boundedProvenness({ proven: 0, unproven: [], stayedGreen: [] }), "no-code")),
  };
  const manifest = { schema: 1, parent: null, entries };
  await submit({
    ...{ kind: "RecordChecksResult", task_id: id, run_id: task.runs.at(-1)?.run_id ?? "", hold_id: ids.hold },
    ...{ base_commit: task.base_commit, result: { outcome: "checked", tree: task.tree, manifest } },
  } as CommandBody);
}

it("a revert computes the inverse, compares it with the landed change, asks, and lands the tree before it", async () => {
  const { home, remote, tree } = await landedHome();
  const { control, submit } = home;
  const { landed_commit: commit } = taskOf(home, ids.task);
  const id = await requested(home);
  await submit(await prepareRun(id, control));
  const prepared = taskOf(home, id);
  expect(prepared).toMatchObject({ status: "captured", tree, base_commit: commit, environment: null });
  await checked(home, id);
  await submit(await sealEvidence(id, control));
  const { evidence } = taskOf(home, id);
  expect(evidence).toMatchObject({ judgeable: true, tree });
  const report = openBundle(control, evidence?.bundle.digest ?? "").entry("reverted", revertReportSchema);
  expect(report).toMatchObject({
    ...{ task_id: ids.task, commit, merged: [] },
    restored: ["docs/with space.md", "src/a.js", "src/b.js"],
  });
  for (const family of ["openai", "gemini"] as const) {
    const verdict = { ...verdictOf(family, "pass"), bundle_digest: evidence?.bundle.digest ?? "" };
    await submit({ kind: "RecordVerdict", task_id: id, verdict });
  }
  await submit({ ...(await decideGate(id, { waits_for_window: false }, control)), repair: noRepair } as never);
  const { gate, status } = taskOf(home, id);
  expect({ status, answer: gate?.answer }).toEqual({ status: "asked", answer: "ask" });
  expect(gate?.reasons.map((reason) => reasonText(reason))[0]).toContain("3 files go back to exactly what they were");
  expect(await landChange(id, control)).toBeNull();

  await submit({ kind: "ApproveLanding", task_id: id, digest: null });
  await land(home, id);
  expect(gitText(remote, ["rev-parse", "main^{tree}"])).toBe(tree);
  const message = gitText(remote, ["log", "-1", "--format=%B", "main"]);
  expect(message).toMatch(new RegExp(`^Revert "Close it"\\n\\nThis reverts commit ${commit}\\.\\n`));
  await expect(tryInverse(taskOf(home, ids.task), control)).rejects.toThrow("is taken back already");
  await home.close();
});

it("a revert is held with the files' names if later commits changed the same lines, even after the request", async () => {
  const { home, remote } = await landedHome();
  const { control } = home;
  expect((await tryInverse(taskOf(home, ids.task), control)).patch.length).toBeGreaterThan(0);
  const id = await requested(home);
  commitTo(remote, { files: { "src/a.js": "exports.a = 'theirs';\n" } });
  const refused = await prepareRun(id, control).catch((error: unknown) => error);
  expect(isFault(refused, "HOLD-REVERT") ? refused.detail : refused).toBe(
    "later commits changed the same lines: src/a.js; submit a mission that says what to undo: aedev intake TEXT",
  );
  await expect(tryInverse(taskOf(home, ids.task), control)).rejects.toThrow("src/a.js");
  // What changed elsewhere stays, and nobody calls it part of the revert.
  commitTo(remote, { files: { "src/a.js": "exports.a = 2;\n", "elsewhere.txt": "x\n" } });
  expect(await prepareRun(id, control)).toMatchObject({ kind: "PrepareRevert" });
  await home.close();
});
