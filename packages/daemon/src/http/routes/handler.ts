/** The input and output of a route handler, and the answer to a command's result: a document if it was done, 409 if it was refused. */
import type { ErrorDocument, Immutable, RouteAnswer, RouteName, RouteRequest, routes } from "@aedev/contracts/api";
import type { CommandBody, Refusal, State } from "@aedev/core";
import type { FastifyReply } from "fastify";
import { makeCommand, type Sender } from "../../control/control.ts";
import type { Commands } from "../../control/parts.ts";
import type { ApiCaller } from "./caller.ts";
import { errorBody } from "./error-body.ts";

/** An error answer with its HTTP status. */
export class ErrorAnswer {
  readonly status: 404 | 409;
  readonly body: ErrorDocument;
  constructor(status: 404 | 409, body: ErrorDocument) {
    this.status = status;
    this.body = body;
  }
}

/** One handler for each route of the table. A handler that has already answered returns `reply` itself. */
export type Handlers = {
  readonly [K in RouteName]: (
    request: RouteRequest<K> & CalledBy<K>,
    reply: FastifyReply,
  ) => Promise<Immutable<RouteAnswer<K>> | ErrorAnswer | FastifyReply>;
};

/** An open route has no caller. */
type CalledBy<K extends RouteName> = (typeof routes)[K] extends { readonly open: true }
  ? unknown
  : { readonly caller: ApiCaller };

/** The parts that an answer needs: the caller and the log. */
export interface Asked {
  readonly control: Commands;
  readonly caller: Sender;
}

/** Submits the command in the caller's name and answers with `show` of the new state, which still includes what the command ended. */
export async function answer<T>(
  { control, caller }: Asked,
  body: CommandBody,
  show: (state: State) => T,
): Promise<T | ErrorAnswer> {
  const result = await control.log.submit(makeCommand(body, caller));
  return result.kind === "refused" ? refusal(result) : show(result.state);
}

export function refusal({ code, reason, hint, same }: Refusal): ErrorAnswer {
  return new ErrorAnswer(409, errorBody(code, reason, hint ?? null, same));
}

export function notFound(
  what: "audit" | "draft" | "hold" | "lesson" | "mission" | "phone-link" | "proposal" | "repository" | "rule" | "task",
  id: string,
  hint: string,
): ErrorAnswer {
  return new ErrorAnswer(404, errorBody(`unknown-${what}`, `there is no ${what} ${id}`, hint));
}

/** The entity that the completed command is about. */
export function presentEntity<T>(entity: T | undefined): T {
  if (entity === undefined) throw new Error("an entity is missing after its own command");
  return entity;
}
