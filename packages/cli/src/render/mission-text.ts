/** A mission as a person reads it in the terminal. */
import {
  branchName,
  costText,
  deciderText,
  escapeLine,
  localTime,
  statusText,
  takeInLines,
  usedText,
} from "@aedev/contracts";
import type { DraftDocument, MissionClarity, NotInBase, QuestionDocument } from "@aedev/contracts/api";
import type { MissionReading } from "@aedev/daemon";
import { pairs, titled } from "./columns.ts";
import { acceptLines, draftLines } from "./draft-text.ts";
import { planLines } from "./plan-text.ts";
import { decisionLine, taskLine } from "./task-text.ts";

export function missionText(mission: MissionReading): string {
  const { clarity, document } = mission;
  const head = pairs([
    ["mission", document.mission_id],
    ["title", document.title],
    ["repository", mission.repository],
    ["starts from", mission.base === undefined ? null : branchName(mission.base)],
    ["from", document.origin === undefined ? null : originText(document.origin)],
    ["left out", leftOutText(document.origin?.left_out)],
    ["status", statusText(document.status)],
    ["priority", mission.priority === "normal" ? null : mission.priority],
    ["labels", document.labels.length === 0 ? null : escapeLine(document.labels.join(", "), 500)],
    ["part of", document.part_of ?? null],
    ["after", mission.after.length === 0 ? null : mission.after.join(", ")],
    ["specification", document.spec_digest],
    [
      "submitted",
      `${localTime(mission.submitted_at)} by ${escapeLine(deciderText({ by: mission.author, way: mission.way }), 100)}`,
    ],
    ["used", mission.used.requests === 0 ? null : usedText(mission.used)],
    ["cost", mission.used.requests === 0 ? null : costText(mission.used)],
    ["unclear", clarity.stuck ? `its questions were answered, and the score is still ${clarity.score}` : null],
  ]);
  const questions = document.questions.flatMap((question) => [
    `  ${question.id}  ${saidBy(question)}`,
    ...choiceLines(question),
  ]);
  const answers = mission.answers.flatMap(({ question, text }) => [
    `  ${escapeLine(question, 500)}`,
    `    ${escapeLine(text, 2000)}`,
  ]);
  const tasks = document.tasks.map((task) => `  ${taskLine(task)}`);
  const waits = (document.waits_for ?? []).map((text) => `  ${escapeLine(text, 300)}`);
  const help = mission.help.map((command) => `  ${command}`);
  const criteria = mission.criteria.map(criterionLine);
  const drafted = mission.draft === undefined ? [] : draftSection(mission.draft, document);
  return [
    head,
    ...titled("parts:", document.plan === undefined ? [] : planLines(document.plan).map((line) => `  ${line}`)),
    ...titled("criteria:", document.plan === undefined ? criteria : []),
    ...notCheckedLines(clarity),
    ...titled("questions:", questions),
    ...titled("answers:", answers),
    ...titled("draft:", drafted),
    ...titled("decisions:", (mission.decisions ?? []).map(decisionLine)),
    ...titled("tasks:", tasks),
    ...titled("waiting:", waits),
    ...titled("what helps:", help),
  ].join("\n");
}

function originText({ issue, url, by }: NonNullable<MissionReading["document"]["origin"]>): string {
  return `issue #${issue}, labelled by ${escapeLine(by, 100)}: ${escapeLine(url, 500)}`;
}

/** Parts of an issue that GitHub hides from its readers. */
function leftOutText(parts: readonly string[] = []): string | null {
  return parts.length === 0
    ? null
    : `nobody sees it in the issue: ${parts.map((one) => escapeLine(one, 100)).join(", ")}`;
}

/** The draft, with the command that accepts it while that is possible. */
function draftSection(draft: DraftDocument, { status, tasks }: MissionReading["document"]): string[] {
  const isUndecided = tasks.length === 0;
  const isOpen = isUndecided && (status === "clarifying" || status === "awaiting_approval");
  const accept = isOpen && draft.status === "drafted" && !draft.accepted ? acceptLines(draft) : [];
  return [...draftLines(draft), ...accept].map((line) => `  ${line}`);
}

/** A question as it is shown. A coder's question is marked as the coder's, between quotation marks that it can't close (SECURITY T23). */
export function saidBy({ id, text }: { id: string; text: string }): string {
  const question = escapeLine(text, 500);
  if (!id.startsWith("coder-")) return question;
  return `the coder asks, in its own words, not aedev's: “${question.replace(/["“”„‟〝〞〟＂]/gu, "'")}”`;
}

/** The numbered choices of a question; the default is marked. */
export function choiceLines({ choices, default: usual }: QuestionDocument): string[] {
  return choices.map(
    (choice, index) => `    ${index + 1}. ${escapeLine(choice, 300)}${choice === usual ? " (default)" : ""}`,
  );
}

/** The sentences of the request that no criterion covers, if there are any. */
export function notCheckedLines({ not_checked = [] }: Pick<Partial<MissionClarity>, "not_checked">): string[] {
  return titled(
    "in no criterion, so nobody checks it:",
    not_checked.map((part) => `  ${escapeLine(part, 300)}`),
  );
}

/** The changes that the mission starts without, with the commands that merge them. */
export function notInBaseLines({ not_in_base: left = [] }: { not_in_base?: readonly NotInBase[] }): string[] {
  const [first] = left;
  if (first === undefined) return [];
  const named = left.map(({ branch, task_id }) => `  ${escapeLine(branchName(branch), 120)} (${task_id})`);
  return [
    "landed, but not in the base: the mission starts without",
    ...named,
    "to take it in first:",
    ...takeInLines(first.take_in).map((line) => `  ${escapeLine(line, 1000)}`),
  ];
}

/** A criterion; marked if aedev wrote it. */
export function criterionLine(criterion: { id: string; text: string; default?: boolean | undefined }): string {
  const mark = criterion.default === true ? " (aedev's own; you gave none)" : "";
  return `  ${criterion.id}  ${escapeLine(criterion.text, 2000)}${mark}`;
}
