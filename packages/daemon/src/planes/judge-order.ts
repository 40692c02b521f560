/** Makes the order to one judge on one bundle, and checks that a verdict answers it. Real and planted bundles use this one function, so that an order does not reveal which it is. */
import {
  type Blob,
  type Family,
  Fault,
  type JudgeEvidence,
  type JudgeEvidenceReport,
  type ViewName,
} from "@aedev/contracts";
import type { Judges } from "../control/parts.ts";

export function judgeOrder(
  asked: { task_id: string; family: Family; bundle: Blob; verdict_nonce: string; passed_views?: ViewName[] },
  control: Judges,
): Omit<JudgeEvidence, "nonce" | "generation"> {
  const { family, bundle, verdict_nonce } = asked;
  const { judges } = control.policy();
  return {
    kind: "JudgeEvidence",
    work_id: `JudgeEvidence/${bundle.digest}/${family}`,
    task_id: asked.task_id as never,
    family,
    ...judgeModel(family, control),
    bundle,
    verdict_nonce,
    passed_views: asked.passed_views ?? [],
    prompt_digest: control.judgePromptDigest,
    timeout_ms: judges.timeout_ms,
    deadline_ms: judges.deadline_ms,
    tries: judges.tries,
    prompt_bytes: judges.prompt_bytes,
    answer_tokens: judges.answer_tokens,
    min_confidence_permille: judges.min_confidence_permille,
  };
}

/** An unknown judge must not be called under a family's name. */
function judgeModel(family: Family, { configuration }: Judges): { model: string; base_url: string | null } {
  const model = configuration.models[family];
  if (model === null)
    throw new Fault("judge-not-configured", `no model is configured for the judge ${family}`, {
      hint: `set models.${family} in ~/.aedev/config.yaml`,
    });
  return { model, base_url: configuration.addresses[family] };
}

/** A verdict counts only as the ordered judge's, under the ordered prompt and on the ordered bundle (SECURITY T12). */
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
