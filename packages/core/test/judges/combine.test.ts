/** The combined outcome of the families' verdicts. */

import type { Verdict } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { combineVerdicts, type VerdictQuestion } from "../../src/judges/combine.ts";

const families = ["openai", "gemini"];

import { verdict } from "../gate/sample-policy.ts";

const combine = (...verdicts: Verdict[]) => combineVerdicts({ verdicts, families, familiesRequired: 2 });

it("passes only if every family passes the same bundle", () => {
  expect(combine(verdict("openai", "pass"), verdict("gemini", "pass")).outcome).toBe("passed");
  const elsewhere = { ...verdict("gemini", "pass"), bundle_digest: "c".repeat(64) };
  expect(combine(verdict("openai", "pass"), elsewhere)).toMatchObject({ outcome: "inconclusive" });
  expect(combine(verdict("openai", "pass")).unsure).toEqual([{ family: "gemini", said: "no_verdict" }]);
});

it("takes the worse of two verdicts of one family", () => {
  const both = [verdict("openai", "pass"), verdict("gemini", "pass")];
  expect(combine(...both, verdict("openai", "pass")).outcome).toBe("passed");
  expect(combine(...both, verdict("openai", "fail")).outcome).toBe("disagreement");
});

describe("three families", () => {
  const three = ["openai", "gemini", "compatible"] as const;
  const asked = (words: readonly (readonly [Verdict["verdict"], string?])[], change: Partial<VerdictQuestion> = {}) =>
    combineVerdicts({
      verdicts: words.map(([word, detail], index) => verdict(three[index] ?? "openai", word, detail ?? null)),
      families: three,
      familiesRequired: 2,
      ...change,
    });

  it("passes with any two of three families, even if the third has no key, is silent or is unsure", () => {
    for (const third of [
      ["pass"],
      ["not_configured"],
      ["inconclusive", "http_500"],
      ["inconclusive", "verdict"],
    ] as const)
      expect(asked([["pass"], ["pass"], third]).outcome).toBe("passed");
    expect(asked([["not_configured"], ["pass"], ["pass"]]).outcome).toBe("passed");
    expect(asked([["pass"], ["inconclusive", "timeout"], ["pass"]]).outcome).toBe("passed");
    expect(asked([["pass"], ["inconclusive", "timeout"], ["not_configured"]]).outcome).toBe("inconclusive");
    expect(asked([["pass"], ["not_configured"], ["not_configured"]]).outcome).toBe("not_configured");
    expect(asked([["pass"], ["pass"], ["inconclusive"]], { familiesRequired: 3 }).outcome).toBe("inconclusive");
  });

  it("fails if any of three families fails, whatever the others say", () => {
    for (const others of [["pass"], ["inconclusive", "timeout"], ["not_configured"]] as const) {
      expect(asked([["pass"], ["fail"], others]).outcome).toBe("disagreement");
      expect(asked([["fail"], ["pass"], others]).outcome).toBe("disagreement");
    }
    expect(asked([["fail"], ["inconclusive", "timeout"], ["not_configured"]]).outcome).toBe("failed");
  });

  it("ignores the pass of a judge without a vote, but counts its fail", () => {
    const unqualified = [{ family: "gemini" }];
    expect(asked([["pass"], ["pass"], ["pass"]], { unqualified }).outcome).toBe("passed");
    const alone = asked([["pass"], ["pass"], ["inconclusive", "timeout"]], { unqualified });
    expect(alone).toMatchObject({ outcome: "unqualified", unqualified: ["gemini"] });
    expect(asked([["pass"], ["pass"], ["inconclusive", "timeout"]]).outcome).toBe("passed");
    expect(asked([["pass"], ["fail"], ["pass"]], { unqualified }).outcome).toBe("disagreement");
    expect(asked([["pass"], ["inconclusive", "timeout"], ["not_configured"]], { unqualified }).outcome).toBe(
      "inconclusive",
    );
  });

  it("passes exactly if no judge failed and enough passes count, in each of the 4^3 × 2^3 cases", () => {
    const words = ["pass", "fail", "inconclusive", "not_configured"] as const;
    let passed = 0;
    for (const one of words)
      for (const two of words)
        for (const last of words)
          for (let mask = 0; mask < 8; mask += 1) {
            const answers = [one, two, last];
            const unqualified = three.filter((_, index) => (mask >> index) % 2 === 1).map((family) => ({ family }));
            const counts = answers.filter((word, index) => word === "pass" && (mask >> index) % 2 === 0).length;
            const { outcome } = asked(
              answers.map((word) => [word] as const),
              { unqualified },
            );
            expect(outcome === "passed").toBe(counts >= 2 && !answers.includes("fail"));
            if (outcome === "passed") passed += 1;
          }
    expect(passed).toBeGreaterThan(0);
  });
});

it("never counts the coder's own family", () => {
  const verdicts = [verdict("openai", "pass"), verdict("gemini", "pass")];
  const question = { verdicts, familiesRequired: 2 };
  expect(combineVerdicts({ ...question, families: ["openai", "gemini"] }).outcome).toBe("passed");
  const counted = combineVerdicts({ ...question, families: ["openai", "anthropic"] });
  expect(counted).toMatchObject({ outcome: "inconclusive", unsure: [], passed: ["openai"], required: 2 });
});

it("ranks a missing key before a failed verdict, and a failed verdict before doubt", () => {
  expect(combine(verdict("openai", "fail"), verdict("gemini", "not_configured")).outcome).toBe("not_configured");
  expect(combine(verdict("openai", "fail"), verdict("gemini", "inconclusive", "nonce")).outcome).toBe("failed");
  expect(combine(verdict("openai", "fail"), verdict("gemini", "pass")).outcome).toBe("disagreement");
});
