/** What no input can do: merge without full evidence, enough passing families and green checks, under any profile and policy. */

import { firstHoldCode, reasonText, type Verdict } from "@aedev/contracts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { askReasons } from "../../src/gate/ask-reasons.ts";
import { gate } from "../../src/gate/gate.ts";
import type { GateInput } from "../../src/gate/hard-gates.ts";
import { signalOf } from "../../src/gate/risk/signals.ts";
import { greenChecks, honestFix, provenTests, samplePolicy, testFile, verdict } from "./sample-policy.ts";
import { anyPolicy } from "./trial/any-policy.ts";

const good = honestFix();
const checksStatus = fc.constantFrom("green", "red", "base-red", "exit-code-only", "none", "incomplete" as const);
const paths = fc.array(fc.string({ maxLength: 30 }), { maxLength: 2 });
const words = fc.constantFrom<Verdict["verdict"]>("pass", "fail", "inconclusive", "not_configured");
const verdicts = fc.array(
  fc.record({
    family: fc.constantFrom("openai" as const, "gemini" as const),
    word: words,
    bundle: fc.constantFrom("b", "c"),
  }),
  { maxLength: 4 },
);
/** Mostly the good value, so that merges do occur. */
const mostly = <T>(value: T, others: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: others });

const inputs: fc.Arbitrary<GateInput> = fc
  .record({
    status: mostly("green" as const, checksStatus),
    newlyFailing: mostly<string[]>([], paths),
    vanished: mostly<string[]>([], paths),
    forbidden: mostly<string[]>([], paths),
    unsafe: mostly<string[]>([], paths),
    asked: mostly<string[]>([], paths),
    secrets: mostly<string[]>([], paths),
    suspicious: mostly<string[]>([], paths),
    missing: mostly<string[]>([], paths),
    absent: mostly<string | null>(
      null,
      fc.constantFrom(
        "checks",
        "provenness",
        "pathReport",
        "secretReport",
        "dependencyChanges",
        "testChanges",
        "touched",
      ),
    ),
    proven: mostly(3, fc.nat(1)),
    stayedGreen: mostly<string[]>([], paths),
    assertionsAfter: mostly(4, fc.nat(8)),
    lines: fc.nat(3000),
    verdicts: mostly(
      [
        { family: "openai" as const, word: "pass" as const, bundle: "b" },
        { family: "gemini" as const, word: "pass" as const, bundle: "b" },
      ] as { family: "openai" | "gemini"; word: Verdict["verdict"]; bundle: string }[],
      verdicts,
    ),
    profile: fc.constantFrom("safe" as const, "balanced" as const, "aggressive" as const),
    whenMissing: fc.constantFrom("hold" as const, "ask" as const),
    writes: mostly("allowed" as const, fc.constantFrom("allowed" as const, "on-approval" as const, "off" as const)),
    riskAcknowledged: fc.boolean(),
  })
  .map((drawn) => {
    const [file, test] = good.pathReport?.files ?? [];
    if (file === undefined || test === undefined) throw new Error("the good change has two files");
    return honestFix({
      checks: { ...greenChecks, status: drawn.status, newly_failing: drawn.newlyFailing, vanished: drawn.vanished },
      provenness: { ...provenTests(drawn.proven), stayed_green: drawn.stayedGreen },
      pathReport: {
        files: [{ ...file, added_lines: drawn.lines }, test],
        renames: [],
        forbidden: drawn.forbidden.map((path) => ({ path, rule: "r" })),
        unsafe: drawn.unsafe.map((path) => ({ path, why: "w" })),
        never_by_itself: drawn.asked.map((path) => ({ path, rule: "r" })),
      },
      secretReport: { scanner: "s", findings: drawn.secrets.map((path) => ({ path, line: 1, rule: "r" })) },
      dependencyChanges: {
        changes: drawn.suspicious.map((name) => ({ file: "f", name, from: null, to: "1", suspicious: "why" })),
      },
      testChanges: {
        files: [testFile({ assertions_after: drawn.assertionsAfter })],
        settings: [],
        code_findings: [],
        only_adds_functions: [],
        only_adds_rows: [],
      },
      missingEvidence: drawn.missing,
      verdicts: drawn.verdicts.map((one) => ({
        ...verdict(one.family, one.word),
        bundle_digest: one.bundle.repeat(64),
      })),
      policy: { ...samplePolicy, judges: { ...samplePolicy.judges, when_missing: drawn.whenMissing } },
      profile: drawn.profile,
      writes: drawn.writes,
      riskAcknowledged: drawn.riskAcknowledged,
      ...(drawn.absent === null ? {} : { [drawn.absent]: null }),
    });
  });

function isProven(input: GateInput): boolean {
  const { checks, pathReport, secretReport, dependencyChanges, testChanges } = input;
  if (checks === null || pathReport === null || secretReport === null) return false;
  const { provenness } = input;
  if (provenness === null || provenness.proven === 0 || provenness.stayed_green.length > 0) return false;
  if (dependencyChanges === null || testChanges === null || input.touched === null) return false;
  const passing = (family: string) => {
    const own = input.verdicts.filter((one) => one.family === family);
    return own.length > 0 && own.every((one) => one.verdict === "pass");
  };
  return (
    checks.status === "green" &&
    checks.newly_failing.length + checks.vanished.length === 0 &&
    pathReport.forbidden.length + pathReport.unsafe.length + pathReport.never_by_itself.length === 0 &&
    secretReport.findings.length === 0 &&
    dependencyChanges.changes.every((change) => change.suspicious === null) &&
    testChanges.files.every((file) => file.assertions_after >= file.assertions_before) &&
    input.missingEvidence.length === 0 &&
    passing("openai") &&
    passing("gemini") &&
    new Set(input.verdicts.map((one) => one.bundle_digest)).size === 1 &&
    input.writes === "allowed"
  );
}

it("merges only changes with full evidence, green checks and two passing families, and merges some of them", () => {
  let merged = 0;
  fc.assert(
    fc.property(inputs, (input) => {
      const { answer } = gate(input);
      if (answer === "merge") {
        merged += 1;
        expect(isProven(input)).toBe(true);
        expect(input.profile).not.toBe("safe");
      }
    }),
    { numRuns: 3000 },
  );
  expect(merged).toBeGreaterThan(0);
});

it("merges with three families only if two with a vote passed, none failed and none flipped, and merges some of these", () => {
  const asked = ["openai", "gemini", "compatible"] as const;
  const said = fc.constantFrom<readonly [Verdict["verdict"], string | null]>(
    ["pass", null],
    ["fail", null],
    ["inconclusive", "flip"],
    ["inconclusive", "http_500"],
    ["not_configured", null],
  );
  let merged = 0;
  fc.assert(
    fc.property(fc.tuple(said, said, said), fc.subarray([...asked]), fc.boolean(), (words, disqualified, ask) => {
      const judges = { ...samplePolicy.judges, when_missing: ask ? ("ask" as const) : ("hold" as const) };
      const { answer } = gate(
        honestFix({
          requestedJudges: asked,
          verdicts: asked.map((family, index) => verdict(family, ...words[index === 1 ? 1 : index === 2 ? 2 : 0])),
          unqualified: disqualified.map((family) => ({ family, why: "below the bar" })),
          policy: { ...samplePolicy, judges },
        }),
      );
      const passing = asked.filter((family, index) => words[index]?.[0] === "pass" && !disqualified.includes(family));
      const isClear = words.every(([word, detail]) => word !== "fail" && detail !== "flip");
      expect(answer === "merge").toBe(passing.length >= 2 && isClear);
      if (answer === "merge") merged += 1;
    }),
    { numRuns: 1000 },
  );
  expect(merged).toBeGreaterThan(0);
});

it("lifts no hard gate by any profile or acknowledgement", () => {
  fc.assert(
    fc.property(
      inputs,
      fc.constantFrom("safe" as const, "balanced" as const, "aggressive" as const),
      (input, profile) => {
        const [one, other] = [gate(input), gate({ ...input, profile, riskAcknowledged: true })];
        const soft = ["HOLD-RISK-HIGH", "HOLD-REMOTE-WRITES-OFF", null];
        if (!soft.includes(one.hold_code)) expect(other.hold_code).toBe(one.hold_code);
      },
    ),
    { numRuns: 1500 },
  );
});

it("holds for every hard gate and asks about every finding that a person decides, under every policy of the schema", () => {
  const seen = { hold: 0, ask: 0, merge: 0, other: 0 };
  fc.assert(
    fc.property(inputs, anyPolicy, fc.boolean(), (drawn, { risk, profiles }, riskAcknowledged) => {
      const input = { ...drawn, writes: "allowed" as const };
      const [one, other] = [
        gate(input),
        gate({ ...input, policy: { ...input.policy, risk, profiles }, riskAcknowledged }),
      ];
      if (one.hold_code !== null && one.hold_code !== "HOLD-RISK-HIGH") {
        seen.hold += 1;
        expect([other.answer, other.hold_code, other.reasons]).toEqual(["hold", one.hold_code, one.reasons]);
        return;
      }
      const always = askReasons(input).filter((fact) => signalOf(fact) === undefined);
      if (always.length > 0) expect(other.answer).not.toBe("merge");
      if (other.answer !== "ask") seen[other.answer === "merge" ? "merge" : "other"] += 1;
      else if (always.length > 0) {
        seen.ask += 1;
        expect(other.reasons.map((reason) => reasonText(reason))).toEqual(
          expect.arrayContaining(always.map((fact) => reasonText(fact))),
        );
      }
    }),
    { numRuns: 1500 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
});

it("gives each hold a code and a cause of at most 500 characters, and other decisions neither", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const answer = gate(input);
      expect(answer.hold_code === null).toBe(answer.answer !== "hold");
      expect(answer.hold_detail === null).toBe(answer.answer !== "hold");
      expect((answer.hold_detail ?? "").length).toBeLessThanOrEqual(500);
      if (answer.hold_code !== null) expect(firstHoldCode([answer.hold_code])).toBe(answer.hold_code);
    }),
    { numRuns: 1000 },
  );
});
