/** Cases that a person writes beside the policy (`policies.test.yaml`): which answer the sum of some signals must have. */
import type { HarmSignal } from "@aedev/contracts";
import { type GateDecision, gateDecisionSchema, profileSchema } from "@aedev/contracts/events";
import { z } from "zod";
import type { Policy } from "../policy/policy-schema.ts";
import { answerToScore, harmSignals, isHarmSignal, sumOf } from "./answer-to-score.ts";

const noCount = 'must be a whole number from 0, or "missing"';
const countSchema = z.union([z.int().min(0, noCount).max(1_000_000_000, noCount), z.literal("missing")], {
  error: noCount,
});
const signalsSchema = z.strictObject(
  Object.fromEntries(harmSignals.map((signal) => [signal, countSchema.exactOptional()])) as Record<
    HarmSignal,
    z.ZodExactOptional<typeof countSchema>
  >,
);
/** The file: a list of cases. `missing`: the input of the signal is missing. */
export const policyCasesSchema = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(300),
      signals: signalsSchema,
      profile: profileSchema,
      expect: gateDecisionSchema,
    }),
    { error: "must be a list of cases, each with name, signals, profile and expect" },
  )
  .min(1, "has no case")
  .max(1000);
export type PolicyCase = z.infer<typeof policyCasesSchema>[number];

/** A case with the policy's answer. `score`: thousandths of log-odds. */
export interface TriedCase extends Pick<PolicyCase, "name" | "profile" | "expect"> {
  readonly answer: GateDecision;
  readonly score: number;
}

/** The answers to the cases, in their order. */
export function tryCases(cases: readonly PolicyCase[], policy: Policy): TriedCase[] {
  return cases.map(({ name, signals, profile, expect }) => {
    const counts = Object.entries(signals).flatMap(([signal, count]): [HarmSignal, number | null][] =>
      isHarmSignal(signal) && count !== undefined ? [[signal, count === "missing" ? null : count]] : [],
    );
    const score = sumOf(new Map(counts), policy);
    return { name, profile, expect, answer: answerToScore(score, { policy, profile }), score };
  });
}
