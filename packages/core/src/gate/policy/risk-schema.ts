/**
 * The schema of the policy's section `risk`: the weights with which signals add up to a change's chance of harm. Decimals are stored as thousandths, so
 * that sums are exact.
 */
import { signalsAgainst, signalsFor } from "@aedev/contracts";
import { z } from "zod";
import { globsSchema } from "./glob-schema.ts";

/** `per`: the weight counts for each so many lines, files or findings, at most `most` altogether; without it, it counts once. */
function weightsSchema<Name extends string>(names: readonly Name[], value: z.ZodType<number>) {
  const weight = z.strictObject({
    weight: value,
    per: z.int().positive().exactOptional(),
    most: value.exactOptional(),
  });
  return z.strictObject(Object.fromEntries(names.map((name) => [name, weight])) as Record<Name, typeof weight>);
}

/** `toNumber`: the schema of a number between two limits. Log-odds are natural logarithms. */
function riskSchema(toNumber: (lowest: number, highest: number) => z.ZodType<number>) {
  const chance = toNumber(0, 1);
  return z.strictObject({
    /** Where the numbers come from. */
    source: z.string().min(1).max(2000),
    /** Chances of harm: below `low` or `medium` the risk has that level, above `hold` the change is held. */
    bounds: z
      .strictObject({ low: chance, medium: chance, hold: chance })
      .refine(({ low, medium, hold }) => low <= medium && medium <= hold, "low, medium and hold must not fall"),
    /** Log-odds of harm of a change whose tests pass, before anything else is known. */
    start: toNumber(-10, 10),
    against: weightsSchema(signalsAgainst, toNumber(-10, 0)),
    for: weightsSchema(signalsFor, toNumber(0, 10)),
    paths: z.strictObject({ sensitive: globsSchema, authentication: globsSchema, network: globsSchema }),
  });
}

/** The section as a person writes it; it parses to thousandths. */
export const riskSourceSchema = riskSchema((lowest, highest) =>
  z
    .number()
    .min(lowest)
    .max(highest)
    .transform((value) => Math.round(value * 1000)),
);
/** The section as it is stored, in thousandths. */
export const storedRiskSchema = riskSchema((lowest, highest) =>
  z
    .int()
    .min(lowest * 1000)
    .max(highest * 1000),
);
type RiskPolicy = z.infer<typeof storedRiskSchema>;

const nothing = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, { weight: 0 }])) as Record<Name, { weight: number }>;
/** A section under which every change asks and none is held for its risk. */
export const askingRisk: RiskPolicy = {
  source: "the policy is of an earlier version, whose weights are not those of this one",
  bounds: { low: 0, medium: 0, hold: 1000 },
  start: 0,
  against: nothing(signalsAgainst),
  for: nothing(signalsFor),
  paths: { sensitive: [], authentication: [], network: [] },
};
