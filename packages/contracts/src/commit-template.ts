/**
 * How a person wants every commit to a repository to read: a first line around `{subject}`, or a footer. Only a registration can set a template, because
 * its words, such as "Closes #7", have effects at the remote.
 */
import { z } from "zod";
import { hasControls, hasInvisibles } from "./safe-text.ts";

/** The values that can fill a template; `issue`: the issue or ticket that the mission names. */
const templateValues = ["subject", "body", "issue", "mission", "task"] as const;
type TemplateValue = (typeof templateValues)[number];

const lineMax = 300;
const linesMax = 12;
const placeholder = /\{([a-z]*)\}/gu;

/** `{subject}` can only stand in the first line, `{body}` only below it. A template without `{subject}` is a footer. */
export const commitTemplateSchema = z
  .string()
  .transform((text) => text.replace(/\r\n/gu, "\n").trim())
  .refine(
    (text) => text !== "" && !hasControls(text.replaceAll("\n", "")) && !hasInvisibles(text),
    "has signs that nobody sees",
  )
  .refine(
    (text) => text.split("\n").length <= linesMax && text.split("\n").every((line) => line.length <= lineMax),
    `has more than ${linesMax} lines, or one of more than ${lineMax} characters`,
  )
  .refine(
    (text) => namesIn(text).every((name) => templateValues.some((known) => known === name)),
    `knows only ${templateValues.map((name) => `{${name}}`).join(", ")}`,
  )
  .refine((text) => {
    const [first = "", ...rest] = text.split("\n");
    const below = rest.join("\n");
    return (
      !below.includes("{subject}") &&
      (!text.includes("{body}") || (first.includes("{subject}") && !first.includes("{body}")))
    );
  }, "wants {subject} in its first line, and {body} below it")
  .refine(
    (text) => ["subject", "body"].every((name) => namesIn(text).filter((found) => found === name).length <= 1),
    "has {subject} or {body} more than once",
  );

function namesIn(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name = ""]) => name);
}

/** Fills the template. A placeholder whose value is null stays as it is written. */
export function fillTemplate(text: string, values: Readonly<Partial<Record<TemplateValue, string | null>>>): string {
  return text.replace(placeholder, (written, name: TemplateValue) => values[name] ?? written);
}
