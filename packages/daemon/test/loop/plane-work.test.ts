/** Who is asked for a verdict and whose answer counts: nobody if the verdict is known, and no report about a judge other than the ordered one. */

import type { JudgeEvidenceReport, PlaneReport, TaskId, Verdict } from "@aedev/contracts";
import { initialState, type State, type Work } from "@aedev/core";
import { ids, stateAfter, verdictOf } from "@aedev/core/testing";
import { describe, expect, it } from "vitest";
import type { Control } from "../../src/control/control.ts";
import { independentOf } from "../../src/control/run-inputs.ts";
import { performByPlane } from "../../src/loop/plane-work.ts";
import type { Planes } from "../../src/planes/planes.ts";

const judgePromptDigest = "9".repeat(64);
const asked = {
  prompt_digest: judgePromptDigest,
  model: "judge",
  views: [{ view: "plain" as const, verdict: "pass" as const, detail: null }],
};
const work: Extract<Work, { kind: "JudgeEvidence" }> = {
  kind: "JudgeEvidence",
  plane: "judgement",
  work_id: `JudgeEvidence/${"e".repeat(64)}/gemini`,
  task_id: ids.task,
  family: "gemini",
  bundle_digest: "e".repeat(64),
};

/** `gemini` null: no longer configured. */
function control(gemini: string | null, state: State = sealed): Control {
  const judges = { timeout_ms: 1000, prompt_bytes: 1000, answer_tokens: 10 };
  const configuration = { models: { gemini }, addresses: { gemini: null } };
  const blobs = { put: () => ({ digest: "a".repeat(64), size_bytes: 1, media_type: "text/plain" }) };
  const charges = { since: () => [], ofStreams: () => [] };
  const log = { state, stateWith: () => state, views: { charges } };
  const none = { run: null, mission: null, repository_day: null, day: null };
  const budgets = () => ({ limits: { tokens: none, usd: none, minutes: none, runs: none }, prices: {} });
  return { configuration, judgePromptDigest, policy: () => ({ judges }), budgets, blobs, log } as never;
}

/** A judgement plane that answers with this verdict and counts its work. */
function plane(verdict: Omit<Verdict, "answer">) {
  const calls: unknown[] = [];
  const planes: Pick<Planes, "perform"> = {
    async perform(_name, order): Promise<PlaneReport> {
      calls.push(order);
      const report: JudgeEvidenceReport = {
        kind: "JudgeEvidence",
        work_id: work.work_id,
        nonce: "0".repeat(32),
        generation: 1,
        verdict,
        answer: "{}",
      };
      return report;
    },
  };
  return { calls, planes: planes as Planes };
}
const { answer: _none, ...pass } = { ...verdictOf("gemini", "pass"), ...asked };
const sealed = stateAfter("sealed", initialState);

/** The state after another task was judged on the same change. */
function afterTwin(word: Verdict): State {
  const task = sealed.tasks[ids.task];
  if (task?.evidence == null) throw new Error("the story seals");
  const { change_digest, tree } = task.evidence;
  const twin = { ...task, task_id: "t-bbbbbbbbbbbbbbbb" as TaskId, judged: [{ change_digest, tree, verdict: word }] };
  return { ...sealed, tasks: { ...sealed.tasks, [twin.task_id]: twin } };
}

it("no judge is asked while the vendor is down for all, but an earlier answer still counts", async () => {
  const outage = { since: "2026-01-01T00:00:00.000Z", results: 2, lifts: 0, probe_from: "2026-01-01T00:00:00.000Z" };
  const down = (state: State, results: number): State => ({
    ...state,
    system: { ...state.system, judge_outages: { gemini: { ...outage, results } } },
  });
  const after = async (state: State) => {
    const { calls, planes } = plane(pass);
    const body = await performByPlane(work, state, { control: control("judge", state), planes });
    return [calls.length, body?.kind === "RecordVerdict" && [body.verdict.verdict, body.verdict.detail]];
  };
  expect(await after(down(sealed, 2))).toEqual([0, ["inconclusive", "unavailable"]]);
  expect(await after(down(sealed, 1))).toEqual([1, ["pass", null]]);
  const known = afterTwin({ ...verdictOf("gemini", "fail"), ...asked });
  expect(await after(down(known, 2))).toEqual([0, ["fail", null]]);
});

it("a judge that has not answered on this change is asked, and one that has is not", async () => {
  const fresh = plane(pass);
  expect(await performByPlane(work, sealed, { control: control("judge"), planes: fresh.planes })).toMatchObject({
    kind: "RecordVerdict",
    verdict: { verdict: "pass", answer: { digest: "a".repeat(64) } },
  });
  expect(fresh.calls).toHaveLength(1);

  const spoken = plane(pass);
  const failed = { ...verdictOf("gemini", "fail"), ...asked, bundle_digest: "c".repeat(64) };
  expect(
    await performByPlane(work, sealed, { control: control("judge", afterTwin(failed)), planes: spoken.planes }),
  ).toMatchObject({
    kind: "RecordVerdict",
    verdict: { verdict: "fail", bundle_digest: "e".repeat(64), reused_from: "c".repeat(64) },
  });
  expect(spoken.calls).toHaveLength(0);
  const other = plane({ ...pass, model: "judge-2" });
  await performByPlane(work, sealed, { control: control("judge-2", afterTwin(failed)), planes: other.planes });
  expect(other.calls).toHaveLength(1);
});

it("no judge is called for a family that is no longer configured", async () => {
  const { calls, planes } = plane(pass);
  expect(await performByPlane(work, sealed, { control: control(null), planes })).toMatchObject({
    verdict: { family: "gemini", verdict: "not_configured", bundle_digest: "e".repeat(64) },
  });
  expect(calls).toHaveLength(0);
});

it("no report of another family, model, prompt or bundle is accepted", async () => {
  const claims: Partial<Verdict>[] = [
    { family: "openai" },
    { model: "another" },
    { prompt_digest: "8".repeat(64) },
    { bundle_digest: "c".repeat(64) },
  ];
  for (const claim of claims)
    await expect(
      performByPlane(work, sealed, { control: control("judge"), planes: plane({ ...pass, ...claim }).planes }),
    ).rejects.toMatchObject({ code: "report-mismatch" });
  expect(await performByPlane(work, sealed, { control: control("judge"), planes: plane(pass).planes })).not.toBeNull();
});

describe("tests of another run", () => {
  it("another run's tests run on a change if that run wrote something", () => {
    const { patch } = stateAfter("captured", initialState).tasks[ids.task] ?? {};
    if (patch == null) throw new Error("the story has a patch");
    const written = { base_commit: "7".repeat(40), patch };
    expect(independentOf({ independent: { written, rounds: 1, run_id: ids.run } })).toEqual({ independent: written });
    expect(independentOf({ independent: { written: null, rounds: 1, run_id: ids.run } })).toEqual({});
    expect(independentOf({})).toEqual({});
  });
});
