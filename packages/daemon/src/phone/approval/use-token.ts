/**
 * Handles a tap: makes the command that the terminal would send, and submits it with the token's use. Nothing is read before the token's MAC is verified.
 * Folder: approval tokens, taps, and the listener behind a link.
 */
import { type FailureCode, wordsCharactersMax } from "@aedev/contracts";
import type { ApprovalAction } from "@aedev/contracts/events";
import {
  type ApprovalState,
  type ApprovalStatus,
  approvalStatus,
  type CommandBody,
  entityById,
  type Refusal,
  refuse,
} from "@aedev/core";
import { createKeyedMutex } from "@aedev/host/keyed-mutex";
import { answerCommand, taskAnswer } from "../../clarification/answer-command.ts";
import { approvalCommand } from "../../clarification/plan-submission.ts";
import { revertCommand } from "../../clarification/revert-command.ts";
import { sendBackCommand } from "../../clarification/send-back-command.ts";
import { makeCommand } from "../../control/control.ts";
import type { Blobs, Commands, Home, Records, Rules, Spending, Trust } from "../../control/parts.ts";
import { refuseSecrets } from "../../findings/secrets/person-text.ts";
import { requestChangeCommand } from "../../work/request-change.ts";
import { answersIn, type FilledForm, questionsOf, saidIn } from "./question-form.ts";
import { raiseBefore } from "./raise-before.ts";
import { signIn } from "./sign-in.ts";
import { approvalKey, bindingOf, type Grant, type ReadToken, verifyToken } from "./token.ts";

export interface TokenUse {
  readonly token: unknown;
  /** The approval that the request names beside its token; it must be the token's own. */
  readonly approvalId?: string;
  /** What was filled in: `words` say what should change or why it is rejected, other fields answer questions. */
  readonly form?: FilledForm;
  readonly way: "phone-page" | "phone-reply";
  /** An operator's token, typed into the page's form; that operator decides. */
  readonly operatorToken?: string | undefined;
}
export interface TokenAnswer {
  /** 422: the typed text can't be taken, and the token still works. */
  readonly status: 200 | 403 | 409 | 410 | 422;
  readonly code: FailureCode | "done";
  readonly message: string;
}
/** An approval that passed every check that gives a 403, and what its token allows. */
export interface Claim {
  readonly approval: ApprovalState;
  readonly token: ReadToken;
}

/** The decision that token and form make together. */
interface Decided extends Pick<TokenUse, "way" | "operatorToken"> {
  readonly action: ApprovalAction;
  readonly form: FilledForm;
}

/** The same text for every cause, so that it reveals nothing about the state. */
const notValid: TokenAnswer = {
  status: 403,
  code: "not-valid",
  message: "This button is not valid for this decision. Run `aedev status` in a terminal to see what needs you.",
};
const standings: Readonly<Record<Exclude<ApprovalStatus, "open">, TokenAnswer>> = {
  decided: { status: 409, code: "approval-decided", message: "This was already decided; nothing was changed." },
  superseded: {
    status: 410,
    code: "approval-superseded",
    message: "A newer request replaced this one; nothing was changed.",
  },
  expired: {
    status: 410,
    code: "approval-expired",
    message: "This request has expired; nothing was changed. Use the newer one if you got it, or decide in a terminal.",
  },
};
const done: Readonly<Partial<Record<CommandBody["kind"], string>>> = {
  ApproveLanding: "The change will land.",
  RejectTask: "The change will not land.",
  RequestChange: "A new run starts with your words.",
  ApproveMission: "Work starts.",
  SendBackMission: "Your words are part of the specification now, which needs an approval of its own.",
  RejectMission: "No work will be done.",
  RaiseBudget: "The budget is raised, and what it held continues.",
  RevertTask: "The revert is being prepared. You will be asked before it lands.",
  AnswerMission: "Your answer was recorded.",
  AnswerQuestion: "Your answer was recorded and goes to the next run.",
};

/** The parts of control that a decision by token needs. */
export type Deciding = Home & Blobs & Records & Commands & Rules & Trust & Spending;

/** One tap at a time: an answer is scored with the answers before it, so no other tap may change the state meanwhile. */
const inTurn = createKeyedMutex();

/** Checks for 403, 409 and 410 in this order. A refused decision is a 409, or a 422 if another text would help, and does not use up the token. */
export async function useToken(control: Deciding, use: TokenUse): Promise<TokenAnswer> {
  const claim = claimOf(control, use);
  if (claim === null || claim.token.action === "look") return notValid;
  const { action, choice } = claim.token;
  // Approvals, offers and choices take no text.
  const form = wordless.has(action) || choice !== null ? noForm : (use.form ?? noForm);
  const { way, operatorToken } = use;
  return inTurn(control.home, () => decideBy(control, claim, { action, form, way, operatorToken }));
}

async function decideBy(control: Deciding, claim: Claim, use: Decided): Promise<TokenAnswer> {
  const closed = closedAnswer(control, claim.approval);
  if (closed !== null) return closed;
  const secret = await refuseSecrets(textsOf(use.form));
  if (secret !== null) return refusedAnswer(secret);
  const decision = decisionOf(control, claim, use);
  if (decision === null) return notValid;
  if (decision.kind === "refused") return refusedAnswer(decision);
  const { approval_id } = claim.approval;
  const { action, way, operatorToken } = use;
  const sender = signIn(control, { approvalId: approval_id, typed: operatorToken, way });
  if ("kind" in sender) return refusedAnswer(sender);
  const command = makeCommand({ kind: "UseApproval", approval_id, action, decision }, sender);
  if (decision.kind === "RaiseBudget") {
    const refused = raiseBefore(command, { control, raised: decision });
    if (refused !== null) return refusedAnswer(refused);
  }
  const answer = await control.log.submit(command);
  if (answer.kind === "refused") return decision.kind === "RaiseBudget" ? raisedAlone(answer) : refusedAnswer(answer);
  return { status: 200, code: "done", message: done[decision.kind] ?? "Done." };
}

/** The approval of a valid token, else null. Checks the MAC, then the path, then the binding to what was asked. */
export function claimOf(
  control: Home & Records,
  { token: text, approvalId }: Pick<TokenUse, "token" | "approvalId">,
): Claim | null {
  const token = verifyToken(approvalKey(control.home), text);
  if (token === null || (approvalId !== undefined && approvalId !== token.approval_id)) return null;
  const { approvals } = control.log.stateWith({ approvals: [token.approval_id] });
  const approval = entityById(approvals, token.approval_id);
  if (approval === undefined || bindingOf(approval) !== token.binding) return null;
  return approval.expires_at === token.expires_at ? { approval, token } : null;
}

/** Null while the approval is open. */
export function closedAnswer(control: Records, approval: ApprovalState): TokenAnswer | null {
  const state = control.log.stateWith({ approvals: [approval.approval_id] });
  const closed = approvalStatus(state, approval, new Date().toISOString());
  return closed === "open" ? null : standings[closed];
}

/** The terminal's command for this action; null if the subject has no such decision. */
function decisionOf(
  control: Blobs & Records & Rules,
  { approval: { subject }, token }: Claim,
  { action, form }: Decided,
): CommandBody | Refusal | null {
  if (textsOf(form).some(({ text }) => text.length > wordsCharactersMax)) return tooLong;
  const said = saidIn(form.get("words"));
  switch (subject.kind) {
    case "landing": {
      const { task_id, change_digest: digest } = subject;
      if (action === "approve") return { kind: "ApproveLanding", task_id, digest };
      if (action === "reject") return { kind: "RejectTask", task_id, reason: said };
      if (action !== "change") return null;
      return said === null ? noWords : requestChangeCommand(control, { task_id, digest, words: said });
    }
    case "specification": {
      const { mission_id, spec_digest } = subject;
      if (action === "approve") return approvalCommand(control, mission_id, spec_digest);
      if (action === "reject") return { kind: "RejectMission", mission_id, reason: said };
      if (action !== "change") return null;
      return said === null ? noWords : sendBackCommand(control, { mission_id, digest: spec_digest, words: said });
    }
    case "revert": {
      const { task_id, commit } = subject;
      const task = entityById(control.log.stateWith({ tasks: [task_id] }).tasks, task_id);
      return action === "revert" && task !== undefined ? revertCommand(task, commit, control) : null;
    }
    case "budget": {
      const { task_id, hold_id, budget, raise_to } = subject;
      return action === "raise" ? { kind: "RaiseBudget", task_id, hold_id, budget, raise_to } : null;
    }
    case "question": {
      if (action !== "answer") return null;
      const { mission_id, question_id } = subject;
      const questions = questionsOf(control.log.stateWith({ missions: [mission_id] }), subject);
      if (token.choice === null) {
        const answers = answersIn(form, { subject, questions });
        return answers.some(({ id }) => id === question_id) ? answersCommand(control, subject, answers) : noAnswer;
      }
      const text = questions.find(({ id }) => id === question_id)?.choices[token.choice];
      return text === undefined ? null : answersCommand(control, subject, [{ id: question_id, text }]);
    }
  }
}

/** A coder asks one question at a time. */
function answersCommand(
  control: Blobs & Records & Rules,
  { mission_id, task_id, question_id }: Extract<ApprovalState["subject"], { kind: "question" }>,
  answers: readonly { id: string; text: string }[],
): CommandBody | Refusal {
  if (task_id === null) return answerCommand(control, { mission_id, answers });
  const task = entityById(control.log.stateWith({ tasks: [task_id] }).tasks, task_id);
  if (task === undefined) return refuse("unknown-task", `there is no task ${task_id}`);
  return taskAnswer(control, task, { question_id, text: answers[0]?.text ?? "" });
}

const wordless: ReadonlySet<Grant["action"]> = new Set(["approve", "revert", "raise"]);
const noForm: FilledForm = new Map();

/** The typed texts, each with its name for a refusal. A page's own values, such as a choice's, are short. */
function textsOf(form: FilledForm): { name: string; text: string }[] {
  return [...form].map(([name, text]) => ({ name: name === "words" ? "instructions" : name, text }));
}

const tooLong = refuse("too-long", `a text can have at most ${wordsCharactersMax} characters; nothing was changed`);
const noWords = refuse("no-words", "write what should change before you send it back; nothing was changed");
const noAnswer = refuse("no-answer", "choose an answer or write one; nothing was changed");
/** Refusals that a person can avoid with another text. */
const writtenCodes: ReadonlySet<FailureCode> = new Set([
  "bad-answer",
  "no-answer",
  "no-words",
  "role-missing",
  "secret-in-text",
  "sign-in-failed",
  "sign-in-needed",
  "too-long",
  "unclear",
]);

function refusedAnswer({ code, reason }: Refusal): TokenAnswer {
  if (code === "approval-unknown" || code === "approval-mismatch") return notValid;
  for (const answer of Object.values(standings)) if (answer.code === code) return answer;
  return { status: writtenCodes.has(code) ? 422 : 409, code, message: reason };
}

/** The hold ended in another way between the check and the log's decision. */
function raisedAlone(refusal: Refusal): TokenAnswer {
  return { ...refusedAnswer(refusal), message: "The budget was raised; the hold had just ended in another way." };
}
