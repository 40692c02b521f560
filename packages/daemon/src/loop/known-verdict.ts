/** Verdicts that need no asking: a judge that has spoken on this very change, whose word stands; and a family that is configured no more, whose word against the change stands all the same. Asks nobody. */
import { type State, standingVerdict, standingVeto, type TaskState } from "@aedev/core";
import type { Family, JudgeEvidence, JudgeEvidenceReport, Verdict } from "@aedev/core/wire";
import type { Control } from "./control.ts";

export function knownVerdict(
  { family, bundle_digest }: { family: Family; bundle_digest: string },
  {
    state,
    task,
    control,
  }: { state: State; task: TaskState; control: Pick<Control, "configuration" | "judgePromptDigest"> },
): Verdict | null {
  const model = control.configuration.models[family];
  const prompt_digest = control.judgePromptDigest;
  if (model !== null) return standingVerdict(state, task, { family, model, prompt_digest });
  const changeDigest = task.evidence?.change_digest ?? "";
  const veto = standingVeto(state, { family, changeDigest, bundleDigest: bundle_digest });
  if (veto !== null) return veto;
  const usage = { input_tokens: 0, output_tokens: 0 };
  const unasked = { detail: null, bundle_digest, answer: null, usage, prompt_digest, views: [] };
  return { family, model: "none", verdict: "not_configured", ...unasked };
}

/** A verdict counts as the judge's that was ordered, under the prompt that was ordered, on the bundle that was ordered, or not at all (THREATS T12). */
export function isAsOrdered(
  verdict: JudgeEvidenceReport["verdict"],
  order: Pick<JudgeEvidence, "family" | "model" | "prompt_digest" | "bundle">,
): boolean {
  return (
    verdict.family === order.family &&
    verdict.model === order.model &&
    verdict.prompt_digest === order.prompt_digest &&
    verdict.bundle_digest === order.bundle.digest
  );
}
