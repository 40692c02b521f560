/** Renders `clarified-spec.md`, the specification for people to read. Approval is by the hash of the specification itself. */
import type { Specification } from "@aedev/contracts";
import type { Clarity } from "@aedev/contracts/events";
import { onOneLine } from "@aedev/contracts/words";
import { textLanguage } from "./reading/language.ts";
import { wordingOf } from "./wording/wording.ts";

/** Markdown, in the language of the mission. */
export function clarifiedSpecification(specification: Specification, clarity: Clarity): string {
  const { title, repository, text, criteria, not_checked = [], clarifications = [] } = specification;
  const { document: say, drafted } = wordingOf(textLanguage(text));
  const heading = specification.drafted === true ? drafted(onOneLine(title)) : onOneLine(title);
  const parts = [`# ${heading}`, `${say.repository}: ${repository}`];
  // A mission of one line is its own title.
  if (text.trim() !== title.trim()) parts.push(text.trim());
  if (specification.plan !== undefined) return `${[...parts, ...planLines(specification.plan)].join("\n\n")}\n`;
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

/** Each part, with what it waits for and the digest of its own specification. */
function planLines({ on_failure, parts }: NonNullable<Specification["plan"]>): string[] {
  const lines = parts.map(({ name, title, drafted, repository, mission_id, after, implied, files, specification }) => {
    const waits = [...after, ...implied.map((other) => `${other} (same files)`)];
    return [
      `- ${name} in ${repository}: ${drafted === true ? "drafted: " : ""}${onOneLine(title)}`,
      ...(waits.length === 0 ? [] : [`  after ${waits.join(", ")}`]),
      ...(files.length === 0 ? [] : [`  files: ${files.map(onOneLine).join(", ")}`]),
      `  mission ${mission_id}, specification ${specification}`,
    ].join("\n");
  });
  return ["## Parts", lines.join("\n"), `On failure: ${on_failure}`];
}

function indented(text: string): string {
  return text.trim().replaceAll("\n", "\n  ");
}
