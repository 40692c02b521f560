/** Tasks and holds over HTTP: show, decide a landing by its digest, start a fresh run, cancel, release. */
import {
  type CommandBody,
  entityById,
  openHolds,
  type Refusal,
  type State,
  taskDetails,
  taskDocument,
} from "@aedev/core";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Control } from "../../loop/control.ts";
import { requestChangeCommand, wordsCharactersMax } from "../../work/request-change.ts";
import { answer, notFound } from "../answer.ts";
import { errorBody } from "../error-body.ts";

const idParameter = z.strictObject({ id: z.string().max(100) });
const noBody = z.strictObject({}).nullish();

export function taskRoutes(server: FastifyInstance, control: Control): void {
  const api = server.withTypeProvider<ZodTypeProvider>();
  const has = (id: string) => entityById(control.log.state.tasks, id) !== undefined;

  api.get("/api/tasks", async () => ({
    tasks: Object.values(control.log.state.tasks).map((task) => ({
      mission_id: task.mission_id,
      ...taskDocument(task),
    })),
  }));
  api.get(
    "/api/tasks/:id",
    { schema: { params: idParameter } },
    async (request, reply) =>
      detailsOf(control.log.state, request.params.id) ?? notFound(reply, "task", request.params.id, "aedev task list"),
  );
  api.post(
    "/api/tasks/:id/approve",
    { schema: { params: idParameter, body: z.strictObject({ digest: z.string().nullish() }).nullish() } },
    async (request, reply) => {
      const { id } = request.params;
      if (!has(id)) return notFound(reply, "task", id, "aedev task list");
      const { require_second_person } = control.policy().approvals;
      return answer(
        reply,
        control,
        { kind: "ApproveLanding", task_id: id, digest: request.body?.digest ?? null, require_second_person },
        (state) => detailsOf(state, id),
      );
    },
  );
  api.post(
    "/api/tasks/:id/reject",
    {
      schema: {
        params: idParameter,
        body: z.strictObject({ reason: z.string().max(wordsCharactersMax).nullish() }).nullish(),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!has(id)) return notFound(reply, "task", id, "aedev task list");
      const words = request.body?.reason ?? null;
      // Words send the change back under a new specification; without any it is rejected for good.
      const body: CommandBody | Refusal =
        words === null
          ? { kind: "RejectTask", task_id: id, reason: null }
          : requestChangeCommand(control, { task_id: id, digest: null, words });
      if (body.kind === "refused") return reply.code(409).send(errorBody(body.code, body.reason, body.hint ?? null));
      return answer(reply, control, body, (state) => detailsOf(state, id));
    },
  );
  for (const [verb, kind] of [
    ["retry", "RetryTask"],
    ["cancel", "CancelTask"],
  ] as const) {
    api.post(`/api/tasks/:id/${verb}`, { schema: { params: idParameter, body: noBody } }, async (request, reply) => {
      const { id } = request.params;
      if (!has(id)) return notFound(reply, "task", id, "aedev task list");
      return answer(reply, control, { kind, task_id: id }, (state) => detailsOf(state, id));
    });
  }
  api.get("/api/holds", async () => ({ holds: openHolds(control.log.state) }));
  api.post("/api/holds/:id/release", { schema: { params: idParameter, body: noBody } }, async (request, reply) => {
    const { id } = request.params;
    const hold = openHolds(control.log.state).find((open) => open.hold_id === id);
    if (hold === undefined) return notFound(reply, "hold", id, "aedev hold list");
    return answer(reply, control, { kind: "ReleaseHold", hold_id: id }, (state) => ({
      hold_id: id,
      task: detailsOf(state, hold.task_id),
    }));
  });
}

function detailsOf(state: State, id: string): ReturnType<typeof taskDetails> | undefined {
  const task = entityById(state.tasks, id);
  return task === undefined ? undefined : taskDetails(state, task);
}
