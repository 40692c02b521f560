/** Finds verdicts without asking: the same judge's earlier one on the same change, a veto by a family no longer configured, "unavailable" while a vendor is down. */

import type { Family, Verdict } from "@aedev/contracts";
import { isDown, precedentVerdict, precedentVeto, type TaskState } from "@aedev/core";
import type { Judges, Records } from "../control/parts.ts";

export function knownVerdict(
  { family, bundle_digest }: { family: Family; bundle_digest: string },
  { task, control }: { task: TaskState; control: Records & Judges },
): Verdict | null {
  const state = control.log.stateWith({ judgedAlike: [task.task_id] });
  const model = control.configuration.models[family];
  const prompt_digest = control.judgePromptDigest;
  const usage = { input_tokens: 0, output_tokens: 0 };
  const unasked = { bundle_digest, answer: null, usage, prompt_digest, views: [] };
  if (model !== null) {
    const precedent = precedentVerdict(state, task, { family, model, prompt_digest });
    if (precedent !== null || !isDown(state, family)) return precedent;
    return { family, model, verdict: "inconclusive", detail: "unavailable", ...unasked };
  }
  const changeDigest = task.evidence?.change_digest ?? "";
  const veto = precedentVeto(state, { family, changeDigest, bundleDigest: bundle_digest });
  if (veto !== null) return veto;
  return { family, model: "none", verdict: "not_configured", detail: null, ...unasked };
}
