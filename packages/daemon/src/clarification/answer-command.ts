/** Turns a person's answers, from any client, into a command: answers to clarification's questions, or to a coder's. It submits nothing. */

import { clarifyAnswers, judgeAnswers } from "@aedev/clarify";
import { canonicalJson, specificationSchema, wordsCharactersMax } from "@aedev/contracts";
import {
  type CommandBody,
  entityById,
  isTaskQuestion,
  type MissionState,
  type Refusal,
  readTestsAnswer,
  refuse,
  refuseAnswers,
  type TaskState,
  taskQuestion,
  tasksOf,
} from "@aedev/core";
import { newId } from "../control/control.ts";
import type { Blobs, Records, Rules } from "../control/parts.ts";
import { readSpecification } from "../control/read-blobs.ts";
import { planChange } from "./plan-submission.ts";
import { writeSpecification } from "./specification.ts";

export interface GivenAnswers {
  readonly mission_id: string;
  /** `id` as the mission's document names the question. */
  readonly answers: readonly { readonly id: string; readonly text: string }[];
}
export type AnswerCommand = Extract<CommandBody, { kind: "AnswerMission" | "AnswerQuestion" }>;

/** The command to submit, or the reason for each answer that can't be taken. One bad answer refuses all of them. */
export function answerCommand(control: Blobs & Records & Rules, given: GivenAnswers): AnswerCommand | Refusal {
  const { missions } = control.log.stateWith({ missions: [given.mission_id] });
  const mission = entityById(missions, given.mission_id);
  if (mission === undefined)
    return refuse("unknown-mission", `there is no mission ${given.mission_id}`, "aedev mission list");
  const answers = given.answers.map(({ id, text }) => ({ question_id: id, text: text.toWellFormed().trim() }));
  const ofTask = answers.find(({ question_id }) => isTaskQuestion(question_id));
  if (ofTask !== undefined && mission.stage !== "clarifying") return answerToTask(control, { mission, answers });
  const refused = refuseAnswers(mission, answers);
  if (refused !== null) return refused;
  const asked = { ...mission, text: readSpecification(control, mission).text };
  const notTaken = judgeAnswers(asked, answers, control.policy().clarification);
  if (notTaken !== null) return refuse(notTaken.code, notTaken.reason, notTaken.hint);
  return answerToClarification(control, { mission, answers });
}

interface Answered {
  readonly mission: MissionState;
  readonly answers: { readonly question_id: string; readonly text: string }[];
}

function answerToClarification(
  control: Blobs & Records & Rules,
  { mission, answers }: Answered,
): Extract<CommandBody, { kind: "AnswerMission" }> {
  const rules = control.policy().clarification;
  const before = readSpecification(control, mission);
  const clarified = clarifyAnswers({ ...mission, text: before.text }, answers, rules);
  const { clarity, criteria, clarifications } = clarified;
  const written = writeSpecification(control.blobs, { ...before, criteria, clarifications }, clarity);
  return {
    kind: "AnswerMission",
    mission_id: mission.mission_id,
    round: mission.clarity.round,
    spec_digest: mission.specification.digest,
    answers,
    clarity,
    criteria,
    ...written,
    ...planChange(control, mission, written),
  };
}

/** A task asks one question at a time. */
function answerToTask(
  control: Blobs & Records,
  { mission, answers }: Answered,
): Extract<CommandBody, { kind: "AnswerQuestion" }> | Refusal {
  const hint = `aedev mission show ${mission.mission_id}`;
  const asking = tasksOf(control.log.stateWith({ missions: [mission.mission_id] }), mission).filter(
    (task) => taskQuestion(task) !== null,
  );
  const [answer, second] = answers;
  const task = asking.find((candidate) => taskQuestion(candidate)?.id === answer?.question_id);
  if (answer === undefined || task === undefined) {
    const open = asking.map((candidate) => taskQuestion(candidate)?.id).join(", ") || "none";
    return refuse("unknown-question", `there is no open question "${answer?.question_id ?? ""}"; open: ${open}`, hint);
  }
  if (second !== undefined)
    return refuse("unknown-question", `"${second.question_id}" can't be answered in the same request`, hint);
  if (answer.text === "") return refuse("bad-answer", `${answer.question_id}: the answer is empty`, hint);
  if (answer.text.length > wordsCharactersMax)
    return refuse("bad-answer", `${answer.question_id}: at most ${wordsCharactersMax} characters`, hint);
  return taskAnswer(control, task, answer);
}

/** The command that answers a task's question. An answer about tests becomes part of the specification, unless it keeps them. */
export function taskAnswer(
  control: Blobs,
  task: TaskState,
  answer: { readonly question_id: string; readonly text: string },
): Extract<CommandBody, { kind: "AnswerQuestion" }> | Refusal {
  const command = { kind: "AnswerQuestion", task_id: task.task_id, ...answer } as const;
  const tests = task.hold?.tests;
  if (tests === undefined) return command;
  const meant = readTestsAnswer(answer.text);
  if (meant === "kept") return { ...command, hold_id: newId("h") };
  const before = readSpecification(control, task);
  const amended = specificationSchema.safeParse(
    meant === "allowed"
      ? { ...before, allowed_tests: [...new Set([...(before.allowed_tests ?? []), ...tests.names])] }
      : { ...before, instructions: [...(before.instructions ?? []), answer.text] },
  );
  if (!amended.success)
    return refuse(
      "too-many-words",
      `task ${task.task_id} has as many answers and allowed tests as a specification may have; cancel it and submit the mission again`,
      `aedev mission cancel ${task.mission_id}`,
    );
  return { ...command, specification: control.blobs.put(canonicalJson(amended.data), "application/json") };
}
