/** Missions over HTTP: submit, answer questions, show, approve, reject, cancel. */

import { Fault, missionIdSchema, repositoryNameSchema, type Specification } from "@aedev/contracts";
import type { MissionClarity } from "@aedev/contracts/api";
import {
  clarifyMission,
  entityById,
  missionDocument,
  missionStatus,
  openQuestions,
  refuseQuestion,
  tasksOf,
} from "@aedev/core";
import { answerCommand } from "../../clarification/answer-command.ts";
import { writeSpecification } from "../../clarification/specification.ts";
import { type Control, newId } from "../../control/control.ts";
import { refuseSecrets } from "../../findings/secrets/person-text.ts";
import { missionPage } from "../../reader/pages.ts";
import { answer, type Handlers, notFound, present, refusal } from "./handler.ts";

const titleLengthMax = 120;

type MissionHandlers = Pick<
  Handlers,
  | "listMissions"
  | "showMission"
  | "submitMission"
  | "answerMission"
  | "approveMission"
  | "rejectMission"
  | "cancelMission"
>;

export function missionRoutes(control: Control): MissionHandlers {
  const show = (id: string) => missionDocument(control.log.stateWith({ missions: [id] }), id);
  const unknown = (id: string) => notFound("mission", id, "aedev mission list");
  return {
    listMissions: async ({ query }) => missionPage(control.log, query),
    async showMission({ params: { id } }) {
      return show(id) ?? unknown(id);
    },
    async submitMission({ body }) {
      const { text, criterion, priority, after } = body;
      const secret = await refuseSecrets([
        { name: "text", text },
        ...criterion.map((one, index) => ({ name: `criterion ${index + 1}`, text: one })),
      ]);
      if (secret !== null) return refusal(secret);
      const submitted = { text: text.toWellFormed(), criteria: criterion.map((one) => one.toWellFormed()) };
      const rules = control.policy().clarification;
      const question = refuseQuestion(submitted, rules);
      if (question !== null) return refusal(question);
      const mission_id = newId("m");
      const { clarity, criteria, notCounted } = clarifyMission(submitted, rules);
      const specification = specificationOf({ ...body, mission_id, criteria });
      return answer(
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
    },
    async answerMission({ params: { id }, body }) {
      if (show(id) === undefined) return unknown(id);
      const secret = await refuseSecrets(
        body.answers.map(({ text }, index) => ({ name: `answer ${index + 1}`, text })),
      );
      if (secret !== null) return refusal(secret);
      const command = answerCommand(control, { mission_id: id, answers: body.answers });
      return command.kind === "refused"
        ? refusal(command)
        : answer(control, command, () => clarityDocument(control, id));
    },
    async approveMission({ params: { id }, body }) {
      if (show(id) === undefined) return unknown(id);
      const spec_digest = body?.digest ?? null;
      return answer(control, { kind: "ApproveMission", mission_id: id, spec_digest, task_id: newId("t") }, () =>
        present(show(id)),
      );
    },
    async rejectMission({ params: { id }, body }) {
      if (show(id) === undefined) return unknown(id);
      const reason = body?.reason ?? null;
      const secret = await refuseSecrets([{ name: "reason", text: reason ?? "" }]);
      if (secret !== null) return refusal(secret);
      return answer(control, { kind: "RejectMission", mission_id: id, reason }, () => present(show(id)));
    },
    async cancelMission({ params: { id } }) {
      if (show(id) === undefined) return unknown(id);
      return answer(control, { kind: "CancelMission", mission_id: id }, () => present(show(id)));
    },
  };
}

/** How clear a mission is, as intake and each answer show it. */
function clarityDocument(control: Control, missionId: string): MissionClarity {
  const state = control.log.stateWith({ missions: [missionId] });
  const mission = present(entityById(state.missions, missionId));
  const tasks = tasksOf(state, mission);
  const { clarity, criteria, answers, clarified_spec } = mission;
  return {
    mission_id: missionId,
    status: missionStatus(mission, tasks),
    spec_digest: mission.specification.digest,
    score: clarity.score,
    signals: clarity.signals,
    round: clarity.round,
    stuck: clarity.stuck,
    questions: openQuestions(mission, tasks),
    criteria: [...criteria],
    clarifications: answers.map(({ question, text }) => ({ question, answer: text })),
    clarified_spec: clarified_spec === null ? null : new TextDecoder().decode(control.blobs.get(clarified_spec.digest)),
  };
}

/** The specification of a submission; the title is the text's first line. */
function specificationOf(
  body: Pick<Specification, "text" | "criteria"> & { repo: string; mission_id: string },
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
