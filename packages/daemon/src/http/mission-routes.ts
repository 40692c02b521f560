/** Missions over HTTP: submit with criteria, show, approve, reject, cancel. */
import { missionDocument } from "@aedev/core";
import {
  canonicalJson,
  Fault,
  missionIdSchema,
  repositoryNameSchema,
  type Specification,
  specificationSchema,
} from "@aedev/core/wire";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { type Control, newId } from "../loop/control.ts";
import { answer, notFound } from "./answer.ts";
import { oneOrMore } from "./repeated-flag.ts";

const titleLengthMax = 120;
const idParameter = z.strictObject({ id: z.string().max(100) });
const submission = z.strictObject({
  text: z.string().trim().min(1).max(20_000),
  repo: z.string(),
  criterion: oneOrMore(z.string().trim()).default([]),
});

export function missionRoutes(server: FastifyInstance, control: Control): void {
  const api = server.withTypeProvider<ZodTypeProvider>();
  const show = (id: string) => missionDocument(control.log.state, id);

  api.get("/api/missions", async () => {
    const state = control.log.state;
    return { missions: Object.keys(state.missions).map((id) => missionDocument(state, id)) };
  });
  api.get(
    "/api/missions/:id",
    { schema: { params: idParameter } },
    async (request, reply) =>
      show(request.params.id) ?? notFound(reply, "mission", request.params.id, "aedev mission list"),
  );
  api.post("/api/missions", { schema: { body: submission } }, async (request, reply) => {
    const mission_id = newId("m");
    const specification = specificationOf(mission_id, request.body);
    const blob = control.blobs.put(canonicalJson(specification), "application/json");
    const { title, criteria, repository } = specification;
    return answer(
      reply,
      control,
      {
        kind: "SubmitMission",
        mission_id,
        repository,
        title,
        criteria,
        specification: blob,
        priority: "normal",
        after: [],
        clarity: { round: 0, score: 0, signals: [], questions: [], stuck: false },
        clarified_spec: null,
      },
      (state) => ({
        mission_id,
        status: missionDocument(state, mission_id)?.status,
        score: null,
        questions: [],
      }),
    );
  });
  api.post(
    "/api/missions/:id/approve",
    { schema: { params: idParameter, body: z.strictObject({ digest: z.string().nullish() }).nullish() } },
    async (request, reply) => {
      const { id } = request.params;
      if (show(id) === undefined) return notFound(reply, "mission", id, "aedev mission list");
      const { require_second_person } = control.policy().approvals;
      const spec_digest = request.body?.digest ?? null;
      return answer(
        reply,
        control,
        { kind: "ApproveMission", mission_id: id, spec_digest, task_id: newId("t"), require_second_person },
        () => show(id),
      );
    },
  );
  api.post(
    "/api/missions/:id/reject",
    { schema: { params: idParameter, body: z.strictObject({ reason: z.string().max(2000).nullish() }).nullish() } },
    async (request, reply) => {
      const { id } = request.params;
      if (show(id) === undefined) return notFound(reply, "mission", id, "aedev mission list");
      return answer(
        reply,
        control,
        { kind: "RejectMission", mission_id: id, reason: request.body?.reason ?? null },
        () => show(id),
      );
    },
  );
  api.post(
    "/api/missions/:id/cancel",
    { schema: { params: idParameter, body: z.strictObject({}).nullish() } },
    async (request, reply) => {
      const { id } = request.params;
      if (show(id) === undefined) return notFound(reply, "mission", id, "aedev mission list");
      return answer(reply, control, { kind: "CancelMission", mission_id: id }, () => show(id));
    },
  );
}

/** The specification of a submission. A criterion has 12 characters or more; the title is the text's first line. */
function specificationOf(missionId: string, body: z.infer<typeof submission>): Specification {
  const short = body.criterion.find((text) => text.length < 12);
  if (short !== undefined)
    throw new Fault("short-criterion", `the criterion "${short}" is too short to be checked: 12 characters at least`, {
      hint: "aedev intake … --criterion TEXT",
    });
  if (body.criterion.length === 0)
    throw new Fault("no-criterion", "a mission needs at least one acceptance criterion", {
      hint: "aedev intake … --criterion TEXT",
    });
  const name = repositoryNameSchema.safeParse(body.repo);
  if (!name.success)
    throw new Fault("bad-name", name.error.issues[0]?.message ?? "not a repository name", { hint: "aedev repo list" });
  // Half a character can't be hashed.
  const text = body.text.toWellFormed();
  const firstLine = [...(text.split("\n")[0] ?? "")];
  const specification = {
    schema: 1,
    mission_id: missionIdSchema.parse(missionId),
    repository: name.data,
    title:
      firstLine.length <= titleLengthMax ? firstLine.join("") : `${firstLine.slice(0, titleLengthMax - 1).join("")}…`,
    text,
    criteria: body.criterion.map((criterion, index) => ({ id: `c${index + 1}`, text: criterion.toWellFormed() })),
  };
  // What is approved is read again by its schema later on; a mission that could not be is refused now.
  const parsed = specificationSchema.safeParse(specification);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Fault("bad-specification", `${issue?.path.join(".")}: ${issue?.message}`, { hint: "aedev intake --help" });
}
