/** A policy is tried on a real log, on files, and on cases beside it; the home stays as it is. */
import { readdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadPolicy } from "../../src/configuration/load-policy.ts";
import { blobStore } from "../../src/home/blobs.ts";
import { comparePolicies, simulatePolicy, testPolicy } from "../../src/reader/policy-trials.ts";
import { idOf } from "../log/lives.ts";
import { decidedHome } from "./decided-home.ts";

const { home, folder, instant, decided, close } = await decidedHome();

const share = (factor: string, points: number, hits: number | null) => {
  return { factor, points, count: hits, why: factor, missing: hits === null };
};
const start = { factor: "start", points: -200, why: "the start", missing: false };
const clean = [start, share("tests_can_fail", -1000, 12), share("new_tests_fail_on_base", -700, 1)];
const shares = [...clean, share("judges_pass", -600, 2), share("untested_ways", 1200, 1)];

function written(name: string, text: string): string {
  writeFileSync(folder.at(name), text);
  return folder.at(name);
}

beforeAll(async () => {
  const { digest: policy_digest } = blobStore(home).put(
    JSON.stringify(loadPolicy({ home }).policy),
    "application/json",
  );
  const inLogOdds = { policy_digest, score_kind: "log-odds", risk_score: -1300, shares } as const;
  await decided(0, "ask", {
    ...inLogOdds,
    reasons: [{ kind: "chance-of-harm", chance: 214, bound: 100, profile: "balanced" }],
  });
  await decided(1, "ask", { ...inLogOdds, reasons: [{ kind: "never-alone", path: "a.yml", rule: ".github/**" }] });
  await decided(2, "merge", { ...inLogOdds, risk_score: -2500, shares: shares.slice(0, 4) });
  await decided(3, "merge", { score_kind: "points" });
  await decided(4, "merge", { ...inLogOdds, policy_digest: "9".repeat(64) });
}, 60_000);
afterAll(close);

it("lists the recorded decisions that another policy would answer otherwise, and counts what it can't say", () => {
  const file = written(
    "lighter.yaml",
    "risk: { for: { untested_ways: { weight: 0.2 } } }\njudges: { when_missing: ask }\n",
  );
  const before = readdirSync(home);
  const simulation = simulatePolicy({ home, file });
  expect(simulation).toMatchObject({
    ...{ decisions: 3, was: { merge: 1, ask: 2, hold: 0 }, now: { merge: 2, ask: 1, hold: 0 } },
    not_simulated: { points: 1, "policy-missing": 1, counts: 0, "small-counts": 0 },
    not_tried: ["judges.when_missing"],
  });
  expect(simulation.different).toEqual([
    {
      ...{ task_id: idOf("t", 0), recorded_at: instant(0), profile: "balanced", was: "ask", now: "merge" },
      ...{ was_score: -1300, score: -2300, bound: 100, needs_tests: true },
      changed: [{ factor: "untested_ways", was: 1200, now: 200 }],
    },
  ]);
  expect(simulatePolicy({ home, file })).toEqual(simulation);
  expect(readdirSync(home)).toEqual(before);
});

it("simulates only decisions since an instant, and none differently under the policy that made them", () => {
  expect(simulatePolicy({ home }).different).toEqual([]);
  expect(simulatePolicy({ home, since: instant(150) })).toMatchObject({ decisions: 1, was: { merge: 1, ask: 0 } });
});

it("compares two policies by their keys as written and by their answers", () => {
  const second = written(
    "second.yaml",
    "risk: { for: { judge_flip: { weight: 0 } } }\npaths: { forbidden: ['*.pem'] }\n",
  );
  const { keys, answers } = comparePolicies({ home, first: "shipped", second });
  expect(keys).toEqual([
    { key: "paths.forbidden", values: [[".env*", "secrets/**", "*.pem", "*.key"], ["*.pem"]] },
    { key: "risk.for.judge_flip.weight", values: [3.4, 0] },
  ]);
  expect(answers.map(({ signal }) => signal)).toContain("judge_flip");
  expect(comparePolicies({ home, first: second, second })).toEqual({ keys: [], answers: [] });
  expect(() => comparePolicies({ home, first: "shipped", second: folder.at("absent.yaml") })).toThrow("no such file");
});

it("tests the policy with the cases in the home, and refuses cases that it can't read", () => {
  const one =
    "- { name: clean, signals: { tests_can_fail: 1, judges_pass: 1, new_tests_fail_on_base: 1 }, profile: balanced, expect: merge }\n";
  const other = "- { name: no test, signals: { code_without_test: 1 }, profile: aggressive, expect: merge }\n";
  expect(() => testPolicy({ home })).toThrow("policies.test.yaml: there is no such file");
  const file = written("home/policies.test.yaml", one + other);
  expect(testPolicy({ home })).toEqual({
    file,
    cases: [
      { name: "clean", profile: "balanced", expect: "merge", answer: "merge", score: -2500 },
      { name: "no test", profile: "aggressive", expect: "merge", answer: "ask", score: 1400 },
    ],
  });
  const lighter = written("no-test.yaml", "risk: { for: { code_without_test: { weight: 0 } }, start: -3 }\n");
  expect(testPolicy({ home, policy: lighter }).cases.map(({ answer }) => answer)).toEqual(["merge", "merge"]);
  const wrong = written("wrong.yaml", "- { name: a, signals: { frob: 1 }, profile: safe, expect: ask }\n");
  expect(() => testPolicy({ home, file: wrong })).toThrow("0.signals.frob: unknown key");
});
