/** Asks one judge about one bundle and checks that its verdict answers the order. An order does not reveal whether its bundle was planted. */
import { type Blob, type Family, Fault, type JudgeEvidence, type Verdict, type ViewName } from "@aedev/contracts";
import type { Blobs, Judges } from "../control/parts.ts";
import { askPlane } from "./ask-plane.ts";
import type { Planes } from "./planes.ts";

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

/** Throws a Fault `report-mismatch` unless the verdict is the ordered judge's, under the ordered prompt, on the ordered bundle (SECURITY T12). */
export async function askJudge(
  asked: Parameters<typeof judgeOrder>[0],
  { control, planes }: { control: Blobs & Judges; planes: Pick<Planes, "perform"> },
): Promise<Verdict> {
  const order = judgeOrder(asked, control);
  const { verdict, answer } = await askPlane<"JudgeEvidence">(planes, "judgement", order);
  const isAsOrdered =
    verdict.family === order.family &&
    verdict.model === order.model &&
    verdict.prompt_digest === order.prompt_digest &&
    verdict.bundle_digest === order.bundle.digest;
  if (!isAsOrdered) throw new Fault("report-mismatch", "the verdict is from another judge or on another bundle");
  return { ...verdict, answer: answer === null ? null : control.blobs.put(answer, "text/plain") };
}
