/** Composes the prompt of a draft or a proposed plan: the request as the person wrote it, and what is unclear about it. Pure. The role's instructions say what to do with it. */
import { escapeText, type Specification } from "@aedev/contracts";
import type { Question } from "@aedev/contracts/events";
import { fenced } from "./fence.ts";

/** Gives the same text for the same parts. */
export function composeDraftPrompt(specification: Specification, questions: readonly Question[]): string {
  return joined([
    "# Draft a mission",
    ...saidSections(specification),
    listSection(
      "What is unclear about it:",
      questions.map((question) => question.text),
    ),
    "Read the repository in /workspace/repo and write your proposal to /workspace/aedev-draft.json.",
  ]);
}

/** Of a plan. What is unclear is asked about each part. */
export function composePlanPrompt(specification: Specification): string {
  return joined([
    "# Propose a plan",
    ...saidSections(specification),
    "Read the repository in /workspace/repo and write your proposal to /workspace/aedev-plan.json.",
  ]);
}

/** The request, and what the person said about it. */
function saidSections({ text, criteria, clarifications = [] }: Specification): string[] {
  const own = criteria.filter((criterion) => criterion.default !== true);
  return [
    `The request, as the person wrote it:\n\n${fenced(escapeText(text))}`,
    listSection(
      "What the person said about how one can tell that it is done:",
      own.map((criterion) => criterion.text),
    ),
    listSection(
      "What the person answered:",
      clarifications.map(({ question, answer }) => `${question} ${answer}`),
    ),
  ];
}

function joined(sections: readonly string[]): string {
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function listSection(title: string, items: readonly string[]): string {
  if (items.length === 0) return "";
  return `${title}\n\n${items.map((item) => `- ${escapeText(item).replaceAll("\n", "\n  ")}`).join("\n")}`;
}
