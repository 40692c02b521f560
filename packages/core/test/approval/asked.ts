/** States in which a person is asked, for the tests of approvals. */

import { approvalIdSchema, missionIdSchema, sha256Schema, taskIdSchema } from "@aedev/contracts";
import type { ApprovalAction, ApprovalSubject } from "@aedev/contracts/events";
import type { Command, CommandBody } from "../../src/model/command.ts";
import { initialState, type State } from "../../src/model/state.ts";
import {
  blob,
  clear,
  gated,
  ids,
  life,
  sampleHeldReport,
  someInstant,
  stateAfter,
  stateAfterCommands,
  storyCommand,
} from "../../src/testing/index.ts";

export const later = "2026-01-02T15:04:05.678Z";
export const muchLater = "2026-02-02T03:04:05.678Z";
export const approvalId = (letter: string) => approvalIdSchema.parse(`a-${letter.repeat(16)}`);
const mission_id = missionIdSchema.parse(ids.mission);
const task_id = taskIdSchema.parse(ids.task);
const digest = (letter: string) => sha256Schema.parse(letter.repeat(64));

export const landing: ApprovalSubject = {
  kind: "landing",
  mission_id,
  task_id,
  change_digest: digest("d"),
  bundle_digest: digest("e"),
  policy_digest: digest("a"),
};
export const specification: ApprovalSubject = { kind: "specification", mission_id, spec_digest: digest("5") };
export const codersQuestion: ApprovalSubject = {
  kind: "question",
  mission_id,
  task_id,
  question_id: "coder-1",
  round: 1,
};
export const question: ApprovalSubject = {
  kind: "question",
  mission_id,
  task_id: null,
  question_id: "criterion",
  round: 1,
  spec_digest: digest("5"),
};

const unclear = {
  ...clear,
  round: 1,
  score: 60,
  signals: [{ name: "no_acceptance_criteria" as const, weight: 60, why: "there is none" }],
  questions: ["criterion", "where"].map((id) => ({
    id,
    signal: "no_acceptance_criteria" as const,
    text: "What shows that it is done?",
    choices: ["a new test shows it"],
    default: "a new test shows it",
  })),
};
const submitted = life["submitted"];
if (submitted?.kind !== "SubmitMission") throw new Error("the story submits its mission elsewhere");
const clarifying: CommandBody = { ...submitted, clarity: unclear, clarified_spec: null };

/** For each kind of subject, a state in which only that subject is open. */
export const asking: Readonly<Record<Exclude<ApprovalSubject["kind"], "revert" | "budget"> | "coder", State>> = {
  landing: stateAfter("gated", initialState, { gated: gated("ask") }),
  specification: stateAfter("submitted", initialState),
  question: stateAfter("submitted", initialState, { submitted: clarifying }),
  coder: stateAfter("captured", initialState, {
    captured: {
      kind: "RecordCoderResult",
      task_id: ids.task,
      run_id: ids.run,
      hold_id: ids.hold,
      result: sampleHeldReport("HOLD-QUESTION", { detail: "Which way?" }),
    },
  }),
};

/** The terminal's command for each subject. */
export const approveLanding: CommandBody = {
  kind: "ApproveLanding",
  task_id: ids.task,
  digest: "d".repeat(64),
};
export const rejectTask: CommandBody = { kind: "RejectTask", task_id: ids.task, reason: null };
export const requestChange: CommandBody = {
  kind: "RequestChange",
  task_id: ids.task,
  digest: "d".repeat(64),
  words: "use the existing helper",
  specification: blob("6"),
};
export const approveMission: CommandBody = {
  kind: "ApproveMission",
  mission_id: ids.mission,
  spec_digest: "5".repeat(64),
  task_id: ids.task,
};
export const sendBackMission: CommandBody = {
  kind: "SendBackMission",
  mission_id: ids.mission,
  spec_digest: "5".repeat(64),
  answers: [{ question_id: "change", question: "What should change before work starts?", text: "only lib/add.js" }],
  clarity: clear,
  criteria: [{ id: "c1", text: "a test shows it closed" }],
  specification: blob("6"),
  clarified_spec: blob("7"),
};
export const rejectMission: CommandBody = { kind: "RejectMission", mission_id: ids.mission, reason: null };
export const answerQuestion: CommandBody = {
  kind: "AnswerQuestion",
  task_id: ids.task,
  question_id: "coder-1",
  text: "The smaller one",
};

/** Answers to the given questions of `asking.question`. */
export const answerMission = (ids_: readonly string[], round = 1): CommandBody => ({
  kind: "AnswerMission",
  mission_id: ids.mission,
  round,
  spec_digest: blob("5").digest,
  answers: ids_.map((question_id) => ({ question_id, text: "add(-1, 2) returns 1 in test/add.test.js" })),
  clarity: { ...unclear, questions: unclear.questions.filter(({ id }) => !ids_.includes(id)) },
  criteria: [{ id: "c1", text: "add(-1, 2) returns 1 in test/add.test.js" }],
  specification: blob("7"),
  clarified_spec: blob("8"),
});

export function at(body: CommandBody, instant = someInstant): Command {
  return { ...storyCommand(body), at: instant } as Command;
}

export function request(subject: ApprovalSubject, letter = "a", expires_at = later): CommandBody {
  return { kind: "RequestApproval", approval_id: approvalId(letter), subject, expires_at };
}

export function use(decision: CommandBody, action: ApprovalAction, letter = "a"): CommandBody {
  return { kind: "UseApproval", approval_id: approvalId(letter), action, decision };
}

/** The state after these commands; throws if one is refused. */
export const after = stateAfterCommands;
