/** The table of signals shows each answer on which two policies differ, and cases say whether a policy answers as a person wants. */
import { expect, it } from "vitest";
import type { Policy } from "../../../src/gate/policy/policy-schema.ts";
import { compareAnswers } from "../../../src/gate/trial/compare-policies.ts";
import { policyCasesSchema, tryCases } from "../../../src/gate/trial/policy-cases.ts";
import { samplePolicy } from "../sample-policy.ts";

const withRisk = (risk: Partial<Policy["risk"]>): Policy => ({
  ...samplePolicy,
  risk: { ...samplePolicy.risk, ...risk },
});
const rowsOf = (first: Policy, second: Policy) =>
  compareAnswers(first, second).map(({ signal, count, beside, profile, answers: [one, other] }) =>
    [signal, count ?? "missing", beside, profile, `${one.answer} -> ${other.answer}`].join(" "),
  );

it("finds no different answer between equal policies", () => {
  expect(compareAnswers(samplePolicy, structuredClone(samplePolicy))).toEqual([]);
});

it("lists each signal, count and profile whose answer differs, beside nothing and beside the best clean change", () => {
  const harm = {
    ...samplePolicy.risk.for,
    judge_flip: { weight: 0 },
    test_finding: { weight: 2600, per: 3, most: 9000 },
  };
  const profiles = ["safe", "balanced", "aggressive"];
  expect(rowsOf(samplePolicy, withRisk({ for: harm }))).toEqual([
    ...profiles.map((profile) => `test_finding 12 nothing ${profile} ask -> hold`),
    ...profiles.map((profile) => `test_finding missing nothing ${profile} ask -> hold`),
    "test_finding 2 clean balanced ask -> merge",
    "test_finding 2 clean aggressive ask -> merge",
    "test_finding 3 clean balanced ask -> merge",
    "test_finding 3 clean aggressive ask -> merge",
    "judge_flip 1 clean balanced ask -> merge",
    "judge_flip missing clean balanced ask -> merge",
  ]);
});

it("gives the answer that a case expects, or another one with its score", () => {
  const cases = policyCasesSchema.parse([
    {
      name: "clean",
      signals: { tests_can_fail: 3, judges_pass: 1, new_tests_fail_on_base: 1 },
      profile: "balanced",
      expect: "merge",
    },
    { name: "no test", signals: { code_without_test: 1 }, profile: "aggressive", expect: "merge" },
    { name: "unknown", signals: { test_finding: "missing", unneeded_code: 9 }, profile: "safe", expect: "hold" },
  ]);
  expect(tryCases(cases, samplePolicy).map(({ answer, score }) => [answer, score])).toEqual([
    ["merge", -2500],
    ["ask", 1400],
    ["hold", 8600],
  ]);
});

it.each([
  [{}, "must be a list"],
  [[], "has no case"],
  [[{ name: "a", signals: { frob: 1 }, profile: "safe", expect: "ask" }], "frob"],
  [[{ name: "a", signals: { unwatched: -1 }, profile: "safe", expect: "ask" }], "whole number"],
  [[{ name: "a", signals: {}, profile: "safe", expect: "merged" }], "merge"],
])("refuses cases of another form: %j", (document, why) => {
  const parsed = policyCasesSchema.safeParse(document);
  expect(JSON.stringify(parsed.error?.issues)).toContain(why);
});
