/** The text of aedev's comments on an issue. Every text that aedev did not write is shown as code, where GitHub mentions nobody, refers to nothing and closes nothing. */
import { type HostText, holdMeanings, host, hostText, joined } from "@aedev/contracts";
import type { AnswerRefusal, EventData, IssueCommentSlot, Question } from "@aedev/contracts/events";
import { codeBlock, codeSpan } from "../landing/code-markdown.ts";
import type { DueComment, IssueProgress } from "./pending-comments.ts";

/** The line that marks a comment as aedev's own about a mission. */
export function issueCommentMarker(missionId: string, slot: IssueCommentSlot): HostText {
  return host`<!-- aedev mission=${hostText(missionId)} comment=${hostText(slot)} -->`;
}

/** Whether a text begins with the marker of any aedev comment. */
export function hasCommentMarker(text: string): boolean {
  return /^<!-- aedev mission=m-[a-z0-9]+ comment=[a-z0-9-]+ -->/.test(text);
}

/** The whole comment, in Markdown. */
export function issueCommentText(missionId: string, due: DueComment): HostText {
  const lines = due.slot === "progress" ? progressLines(missionId, due.progress) : questionLines(missionId, due);
  return host`${issueCommentMarker(missionId, due.slot)}\n${joined(lines, "\n")}\n`;
}

function questionLines(
  missionId: string,
  { questions, refused }: Exclude<DueComment, { slot: "progress" }>,
): HostText[] {
  if (questions === null) return [host`These questions are closed.`];
  const [only] = questions;
  const form =
    questions.length === 1 && only !== undefined
      ? ["/aedev your answer"]
      : ["/aedev", ...questions.map(({ id }) => `${id}: your answer`)];
  return [
    host`aedev needs to know more before anything runs.`,
    host``,
    ...questions.flatMap(questionBlock),
    host`Only people who may write to this repository can answer, in a new comment of this form:`,
    host``,
    ...codeBlock(form.join("\n"), "home"),
    host``,
    host`Or in the terminal: ${codeSpan(`aedev mission answer ${missionId}`)}`,
    ...refusedLines(refused),
  ];
}

function questionBlock({ id, text, default: usual }: Question): HostText[] {
  return [
    host`**${hostText(id)}**`,
    host``,
    ...codeBlock(text),
    host``,
    ...(usual === "" ? [] : [host`For example: ${codeSpan(usual)}`, host``]),
  ];
}

function progressLines(missionId: string, progress: IssueProgress): HostText[] {
  return [
    ...statusLines(missionId, progress),
    ...refusedLines(progress.refused),
    host``,
    host`Mission ${codeSpan(missionId)}`,
  ];
}

function statusLines(missionId: string, progress: IssueProgress): HostText[] {
  switch (progress.kind) {
    case "clarifying":
      return [host`**Waits for answers.** The questions are in another comment on this issue.`];
    case "unclear":
      return [
        host`**Still unclear.** Its questions were answered, and it is not clear what is wanted.`,
        host`Name a place in the code and a result that can be checked, then remove the label and set it again.`,
      ];
    case "awaiting_approval":
      return [
        host`**Waits for approval.** That happens in aedev and never here:`,
        host``,
        ...codeBlock(`aedev mission approve ${missionId}`),
      ];
    case "approved":
      return [host`**Approved.** It starts when its turn comes.`];
    case "running":
      return [host`**Being written and checked.** Run ${progress.attempt}.`];
    case "judging":
      return [host`**Being judged.** The change was written, and its evidence is being looked at.`];
    case "asked":
      return [host`**Waits for a person** to decide on the change, in aedev.`];
    case "pull-request":
      return [host`**Pull request #${progress.number}** has the change.`];
    case "held":
      return [
        host`**Held**: ${codeSpan(progress.code)}. ${hostText(holdMeanings[progress.code].means, "home")}`,
        host``,
        host`What helps: ${codeSpan(`aedev mission show ${missionId}`)}`,
      ];
    case "landed":
      return [
        host`**Landed**${progress.pull_request === null ? host`` : host` by pull request #${progress.pull_request}`} as commit ${codeSpan(progress.commit)}.`,
      ];
    case "rejected":
      return progress.reason === null
        ? [host`**Rejected** by a person.`]
        : [host`**Rejected** by a person:`, host``, ...codeBlock(progress.reason, "home")];
    case "cancelled":
      return [host`**Cancelled.** Nothing runs for it any more.`];
  }
}

/** Why the last comment of somebody with write access does not count. */
function refusedLines(refused: EventData<"IssueAnswerRefused"> | null): HostText[] {
  if (refused === null) return [];
  const by = codeSpan(refused.by);
  return [
    host``,
    host`The comment of ${by} does not count: ${hostText(answerRefusals[refused.why], "home")}`,
    ...(refused.detail === undefined ? [] : [host``, ...codeBlock(refused.detail)]),
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
