/** What a judge's word on a planted bundle counts as. A word of another model or under another prompt is another judge's; a judge that could not be asked said nothing. */
import type { CanaryState } from "../log/state.ts";
import type { Family, Verdict } from "../wire/index.ts";

/** The judges as they are now, and the bar for their votes. */
export interface JudgeSetup {
  /** Model of each configured family. */
  readonly models: Readonly<Partial<Record<Family, string>>>;
  readonly promptDigest: string;
  /** `judges.min_canaries` and `judges.min_catch_rate` of the policy. */
  readonly bar: { readonly min_canaries: number; readonly min_catch_permille: number };
}

/** The word of the family's present model under the present prompt; null where it has none. */
export function presentWord(canary: CanaryState, family: Family, setup: JudgeSetup): Verdict | null {
  const word = canary.verdicts.find((verdict) => verdict.family === family);
  return word !== undefined && word.model === setup.models[family] && word.prompt_digest === setup.promptDigest
    ? word
    : null;
}

/** By the judge's own word: pass, fail, unsure, or one thing in one view and another in the other. All else is no answer: it neither caught nor missed. */
export function isAnswer({ verdict, detail }: Pick<Verdict, "verdict" | "detail">): boolean {
  if (verdict === "inconclusive") return detail === "verdict" || detail === "flip";
  return verdict === "pass" || verdict === "fail";
}

/** The families that a canary still waits for, of those that are configured. */
export function openFamilies(
  canary: Pick<CanaryState, "verdict_nonces" | "verdicts">,
  configured: readonly Family[],
): Family[] {
  return configured.filter(
    (family) =>
      canary.verdict_nonces[family] !== undefined && !canary.verdicts.some((verdict) => verdict.family === family),
  );
}
