/** Finds an open or landed mission with the text of a new one, so that a person is asked before the same work is paid for twice. */
import { branchName, landingWayOf, type MissionStatus, statusText, takeInCommand } from "@aedev/contracts";
import type { SameMission } from "@aedev/contracts/api";
import { type CommandOf, type Refusal, refuse } from "../model/command.ts";
import { entitiesOf, entityById, type MissionState, type State, type TaskState } from "../model/state.ts";
import { missionStatus, tasksOf } from "../model/status.ts";
import { isTakenBack } from "../model/taken-back.ts";

const commitCharacters = 12;
/** Statuses of a mission that ended without a change. */
export const endedWithoutChange: readonly MissionStatus[] = ["rejected", "cancelled"];

/** The refusal that names the earlier mission; null: there is none, or the person wants the new one anyway. The state has all missions with the text's digest. `plan`: the mission of which it is a part. */
export function refuseSameRequest(command: CommandOf<"SubmitMission">, state: State, plan?: string): Refusal | null {
  if (command.text_digest === undefined || command.again === true) return null;
  const same = entitiesOf(state.missions)
    .filter(
      (mission) =>
        mission.mission_id !== plan && !isOf(mission, plan) && isSame(mission, command) && isActive(mission, state),
    )
    .toSorted((one, other) => (one.submitted_at < other.submitted_at ? 1 : -1))[0];
  if (same === undefined) return null;
  const document = sameMission(same, state);
  return {
    ...refuse("same-request", reasonOf(document), "to submit it all the same: aedev intake --again …"),
    same: document,
  };
}

/** A new version of a plan may submit the words of a part that it replaces. */
function isOf({ part_of }: MissionState, plan: string | undefined): boolean {
  return plan !== undefined && part_of === plan;
}

/** Whether a mission counts as the same request. Another file decides about missions of the same issue: setting the label again is how a person asks for it again. */
function isSame(mission: MissionState, { repository, text_digest, origin, mission_id }: CommandOf<"SubmitMission">) {
  if (mission.mission_id === mission_id || mission.repository !== repository) return false;
  const issue = origin?.github.issue;
  return mission.text_digest === text_digest && (issue === undefined || mission.origin?.github.issue !== issue);
}

function isActive(mission: MissionState, state: State): boolean {
  const tasks = tasksOf(state, mission);
  if (endedWithoutChange.includes(missionStatus(mission, tasks))) return false;
  return tasks.length === 0 || !tasks.every((task) => task.landed_commit !== null && isTakenBack(task, state));
}

function sameMission(mission: MissionState, state: State): SameMission {
  const { mission_id, title, submitted_at } = mission;
  const tasks = tasksOf(state, mission);
  const landed = tasks.find((task) => task.landed_commit !== null);
  return {
    mission_id,
    title,
    status: missionStatus(mission, tasks),
    submitted_at,
    ...(landed === undefined ? {} : landingOf(landed, state)),
  };
}

function landingOf({ landed_commit, landing, ref, repository }: TaskState, state: State): Pick<SameMission, "landed"> {
  const registered = entityById(state.repositories, repository);
  if (landed_commit === null || landing === null) return {};
  const branch = branchName(landing.ref);
  const place = { commit: landed_commit, branch };
  if (registered === undefined) return { landed: { ...place, take_in: null } };
  const isLeft = landing.ref !== ref;
  const { url: remote } = registered;
  const isCheckout = isLeft && landingWayOf(registered) === "branch";
  return { landed: { ...place, take_in: takeInCommand({ branch, remote }, isCheckout) } };
}

function reasonOf({ mission_id, status, submitted_at, landed }: SameMission): string {
  const text = `mission ${mission_id} of ${submitted_at} has the same text and is ${statusPhrases[status] ?? statusText(status)}`;
  if (landed === undefined) return text;
  const where = `${text}: commit ${landed.commit.slice(0, commitCharacters)} on ${landed.branch}`;
  return landed.take_in === null ? where : `${where}; to get it: ${landed.take_in}`;
}

/** Phrases for statuses whose words are not an adjective. */
const statusPhrases: Readonly<Partial<Record<SameMission["status"], string>>> = {
  clarifying: "open: it has questions for you",
  asked: "open: its change needs your approval",
  awaiting_approval: "open: it awaits your approval",
};
