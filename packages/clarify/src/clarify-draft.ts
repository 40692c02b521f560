/** Judges the parts of a draft that a person accepts as if they were the person's answers, and adds those that count to the mission, marked as drafted. ADR 0022. */

import type { ClarificationRules } from "@aedev/contracts";
import type { SignalName } from "@aedev/contracts/events";
import { type AnsweredMission, type Clarified, draftedTestId, rescored } from "./clarify.ts";
import { answerProblem } from "./judge-answers.ts";
import { isOffered, questionIds } from "./offered-answers.ts";
import { textLanguage } from "./reading/language.ts";
import { type Wording, wordingOf } from "./wording/wording.ts";

/** A part as the person accepted it. `drafted`: true if it is exactly as the coder wrote it. */
export interface AcceptedPart {
  readonly of: "title" | "place" | "criterion" | "test";
  readonly text: string;
  readonly drafted: boolean;
}
/** A part that does not count, with the reason in the mission's language. */
export interface PartNotTaken {
  readonly of: AcceptedPart["of"];
  readonly text: string;
  readonly why: string;
}
type Answers = AnsweredMission["answers"];

/** The question that each part answers. The idea for a test is judged like an outcome. */
const signals: Readonly<Record<AcceptedPart["of"], SignalName>> = {
  title: "vague_description",
  place: "no_target_surface",
  criterion: "no_acceptance_criteria",
  test: "vague_description",
};

/** The mission with the parts that count, scored again; `answers` is empty if none does. */
export function clarifyDraft(
  mission: AnsweredMission,
  parts: readonly AcceptedPart[],
  rules: ClarificationRules,
): Clarified & { readonly answers: Answers; readonly notTaken: PartNotTaken[] } {
  const say = wordingOf(textLanguage(mission.text));
  const judged = parts.map((part) => ({ part, why: partProblem(part, { asked: mission.text, say, rules }) }));
  const notTaken = judged.flatMap(({ part: { of, text }, why }) => (why === null ? [] : [{ of, text, why }]));
  const taken = judged.filter(({ why }) => why === null).map(({ part }) => part);
  const answers = answersOf(taken, say);
  const drafted = taken.filter((part) => part.drafted).map((part) => say.drafted(part.text));
  return { ...rescored(mission, answers, { rules, drafted }), answers, notTaken };
}

/** A coder's part must not be one of aedev's own offers: agreeing with an offer says nothing about this mission. */
function partProblem(
  { of, text, drafted }: AcceptedPart,
  { asked, say, rules }: { asked: string; say: Wording; rules: ClarificationRules },
): string | null {
  const signal = signals[of];
  if (drafted && isOffered(signal, text)) return say.refused.placeholder(text);
  return answerProblem({ signal, text: asked }, text, rules);
}

function answersOf(parts: readonly AcceptedPart[], say: Wording): Answers {
  const { title, place, criteria, test } = say.draftQuestions;
  const textOf = (of: AcceptedPart["of"]) =>
    parts
      .filter((part) => part.of === of)
      .map(({ text, drafted }) => (drafted ? say.drafted(text) : text))
      .join("\n");
  return [
    { question_id: questionIds.vague_description, question: title, text: textOf("title") },
    { question_id: questionIds.no_target_surface, question: place, text: textOf("place") },
    { question_id: questionIds.no_acceptance_criteria, question: criteria, text: textOf("criterion") },
    { question_id: draftedTestId, question: test, text: textOf("test") },
  ].filter(({ text }) => text !== "");
}
