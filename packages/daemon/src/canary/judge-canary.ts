/** Asks one family about a planted bundle. The order is made by the code that makes real ones, with a task id that nobody has: the plane can't tell them apart (THREATS T22). */
import { type CommandBody, entityById, type JudgeWork, type State } from "@aedev/core";
import { Fault } from "@aedev/core/wire";
import type { Control } from "../loop/control.ts";
import { judgeOrder } from "../loop/judge-order.ts";
import { isAsOrdered } from "../loop/known-verdict.ts";
import type { Planes } from "../planes/planes.ts";

export async function judgeCanary(
  work: Extract<JudgeWork, { kind: "JudgeCanary" }>,
  state: State,
  { control, planes }: { control: Control; planes: Pick<Planes, "perform"> },
): Promise<CommandBody> {
  const canary = entityById(state.canaries, work.canary_id);
  const verdict_nonce = canary?.verdict_nonces[work.family];
  if (canary === undefined || verdict_nonce === undefined)
    throw new Error(`a word on canary ${work.canary_id} is owed that nobody asked for`);
  const { family } = work;
  // Every family's order on a real bundle names one task. The plane knows no canary's id, which is random.
  const task_id = canary.canary_id.replace(/^c-/, "t-");
  const order = judgeOrder({ task_id, family, bundle: canary.bundle, verdict_nonce }, control);
  const report = await planes.perform("judgement", order);
  if (report.kind !== "JudgeEvidence" || !isAsOrdered(report.verdict, order))
    throw new Fault("REPORT-MISMATCH", "a verdict of another judge or on another bundle came back");
  const answer = report.answer === null ? null : control.blobs.put(report.answer, "text/plain");
  return { kind: "RecordCanaryVerdict", canary_id: canary.canary_id, verdict: { ...report.verdict, answer } };
}
