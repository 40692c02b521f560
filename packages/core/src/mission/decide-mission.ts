/**
 * Decides what a person does with a mission: submit, answer, approve by hash, reject, cancel. Nothing runs before the specification's hash is approved.
 *
 * Folder: what a person may do with a mission and its drafts.
 */

import { counted, escapeLine, type MissionId, type RepositoryName, type TaskId } from "@aedev/contracts";
import { type CommandOf, deciderOf, type Refusal, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { NewEvent } from "../model/event.ts";
import { endedStatuses, entityById, isUndecided, type MissionState, type State } from "../model/state.ts";
import { tasksOf } from "../model/status.ts";
import { refuseApproval, refuseUnsignedWords } from "../operator/second-person.ts";
import { cancelTask } from "../task/decide-task.ts";
import { approvalOfPlan, openPartsText, partMissions, planChangeOf, refuseAlone } from "./plan.ts";
import { refuseSameRequest } from "./same-request.ts";
import { supersedeIssue } from "./supersede-issue.ts";

type MissionCommand = CommandOf<
  | "SubmitMission"
  | "UpdateMission"
  | "AnswerMission"
  | "SendBackMission"
  | "ApproveMission"
  | "RejectMission"
  | "CancelMission"
>;

export function decideMission(command: MissionCommand, state: State): Decision {
  if (command.kind === "SubmitMission") return submitMission(command, { state });
  const mission = entityById(state.missions, command.mission_id);
  if (mission === undefined)
    return refuse("unknown-mission", `there is no mission ${command.mission_id}`, "aedev mission list");
  switch (command.kind) {
    case "UpdateMission":
      return updateMission(command, mission, state);
    case "ApproveMission":
      return approveMission(command, mission, state);
    case "AnswerMission":
      return refuseUnsignedWords(state, command.actor) ?? answerMission(command, mission, state);
    case "SendBackMission":
      return refuseUnsignedWords(state, command.actor) ?? sendBackMission(command, mission, state);
    case "RejectMission":
      return rejectMission(command, mission, state);
    case "CancelMission":
      return cancelMission(command, mission, state);
  }
}

/** Submits one mission. `coming`: ids of missions that the same command submits before this one. `plan`: the mission of which it is a part. */
export function submitMission(
  command: CommandOf<"SubmitMission">,
  { state, coming = new Set(), plan }: { state: State; coming?: ReadonlySet<string>; plan?: string },
): Decision {
  if (entityById(state.repositories, command.repository) === undefined) {
    return refuse(
      "unknown-repository",
      `there is no repository named ${command.repository}`,
      "aedev repo add <path-or-url> --name NAME",
    );
  }
  if (entityById(state.missions, command.mission_id) !== undefined)
    return refuse("known-mission", `mission ${command.mission_id} already exists`);
  if (command.criteria.length === 0)
    return refuse(
      "no-criterion",
      "a mission needs at least one acceptance criterion",
      "aedev intake … --criterion TEXT",
    );
  const blocked = command.after
    .map((id) => (coming.has(id) ? null : unusablePredecessor(id, state)))
    .find((refusal) => refusal !== null);
  if (blocked != null) return blocked;
  const same = refuseSameRequest(command, state, plan);
  if (same !== null) return same;
  const { origin } = command;
  const superseded = origin === undefined ? events() : supersedeIssue(origin, command, state);
  if (superseded.kind === "refused") return superseded;
  return events(submittedEvent(command, plan), ...superseded.events);
}

function submittedEvent(command: CommandOf<"SubmitMission">, plan: string | undefined): NewEvent {
  const { title, criteria, specification, priority, labels = [], clarity, clarified_spec } = command;
  const { origin, proposed, text_digest } = command;
  return {
    stream: `mission/${command.mission_id}`,
    type: "MissionSubmitted",
    data: {
      mission_id: command.mission_id as MissionId,
      repository: command.repository as RepositoryName,
      title,
      criteria,
      specification,
      author: command.actor,
      ...(command.way === undefined ? {} : { way: command.way }),
      priority,
      ...(labels.length === 0 ? {} : { labels }),
      after: command.after as MissionId[],
      ...(origin === undefined ? {} : { origin }),
      ...(proposed === undefined ? {} : { proposed }),
      ...(text_digest === undefined ? {} : { text_digest }),
      ...(plan === undefined ? {} : { part_of: plan as MissionId }),
      clarity,
      clarified_spec,
    },
  };
}

/** What is so already changes nothing. A plan's priority is that of its parts. */
function updateMission(command: CommandOf<"UpdateMission">, mission: MissionState, state: State): Decision {
  const { plan } = mission;
  if (command.on_failure !== undefined && plan === undefined)
    return refuse(
      "no-plan",
      `mission ${mission.mission_id} is one task, so it has no rule about failures`,
      showHint(mission),
    );
  if (command.on_failure !== undefined && isUndecided(mission))
    return refuse(
      "whole-plan",
      "a plan's rule about failures can be changed only after the plan is approved",
      `aedev mission cancel ${mission.mission_id}, then submit the plan with another rule`,
    );
  const { labels: known = [] } = mission;
  const on_failure = command.on_failure === plan?.on_failure ? undefined : command.on_failure;
  const labels = command.labels?.join("\n") === known.join("\n") ? undefined : command.labels;
  const { priority } = command;
  const updated = [mission, ...partMissions(state, mission)].flatMap((one): NewEvent[] => {
    const isWhole = one === mission;
    const changed = {
      ...(priority === undefined || priority === one.priority ? {} : { priority }),
      ...(isWhole && labels !== undefined ? { labels } : {}),
      ...(isWhole && on_failure !== undefined ? { on_failure } : {}),
    };
    if (Object.keys(changed).length === 0) return [];
    return [{ stream: streamOf(one), type: "MissionUpdated", data: { ...changed, ...deciderOf(command) } }];
  });
  return events(...updated);
}

function rejectMission(command: CommandOf<"RejectMission">, mission: MissionState, state: State): Decision {
  if (!isUndecided(mission)) return notAwaiting(mission);
  const refused = refuseAlone(mission, state);
  if (refused !== null) return refused;
  if (mission.task_ids.length > 0)
    return refuse(
      "whole-plan",
      `parts of ${mission.mission_id} were approved before, so its new version can't be rejected: hand in another one, or cancel the plan`,
      `aedev intake --file plan.yaml --replaces ${mission.mission_id} (or aedev mission cancel ${mission.mission_id})`,
    );
  const data = { ...deciderOf(command), reason: command.reason };
  const rejected = [mission, ...partMissions(state, mission).filter(isUndecided)];
  return events(...rejected.map((one): NewEvent => ({ stream: streamOf(one), type: "MissionRejected", data })));
}

/** Why a predecessor is refused: a mission waits only for missions that already exist, so the graph has no cycle. */
function unusablePredecessor(id: string, state: State): Refusal | null {
  const before = entityById(state.missions, id);
  if (before === undefined)
    return refuse("unknown-mission", `--after: there is no mission ${id}`, "aedev mission list");
  if (before.stage !== "rejected" && before.stage !== "cancelled") return null;
  return refuse("never-lands", `--after: mission ${id} is ${before.stage} and will never land`, "aedev mission list");
}

/** Refuses answers unless each is to a different open question of the mission. Whether a text says enough is for clarification to decide. */
export function refuseAnswers(
  mission: Pick<MissionState, "mission_id" | "stage" | "clarity">,
  answers: readonly { readonly question_id: string }[],
): Refusal | null {
  const { mission_id: id, stage, clarity } = mission;
  const show = `aedev mission show ${id}`;
  if (stage !== "clarifying")
    return refuse("no-questions", `mission ${id} is ${stage}; it has no open questions`, show);
  if (clarity.stuck) return refuseStuck(id);
  if (answers.length === 0) return refuse("no-answer", "no answer was given", show);
  const open = new Set(clarity.questions.map((question) => question.id));
  for (const [index, { question_id }] of answers.entries()) {
    const quoted = escapeLine(question_id, 60);
    if (!open.has(question_id))
      return refuse(
        "unknown-question",
        `there is no open question "${quoted}"; open: ${[...open].join(", ") || "none"}`,
        show,
      );
    if (answers.findIndex((other) => other.question_id === question_id) !== index)
      return refuse("answered-twice", `the question "${quoted}" is answered twice`, show);
  }
  return null;
}

/** Refuses every command that a mission whose questions did not help can no longer take. */
function refuseStuck(missionId: string): Refusal {
  return refuse(
    "unclear",
    `mission ${missionId} is still unclear after its questions were answered: cancel it and submit it again, naming a file and a checkable result`,
    `aedev mission cancel ${missionId}`,
  );
}

/** Takes answers to open questions. One bad answer refuses all of them, so nothing is half done. */
function answerMission(command: CommandOf<"AnswerMission">, mission: MissionState, state: State): Decision {
  const refused = refuseAnswers(mission, command.answers);
  if (refused !== null) return refused;
  const { questions, round } = mission.clarity;
  if (command.round !== round || command.spec_digest !== mission.specification.digest)
    return refuse("stale", "another answer arrived first; check which questions are still open", showHint(mission));
  const answered = new Set(command.answers.map(({ question_id }) => question_id));
  const left = questions.filter(({ id }) => !answered.has(id));
  if (left.some(({ id }) => !command.clarity.questions.some((open) => open.id === id)))
    return refuse("stale", "a question would be closed without an answer", showHint(mission));
  const answers = command.answers.map(({ question_id, text }) => {
    const question = questions.find(({ id }) => id === question_id)?.text ?? "";
    return { question_id, question, text };
  });
  const { clarity, criteria, specification, clarified_spec } = command;
  const planned = planChangeOf(command, mission, state);
  if ("kind" in planned) return planned;
  const event: NewEvent = {
    stream: streamOf(mission),
    type: "ClarificationAnswered",
    data: {
      ...deciderOf(command),
      ...(command.comment === undefined ? {} : { comment: command.comment }),
      answers,
      clarity,
      criteria,
      specification,
      clarified_spec,
    },
  };
  return events(event, ...planned);
}

/** Sends back a specification that the person has read. Words that would leave the mission unclear for good are refused. */
function sendBackMission(command: CommandOf<"SendBackMission">, mission: MissionState, state: State): Decision {
  if (mission.plan !== undefined)
    return refuse("whole-plan", "send back the part that should change, not the whole plan", showHint(mission));
  const refused = refuseUndecidable(mission, command.spec_digest);
  if (refused !== null) return refused;
  const { answers, clarity, criteria, specification, clarified_spec } = command;
  if (clarity.stuck) return refuseStuck(mission.mission_id);
  const planned = planChangeOf(command, mission, state);
  if ("kind" in planned) return planned;
  const sentBack: NewEvent = {
    stream: streamOf(mission),
    type: "MissionSentBack",
    data: { ...deciderOf(command), answers, clarity, criteria, specification, clarified_spec },
  };
  return events(sentBack, ...planned);
}

/** Why this specification can't be approved or sent back now; null if it can. */
function refuseUndecidable(mission: MissionState, digest: string | null): Refusal | null {
  if (mission.stage === "clarifying" && mission.plan !== undefined)
    return refuse("questions-open", openPartsText({ ...mission, plan: mission.plan }), showHint(mission));
  if (mission.stage === "clarifying") {
    const { questions, stuck } = mission.clarity;
    return stuck
      ? refuseStuck(mission.mission_id)
      : refuse(
          "questions-open",
          `mission ${mission.mission_id} has ${counted(questions.length, "open question")}: ${questions.map(({ id }) => id).join(", ")}`,
          `aedev mission answer ${mission.mission_id}`,
        );
  }
  if (mission.stage !== "awaiting_approval") return notAwaiting(mission);
  if (digest === null || digest === mission.specification.digest) return null;
  return refuse("wrong-digest", `the specification's digest is ${mission.specification.digest}`, showHint(mission));
}

function approveMission(command: CommandOf<"ApproveMission">, mission: MissionState, state: State): Decision {
  const refused =
    refuseAlone(mission, state) ??
    refuseUndecidable(mission, command.spec_digest) ??
    refuseApproval(state, command.actor, { kind: "specification", mission });
  if (refused !== null) return refused;
  if (mission.plan !== undefined) {
    const approved = approvalOfPlan(command, { ...mission, plan: mission.plan }, state);
    return "kind" in approved ? approved : events(...approved);
  }
  const taskId = command.task_id as TaskId;
  const approved: NewEvent = {
    stream: streamOf(mission),
    type: "MissionApproved",
    data: { spec_digest: mission.specification.digest, ...deciderOf(command), task_ids: [taskId] },
  };
  const planned: NewEvent = {
    stream: `task/${taskId}`,
    type: "TaskPlanned",
    data: {
      task_id: taskId,
      mission_id: mission.mission_id,
      repository: mission.repository,
      specification: mission.specification,
    },
  };
  return events(approved, planned);
}

function cancelMission(command: CommandOf<"CancelMission">, mission: MissionState, state: State): Decision {
  if (mission.stage === "cancelled" || mission.stage === "rejected") return notAwaiting(mission);
  const refused = refuseAlone(mission, state);
  if (refused !== null) return refused;
  return mission.plan === undefined ? cancelAlone(command, mission, state) : cancelPlan(command, mission, state);
}

function cancelAlone(command: CommandOf<"CancelMission">, mission: MissionState, state: State): Decision {
  const open = mission.task_ids.map((id) => state.tasks[id]).filter((task) => task !== undefined);
  const cancelled: NewEvent[] = [];
  for (const task of open) {
    if (task.status === "cancelled" || task.status === "rejected") continue;
    const decision = cancelTask(task, command);
    if (decision.kind === "refused") return decision;
    cancelled.push(...decision.events);
  }
  return events({ stream: streamOf(mission), type: "MissionCancelled", data: deciderOf(command) }, ...cancelled);
}

/** Cancels every part that has not ended; what has landed stays. */
function cancelPlan(command: CommandOf<"CancelMission">, mission: MissionState, state: State): Decision {
  const isOver = (part: MissionState) =>
    !isUndecided(part) && tasksOf(state, part).every(({ status }) => endedStatuses.includes(status));
  const open = partMissions(state, mission).filter((part) => !isOver(part));
  if (open.length === 0) return refuse("final", `all parts of ${mission.mission_id} have ended`, showHint(mission));
  const cancelled: NewEvent[] = [{ stream: streamOf(mission), type: "MissionCancelled", data: deciderOf(command) }];
  for (const part of open) {
    const decision = cancelAlone(command, part, state);
    if (decision.kind === "refused") return decision;
    cancelled.push(...decision.events);
  }
  return events(...cancelled);
}

/** Refuses what only a mission in an earlier stage can do. */
export function notAwaiting(mission: MissionState): Refusal {
  return refuse("not-awaiting", `mission ${mission.mission_id} is ${mission.stage}`, showHint(mission));
}

/** The command that shows the mission. */
export function showHint(mission: MissionState): string {
  return `aedev mission show ${mission.mission_id}`;
}

/** The mission's stream. */
export function streamOf(mission: MissionState): string {
  return `mission/${mission.mission_id}`;
}
