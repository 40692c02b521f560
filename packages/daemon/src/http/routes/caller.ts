/** Finds who calls the API: the home's own token means the owner, an operator's token that operator, a browser's cookie who signed in there. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type BrowserReach, type DecisionWay, type OperatorRole, operatorActor, ownerActor } from "@aedev/contracts";
import { roleOfSession } from "@aedev/core";
import { sessionOf } from "../../control/browser-token.ts";
import { type OperatorSource, operatorOfToken } from "../../control/operator-token.ts";

/** The person behind a request. */
export interface ApiCaller {
  /** The actor of the commands that the request sends. */
  readonly by: string;
  readonly role: OperatorRole;
  readonly way: DecisionWay;
  /** For a signed-in browser: its session, and whether it only reads. */
  readonly sessionId?: string;
  readonly isViewOnly?: boolean;
  readonly reach?: BrowserReach;
  /** False as soon as the token no longer works; for answers that last. */
  isStillAllowed(): boolean;
}

/** The caller who is signed in in the browser that sent the request; null: nobody is. */
export function callerOfCookie(
  request: IncomingMessage,
  control: OperatorSource,
  reach: BrowserReach,
): ApiCaller | null {
  const find = () => sessionOf(request, control, { now: new Date().toISOString(), reach });
  const session = find();
  if (session === null) return null;
  const { session_id: sessionId, by, view_only: isViewOnly } = session;
  const role = roleOfSession(control.log.state, session);
  const isStillAllowed = () => find()?.session_id === sessionId;
  return { by, role, way: "browser", sessionId, isViewOnly, reach, isStillAllowed };
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
