/** Asks one family about a planted bundle. The order is made like a real one, with an unused task id, so that the plane can't recognize it (SECURITY T22). */

import { type CommandBody, entityById, type JudgeWork, type State } from "@aedev/core";
import type { Blobs, Judges } from "../control/parts.ts";
import { askJudge } from "../planes/judge-order.ts";
import type { Planes } from "../planes/planes.ts";

export async function judgeCanary(
  work: Extract<JudgeWork, { kind: "JudgeCanary" }>,
  state: State,
  using: { control: Blobs & Judges; planes: Pick<Planes, "perform"> },
): Promise<CommandBody> {
  const canary = entityById(state.canaries, work.canary_id);
  const verdict_nonce = canary?.verdict_nonces[work.family];
  if (canary === undefined || verdict_nonce === undefined)
    throw new Error(`a verdict on canary ${work.canary_id} is pending that was never requested`);
  const { family } = work;
  // All families' orders on a real bundle name one task. The plane can't compute this id, because the canary's id is random.
  const task_id = canary.canary_id.replace(/^c-/, "t-");
  const verdict = await askJudge({ task_id, family, bundle: canary.bundle, verdict_nonce }, using);
  return { kind: "RecordCanaryVerdict", canary_id: canary.canary_id, verdict };
}
