/** Verdicts of families, combined. */
import { expect, it } from "vitest";
import { combineVerdicts } from "../../src/judge/combine.ts";
import type { Verdict } from "../../src/wire/index.ts";

const families = ["openai", "gemini"];

import { verdict } from "../policy/sample-policy.ts";

const combine = (...verdicts: Verdict[]) => combineVerdicts({ verdicts, families, familiesRequired: 2 });

it("passes only with every family's pass on one bundle", () => {
  expect(combine(verdict("openai", "pass"), verdict("gemini", "pass")).outcome).toBe("passed");
  const elsewhere = { ...verdict("gemini", "pass"), bundle_digest: "c".repeat(64) };
  expect(combine(verdict("openai", "pass"), elsewhere)).toMatchObject({ outcome: "inconclusive" });
  expect(combine(verdict("openai", "pass")).unsure).toEqual(["gemini no_verdict"]);
});

it("takes the worse of two words of one family", () => {
  const both = [verdict("openai", "pass"), verdict("gemini", "pass")];
  expect(combine(...both, verdict("openai", "pass")).outcome).toBe("passed");
  expect(combine(...both, verdict("openai", "fail")).outcome).toBe("disagreement");
});

it("never counts the coder's own family", () => {
  const verdicts = [verdict("openai", "pass"), verdict("gemini", "pass")];
  const question = { verdicts, familiesRequired: 2 };
  expect(combineVerdicts({ ...question, families: ["openai", "gemini"] }).outcome).toBe("passed");
  const counted = combineVerdicts({ ...question, families: ["openai", "anthropic"] });
  expect(counted).toMatchObject({ outcome: "inconclusive", unsure: ["1 of 2 judges"] });
});

it("puts a missing key before a failed verdict, and failure before doubt", () => {
  expect(combine(verdict("openai", "fail"), verdict("gemini", "not_configured")).outcome).toBe("not_configured");
  expect(combine(verdict("openai", "fail"), verdict("gemini", "inconclusive", "nonce")).outcome).toBe("failed");
  expect(combine(verdict("openai", "fail"), verdict("gemini", "pass")).outcome).toBe("disagreement");
});
