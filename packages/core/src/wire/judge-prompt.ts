/** What a judge is measured under: a change of the prompt's fixed text or of its form makes another judge of it, whose record starts anew. */
import { canonicalJson } from "./canonical-json.ts";
import type { Sha256 } from "./names.ts";

/** Raised with each change of how a prompt is built around its fixed text. */
export const judgePromptForm = 3;

/** `systemText`: `config/prompts/judge.md` as it is. */
export function judgePromptDigest(systemText: string, sha256: Sha256): string {
  return sha256(canonicalJson({ form: judgePromptForm, text: systemText }));
}
