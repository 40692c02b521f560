/** What a person may do with a mission: submit, approve by hash, reject, cancel. Nothing runs without an approval of the specification's hash. */
import type { CommandOf, Refusal } from "../log/command.ts";
import { refuse } from "../log/command.ts";
import { type Decision, events } from "../log/decision.ts";
import type { NewEvent } from "../log/event.ts";
import { entityById, type MissionState, type State } from "../log/state.ts";
import { cancelTask } from "../task/decide-task.ts";
import type { MissionId, RepositoryName, TaskId } from "../wire/index.ts";

type MissionCommand = CommandOf<"SubmitMission" | "ApproveMission" | "RejectMission" | "CancelMission">;

export function decideMission(command: MissionCommand, state: State): Decision {
  if (command.kind === "SubmitMission") return submitMission(command, state);
  const mission = entityById(state.missions, command.mission_id);
  if (mission === undefined)
    return refuse("unknown-mission", `there is no mission ${command.mission_id}`, "aedev mission list");
  switch (command.kind) {
    case "ApproveMission":
      return approveMission(command, mission);
    case "RejectMission":
      if (mission.stage !== "awaiting_approval") return notAwaiting(mission);
      return events({
        stream: streamOf(mission),
        type: "MissionRejected",
        data: { by: command.actor, reason: command.reason },
      });
    case "CancelMission":
      return cancelMission(command, mission, state);
  }
}

function submitMission(command: CommandOf<"SubmitMission">, state: State): Decision {
  if (entityById(state.repositories, command.repository) === undefined) {
    return refuse(
      "unknown-repository",
      `there is no repository named ${command.repository}`,
      "aedev repo add <path-or-url> --name NAME",
    );
  }
  if (entityById(state.missions, command.mission_id) !== undefined)
    return refuse("known-mission", `mission ${command.mission_id} is there already`);
  if (command.criteria.length === 0)
    return refuse(
      "no-criterion",
      "a mission needs at least one acceptance criterion",
      "aedev intake … --criterion TEXT",
    );
  const { title, criteria, specification } = command;
  return events({
    stream: `mission/${command.mission_id}`,
    type: "MissionSubmitted",
    data: {
      mission_id: command.mission_id as MissionId,
      repository: command.repository as RepositoryName,
      title,
      criteria,
      specification,
      author: command.actor,
    },
  });
}

function approveMission(command: CommandOf<"ApproveMission">, mission: MissionState): Decision {
  if (mission.stage !== "awaiting_approval") return notAwaiting(mission);
  if (command.spec_digest !== null && command.spec_digest !== mission.specification.digest) {
    return refuse(
      "wrong-digest",
      `the specification's digest is ${mission.specification.digest}`,
      `aedev mission show ${mission.mission_id}`,
    );
  }
  if (command.require_second_person && command.actor === mission.author) {
    return refuse("same-person", "approvals.require_second_person is on: the author can't approve the own mission");
  }
  const taskId = command.task_id as TaskId;
  const approved: NewEvent = {
    stream: streamOf(mission),
    type: "MissionApproved",
    data: { spec_digest: mission.specification.digest, by: command.actor, task_ids: [taskId] },
  };
  const planned: NewEvent = {
    stream: `task/${taskId}`,
    type: "TaskPlanned",
    data: {
      task_id: taskId,
      mission_id: mission.mission_id as MissionId,
      repository: mission.repository as RepositoryName,
      specification: mission.specification,
    },
  };
  return events(approved, planned);
}

function cancelMission(command: CommandOf<"CancelMission">, mission: MissionState, state: State): Decision {
  if (mission.stage === "cancelled" || mission.stage === "rejected") return notAwaiting(mission);
  const open = mission.task_ids.map((id) => state.tasks[id]).filter((task) => task !== undefined);
  const cancelled: NewEvent[] = [];
  for (const task of open) {
    if (task.status === "cancelled" || task.status === "rejected") continue;
    const decision = cancelTask(task, command.actor);
    if (decision.kind === "refused") return decision;
    cancelled.push(...decision.events);
  }
  return events({ stream: streamOf(mission), type: "MissionCancelled", data: { by: command.actor } }, ...cancelled);
}

function notAwaiting(mission: MissionState): Refusal {
  return refuse(
    "not-awaiting",
    `mission ${mission.mission_id} is ${mission.stage}`,
    `aedev mission show ${mission.mission_id}`,
  );
}

function streamOf(mission: MissionState): string {
  return `mission/${mission.mission_id}`;
}
