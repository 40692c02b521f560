/** From a real log: what a person approved as it was is counted, and a suggestion has its command and its effect; taking it ends it. */
import { readdirSync, writeFileSync } from "node:fs";
import type { CommandBody } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { afterAll, beforeAll, expect, it } from "vitest";
import { setConfiguration } from "../../src/configuration/describe-configuration.ts";
import { loadPolicy } from "../../src/configuration/load-policy.ts";
import { blobStore } from "../../src/home/blobs.ts";
import { suggestForHome } from "../../src/reader/policy-suggestions.ts";
import { happenings } from "../log/lives.ts";
import { decidedHome } from "./decided-home.ts";

const { home, tell, decided, close } = await decidedHome();
const share = (factor: string, points: number, hits: number) => {
  return { factor, points, count: hits, why: factor, missing: false };
};
const start = { factor: "start", points: -200, why: "the start", missing: false };
const shares = [
  start,
  share("tests_can_fail", -1000, 12),
  share("judges_pass", -600, 2),
  share("independent_tests_pass", -1200, 3),
  share("code_without_test", 1600, 1),
];
const answered = 30;
const approve = happenings["approve the change"] as CommandBody;
const reject = happenings["reject the change"] as CommandBody;

beforeAll(async () => {
  const policy = JSON.stringify(loadPolicy({ home }).policy);
  const { digest: policy_digest } = blobStore(home).put(policy, "application/json");
  const asked = { policy_digest, score_kind: "log-odds", risk_score: -1400, shares } as const;
  const sum = { kind: "chance-of-harm", chance: 198, bound: 100, profile: "balanced" } as const;
  for (let number = 0; number < answered; number += 1) {
    await decided(number, "ask", { ...asked, reasons: [sum] });
    await tell(number, number === 0 ? reject : approve, { way: "terminal" });
  }
  // A person has not answered this one.
  await decided(answered, "ask", { ...asked, reasons: [sum] });
}, 60_000);
afterAll(close);

it("counts answers by reason, and suggests a weight with its command and its effect", () => {
  const before = readdirSync(home);
  const found = suggestForHome({ home });
  expect(found).toMatchObject({
    answered,
    reasons: [
      {
        reason: "code_without_test",
        means: "code changes, but no test",
        always: false,
        asked: answered,
        not_approved: 1,
      },
    ],
  });
  const [one, ...others] = found.suggestions;
  expect(others).toEqual([]);
  expect(one).toMatchObject({
    ...{ kind: "weight", signal: "code_without_test", was: 1600, key: "risk.for.code_without_test.weight" },
    effect: { decisions: answered + 1, was: { merge: 0, ask: answered + 1 }, now: { merge: answered + 1, ask: 0 } },
  });
  expect(suggestForHome({ home })).toEqual(found);
  expect(readdirSync(home)).toEqual(before);
});

it("suggests nothing more once the weight is taken", () => {
  writeFileSync(homeLayout(home).policies, "");
  const [one] = suggestForHome({ home }).suggestions;
  if (one === undefined) throw new Error("nothing is suggested");
  setConfiguration({ home, environment: {}, key: one.key, text: one.value });
  expect(suggestForHome({ home }).suggestions).toEqual([]);
});
