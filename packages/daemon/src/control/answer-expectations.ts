/** Lets a server's routes answer a request with an unknown `Expect` header. Otherwise Node answers it before anybody has checked Host and token. */
import type { EventEmitter } from "node:events";
import type { FastifyInstance } from "fastify";

export function answerExpectations(listener: EventEmitter, { routing }: Pick<FastifyInstance, "routing">): void {
  listener.on("checkExpectation", (request, response) => routing(request, response));
}
