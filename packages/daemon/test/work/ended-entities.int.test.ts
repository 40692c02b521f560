/** What still counts of an ended task: its judges' answers on the same change, its tokens and its evidence. A planted bundle is never signed. */
import type { CommandBody } from "@aedev/core";
import { tokensCharged } from "@aedev/core/reading";
import { ids } from "@aedev/core/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readSigned } from "../../src/reader/evidence-of-home.ts";
import { draftTokens } from "../../src/work/draft.ts";
import { knownVerdict } from "../../src/work/known-verdict.ts";
import { sealEvidence } from "../../src/work/seal-evidence.ts";
import { openSignedHome, type SignedHome } from "../evidence/signed-home.ts";
import { happenings, idOf, judgeCanary, ofMission, plant } from "../log/lives.ts";

let signed: SignedHome;
beforeEach(async () => {
  signed = await openSignedHome();
});
afterEach(() => signed.close());

async function sealed() {
  const seal = await sealEvidence(ids.task, signed.control);
  if (seal.kind !== "SealEvidence") throw new Error("the change is sealed");
  return { seal, asked: Object.keys(seal.verdict_nonces).sort() };
}

it("a removed judge's veto on the same change still counts, without a request to that judge", async () => {
  const { seal, asked } = await sealed();
  expect(asked).toEqual(["gemini", "openai"]);
  const steps = ["step 0", "step 1", "step 2", "step 3", "step 4", "step 5"];
  for (const name of [...steps, "fail by openai", "cancel the task"]) {
    const text = JSON.stringify(ofMission(1, happenings[name] as CommandBody));
    const own = text.replaceAll(`d${"1".padStart(63, "0")}`, seal.change_digest).replaceAll("openai", "compatible");
    await signed.submit(JSON.parse(own));
  }
  expect(signed.state().tasks[idOf("t", 1)]).toBeUndefined();
  const again = await sealed();
  expect(again.asked).toEqual(["compatible", "gemini", "openai"]);
  await signed.submit(again.seal);
  const known = (compatible: string | null) => {
    const { configuration } = signed.control;
    const models = { ...configuration.models, compatible };
    const control = {
      ...signed.control,
      configuration: { ...configuration, models },
      judgePromptDigest: "9".repeat(64),
    };
    return knownVerdict({ family: "compatible", bundle_digest: seal.bundle.digest }, { task: signed.task(), control });
  };
  const veto = { verdict: "fail", bundle_digest: seal.bundle.digest, reused_from: `e${"1".padStart(63, "0")}` };
  expect(known(null)).toMatchObject(veto);
  expect(known("judge")).toMatchObject(veto);
  expect(known("another")).toBeNull();
});

it("no planted bundle is signed, even when its judges have answered", async () => {
  const { bundle } = (await sealed()).seal;
  const planted = (body: CommandBody) =>
    JSON.parse(JSON.stringify(body).replaceAll(`c${"1".padStart(63, "0")}`, bundle.digest));
  await signed.submit(planted(plant(1, { audit: null, beside: null })));
  await signed.submit(planted(judgeCanary(1)));
  expect(signed.state().canaries).toEqual({});
  await expect(sealed()).rejects.toMatchObject({ code: "planted-bundle" });
});

it("the day's tokens and the signed evidence of an ended task stay", async () => {
  const { seal } = await sealed();
  await signed.submit(seal);
  const day = (since = "2026-01-01T00:00:00.000Z") =>
    signed.control.log.views.charges.since(since).reduce((sum, charge) => sum + tokensCharged(charge), 0);
  const tokens = day();
  await signed.submit({ kind: "CancelMission", mission_id: ids.mission });
  expect(signed.state().tasks).toEqual({});
  expect([tokens, day()]).toEqual([300, 300]);
  expect(day(new Date(Date.now() + 60_000).toISOString())).toBe(0);
  const { task, bundle } = await readSigned(signed.home, ids.task);
  expect([task.status, bundle.manifest.entries.patch]).toMatchObject(["cancelled", { media_type: "text/x-patch" }]);
});

it("a draft's tokens count for the day, even of a mission cancelled meanwhile, and a draft under way stays open", async () => {
  const day = (since = "2026-01-01T00:00:00.000Z") =>
    signed.control.log.views.charges.since(since).reduce((sum, charge) => sum + tokensCharged(charge), 0);
  const before = day();
  const submit = (name: string) => signed.submit(ofMission(1, happenings[name] as CommandBody));
  for (const name of ["step 0", "ask for a draft", "cancel the mission"]) await submit(name);
  expect([day() - before, signed.state().missions[idOf("m", 1)]?.stage]).toEqual([0, "cancelled"]);
  expect(draftTokens(signed.control)).toBe(200_000);
  const withDay = (day: number) => {
    const { limits, prices } = signed.control.budgets();
    const narrower = { ...limits, tokens: { ...limits.tokens, day } };
    return { ...signed.control, budgets: () => ({ limits: narrower, prices }) };
  };
  const narrow = withDay(before + 1400);
  expect(draftTokens(narrow)).toBe(400);
  await submit("interrupt the draft");
  expect([day() - before, signed.state().missions[idOf("m", 1)]]).toEqual([1000, undefined]);
  expect(draftTokens(narrow)).toBe(400);
  expect(draftTokens(withDay(before + 1000))).toMatchObject({ kind: "refused", code: "no-tokens" });
});
