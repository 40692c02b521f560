/** Missions over HTTP: submit, answer questions, show, approve, reject, cancel. */

import { Fault, missionIdSchema, repositoryNameSchema, type Specification } from "@aedev/contracts";
import type { MissionClarity } from "@aedev/contracts/api";
import { clarifyMission, missionDocument, refuseQuestion } from "@aedev/core";
import { answerCommand } from "../../clarification/answer-command.ts";
import { sendBackCommand } from "../../clarification/send-back-command.ts";
import { writeSpecification } from "../../clarification/specification.ts";
import { type Control, newId } from "../../control/control.ts";
import { refuseSecrets } from "../../findings/secrets/person-text.ts";
import type { CoderProbes } from "../../planes/probes.ts";
import { missionPage } from "../../reader/pages.ts";
import { clarityDocument } from "./clarity-document.ts";
import { grantedDraftTokens, startDraft, withOffer } from "./draft-routes.ts";
import { answer, ErrorAnswer, type Handlers, notFound, present, refusal } from "./handler.ts";

const titleLengthMax = 120;

export function missionRoutes(control: Control, probes: CoderProbes) {
  const show = (id: string) => missionDocument(control.log.stateWith({ missions: [id] }), id);
  const unknown = (id: string) => notFound("mission", id, "aedev mission list");
  return {
    listMissions: async ({ query }) => missionPage(control.log, query),
    async showMission({ params: { id } }) {
      return show(id) ?? unknown(id);
    },
    async submitMission({ body, caller }): Promise<MissionClarity | ErrorAnswer> {
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
      // Before anything is stored: a mission whose draft was asked for starts with it or not at all.
      const tokens = body.draft ? await grantedDraftTokens(control, probes) : null;
      if (tokens !== null && typeof tokens !== "number") return refusal(tokens);
      const mission_id = newId("m");
      const { clarity, criteria, notCounted } = clarifyMission(submitted, rules);
      const specification = specificationOf({ ...body, mission_id, criteria });
      const submission = await answer(
        { control, caller },
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
      if (tokens === null || submission instanceof ErrorAnswer) return withOffer(submission, control, probes);
      const draft = await startDraft({ control, caller }, mission_id, tokens);
      return draft instanceof ErrorAnswer ? draft : { ...submission, draft };
    },
    async answerMission({ params: { id }, body, caller }) {
      if (show(id) === undefined) return unknown(id);
      const secret = await refuseSecrets(
        body.answers.map(({ text }, index) => ({ name: `answer ${index + 1}`, text })),
      );
      if (secret !== null) return refusal(secret);
      const command = answerCommand(control, { mission_id: id, answers: body.answers });
      return command.kind === "refused"
        ? refusal(command)
        : withOffer(await answer({ control, caller }, command, () => clarityDocument(control, id)), control, probes);
    },
    async approveMission({ params: { id }, body, caller }) {
      if (show(id) === undefined) return unknown(id);
      const spec_digest = body?.digest ?? null;
      return answer(
        { control, caller },
        { kind: "ApproveMission", mission_id: id, spec_digest, task_id: newId("t") },
        () => present(show(id)),
      );
    },
    async sendBackMission({ params: { id }, body: { reason: words, digest = null }, caller }) {
      if (show(id) === undefined) return unknown(id);
      const secret = await refuseSecrets([{ name: "reason", text: words }]);
      if (secret !== null) return refusal(secret);
      const command = sendBackCommand(control, { mission_id: id, digest, words });
      return command.kind === "refused"
        ? refusal(command)
        : withOffer(await answer({ control, caller }, command, () => clarityDocument(control, id)), control, probes);
    },
    async rejectMission({ params: { id }, body, caller }) {
      if (show(id) === undefined) return unknown(id);
      const reason = body?.reason ?? null;
      const secret = await refuseSecrets([{ name: "reason", text: reason ?? "" }]);
      if (secret !== null) return refusal(secret);
      return answer({ control, caller }, { kind: "RejectMission", mission_id: id, reason }, () => present(show(id)));
    },
    async cancelMission({ params: { id }, caller }) {
      if (show(id) === undefined) return unknown(id);
      return answer({ control, caller }, { kind: "CancelMission", mission_id: id }, () => present(show(id)));
    },
  } satisfies Partial<Handlers>;
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
