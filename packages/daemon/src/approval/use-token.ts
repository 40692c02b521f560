/**
 * A tap: reads a token, makes the command that the terminal would have sent, and submits both as one. It decides nothing itself, and asks
 * the store nothing before the token's MAC is right.
 */
import {
  type ApprovalAction,
  type ApprovalState,
  approvalStanding,
  type CommandBody,
  coderQuestion,
  entityById,
  type Refusal,
  type Standing,
  type State,
} from "@aedev/core";
import { answerCommand } from "../clarification/answer-command.ts";
import { type Control, command, newId } from "../loop/control.ts";
import { createQueues } from "../loop/one-at-a-time.ts";
import { requestChangeCommand } from "../work/request-change.ts";
import { approvalKey, bindingOf, type ReadToken, readToken } from "./token.ts";

/** Characters of a person's own text: words with a rejection, or an answer. */
export const textLengthMax = 2000;

export interface TokenUse {
  readonly token: unknown;
  /** The approval that the request names beside its token; another one than the token's is refused. */
  readonly approvalId?: string;
  /** With a rejection of a change: send it back with these words. */
  readonly words?: string;
  /** With an answer that is none of the choices. */
  readonly answer?: string;
}
export interface TokenAnswer {
  readonly status: 200 | 403 | 409 | 410;
  readonly code: string;
  readonly message: string;
}
/** An approval and what a token of it allows, after every check that gives a 403. */
export interface Claim {
  readonly approval: ApprovalState;
  readonly token: ReadToken;
}

/** The same words whatever is wrong: they say nothing of the state. */
const notValid: TokenAnswer = {
  status: 403,
  code: "not-valid",
  message: "This button is not valid for this decision. `aedev status` at the terminal shows what waits for you.",
};
const standings: Readonly<Record<Exclude<Standing, "open">, TokenAnswer>> = {
  decided: { status: 409, code: "approval-decided", message: "This was decided already; nothing was changed." },
  superseded: {
    status: 410,
    code: "approval-superseded",
    message: "A newer request took this one's place; nothing was changed.",
  },
  expired: {
    status: 410,
    code: "approval-expired",
    message: "This request is too old; nothing was changed. A newer one was sent, or the terminal decides.",
  },
};
const done: Readonly<Partial<Record<CommandBody["kind"], string>>> = {
  ApproveLanding: "Approved: the change will land.",
  RejectTask: "Rejected: the change will not land.",
  RequestChange: "Sent back: a next run starts with your words.",
  ApproveMission: "Approved: the work begins.",
  RejectMission: "Rejected: nothing will be done.",
  AnswerMission: "Your answer is taken.",
  AnswerQuestion: "Your answer is taken: a next run is told.",
};

/** One tap after the other: an answer is scored with the answers before it, so it must not be made from a state that another tap is changing. */
const inTurn = createQueues();

/** 403, 409 and 410 in this order; a refusal of the decision itself (a bad answer, a second person needed) is a 409 that uses nothing up. */
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
  const standing = standingAnswer(control, claim.approval);
  if (standing !== null) return standing;
  const decision = decisionOf(control, claim, use);
  if (decision === null) return notValid;
  if (decision.kind === "refused") return refusedAnswer(decision);
  const { approval_id } = claim.approval;
  const { action } = use;
  const answer = await control.log.submit(command({ kind: "UseApproval", approval_id, action, decision }, "operator"));
  if (answer.kind === "refused") return refusedAnswer(answer);
  return { status: 200, code: "done", message: done[decision.kind] ?? "Done." };
}

/** The approval of a token that is valid for it, else null: MAC first, then the path, then the binding to what was asked. */
export function claimOf(control: Control, { token: text, approvalId }: TokenUse): Claim | null {
  const token = readToken(approvalKey(control.home), text);
  if (token === null || (approvalId !== undefined && approvalId !== token.approval_id)) return null;
  const approval = entityById(control.log.state.approvals, token.approval_id);
  if (approval === undefined || bindingOf(approval) !== token.binding) return null;
  return approval.expires_at === token.expires_at ? { approval, token } : null;
}

/** Null while the approval is open. */
export function standingAnswer(control: Control, approval: ApprovalState): TokenAnswer | null {
  const standing = approvalStanding(control.log.state, approval, new Date().toISOString());
  return standing === "open" ? null : standings[standing];
}

/** The terminal's command for this action; null where the subject has no such decision. */
function decisionOf(
  control: Control,
  { approval: { subject }, token }: Claim,
  { action, words, answer }: TokenUse & { action: ApprovalAction },
): CommandBody | Refusal | null {
  const { require_second_person } = control.policy().approvals;
  if ([words, answer].some((text) => (text?.length ?? 0) > textLengthMax)) return tooLong;
  const said = textOf(words);
  switch (subject.kind) {
    case "landing": {
      const { task_id, change_digest: digest } = subject;
      if (action === "approve") return { kind: "ApproveLanding", task_id, digest, require_second_person };
      if (action !== "reject") return null;
      if (said !== null) return requestChangeCommand(control, { task_id, digest, words: said });
      return { kind: "RejectTask", task_id, reason: null };
    }
    case "specification": {
      const { mission_id, spec_digest } = subject;
      if (action === "approve")
        return { kind: "ApproveMission", mission_id, spec_digest, task_id: newId("t"), require_second_person };
      return action === "reject" ? { kind: "RejectMission", mission_id, reason: said } : null;
    }
    case "question": {
      if (action !== "answer") return null;
      const { mission_id, task_id, question_id } = subject;
      const choices = choicesOf(control.log.state, { mission_id, task_id, question_id });
      const text = token.choice === null ? textOf(answer) : (choices[token.choice] ?? null);
      if (text === null) return token.choice === null ? noAnswer : null;
      if (task_id !== null) return { kind: "AnswerQuestion", task_id, question_id, text };
      return answerCommand(control, { mission_id, answers: [{ id: question_id, text }] });
    }
  }
}

const tooLong: Refusal = {
  kind: "refused",
  code: "too-long",
  reason: `a text has ${textLengthMax} characters at most; nothing was changed`,
};
const noAnswer: Refusal = {
  kind: "refused",
  code: "no-answer",
  reason: "there is no answer in it; nothing was changed",
};

/** The choices of an open question of clarification or of a coder, in order. */
export function choicesOf(
  state: State,
  { mission_id, task_id, question_id }: { mission_id: string; task_id: string | null; question_id: string },
): readonly string[] {
  if (task_id === null) {
    const questions = entityById(state.missions, mission_id)?.clarity.questions ?? [];
    return questions.find(({ id }) => id === question_id)?.choices ?? [];
  }
  const task = entityById(state.tasks, task_id);
  const question = task === undefined ? null : coderQuestion(task);
  return question?.id === question_id ? question.choices : [];
}

function textOf(text: string | undefined): string | null {
  const said = (text ?? "").toWellFormed().trim();
  return said === "" ? null : said;
}

function refusedAnswer({ code, reason }: Refusal): TokenAnswer {
  if (code === "approval-unknown" || code === "approval-mismatch") return notValid;
  for (const answer of Object.values(standings)) if (answer.code === code) return answer;
  return { status: 409, code, message: reason };
}
