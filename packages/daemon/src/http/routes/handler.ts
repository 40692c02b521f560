/** A route handler's input and output, and how a command's result becomes an answer: a document if it was done, 409 if it was refused. */
import type { ErrorDocument, Immutable, RouteAnswer, RouteName, RouteRequest } from "@aedev/contracts/api";
import type { CommandBody, Refusal, State } from "@aedev/core";
import type { FastifyReply } from "fastify";
import { type Control, makeCommand } from "../../control/control.ts";
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
    request: RouteRequest<K>,
    reply: FastifyReply,
  ) => Promise<Immutable<RouteAnswer<K>> | ErrorAnswer | FastifyReply>;
};

/** Submits the command as the operator (the holder of the token) and answers with `show` of the resulting state, which still includes what the command ended. */
export async function answer<T>(
  control: Control,
  body: CommandBody,
  show: (state: State) => T,
): Promise<T | ErrorAnswer> {
  const result = await control.log.submit(makeCommand(body, "operator"));
  return result.kind === "refused" ? refusal(result) : show(result.state);
}

export function refusal({ code, reason, hint }: Refusal): ErrorAnswer {
  return new ErrorAnswer(409, errorBody(code, reason, hint ?? null));
}

export function notFound(
  what: "audit" | "draft" | "hold" | "mission" | "repository" | "task",
  id: string,
  hint: string,
): ErrorAnswer {
  return new ErrorAnswer(404, errorBody(`unknown-${what}`, `there is no ${what} ${id}`, hint));
}

/** The entity that the completed command is about. */
export function present<T>(entity: T | undefined): T {
  if (entity === undefined) throw new Error("an entity is missing after its own command");
  return entity;
}
