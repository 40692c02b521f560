/** How clear a mission is, as the daemon says it after intake and after each answer, and as a person reads it. */
import { escapeLine } from "@aedev/core";
import { z } from "zod";
import { type Done, done } from "../answer.ts";
import { criterionLine, saidBy } from "../render/mission-text.ts";

const questionSchema = z.looseObject({
  id: z.string().default(""),
  text: z.string(),
  choices: z.array(z.string()).default([]),
  default: z.string().default(""),
});
export type AskedQuestion = z.infer<typeof questionSchema>;

export const missionClaritySchema = z.looseObject({
  mission_id: z.string(),
  status: z.string(),
  spec_digest: z.string().nullish(),
  score: z.number().nullish(),
  stuck: z.boolean().default(false),
  questions: z.array(questionSchema).default([]),
  criteria: z.array(z.looseObject({ id: z.string(), text: z.string(), default: z.boolean().optional() })).default([]),
  /** `clarified-spec.md`, once nothing is open. */
  clarified_spec: z.string().nullish(),
  not_counted: z.array(z.looseObject({ text: z.string(), why: z.string() })).default([]),
});
export type MissionClarity = z.infer<typeof missionClaritySchema>;

/** The verb's answer where nobody is asked on the spot: exit 4 while a person's answer is needed. */
export function clarityAnswer(document: unknown): Done {
  const clarity = missionClaritySchema.parse(document);
  const { mission_id, status, questions, criteria, not_counted } = clarity;
  const own = criteria.filter((criterion) => criterion.default === true).map(criterionLine);
  const lines = [`${mission_id} ${status}`, ...questions.flatMap(questionLines)];
  if (questions.length === 0 && own.length > 0) lines.push("criteria:", ...own);
  lines.push(...nextLines(clarity));
  const answer = done(document, lines.join("\n"));
  const notice = not_counted.map(
    ({ text, why }) => `aedev: not counted as a criterion: ${escapeLine(text, 200)}: ${why}`,
  );
  return {
    ...answer,
    ...(notice.length === 0 ? {} : { notice: notice.join("\n") }),
    ...(needsAnswer(clarity) ? { exit: 4 } : {}),
  };
}

export function needsAnswer({ questions, stuck }: MissionClarity): boolean {
  return questions.length > 0 || stuck;
}

/** A question with its choices, numbered; the one that is taken without an answer is marked. */
export function questionLines({ id, text, choices, default: usual }: AskedQuestion): string[] {
  const numbered = choices.map(
    (choice, place) => `    ${place + 1}. ${escapeLine(choice, 300)}${choice === usual ? " (default)" : ""}`,
  );
  return [`? ${saidBy({ id, text })}${id === "" ? "" : ` [${id}]`}`, ...numbered];
}

function nextLines({ mission_id, status, questions, stuck, score }: MissionClarity): string[] {
  if (questions.length > 0) {
    const answers = questions.map(({ id }) => `--answer ${id === "" ? "ID" : id}="…"`);
    return [`next: aedev mission answer ${mission_id} ${answers.join(" ")}`];
  }
  if (stuck)
    return [
      `its questions were answered, and it is still unclear (score ${score ?? "unknown"}): say it anew, with a place and how one can tell that it is done`,
      `next: aedev mission cancel ${mission_id}`,
    ];
  if (status === "awaiting_approval") return [`next: aedev mission approve ${mission_id}`];
  return [`next: aedev mission wait ${mission_id}`];
}
