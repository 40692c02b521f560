/** Identifies the prompt under which a judge is measured. If its fixed text or its form changes, the judge's record starts over. */
import { canonicalJson } from "./canonical-json.ts";
import type { Sha256 } from "./ids.ts";

/** Increase this number when the code that builds a prompt around the fixed text changes. */
const judgePromptForm = 3;

/** `systemText`: the content of `config/prompts/judge.md`. */
export function judgePromptDigest(systemText: string, sha256: Sha256): string {
  return sha256(canonicalJson({ form: judgePromptForm, text: systemText }));
}
