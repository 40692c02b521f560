/** The order to one judge on one bundle. Real and planted bundles are ordered by this one function, so that nothing in an order tells which it is. */
import { type Blob, type Family, Fault, type JudgeEvidence } from "@aedev/core/wire";
import type { Control } from "./control.ts";

export function judgeOrder(
  asked: { task_id: string; family: Family; bundle: Blob; verdict_nonce: string },
  control: Control,
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
    prompt_digest: control.judgePromptDigest,
    timeout_ms: judges.timeout_ms,
    prompt_bytes: judges.prompt_bytes,
    answer_tokens: judges.answer_tokens,
  };
}

/** A judge nobody knows must not be called in a family's name. */
function judgeModel(family: Family, { configuration }: Control): { model: string; base_url: string | null } {
  const model = configuration.models[family];
  if (model === null)
    throw new Fault("JUDGE-NOT-CONFIGURED", `no model is configured for the judge ${family}`, {
      hint: `set models.${family} in ~/.aedev/config.yaml`,
    });
  return { model, base_url: configuration.addresses[family] };
}
