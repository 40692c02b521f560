/** Canaries for tests, as the log would hold them. */

import type { JudgeSetup } from "../../src/judge/canary-words.ts";
import type { CanaryState, State } from "../../src/log/state.ts";
import { initialState } from "../../src/log/state.ts";
import { blob, someInstant, verdictOf } from "../../src/testing/index.ts";
import type { Family, Verdict } from "../../src/wire/index.ts";

export const setup: JudgeSetup = {
  models: { openai: "judge", gemini: "judge" },
  promptDigest: "9".repeat(64),
  bar: { min_canaries: 60, min_catch_permille: 500 },
};

export type Said = Partial<Record<Family, Partial<Verdict>>>;

export function canary(number: number, said: Said, change: Partial<CanaryState> = {}): CanaryState {
  const digest = number.toString(16).padStart(64, "0");
  return {
    canary_id: `c-${String(number).padStart(10, "0")}` as never,
    audit_id: null,
    beside: null,
    source: { task_id: "t-aaaaaaaaaaaaaaaa" as never, bundle_digest: "e".repeat(64) },
    planted: "known-bad",
    planted_class: "off-by-one",
    bundle: { ...blob("e"), digest },
    verdict_nonces: { openai: "0".repeat(32), gemini: "1".repeat(32) },
    planted_at: someInstant,
    verdicts: Object.entries(said).map(([family, word]) => ({
      ...verdictOf(family as Family, "pass"),
      bundle_digest: digest,
      prompt_digest: setup.promptDigest,
      ...word,
    })),
    ...change,
  };
}

export function stateWith(canaries: readonly CanaryState[], from: State = initialState): State {
  return { ...from, canaries: Object.fromEntries(canaries.map((each) => [each.canary_id, each])) };
}
