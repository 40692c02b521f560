/** Missions over HTTP: submit, answer what is unclear, show, approve, reject, cancel. */
import { clarifyMission, entityById, missionDocument, openQuestions, tasksOf } from "@aedev/core";
import { Fault, missionIdSchema, repositoryNameSchema, type Specification } from "@aedev/core/wire";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { answerCommand } from "../../clarification/answer-command.ts";
import { writeSpecification } from "../../clarification/specification.ts";
import { type Control, newId } from "../../loop/control.ts";
import { answer, notFound } from "../answer.ts";
import { errorBody } from "../error-body.ts";
import { oneOrMore } from "./repeated-flag.ts";

const titleLengthMax = 120;
const idParameter = z.strictObject({ id: z.string().max(100) });
const submission = z.strictObject({
  text: z.string().trim().min(1).max(20_000),
  repo: z.string(),
  criterion: oneOrMore(z.string().trim()).default([]),
  priority: z.enum(["low", "normal", "high"]).default("normal"),
  /** Missions that must have landed before. */
  after: oneOrMore(z.string().max(100)).default([]),
});
const answersSchema = z.strictObject({
  answers: z.array(z.strictObject({ id: z.string().max(100), text: z.string().max(20_000) })).max(64),
});

export function missionRoutes(server: FastifyInstance, control: Control): void {
  const api = server.withTypeProvider<ZodTypeProvider>();
  api.get("/api/missions", async () => {
    const state = control.log.state;
    return { missions: Object.keys(state.missions).map((id) => missionDocument(state, id)) };
  });
  api.get(
    "/api/missions/:id",
    { schema: { params: idParameter } },
    async (request, reply) =>
      missionDocument(control.log.state, request.params.id) ??
      notFound(reply, "mission", request.params.id, "aedev mission list"),
  );
  intakeRoutes(server, control);
  decisionRoutes(server, control);
}

/** What a person wants, and what they answer to what is unclear in it. */
function intakeRoutes(server: FastifyInstance, control: Control): void {
  const api = server.withTypeProvider<ZodTypeProvider>();
  api.post("/api/missions", { schema: { body: submission } }, async (request, reply) => {
    const { text, criterion, priority, after } = request.body;
    const mission_id = newId("m");
    const { clarity, criteria, notCounted } = clarifyMission(
      { text: text.toWellFormed(), criteria: criterion.map((one) => one.toWellFormed()) },
      control.policy().clarification,
    );
    const specification = specificationOf({ ...request.body, mission_id, criteria });
    return answer(
      reply,
      control,
      {
        kind: "SubmitMission",
        mission_id,
        repository: specification.repository,
        title: specification.title,
        criteria,
        priority,
        after,
        clarity,
        ...writeSpecification(control.blobs, specification, clarity),
      },
      () => ({ ...clarityDocument(control, mission_id), not_counted: notCounted }),
    );
  });
  api.post(
    "/api/missions/:id/answer",
    { schema: { params: idParameter, body: answersSchema } },
    async (request, reply) => {
      const { id } = request.params;
      if (missionDocument(control.log.state, id) === undefined)
        return notFound(reply, "mission", id, "aedev mission list");
      const command = answerCommand(control, { mission_id: id, answers: request.body.answers });
      if (command.kind === "refused")
        return reply.code(409).send(errorBody(command.code, command.reason, command.hint ?? null));
      return answer(reply, control, command, () => clarityDocument(control, id));
    },
  );
}

function decisionRoutes(server: FastifyInstance, control: Control): void {
  const api = server.withTypeProvider<ZodTypeProvider>();
  const show = (id: string) => missionDocument(control.log.state, id);
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

/** How clear a mission is: what intake and an answer show. */
function clarityDocument(control: Control, missionId: string) {
  const mission = entityById(control.log.state.missions, missionId);
  if (mission === undefined) throw new Error(`no mission ${missionId} after its own command`);
  const { clarity, criteria, answers, clarified_spec } = mission;
  return {
    mission_id: missionId,
    status: missionDocument(control.log.state, missionId)?.status,
    spec_digest: mission.specification.digest,
    score: clarity.score,
    signals: clarity.signals,
    round: clarity.round,
    stuck: clarity.stuck,
    questions: openQuestions(mission, tasksOf(control.log.state, mission)),
    criteria,
    clarifications: answers.map(({ question, text }) => ({ question, answer: text })),
    /** `clarified-spec.md`; null while questions are open. */
    clarified_spec: clarified_spec === null ? null : new TextDecoder().decode(control.blobs.get(clarified_spec.digest)),
  };
}

/** The specification of a submission; the title is the text's first line. */
function specificationOf(
  body: Pick<z.infer<typeof submission>, "text" | "repo"> & Pick<Specification, "criteria"> & { mission_id: string },
): Specification {
  const name = repositoryNameSchema.safeParse(body.repo);
  if (!name.success)
    throw new Fault("bad-name", name.error.issues[0]?.message ?? "not a repository name", { hint: "aedev repo list" });
  // Half a character can't be hashed.
  const text = body.text.toWellFormed();
  const firstLine = [...(text.split("\n")[0] ?? "")];
  return {
    schema: 1,
    mission_id: missionIdSchema.parse(body.mission_id),
    repository: name.data,
    title:
      firstLine.length <= titleLengthMax ? firstLine.join("") : `${firstLine.slice(0, titleLengthMax - 1).join("")}…`,
    text,
    criteria: body.criteria,
  };
}
