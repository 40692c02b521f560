/** Lets the routes of a server answer a request with an `Expect` that Node does not know: else Node answers it before anybody has looked at Host and token. */
import type { EventEmitter } from "node:events";
import type { FastifyInstance } from "fastify";

export function answerExpectations(listener: EventEmitter, { routing }: Pick<FastifyInstance, "routing">): void {
  listener.on("checkExpectation", (request, response) => routing(request, response));
}
