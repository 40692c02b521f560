/** How a command's answer becomes a response: done is a document, a refusal is 409. */
import type { CommandBody, State } from "@aedev/core";
import type { FastifyReply } from "fastify";
import { type Control, command } from "../loop/control.ts";
import { errorBody } from "./error-body.ts";

/** Sends the command as the operator (the holder of the token) and answers with `show(state)`. `commandId` makes a retried request get its first answer. */
export async function answer(
  reply: FastifyReply,
  control: Control,
  body: CommandBody,
  show: (state: State) => unknown,
): Promise<FastifyReply> {
  const result = await control.log.submit(command(body, "operator"));
  if (result.kind === "refused")
    return reply.code(409).send(errorBody(result.code, result.reason, result.hint ?? null));
  return reply.send(show(control.log.state));
}

export function notFound(reply: FastifyReply, what: string, id: string, hint: string): FastifyReply {
  return reply.code(404).send(errorBody(`unknown-${what}`, `there is no ${what} ${id}`, hint));
}
