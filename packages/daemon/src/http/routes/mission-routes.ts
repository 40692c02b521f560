/** Missions over HTTP: submit, answer questions, show, approve, order, reject, cancel. */

import type { MissionClarity } from "@aedev/contracts/api";
import {
  entitiesOf,
  entityById,
  isTaskQuestion,
  isUndecided,
  missionDocument,
  orderedMissions,
  refuse,
} from "@aedev/core";
import { answerCommand } from "../../clarification/answer-command.ts";
import { changesNotInBase } from "../../clarification/left-out-changes.ts";
import { replacePlanCommand } from "../../clarification/plan-replacement.ts";
import { approvalCommand, submitPlanCommand } from "../../clarification/plan-submission.ts";
import { sendBackCommand } from "../../clarification/send-back-command.ts";
import { refuseSubmission, submissionCommand } from "../../clarification/submission.ts";
import { newId } from "../../control/control.ts";
import type { Blobs, Commands, Mirrors, Records, Rules, Spending } from "../../control/parts.ts";
import { refuseSecrets } from "../../findings/secrets/person-text.ts";
import type { CoderProbes } from "../../planes/probes.ts";
import { missionPage } from "../../reader/pages.ts";
import { clarityDocument } from "./clarity-document.ts";
import { grantedDraftTokens, startDraft, withOffer } from "./draft-routes.ts";
import { answer, ErrorAnswer, type Handlers, notFound, presentEntity, refusal } from "./handler.ts";

/** The most missions of one agent that no person has decided about, so that it can't bury others. */
const undecidedMax = 20;

export function missionRoutes(control: Blobs & Mirrors & Records & Commands & Rules & Spending, probes: CoderProbes) {
  const show = (id: string) => missionDocument(control.log.stateWith({ missions: [id] }), id);
  const unknown = (id: string) => notFound("mission", id, "aedev mission list");
  const startsWithout = async (repository: string) => {
    const not_in_base = await changesNotInBase(control, repository);
    return not_in_base.length === 0 ? {} : { not_in_base };
  };
  const authorOf = (id: string) => entityById(control.log.stateWith({ missions: [id] }).missions, id)?.author;
  const undecidedBy = (author: string) =>
    entitiesOf(control.log.state.missions).filter((mission) => mission.author === author && isUndecided(mission))
      .length;
  return {
    listMissions: async ({ query }) => missionPage(control.log, query),
    async showMission({ params: { id } }) {
      return show(id) ?? unknown(id);
    },
    async submitMission({ body, caller }): Promise<MissionClarity | ErrorAnswer> {
      const { text, criterion, priority, labels, after, again } = body;
      if (caller.role === "agent" && body.draft !== false) return onlyPeople("asking for a draft starts a run");
      if (caller.role === "agent" && undecidedBy(caller.by) >= undecidedMax)
        return onlyPeople(`${undecidedMax} of its missions wait for a person`);
      const given = { text, criteria: criterion };
      const refused = await refuseSubmission(control, given);
      if (refused !== null) return refusal(refused);
      // Checked before anything is stored: a mission whose draft was asked for starts with the draft or not at all.
      const tokens = body.draft !== false ? await grantedDraftTokens(control, probes) : null;
      if (tokens !== null && typeof tokens !== "number") return refusal(tokens);
      const mission_id = newId("m");
      const { command, notCounted } = await submissionCommand(control, {
        ...given,
        mission_id,
        repository: body.repo,
        priority: caller.role === "agent" ? "normal" : priority,
        labels,
        after,
        again,
      });
      const answered = await answer({ control, caller }, command, () => ({
        ...clarityDocument(control, mission_id),
        not_counted: notCounted,
      }));
      if (answered instanceof ErrorAnswer) return answered;
      const submission = { ...answered, ...(await startsWithout(body.repo)) };
      if (tokens === null) return withOffer(submission, control, probes);
      const of = body.draft === "plan" ? body.draft : undefined;
      const draft = await startDraft({ control, caller }, { mission_id, tokens, of });
      return draft instanceof ErrorAnswer ? draft : { ...submission, draft };
    },
    async submitPlan({ body, caller }) {
      const { replaces } = body;
      const made =
        replaces === undefined
          ? await submitPlanCommand(control, body)
          : await replacePlanCommand(control, { ...body, replaces });
      if ("kind" in made) return refusal(made);
      const { command, notCounted } = made;
      const id = command.kind === "SubmitPlan" ? command.mission.mission_id : command.mission_id;
      return answer({ control, caller }, command, () => {
        const mission = presentEntity(show(id));
        const parts = (mission.plan?.parts ?? []).map(({ name, mission_id }) => ({
          name,
          ...clarityDocument(control, mission_id),
          not_counted: [...(notCounted.get(name) ?? [])],
        }));
        return { mission, parts };
      });
    },
    async answerMission({ params: { id }, body, caller }) {
      if (show(id) === undefined) return unknown(id);
      if (caller.role === "agent" && authorOf(id) !== caller.by)
        return onlyPeople("it answers only about missions that it submitted");
      if (caller.role === "agent" && body.answers.some((answered) => isTaskQuestion(answered.id)))
        return onlyPeople("this answer starts a run");
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
      const command = approvalCommand(control, id, spec_digest);
      const approved = await answer({ control, caller }, command, () => presentEntity(show(id)));
      if (approved instanceof ErrorAnswer) return approved;
      const { missions } = control.log.stateWith({ missions: [id] });
      return { ...approved, ...(await startsWithout(missions[id]?.repository ?? "")) };
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
      return answer({ control, caller }, { kind: "RejectMission", mission_id: id, reason }, () =>
        presentEntity(show(id)),
      );
    },
    async updateMission({ params: { id }, body, caller }) {
      if (show(id) === undefined) return unknown(id);
      return answer({ control, caller }, { kind: "UpdateMission", mission_id: id, ...body }, () =>
        presentEntity(show(id)),
      );
    },
    orderMissions({ body: { missions }, caller }) {
      return answer({ control, caller }, { kind: "OrderMissions", missions }, () => ({
        missions: orderedMissions(control.log.state),
      }));
    },
    async cancelMission({ params: { id }, caller }) {
      if (show(id) === undefined) return unknown(id);
      return answer({ control, caller }, { kind: "CancelMission", mission_id: id }, () => presentEntity(show(id)));
    },
  } satisfies Partial<Handlers>;
}

/** What the role of an agent leaves to people, although an agent may call the route. */
function onlyPeople(why: string): ErrorAnswer {
  return refusal(refuse("role-missing", `an agent may not do this: ${why}`, "a person does it"));
}
