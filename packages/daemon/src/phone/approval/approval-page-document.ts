/** Composes the document of an approval page from the log and sealed blobs, with a fresh token for each decision; it renders nothing. */
import { type ApprovalPage, Fault, type QuestionPage, specificationSchema } from "@aedev/contracts";
import type { ApprovalSubject } from "@aedev/contracts/events";
import { coderQuestion, entityById, type MissionState, type TaskState } from "@aedev/core";
import type { Control } from "../../control/control.ts";
import { readDocument } from "../../control/read-blobs.ts";
import { landingEvidence } from "./landing-evidence.ts";
import { approvalKey, type Grant, mintToken } from "./token.ts";
import type { Claim } from "./use-token.ts";

type Subject<K extends ApprovalSubject["kind"]> = Extract<ApprovalSubject, { kind: K }>;
/** A fresh token for a decision; null if the reader's own token does not allow it. */
type Mint = (grant: Grant) => string | null;

/** Only for an open approval. A reader's token for one decision yields a token for that decision only; a token that only views yields all. */
export function approvalPageDocument(control: Control, { approval, token }: Claim): ApprovalPage {
  const { subject, expires_at } = approval;
  const mint = mintFor(control, { approval, token });
  const mission = entityById(control.log.stateWith({ missions: [subject.mission_id] }).missions, subject.mission_id);
  if (mission === undefined) throw new Fault("unknown-mission", `there is no mission ${subject.mission_id}`);
  const head = { mission_title: mission.title, repository: mission.repository, expires_at };
  const tokens = { approve: mint({ action: "approve" }), reject: mint({ action: "reject" }) };
  switch (subject.kind) {
    case "landing":
      return { ...head, kind: "landing", ...landingEvidence(control, taskOf(control, subject.task_id)), tokens };
    case "specification": {
      const { digest } = mission.specification;
      const specification = readDocument(control, digest, specificationSchema);
      return { ...head, kind: "specification", specification, specification_digest: digest, tokens };
    }
    case "question":
      return { ...head, kind: "question", ...questionOf(control, mission, subject, mint) };
  }
}

function mintFor(control: Control, { approval, token: { action, choice } }: Claim): Mint {
  const key = approvalKey(control.home);
  return (grant) => {
    const isAllowed =
      action === "look" || (action === grant.action && (choice === null || choice === (grant.choice ?? null)));
    return isAllowed ? mintToken(key, approval, grant) : null;
  };
}

function questionOf(
  control: Control,
  mission: MissionState,
  { task_id, question_id }: Subject<"question">,
  mint: Mint,
): Omit<QuestionPage, "kind" | "mission_title" | "repository" | "expires_at"> {
  const question =
    task_id === null
      ? mission.clarity.questions.find(({ id }) => id === question_id)
      : coderQuestion(taskOf(control, task_id));
  if (question == null) throw new Fault("no-question", `the question ${question_id} is not open`);
  return {
    asked_by: task_id === null ? "aedev" : "coder",
    text: question.text,
    default: question.default,
    choices: question.choices.map((text, choice) => ({ text, token: mint({ action: "answer", choice }) })),
    answer_token: mint({ action: "answer" }),
  };
}

function taskOf(control: Control, taskId: string): TaskState {
  const task = entityById(control.log.stateWith({ tasks: [taskId] }).tasks, taskId);
  if (task === undefined) throw new Fault("unknown-task", `there is no task ${taskId}`);
  return task;
}
