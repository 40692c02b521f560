/** The text of aedev's comments on an issue. Every text that aedev did not write stands in code, where GitHub calls nobody, refers to nothing and closes nothing. */
import { holdMeanings } from "@aedev/contracts";
import type { AnswerRefusal, EventData, IssueCommentSlot, Question } from "@aedev/contracts/events";
import { codeBlock, codeSpan } from "../landing/code-markdown.ts";
import type { DueComment, IssueProgress } from "./pending-comments.ts";

/** The line by which a comment is recognized as aedev's own about a mission. */
export function issueCommentMarker(missionId: string, slot: IssueCommentSlot): string {
  return `<!-- aedev mission=${missionId} comment=${slot} -->`;
}

/** Whether a text begins with the marker of any comment of aedev's. */
export function hasCommentMarker(text: string): boolean {
  return /^<!-- aedev mission=m-[a-z0-9]+ comment=[a-z0-9-]+ -->/.test(text);
}

/** The whole comment, in Markdown. */
export function issueCommentText(missionId: string, due: DueComment): string {
  const lines = due.slot === "progress" ? progressLines(missionId, due.progress) : questionLines(missionId, due);
  return `${issueCommentMarker(missionId, due.slot)}\n${lines.join("\n")}\n`;
}

function questionLines(missionId: string, { questions, refused }: Exclude<DueComment, { slot: "progress" }>): string[] {
  if (questions === null) return ["These questions are closed."];
  const [only] = questions;
  const form =
    questions.length === 1 && only !== undefined
      ? ["/aedev your answer"]
      : ["/aedev", ...questions.map(({ id }) => `${id}: your answer`)];
  return [
    "aedev needs to know more before anything runs.",
    "",
    ...questions.flatMap(questionBlock),
    "Only people who may write to this repository can answer, in a new comment of this form:",
    "",
    ...codeBlock(form.join("\n")),
    "",
    `Or in the terminal: ${codeSpan(`aedev mission answer ${missionId}`)}`,
    ...refusedLines(refused),
  ];
}

function questionBlock({ id, text, default: usual }: Question): string[] {
  return [`**${id}**`, "", ...codeBlock(text), "", ...(usual === "" ? [] : [`For example: ${codeSpan(usual)}`, ""])];
}

function progressLines(missionId: string, progress: IssueProgress): string[] {
  return [...statusLines(missionId, progress), ...refusedLines(progress.refused), "", `Mission ${codeSpan(missionId)}`];
}

function statusLines(missionId: string, progress: IssueProgress): string[] {
  switch (progress.kind) {
    case "clarifying":
      return ["**Waits for answers.** The questions are in another comment on this issue."];
    case "unclear":
      return [
        "**Still unclear.** Its questions were answered, and it is not clear what is wanted.",
        "Name a place in the code and a result that can be checked, then remove the label and set it again.",
      ];
    case "awaiting_approval":
      return [
        "**Waits for approval.** That happens in aedev and never here:",
        "",
        ...codeBlock(`aedev mission approve ${missionId}`),
      ];
    case "approved":
      return ["**Approved.** It starts when its turn comes."];
    case "running":
      return [`**Being written and checked.** Run ${progress.attempt}.`];
    case "judging":
      return ["**Being judged.** The change was written, and its evidence is being looked at."];
    case "asked":
      return ["**Waits for a person** to decide on the change, in aedev."];
    case "pull-request":
      return [`**Pull request #${progress.number}** has the change.`];
    case "held":
      return [
        `**Held**: ${codeSpan(progress.code)}. ${holdMeanings[progress.code].means}`,
        "",
        `What helps: ${codeSpan(`aedev mission show ${missionId}`)}`,
      ];
    case "landed":
      return [
        `**Landed**${progress.pull_request === null ? "" : ` by pull request #${progress.pull_request}`} as commit ${codeSpan(progress.commit)}.`,
      ];
    case "rejected":
      return progress.reason === null
        ? ["**Rejected** by a person."]
        : ["**Rejected** by a person:", "", ...codeBlock(progress.reason)];
    case "cancelled":
      return ["**Cancelled.** Nothing runs for it any more."];
  }
}

/** Why the last comment of somebody who may write does not count. */
function refusedLines(refused: EventData<"IssueAnswerRefused"> | null): string[] {
  if (refused === null) return [];
  const by = codeSpan(refused.by);
  return [
    "",
    `The comment of ${by} does not count: ${answerRefusals[refused.why]}`,
    ...(refused.detail === undefined ? [] : ["", ...codeBlock(refused.detail)]),
  ];
}

const answerRefusals: Readonly<Record<AnswerRefusal, string>> = {
  "no-write-access": "who writes it may not write to this repository.",
  edited: "it was edited. Write a new one.",
  approval: "a mission is approved or rejected in aedev only.",
  "no-questions": "no question is open.",
  "bad-answer": "it does not answer the questions. Write a new one.",
  secret: "it has a secret in it. Delete it, revoke the secret and write a new one.",
};
