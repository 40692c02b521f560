/** Overlays: what an operator may change, what nobody can switch off, and how a wrong key is reported. */

import { digestOf } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { gate } from "../../../src/gate/gate.ts";
import { alwaysAskedPaths } from "../../../src/gate/policy/always-asked-paths.ts";
import { mergePolicies } from "../../../src/gate/policy/merge-policies.ts";
import { policySchema, storedPolicySchema } from "../../../src/gate/policy/policy-schema.ts";
import { honestFix, policyDocument, samplePolicy } from "../sample-policy.ts";

function merged(operator: unknown) {
  const result = mergePolicies(policyDocument, operator);
  if (result.kind === "problems") throw new Error(JSON.stringify(result.problems));
  return result.policy;
}
function problems(operator: unknown, shipped: unknown = policyDocument): string[] {
  const result = mergePolicies(shipped, operator);
  return result.kind === "policy" ? [] : result.problems.map((one) => `${result.layer} ${one.path}: ${one.message}`);
}

it("reads a stored policy whose risk is in points as one under which every change asks, and refuses any unknown key", () => {
  const { approvals, ...rest } = samplePolicy;
  const points = { bands: { low_max: 15, medium_max: 55 }, factors: { ci_failure: { weight: 50 } } };
  const { require_sign_in_above: _level, require_second_person: _person, ...approvalsBefore } = approvals;
  const stored = { ...rest, risk: points, approvals: approvalsBefore };
  expect(policySchema.safeParse(stored).success).toBe(false);
  const policy = storedPolicySchema.parse(stored);
  expect({ ...policy, risk: samplePolicy.risk }).toEqual(samplePolicy);
  for (const profile of ["balanced", "aggressive"] as const) {
    expect(gate(honestFix({ policy: samplePolicy, profile })).answer).toBe("merge");
    expect(gate(honestFix({ policy, profile })).answer).toBe("ask");
  }
  expect(storedPolicySchema.parse(samplePolicy)).toEqual(samplePolicy);
  expect(storedPolicySchema.safeParse({ ...stored, more: 1 }).success).toBe(false);
  expect(storedPolicySchema.safeParse({ ...stored, risk: null }).success).toBe(false);
});

it("reads a stored policy with more or fewer weights as one under which every change asks", () => {
  const { start, for: weights, ...risk } = samplePolicy.risk;
  const { unwatched, ...fewer } = weights;
  expect(unwatched.weight).toBeGreaterThan(0);
  for (const one of [fewer, { ...weights, weight_of_another_version: { weight: 0 } }]) {
    const policy = storedPolicySchema.parse({ ...samplePolicy, risk: { ...risk, start, for: one } });
    expect({ ...policy, risk: samplePolicy.risk }).toEqual(samplePolicy);
    expect(gate(honestFix({ policy, profile: "aggressive" })).answer).toBe("ask");
  }
  const same = storedPolicySchema.parse({ ...samplePolicy, risk: { ...risk, start, for: weights } });
  expect(gate(honestFix({ policy: same, profile: "aggressive" })).answer).toBe("merge");
});

it("reads a stored policy of an earlier version that had no minimum confidence for judges", () => {
  const { min_confidence_permille: floor, ...judges } = samplePolicy.judges;
  expect(floor).toBe(500);
  expect(policySchema.safeParse({ ...samplePolicy, judges }).success).toBe(false);
  expect(storedPolicySchema.parse({ ...samplePolicy, judges }).judges.min_confidence_permille).toBe(0);
});

it("reads a stored policy of an earlier version that asked each judge once", () => {
  const { tries, deadline_ms, ...judges } = samplePolicy.judges;
  expect([tries, deadline_ms]).toEqual([6, 300_000]);
  expect(policySchema.safeParse({ ...samplePolicy, judges }).success).toBe(false);
  expect(storedPolicySchema.parse({ ...samplePolicy, judges }).judges).toMatchObject({ tries: 1, deadline_ms: 60_000 });
});

it("reads a stored policy of an earlier version that had no tests of another run", () => {
  const { second_implementation: _key, ...earlier } = samplePolicy;
  expect(policySchema.safeParse(earlier).success).toBe(false);
  expect(storedPolicySchema.parse(earlier).second_implementation).toBe("never");
  expect(storedPolicySchema.parse({ ...earlier, independent_tests: true }).second_implementation).toBe("always");
});

it("keeps holds without a time limit unless the operator sets one, and reads policies stored without one", () => {
  expect(samplePolicy.hold).toEqual({ ttl_ms: 259_200_000, on_timeout: "keep" });
  expect(merged({ hold: { on_timeout: "reject", ttl: "1s" } }).hold).toEqual({ ttl_ms: 1000, on_timeout: "reject" });
  expect(merged({ hold: { ttl: "365d" } }).hold).toEqual({ ttl_ms: 31_536_000_000, on_timeout: "keep" });
  for (const hold of [
    { ttl: "999ms" },
    { ttl: "366d" },
    { ttl: null },
    { on_timeout: "release" },
    { on_timeout: "merge" },
  ])
    expect(problems({ hold })).toHaveLength(1);
  const { hold: _hold, ...earlier } = samplePolicy;
  expect(storedPolicySchema.parse(earlier).hold).toEqual(samplePolicy.hold);
});

describe("the operator's overlay", () => {
  it("lets the operator's overlay change any value and keeps the rest", () => {
    const policy = merged({ risk: { bounds: { low: 0.05 } }, judges: { timeout: "2m" } });
    expect(policy.risk.bounds).toEqual({ low: 50, medium: 300, hold: 995 });
    expect(policy.judges.timeout_ms).toBe(120_000);
    expect(policy.risk.for.unwatched.weight).toBe(2600);
  });
  it("names an unknown key of the overlay by its path", () => {
    expect(problems({ risk: { for: { foo: { weight: 1 } } } })).toEqual(["operator risk.for.foo: unknown key"]);
    expect(problems({ nonsense: 1 })).toEqual(["operator nonsense: unknown key"]);
    expect(problems(null, { ...policyDocument, extra: {} })).toEqual(["shipped extra: unknown key"]);
    expect(problems(JSON.parse('{"paths": {"__proto__": []}}'))).toEqual(["operator paths.__proto__: unknown key"]);
    expect(problems({ approvals: { reminders: 3, require_second_person: true } })).toEqual([]);
    expect(problems({ approvals: { require_sign_in_above: "medium" } })).toEqual([]);
    expect(problems({ approvals: { require_sign_in_above: "never" } })).toHaveLength(1);
  });
  it("says that a key of earlier versions was removed, and what to do instead", () => {
    for (const key of ["bands", "factors"])
      expect(problems({ risk: { [key]: {} } })[0]).toMatch(
        /^operator risk\.\w+: replaced: risk is now a chance of harm/,
      );
  });
  it("lets the overlay extend T7's list but never shorten it", () => {
    const extended = merged({ paths: { never_by_itself: ["infra/**"] } }).paths.never_by_itself;
    expect(extended).toEqual([...alwaysAskedPaths, "infra/**"]);
    expect(merged({ paths: { never_by_itself: [...alwaysAskedPaths, "x"] } }).paths.never_by_itself).toContain("x");
    expect(problems({ paths: { never_by_itself: [] } })[0]).toMatch(
      /^operator paths\.never_by_itself: may be extended/,
    );
    expect(problems({ paths: { never_by_itself: alwaysAskedPaths.slice(1) } })[0]).toMatch(/\.aedev\.yaml missing/);
    const shipped = { ...policyDocument, paths: { ...policyDocument.paths, never_by_itself: ["CLAUDE.md"] } };
    expect(problems(null, shipped)[0]).toMatch(/^shipped paths\.never_by_itself: may be extended, never shortened/);
  });
  it("lets the overlay switch off no hard gate", () => {
    expect(problems({ paths: { forbidden: [] } })[0]).toMatch(/hard gate/);
    expect(problems({ paths: { control_files: [] } })[0]).toMatch(/hard gate/);
    expect(problems({ judges: { families_required: 1 } })[0]).toMatch(/two passing families/);
    expect(problems({ judges: { families_required: 4 } })[0]).toMatch(/families/);
    expect(problems({ profiles: { merges: { aggressive: "high" } } })).toHaveLength(1);
    expect(problems({ paths: { forbidden: ["!.env"] } })[0]).toMatch(/negated/);
    expect(problems({ paths: { forbidden: [".env*", "*.p12"] } })).toEqual([]);
  });
  it("refuses quantities without a unit, fractions of counts, crossed bounds and weights of the wrong sign", () => {
    expect(problems({ judges: { timeout: 60 } })[0]).toMatch(/needs its unit/);
    expect(problems({ judges: { prompt_bytes: "10kB" } })[0]).toMatch(/needs its unit/);
    expect(problems({ approvals: { reminders: 1.5 } })).toHaveLength(1);
    expect(problems({ risk: { bounds: { low: 0.4 } } })[0]).toMatch(/low, medium and hold must not fall/);
    expect(problems({ risk: { for: { unwatched: { weight: -1 } } } })).toHaveLength(1);
    expect(problems({ risk: { against: { judges_pass: { weight: 1 } } } })).toHaveLength(1);
    expect(problems(["paths"])[0]).toMatch(/mapping/);
  });
});

it("reads a merged policy back from its canonical JSON with the same digest", () => {
  const policy = merged({});
  const text = (value: string | Uint8Array) => String(value);
  expect(digestOf(policySchema.parse(JSON.parse(digestOf(policy, text))), text)).toBe(digestOf(policy, text));
  expect(digestOf(merged({ risk: { bounds: { low: 0.05 } } }), text)).not.toBe(digestOf(policy, text));
});
