/** Orders on a planted bundle look like orders on a real bundle, and only the ordered judge's verdict on it is recorded. */

import type { Family, JudgeEvidence, PlaneReport, Verdict } from "@aedev/contracts";
import { initialState, type State } from "@aedev/core";
import { blob, verdictOf } from "@aedev/core/testing";
import { expect, it } from "vitest";
import { judgeCanary } from "../../src/canary/judge-canary.ts";
import type { Control } from "../../src/control/control.ts";
import type { Planes } from "../../src/planes/planes.ts";

const canaryId = "c-abcdefghjkmnpqrs";
const bundle = blob("e");
const canary = { canary_id: canaryId, bundle, verdict_nonces: { openai: "0".repeat(32), gemini: "1".repeat(32) } };
const state: State = { ...initialState, canaries: { [canaryId]: canary as never } };
const control = {
  configuration: { models: { openai: "o", gemini: "g" }, addresses: { openai: null, gemini: null } },
  policy: () => ({ judges: { timeout_ms: 1000, prompt_bytes: 1000, answer_tokens: 100 } }),
  judgePromptDigest: "9".repeat(64),
} as never as Control;

async function judged(family: Family, said: Partial<Verdict> = {}) {
  const orders: JudgeEvidence[] = [];
  const planes: Pick<Planes, "perform"> = {
    async perform(_plane, work) {
      const order = work as JudgeEvidence;
      orders.push(order);
      const { model, prompt_digest } = order;
      const { answer: _answer, ...verdict } = verdictOf(family, "pass");
      const own = { ...verdict, model, prompt_digest, bundle_digest: bundle.digest, ...said };
      return { kind: "JudgeEvidence", verdict: own, answer: null } as never as PlaneReport;
    },
  };
  const work = { kind: "JudgeCanary", plane: "judgement", work_id: "w", task_id: null } as const;
  const body = await judgeCanary({ ...work, canary_id: canaryId, family, bundle_digest: bundle.digest }, state, {
    control,
    planes,
  });
  return { body, order: orders[0] };
}

it("orders on a planted bundle name one task to every family and at each try, as orders on real work do", async () => {
  const tasks = [await judged("openai"), await judged("gemini"), await judged("openai")].map(
    ({ order }) => order?.task_id,
  );
  expect(new Set(tasks).size).toBe(1);
  expect(tasks[0]).toMatch(/^t-[a-z0-9]{16}$/);
});

it("a verdict on a planted bundle is accepted only from the ordered judge, not from another model, prompt or bundle", async () => {
  expect((await judged("openai")).body).toMatchObject({ kind: "RecordCanaryVerdict", canary_id: canaryId });
  for (const other of [{ model: "x" }, { prompt_digest: "8".repeat(64) }, { bundle_digest: "7".repeat(64) }])
    await expect(judged("openai", other)).rejects.toThrow(/another judge or on another bundle/);
});
