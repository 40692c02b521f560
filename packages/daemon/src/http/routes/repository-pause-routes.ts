/** Pausing a repository over HTTP: no run and no landing begins in it until it is resumed; what has begun goes on. */
import { entityById } from "@aedev/core";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Control } from "../../loop/control.ts";
import { answer } from "../answer.ts";

const parameters = z.strictObject({ name: z.string().max(100) });
const nothing = z.strictObject({}).nullish();

export function repositoryPauseRoutes(server: FastifyInstance, control: Control): void {
  const api = server.withTypeProvider<ZodTypeProvider>();
  for (const [action, kind] of [
    ["pause", "PauseRepository"],
    ["resume", "ResumeRepository"],
  ] as const) {
    api.post(
      `/api/repositories/:name/${action}`,
      { schema: { params: parameters, body: nothing } },
      async (request, reply) => {
        const { name } = request.params;
        return answer(reply, control, { kind, repository: name }, (state) => entityById(state.repositories, name));
      },
    );
  }
}
