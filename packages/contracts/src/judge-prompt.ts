/** Identifies the prompt that a judge is measured under. If its fixed text or its form changes, the judge's record starts over. */
import { canonicalJson } from "./canonical-json.ts";
import type { Sha256 } from "./ids.ts";

/** Increase it when the way a prompt is built around its fixed text changes. */
const judgePromptForm = 3;

/** `systemText`: the content of `config/prompts/judge.md`. */
export function judgePromptDigest(systemText: string, sha256: Sha256): string {
  return sha256(canonicalJson({ form: judgePromptForm, text: systemText }));
}
