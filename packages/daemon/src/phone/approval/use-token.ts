/** Handles a tap: makes the command that the terminal would have sent, and submits it with the token's use. Nothing is read before the token's MAC is verified. */
import { type FailureCode, wordsCharactersMax } from "@aedev/contracts";
import type { ApprovalAction } from "@aedev/contracts/events";
import {
  type ApprovalState,
  type ApprovalStatus,
  approvalStatus,
  type CommandBody,
  entityById,
  openQuestion,
  type Refusal,
  refuse,
} from "@aedev/core";
import { createKeyedMutex } from "@aedev/host/keyed-mutex";
import { answerCommand } from "../../clarification/answer-command.ts";
import { type Control, makeCommand, newId } from "../../control/control.ts";
import { refuseSecrets } from "../../findings/secrets/person-text.ts";
import { requestChangeCommand } from "../../work/request-change.ts";
import { approvalKey, bindingOf, type ReadToken, verifyToken } from "./token.ts";

export interface TokenUse {
  readonly token: unknown;
  /** The approval that the request names beside its token; it must be the token's own. */
  readonly approvalId?: string;
  /** With a rejection of a change: send it back with this text; without text the rejection is final. */
  readonly words?: string;
  /** The button was Send back: without text it must not become a final rejection. */
  readonly sendsBack?: boolean;
  /** With an answer that is not one of the choices. */
  readonly answer?: string;
}
export interface TokenAnswer {
  readonly status: 200 | 403 | 409 | 410;
  readonly code: FailureCode | "done";
  readonly message: string;
}
/** An approval and what its token allows, after every check that gives a 403. */
export interface Claim {
  readonly approval: ApprovalState;
  readonly token: ReadToken;
}

/** The same text whatever is wrong: it reveals nothing about the state. */
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
  ApproveLanding: "Approved: the change will land.",
  RejectTask: "Rejected: the change will not land.",
  RequestChange: "Sent back: a new run starts with your instructions.",
  ApproveMission: "Approved: work starts.",
  RejectMission: "Rejected: no work will be done.",
  AnswerMission: "Your answer was recorded.",
  AnswerQuestion: "Your answer was recorded and goes to the next run.",
};

/** One tap at a time: an answer is scored with the answers before it, so it must not be based on a state that another tap is changing. */
const inTurn = createKeyedMutex();

/** 403, 409 and 410 in this order; a refusal of the decision itself (a bad answer) is a 409 and does not use up the token. */
export async function useToken(control: Control, use: TokenUse): Promise<TokenAnswer> {
  const claim = claimOf(control, use);
  if (claim === null || claim.token.action === "look") return notValid;
  const { action } = claim.token;
  return inTurn(control.home, () => decideBy(control, claim, { ...use, action }));
}

async function decideBy(
  control: Control,
  claim: Claim,
  use: TokenUse & { action: ApprovalAction },
): Promise<TokenAnswer> {
  const closed = closedAnswer(control, claim.approval);
  if (closed !== null) return closed;
  const secret = await refuseSecrets([
    { name: "instructions", text: use.words ?? "" },
    { name: "answer", text: use.answer ?? "" },
  ]);
  if (secret !== null) return refusedAnswer(secret);
  const decision = decisionOf(control, claim, use);
  if (decision === null) return notValid;
  if (decision.kind === "refused") return refusedAnswer(decision);
  const { approval_id } = claim.approval;
  const { action } = use;
  const answer = await control.log.submit(
    makeCommand({ kind: "UseApproval", approval_id, action, decision }, "operator"),
  );
  if (answer.kind === "refused") return refusedAnswer(answer);
  return { status: 200, code: "done", message: done[decision.kind] ?? "Done." };
}

/** The approval of a token that is valid for it, else null: MAC first, then the path, then the binding to what was asked. */
export function claimOf(control: Control, { token: text, approvalId }: TokenUse): Claim | null {
  const token = verifyToken(approvalKey(control.home), text);
  if (token === null || (approvalId !== undefined && approvalId !== token.approval_id)) return null;
  const { approvals } = control.log.stateWith({ approvals: [token.approval_id] });
  const approval = entityById(approvals, token.approval_id);
  if (approval === undefined || bindingOf(approval) !== token.binding) return null;
  return approval.expires_at === token.expires_at ? { approval, token } : null;
}

/** Null while the approval is open. */
export function closedAnswer(control: Control, approval: ApprovalState): TokenAnswer | null {
  const state = control.log.stateWith({ approvals: [approval.approval_id] });
  const closed = approvalStatus(state, approval, new Date().toISOString());
  return closed === "open" ? null : standings[closed];
}

/** The terminal's command for this action; null if the subject has no such decision. */
function decisionOf(
  control: Control,
  { approval: { subject }, token }: Claim,
  { action, words, answer, sendsBack = false }: TokenUse & { action: ApprovalAction },
): CommandBody | Refusal | null {
  if ([words, answer].some((text) => (text?.length ?? 0) > wordsCharactersMax)) return tooLong;
  const said = textOf(words);
  switch (subject.kind) {
    case "landing": {
      const { task_id, change_digest: digest } = subject;
      if (action === "approve") return { kind: "ApproveLanding", task_id, digest };
      if (action !== "reject") return null;
      if (said === null && sendsBack) return noWords;
      if (said !== null) return requestChangeCommand(control, { task_id, digest, words: said });
      return { kind: "RejectTask", task_id, reason: null };
    }
    case "specification": {
      const { mission_id, spec_digest } = subject;
      if (action === "approve") return { kind: "ApproveMission", mission_id, spec_digest, task_id: newId("t") };
      return action === "reject" ? { kind: "RejectMission", mission_id, reason: said } : null;
    }
    case "question": {
      if (action !== "answer") return null;
      const { mission_id, task_id, question_id } = subject;
      const question = openQuestion(control.log.stateWith({ missions: [mission_id] }), subject);
      const text = token.choice === null ? textOf(answer) : (question?.choices[token.choice] ?? null);
      if (text === null) return token.choice === null ? noAnswer : null;
      if (task_id !== null) return { kind: "AnswerQuestion", task_id, question_id, text };
      return answerCommand(control, { mission_id, answers: [{ id: question_id, text }] });
    }
  }
}

const tooLong = refuse("too-long", `a text can have at most ${wordsCharactersMax} characters; nothing was changed`);
const noWords = refuse("no-words", "write what should change before you send it back; nothing was changed");
const noAnswer = refuse("no-answer", "the answer is empty; nothing was changed");

function textOf(text: string | undefined): string | null {
  const said = (text ?? "").toWellFormed().trim();
  return said === "" ? null : said;
}

function refusedAnswer({ code, reason }: Refusal): TokenAnswer {
  if (code === "approval-unknown" || code === "approval-mismatch") return notValid;
  for (const answer of Object.values(standings)) if (answer.code === code) return answer;
  return { status: 409, code, message: reason };
}
