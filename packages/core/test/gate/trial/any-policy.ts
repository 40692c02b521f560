/** Arbitrary valid policies: every weight, start, bound, profile and kind that merges which the schema admits. */
import { mergeableKinds, signalsAgainst, signalsFor } from "@aedev/contracts";
import fc from "fast-check";
import { type Policy, policySchema } from "../../../src/gate/policy/policy-schema.ts";
import { samplePolicy } from "../sample-policy.ts";

const weightsOf = (names: readonly string[], lowest: number, highest: number) => {
  const value = fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 8, arbitrary: fc.integer({ min: lowest / 10, max: highest / 10 }) },
    { weight: 2, arbitrary: fc.integer({ min: lowest, max: highest }) },
  );
  const per = fc.oneof(
    { weight: 6, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }) },
  );
  const weight = fc.record({ weight: value, per, most: value }, { requiredKeys: ["weight"] });
  return fc.record(Object.fromEntries(names.map((name) => [name, weight])));
};
const limit = fc.constantFrom("none", "low", "medium");
const kinds = fc.subarray(mergeableKinds.flatMap((kind) => [`shop/${kind}`, `other/${kind}`]));

export const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    bounds: fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000)).map((all) => all.toSorted((one, other) => one - other)),
    start: fc.integer({ min: -10_000, max: 10_000 }),
    against: weightsOf(signalsAgainst, -10_000, 0),
    harm: weightsOf(signalsFor, 0, 10_000),
    merges: fc.record({ safe: limit, balanced: limit, aggressive: limit }),
    kinds,
  })
  .map(({ bounds: [low, medium, hold], start, against, harm, merges, kinds: merges_kinds }) =>
    policySchema.parse({
      ...samplePolicy,
      risk: { ...samplePolicy.risk, bounds: { low, medium, hold }, start, against, for: harm },
      profiles: { ...samplePolicy.profiles, merges, merges_kinds },
    }),
  );
