/** Decides requests for approval outside the terminal. An approval is used once, for its subject only, in one transaction with the decision itself. */
import type { ApprovalId } from "@aedev/contracts";
import { type ApprovalSubject, subjectKey } from "@aedev/contracts/events";
import { type Command, type CommandBody, type CommandOf, deciderOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { NewEvent } from "../model/event.ts";
import { type ApprovalState, entityById, type State } from "../model/state.ts";
import { isRaisable } from "../task/raised-budget.ts";
import { approvalStatus, openSubjects } from "./approval-status.ts";

/** `decide` itself, passed in: a token's decision is the command that the terminal would send. */
type Decide = (command: Command, state: State) => Decision;
type ApprovalCommand = CommandOf<"RequestApproval" | "UseApproval" | "RecordPush">;

export function decideApproval(command: ApprovalCommand, state: State, decide: Decide): Decision {
  switch (command.kind) {
    case "RequestApproval":
      return requestApproval(command, state);
    case "UseApproval":
      return applyApproval(command, state, decide);
    case "RecordPush": {
      const { stream, notice_id, key, folded } = command;
      if (!isThere(state, stream)) return refuse("unknown-stream", `there is no entity for the stream ${stream}`);
      return events({ stream, type: "PushSent", data: { notice_id, key, folded } });
    }
  }
}

function isThere(state: State, stream: string): boolean {
  if (stream === "system") return true;
  const [kind, id = ""] = stream.split("/");
  const entities = {
    mission: state.missions,
    task: state.tasks,
    approval: state.approvals,
    repository: state.repositories,
  }[kind ?? ""];
  return entities !== undefined && entityById<unknown>(entities, id) !== undefined;
}

function requestApproval(command: CommandOf<"RequestApproval">, state: State): Decision {
  const { approval_id, subject, expires_at } = command;
  const key = subjectKey(subject);
  if (!mayAsk(subject, state)) return refuse("not-asked", `no decision is open on ${key}`);
  if (entityById(state.approvals, approval_id) !== undefined)
    return refuse("known-approval", `approval ${approval_id} already exists`);
  return events({
    stream: `approval/${approval_id}`,
    type: "ApprovalRequested",
    data: { approval_id: approval_id as ApprovalId, subject, expires_at, epoch: state.system.epoch },
  });
}

function mayAsk(subject: ApprovalSubject, state: State): boolean {
  if (subject.kind === "budget") return isRaisable(subject, state);
  const key = subjectKey(subject);
  return openSubjects(state).some((asked) => subjectKey(asked) === key);
}

/** Refusals: `approval-unknown` (403), `approval-decided` (409), `approval-expired` and `approval-superseded` (410), `approval-mismatch` (403). */
function applyApproval(command: CommandOf<"UseApproval">, state: State, decide: Decide): Decision {
  const approval = entityById(state.approvals, command.approval_id);
  if (approval === undefined) return refuse("approval-unknown", "there is no such approval");
  if (!isAbout(approval, command)) return refuse("approval-mismatch", "this approval is not for this decision");
  const status = approvalStatus(state, approval, command.at);
  if (status !== "open") return refuse(`approval-${status}`, closedReasons[status], "aedev status");
  const { command_id, actor, at, way } = command;
  const envelope = { command_id, actor, at, ...(way === undefined ? {} : { way }) };
  const decision = decide({ ...command.decision, ...envelope }, state);
  if (decision.kind === "refused") return decision;
  const used: NewEvent = {
    stream: `approval/${approval.approval_id}`,
    type: "ApprovalUsed",
    data: { action: command.action, ...deciderOf(command) },
  };
  return events(used, ...decision.events);
}

const closedReasons = {
  decided: "this was already decided",
  superseded: "a newer request replaced this one",
  expired: "this request has expired; use the newer one, or decide at the terminal",
} as const;

/** Whether this approval and action allow exactly this decision, including its digest. */
function isAbout({ subject }: ApprovalState, { action, decision }: CommandOf<"UseApproval">): boolean {
  switch (subject.kind) {
    case "landing":
      if (decision.kind === "ApproveLanding")
        return action === "approve" && onTask(decision, subject.task_id) && decision.digest === subject.change_digest;
      if (decision.kind === "RequestChange")
        return action === "change" && onTask(decision, subject.task_id) && decision.digest === subject.change_digest;
      return action === "reject" && decision.kind === "RejectTask" && onTask(decision, subject.task_id);
    case "specification":
      if (decision.kind === "ApproveMission")
        return (
          action === "approve" &&
          decision.mission_id === subject.mission_id &&
          decision.spec_digest === subject.spec_digest
        );
      if (decision.kind === "SendBackMission")
        return (
          action === "change" &&
          decision.mission_id === subject.mission_id &&
          decision.spec_digest === subject.spec_digest
        );
      return action === "reject" && decision.kind === "RejectMission" && decision.mission_id === subject.mission_id;
    case "revert":
      if (action !== "revert" || decision.kind !== "RevertTask") return false;
      return onTask(decision, subject.task_id) && decision.commit === subject.commit;
    case "budget":
      if (action !== "raise" || decision.kind !== "RaiseBudget") return false;
      return (
        onTask(decision, subject.task_id) &&
        decision.hold_id === subject.hold_id &&
        decision.budget === subject.budget &&
        decision.raise_to === subject.raise_to
      );
    case "question":
      if (action !== "answer") return false;
      if (decision.kind === "AnswerQuestion")
        return onTask(decision, subject.task_id) && decision.question_id === subject.question_id;
      return (
        decision.kind === "AnswerMission" &&
        subject.task_id === null &&
        decision.mission_id === subject.mission_id &&
        decision.round === subject.round &&
        decision.spec_digest === subject.spec_digest &&
        decision.answers.some(({ question_id }) => question_id === subject.question_id)
      );
  }
}

function onTask(decision: Extract<CommandBody, { task_id: string }>, taskId: string | null): boolean {
  return decision.task_id === taskId;
}
