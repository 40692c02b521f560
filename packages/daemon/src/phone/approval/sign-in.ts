/** Signs an operator in on the approval page, by the token typed into the form of one decision. There is no session, so nothing outlives the operator. */
import { type DecisionWay, mayAct, operatorActor, phoneActor } from "@aedev/contracts";
import { type Refusal, refuse } from "@aedev/core";
import { createRateLimit, type RateLimit } from "@aedev/host/rate-limit";
import type { Sender } from "../../control/control.ts";
import { operatorOfToken } from "../../control/operator-token.ts";
import type { Records, Trust } from "../../control/parts.ts";

/** Sign-ins per approval. Nobody can guess a token, and nobody should be able to keep trying. */
const attempts = { burst: 10, perSecond: 0.1 };
const limits = new Map<string, RateLimit>();

/** Who decides: the operator whose token was typed, or else whoever has the phone. */
export function signIn(
  control: Records & Trust,
  { approvalId, typed, way }: { approvalId: string; typed: string | undefined; way: DecisionWay },
): Sender | Refusal {
  const text = (typed ?? "").trim();
  if (text === "") return { by: phoneActor, way };
  const limit = limits.get(approvalId) ?? createRateLimit(attempts);
  limits.set(approvalId, limit);
  if (!limit.take(performance.now()))
    return refuse("sign-in-failed", "too many sign-ins; wait ten seconds. Nothing was changed.");
  const operator = operatorOfToken(control, text);
  if (operator === null) return refuse("sign-in-failed", "this is not the token of an operator; nothing was changed");
  const { name, role } = operator;
  if (!mayAct(role, "operator"))
    return refuse("role-missing", `${name} has the role ${role}, and deciding needs the role operator`);
  return { by: operatorActor(name), way };
}
