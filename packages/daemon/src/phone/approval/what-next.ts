/** Says on a result page what comes next with what was decided, from the state after the decision. */
import { holdMeanings, landingPlaceText } from "@aedev/contracts";
import type { ApprovalSubject } from "@aedev/contracts/events";
import { entityById, type MissionState, type TaskState, tasksOf } from "@aedev/core";
import type { Records, WriteRules } from "../../control/parts.ts";
import { landingPlace } from "../../control/permitted-writes.ts";

export interface WhatNext {
  /** Null: nothing comes. */
  readonly next: string | null;
  /** Commands that a person runs to get a landed change. */
  readonly commands: readonly string[];
}

export function whatNext(control: Records & WriteRules, subject: ApprovalSubject): WhatNext {
  const { mission_id, task_id } = { task_id: null, ...subject };
  const state = control.log.stateWith({ missions: [mission_id] });
  const mission = entityById(state.missions, mission_id);
  if (mission === undefined) return { next: null, commands: [] };
  if (mission.plan !== undefined) return { next: ofPlan[mission.stage], commands: [] };
  const tasks = tasksOf(state, mission);
  const task = task_id === null ? tasks.at(-1) : tasks.find((one) => one.task_id === task_id);
  return task === undefined ? { next: missionTexts[mission.stage], commands: [] } : ofTask(task, control);
}

const orMessage = "You get a message when its change needs you or has landed.";
const missionTexts: Readonly<Record<MissionState["stage"], string | null>> = {
  clarifying: "Its other questions wait for your answers.",
  awaiting_approval: "Its specification waits for your approval. A message asks for it.",
  approved: `A coder starts work. ${orMessage}`,
  rejected: null,
  cancelled: null,
};

const ofPlan: typeof missionTexts = {
  ...missionTexts,
  approved: "Coders start work on the parts that wait for none. You get a message when a part needs you or has landed.",
};

function ofTask(task: TaskState, control: WriteRules): WhatNext {
  const place = landingPlace(task, control);
  const where = landingPlaceText(place, task.repository);
  const alone = (next: string | null) => ({ next, commands: [] });
  switch (task.status) {
    case "planned":
    case "running":
      return alone(`A coder works on it. ${orMessage}`);
    case "captured":
    case "checked":
    case "judging":
    case "judged":
      return alone(`Its change is checked and judged. ${orMessage}`);
    case "asked":
      return alone("Its change waits for your approval. A message asks for it.");
    case "landing":
      return alone(`It lands on ${where}. You get a message when it has landed.`);
    case "landed": {
      const commit = task.landed_commit?.slice(0, 12) ?? "the change";
      const then = place.take_in === null ? "" : " To get it:";
      return {
        next: `It landed: ${commit} is on ${where}.${then}`,
        commands: place.take_in === null ? [] : [place.take_in],
      };
    }
    case "held":
      return alone(task.hold === null ? "It is held." : `It is held. ${holdMeanings[task.hold.code].means}`);
    case "rejected":
    case "cancelled":
      return alone(null);
  }
}
