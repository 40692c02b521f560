/** The budget keys of `limits`, and their units in the program: tokens, nano-dollars, milliseconds and runs. */
import { microDollarsOf } from "@aedev/contracts";
import type { BudgetLimits } from "@aedev/core";
import { z } from "zod";

const countSchema = z.int().positive();
/** Parses whole dollars, or a text such as "2.50", into nano-dollars. */
const dollarsMessage = 'must be dollars such as 20 or "2.50", at most 999999.999999';
const dollarsSchema = z
  .union([z.int(dollarsMessage).positive(dollarsMessage), z.string()], dollarsMessage)
  .transform((given, context) => {
    const micro = microDollarsOf(String(given));
    if (micro !== null && micro > 0) return micro * 1000;
    context.addIssue({ code: "custom", message: dollarsMessage });
    return z.NEVER;
  });

/** Null: there is no such budget. */
export const budgetKeys = {
  run_tokens: countSchema,
  run_usd: dollarsSchema.nullable(),
  mission_tokens: countSchema,
  mission_usd: dollarsSchema.nullable(),
  mission_minutes: countSchema.nullable(),
  mission_runs: countSchema.nullable(),
  repository_day_tokens: countSchema.nullable(),
  repository_day_usd: dollarsSchema.nullable(),
  repository_day_minutes: countSchema.nullable(),
  repository_day_runs: countSchema.nullable(),
  day_tokens: countSchema,
  day_usd: dollarsSchema.nullable(),
  day_minutes: countSchema.nullable(),
  day_runs: countSchema.nullable(),
};

/** Whether a key, such as `limits.day_usd`, is a budget of dollars. */
export function isDollarKey(key: string): boolean {
  return key.endsWith("_usd") && Object.keys(budgetKeys).some((name) => key === `limits.${name}`);
}

type Given = { readonly [key in keyof typeof budgetKeys]: z.output<(typeof budgetKeys)[key]> };

const minuteMs = 60_000;

/** `run_timeout`: in milliseconds. */
export function budgetsOf(limits: Given & { readonly run_timeout: number }): BudgetLimits {
  const ofMinutes = (minutes: number | null) => (minutes === null ? null : minutes * minuteMs);
  return {
    tokens: {
      run: limits.run_tokens,
      mission: limits.mission_tokens,
      repository_day: limits.repository_day_tokens,
      day: limits.day_tokens,
    },
    usd: {
      run: limits.run_usd,
      mission: limits.mission_usd,
      repository_day: limits.repository_day_usd,
      day: limits.day_usd,
    },
    minutes: {
      run: limits.run_timeout,
      mission: ofMinutes(limits.mission_minutes),
      repository_day: ofMinutes(limits.repository_day_minutes),
      day: ofMinutes(limits.day_minutes),
    },
    runs: {
      run: null,
      mission: limits.mission_runs,
      repository_day: limits.repository_day_runs,
      day: limits.day_runs,
    },
  };
}
