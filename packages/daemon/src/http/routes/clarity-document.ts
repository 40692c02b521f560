/** The clarity of a mission, as clients show it. */
import type { MissionClarity } from "@aedev/contracts/api";
import { draftDocument, entityById, missionStatus, openQuestions, tasksOf } from "@aedev/core";
import type { Blobs, Records } from "../../control/parts.ts";
import { presentEntity } from "./handler.ts";

/** Reads a mission's clarity, which intake and each answer return. */
export function clarityDocument(control: Blobs & Records, missionId: string): MissionClarity {
  const state = control.log.stateWith({ missions: [missionId] });
  const mission = presentEntity(entityById(state.missions, missionId));
  const tasks = tasksOf(state, mission);
  const { clarity, criteria, answers, clarified_spec } = mission;
  const draft = draftDocument(mission);
  return {
    mission_id: missionId,
    ...(mission.part_of === undefined ? {} : { part_of: mission.part_of }),
    status: missionStatus(mission, tasks),
    spec_digest: mission.specification.digest,
    score: clarity.score,
    signals: clarity.signals,
    round: clarity.round,
    stuck: clarity.stuck,
    ...(clarity.not_checked === undefined ? {} : { not_checked: clarity.not_checked }),
    questions: openQuestions(mission, tasks),
    criteria: [...criteria],
    clarifications: answers.map(({ question, text }) => ({ question, answer: text })),
    ...(draft === undefined ? {} : { draft }),
    clarified_spec: clarified_spec === null ? null : new TextDecoder().decode(control.blobs.get(clarified_spec.digest)),
  };
}
