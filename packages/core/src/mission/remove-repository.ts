/** Decides the removal of a repository: it may have no open missions, unless these are cancelled with it. */
import { counted, summarizeList } from "@aedev/contracts";
import { pullRequestUpkeep } from "../landing/upkeep.ts";
import { type Command, type CommandOf, deciderOf, type Refusal, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { NewEvent } from "../model/event.ts";
import { endedStatuses, entityById, type MissionState, type State } from "../model/state.ts";
import { tasksOf } from "../model/status.ts";
import { decideMission } from "./decide-mission.ts";

export function removeRepository(command: CommandOf<"RemoveRepository">, state: State): Decision {
  const { repository: name, cancel_open } = command;
  if (entityById(state.repositories, name) === undefined)
    return refuse("unknown-repository", `there is no repository named ${name}`, "aedev repo list");
  const open = Object.values(state.missions).filter((mission) => mission.repository === name && isOpen(mission, state));
  if (open.length > 0 && !cancel_open)
    return refuse(
      "missions-open",
      `${counted(open.length, "mission")} of ${name} ${open.length === 1 ? "is" : "are"} open: ${summarizeList(
        open.map(({ mission_id }) => mission_id),
        200,
      )}`,
      `aedev repo remove ${name} --cancel-open`,
    );
  const tasks = Object.values(state.tasks).filter(({ repository }) => repository === name);
  const pull = tasks.find((task) => task.pull_request !== undefined && !isClosed(task));
  if (pull !== undefined)
    return refuse(
      "missions-open",
      `a pull request of task ${pull.task_id} is still to be closed by aedev`,
      `aedev mission cancel ${pull.mission_id}, then later again: aedev repo remove ${name}`,
    );
  const cancelled: NewEvent[] = [];
  for (const { mission_id } of open) {
    const decision = decideMission({ ...command, kind: "CancelMission", mission_id }, state);
    if (decision.kind === "refused") return decision;
    cancelled.push(...decision.events);
  }
  return events(...cancelled, { stream: `repository/${name}`, type: "RepositoryRemoved", data: deciderOf(command) });
}

/** Refuses a command that would start work on an ended task whose repository was removed; null: it may proceed. */
export function refuseInRemoved(command: Command, state: State): Refusal | null {
  if (command.kind !== "RetryTask" && command.kind !== "RevertTask" && command.kind !== "RequestChange") return null;
  const name = entityById(state.tasks, command.task_id)?.repository;
  if (name === undefined || entityById(state.repositories, name) !== undefined) return null;
  return refuse("unknown-repository", `the repository ${name} was removed`, "aedev repo add <path-or-url> --name NAME");
}

/** Whether the task is over: it landed, or it ended and its pull request needs no further work, which would need the repository. */
function isClosed(task: State["tasks"][string]): boolean {
  return task.status === "landed" || (endedStatuses.includes(task.status) && pullRequestUpkeep(task) === null);
}

/** Whether the mission is undecided or has a task that has not ended. */
function isOpen(mission: MissionState, state: State): boolean {
  if (mission.stage === "rejected" || mission.stage === "cancelled") return false;
  if (mission.stage !== "approved") return true;
  return tasksOf(state, mission).some(({ status }) => !endedStatuses.includes(status));
}
