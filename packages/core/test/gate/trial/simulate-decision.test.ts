/** Simulations of recorded decisions agree with the gate under the other policy, or say why they can't be made. */
import type { EventData } from "@aedev/contracts/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gate } from "../../../src/gate/gate.ts";
import type { GateInput } from "../../../src/gate/hard-gates.ts";
import type { Policy } from "../../../src/gate/policy/policy-schema.ts";
import { simulateDecision } from "../../../src/gate/trial/simulate-decision.ts";
import {
  changedFile,
  honestFix,
  pastWith,
  provenTests,
  samplePolicy,
  testFile,
  touchesNothing,
} from "../sample-policy.ts";
import { anyPolicy } from "./any-policy.ts";

/** The decision as the log has it. */
function recordedOf(input: GateInput): EventData<"GateDecided"> {
  const { answer, hold_code, hold_detail, reasons, risk } = gate(input);
  const digest = "a".repeat(64);
  return {
    ...{ answer, hold_code, hold_detail, reasons: [...reasons], profile: input.profile },
    ...{ risk_score: risk.score, score_kind: risk.score_kind, shares: [...risk.shares], level: risk.level },
    ...{ policy_digest: digest, bundle_digest: digest, change_digest: digest },
    statement: { digest, size_bytes: 1, media_type: "application/json" },
  };
}

const simulate = (input: GateInput, other: Policy, acknowledged = false) =>
  simulateDecision({ decision: recordedOf(input), recorded: input.policy, other, acknowledged, repository: "shop" });

const withRisk = (risk: Partial<Policy["risk"]>): Policy => ({
  ...samplePolicy,
  risk: { ...samplePolicy.risk, ...risk },
});
const weights = samplePolicy.risk.for;
const authentication = honestFix({ touched: { ...touchesNothing, authentication: ["auth/a.js"] } });
const control = { path: ".github/a.yml", rule: ".github/**" };
const listed = honestFix({
  pathReport: {
    ...{ files: [changedFile("index.js"), changedFile("test/a.js")], renames: [], forbidden: [], unsafe: [] },
    never_by_itself: [control],
  },
});

describe("a recorded decision under another policy", () => {
  it("merges or asks by the other weights, and names the shares that changed", () => {
    expect(gate(authentication).answer).toBe("ask");
    const lighter = withRisk({ for: { ...weights, authentication_paths: { weight: 0 } } });
    expect(simulate(authentication, lighter)).toEqual({
      kind: "answer",
      ...{ was: "ask", now: "merge", score: -2500 },
      changed: [{ factor: "authentication_paths", was: 3000, now: 0 }],
    });
    expect(simulate(honestFix(), withRisk({ start: 3000 }))).toMatchObject({ was: "merge", now: "ask", score: 700 });
    expect(simulate(honestFix(), withRisk({ start: 9000 }))).toMatchObject({ was: "merge", now: "hold" });
    expect(simulate(honestFix(), samplePolicy)).toMatchObject({ was: "merge", now: "merge", changed: [] });
  });

  it("still asks about a finding that a person always decides, and holds for a hard gate", () => {
    const free = withRisk({ start: -10_000 });
    expect(simulate(listed, free)).toMatchObject({ was: "ask", now: "ask" });
    const secret = honestFix({ secretReport: { scanner: "s", findings: [{ path: "a", line: 1, rule: "r" }] } });
    expect(simulate(secret, free)).toEqual({ kind: "answer", was: "hold", now: "hold", score: null, changed: [] });
  });

  it("is not simulated in points, without counts, or where counts that were not recorded decide", () => {
    const decision = recordedOf(honestFix());
    const from = { recorded: samplePolicy, other: samplePolicy, acknowledged: false, repository: "shop" };
    const whyOf = (changed: Partial<EventData<"GateDecided">>, other = samplePolicy) => {
      const simulated = simulateDecision({ ...from, other, decision: { ...decision, ...changed } });
      return simulated.kind === "not-simulated" ? simulated.why : null;
    };
    expect(whyOf({ score_kind: "points" })).toBe("points");
    expect(whyOf({ shares: decision.shares.map(({ count: _, ...share }) => share) })).toBe("counts");
    const unknown = { factor: "signal_of_another_version", points: 1600, count: 1, why: "", missing: false };
    expect(whyOf({ shares: [...decision.shares, unknown] })).toBe("counts");
    const tens = withRisk({ for: { ...weights, untested_ways: { weight: 500, per: 10 } } });
    const eachWay = withRisk({ for: { ...weights, untested_ways: { weight: 500, per: 1 } } });
    const trial = { ...from, recorded: tens, other: eachWay };
    expect(simulateDecision({ ...trial, decision })).toMatchObject({ why: "small-counts" });
    expect(whyOf({})).toBe(null);
  });

  it("stays held for high risk, asks below that bound, and does not say that it would merge", () => {
    const held = { ...authentication, policy: withRisk({ start: 9000 }) };
    expect(gate(held).hold_code).toBe("HOLD-RISK-HIGH");
    expect(simulate(held, held.policy)).toMatchObject({ was: "hold", now: "hold" });
    expect(simulate(held, samplePolicy)).toMatchObject({ was: "hold", now: "ask" });
    expect(simulate(held, withRisk({ start: -5000 }))).toEqual({ kind: "not-simulated", why: "other-findings" });
    const released = { ...held, riskAcknowledged: true };
    expect([gate(released).answer, simulate(released, held.policy, true)]).toMatchObject(["ask", { now: "ask" }]);
  });
});

const inertKinds = {
  files: ["index.js", "test/a.js"].map((path) => ({ path, kind: "comments" as const, named_by: null })),
} as GateInput["changeKinds"];

it("simulates what the gate would answer under every policy, whatever the change", () => {
  const changes = fc
    .record({
      shift: fc.integer({ min: -900, max: 3000 }),
      proven: fc.nat(2),
      edited: fc.nat(2),
      touches: fc.boolean(),
      asked: fc.nat(5).map((drawn) => drawn === 0),
      inert: fc.boolean(),
      profile: fc.constantFrom("balanced" as const, "aggressive" as const),
    })
    .map(({ shift, proven, edited, touches, asked, inert, profile }) =>
      honestFix({
        profile,
        history: pastWith(shift),
        provenness: provenTests(proven),
        changeKinds: inert ? inertKinds : null,
        touched: { ...touchesNothing, authentication: touches ? ["auth/a.js"] : [] },
        pathReport: {
          ...{ files: [changedFile("index.js"), changedFile("test/a.js")], renames: [] },
          ...{ forbidden: [], unsafe: [], never_by_itself: asked ? [control] : [] },
        },
        testChanges: {
          files: [testFile({ assertions_after: 6, changed_tests: ["one", "two"].slice(0, edited) })],
          ...{ settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] },
        },
      }),
    );
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(changes, anyPolicy, anyPolicy, (input, recorded, other) => {
      const simulated = simulate({ ...input, policy: recorded }, other);
      const kind = simulated.kind === "answer" ? `${simulated.was} ${simulated.now}` : simulated.why;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      if (simulated.kind === "answer") expect(simulated.now).toBe(gate({ ...input, policy: other }).answer);
    }),
    { numRuns: 1000 },
  );
  for (const kind of ["merge ask", "ask merge", "ask hold", "hold ask", "small-counts", "other-findings"])
    expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(0);
});
