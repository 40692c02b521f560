/** Finds who calls the API: the home's own token means the owner, an operator's token that operator. */
import { createHash, timingSafeEqual } from "node:crypto";
import { type DecisionWay, type OperatorRole, operatorActor, ownerActor } from "@aedev/contracts";
import { type OperatorSource, operatorOfToken } from "../../control/operator-token.ts";

/** The person behind a request. */
export interface ApiCaller {
  /** The actor of the commands that the request sends. */
  readonly by: string;
  readonly role: OperatorRole;
  readonly way: DecisionWay;
  /** False as soon as the token no longer works; for answers that last. */
  isStillAllowed(): boolean;
}

/** The caller with this bearer token; null if nobody has it. `token`: the home's own. */
export function callerOf(
  given: string,
  { control, token, way }: { control: OperatorSource; token: string; way: DecisionWay },
): ApiCaller | null {
  if (timingSafeEqual(digest(given), digest(token)))
    return { by: ownerActor, role: "admin", way, isStillAllowed: () => true };
  const operator = operatorOfToken(control, given);
  if (operator === null) return null;
  const { name, role } = operator;
  return { by: operatorActor(name), role, way, isStillAllowed: () => operatorOfToken(control, given)?.name === name };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
