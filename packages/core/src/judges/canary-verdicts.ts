/** Selects the verdicts on canaries that count for a judge: those of its current model under the current prompt, if the judge could be asked. */
import type { Family, Verdict } from "@aedev/contracts";
import type { CanaryState } from "../model/state.ts";

/** The current judges, and the bar for their votes. */
export interface JudgeSetup {
  readonly models: Readonly<Partial<Record<Family, string>>>;
  readonly promptDigest: string;
  /** `judges.min_canaries` and `judges.min_catch_rate` of the policy. */
  readonly bar: { readonly min_canaries: number; readonly min_catch_permille: number };
}

/** The verdict of the family's current model under the current prompt; null if there is none. */
export function currentVerdict(
  canary: CanaryState,
  family: Family,
  setup: Pick<JudgeSetup, "models" | "promptDigest">,
): Verdict | null {
  const found = canary.verdicts.find((verdict) => verdict.family === family);
  return found !== undefined && found.model === setup.models[family] && found.prompt_digest === setup.promptDigest
    ? found
    : null;
}

/** Whether the judge itself answered: pass, fail, unsure (including a pass with too little confidence), or differently in its two views. Any other verdict neither catches nor misses a defect. */
export function isAnswer({ verdict, detail }: Pick<Verdict, "verdict" | "detail">): boolean {
  if (verdict === "inconclusive") return detail === "verdict" || detail === "flip" || detail === "confidence";
  return verdict === "pass" || verdict === "fail";
}

/** The configured families that a canary still waits for. */
export function openFamilies(
  canary: Pick<CanaryState, "verdict_nonces" | "verdicts">,
  configured: readonly Family[],
): Family[] {
  return configured.filter(
    (family) =>
      canary.verdict_nonces[family] !== undefined && !canary.verdicts.some((verdict) => verdict.family === family),
  );
}
