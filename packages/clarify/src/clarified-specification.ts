/** Renders `clarified-spec.md`, the specification for people to read. Approval is by the hash of the specification itself. */
import type { Specification } from "@aedev/contracts";
import type { Clarity } from "@aedev/contracts/events";
import { onOneLine } from "@aedev/contracts/words";
import { textLanguage } from "./reading/language.ts";
import { wordingOf } from "./wording/wording.ts";

/** Markdown, in the language of the mission. */
export function clarifiedSpecification(specification: Specification, clarity: Clarity): string {
  const { title, repository, text, criteria, not_checked = [], clarifications = [] } = specification;
  const say = wordingOf(textLanguage(text)).document;
  const parts = [`# ${onOneLine(title)}`, `${say.repository}: ${repository}`];
  // A mission of one line is its own title.
  if (text.trim() !== title.trim()) parts.push(text.trim());
  const criterionLines = criteria.map(
    (criterion) =>
      `- ${criterion.id}: ${onOneLine(criterion.text)}${criterion.default === true ? ` (${say.ownCriterion})` : ""}`,
  );
  parts.push(`## ${say.criteria}`, criterionLines.join("\n"));
  if (not_checked.length > 0)
    parts.push(`## ${say.notChecked}`, not_checked.map((part) => `- ${onOneLine(part)}`).join("\n"));
  if (clarifications.length > 0) {
    const answers = clarifications.map(({ question, answer }) => `- ${onOneLine(question)}\n  ${indented(answer)}`);
    parts.push(`## ${say.answers}`, answers.join("\n"));
  }
  parts.push(say.score(clarity.score));
  return `${parts.join("\n\n")}\n`;
}

function indented(text: string): string {
  return text.trim().replaceAll("\n", "\n  ");
}
