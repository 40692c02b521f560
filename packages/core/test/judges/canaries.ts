/** Canaries for tests, as the state keeps them. */

import type { Family, Verdict } from "@aedev/contracts";
import type { JudgeSetup } from "../../src/judges/canary-verdicts.ts";
import type { CanaryState, State } from "../../src/model/state.ts";
import { initialState, nothingPlanted } from "../../src/model/state.ts";
import { blob, someInstant, verdictOf } from "../../src/testing/index.ts";

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
    verdicts: Object.entries(said).map(([family, verdict]) => ({
      ...verdictOf(family as Family, "pass"),
      bundle_digest: digest,
      prompt_digest: setup.promptDigest,
      ...verdict,
    })),
    ...change,
  };
}

export function stateWith(canaries: readonly CanaryState[], from: State = initialState): State {
  const planted: Record<string, State["past"]["planted"][string]> = {};
  for (const { audit_id, planted: kind } of canaries) {
    if (audit_id === null) continue;
    const before = planted[audit_id] ?? nothingPlanted;
    planted[audit_id] = { ...before, [kind]: before[kind] + 1 };
  }
  const past = { ...from.past, planted };
  return { ...from, past, canaries: Object.fromEntries(canaries.map((each) => [each.canary_id, each])) };
}
