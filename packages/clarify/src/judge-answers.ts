/** Judges the texts of answers: each must settle its question. */

import type { ClarificationRules } from "@aedev/contracts";
import { escapeLine, type FailureCode, wordsCharactersMax } from "@aedev/contracts";
import type { Clarity, SignalName } from "@aedev/contracts/events";
import { unitLines } from "@aedev/contracts/words";
import { exampleFor } from "./example-answer.ts";
import { emptyAgreements, isOffered } from "./offered-answers.ts";
import { criterionProblem, criterionWidthMin, isObservable, isPlaceholder, vagueWords } from "./reading/criterion.ts";
import { textLanguage } from "./reading/language.ts";
import { unboundedWordsIn } from "./reading/loose-words.ts";
import { widthOf } from "./reading/normal-form.ts";
import { namesPlace } from "./reading/place.ts";
import { type AnswerGiven, quotedWords } from "./signals.ts";
import { understand } from "./understanding/understand.ts";
import { type Wording, wordingOf } from "./wording/wording.ts";

interface AskedMission {
  readonly mission_id: string;
  readonly clarity: Clarity;
  readonly answers?: readonly AnswerGiven[];
  /** The request; absent: the answers are not judged against it. */
  readonly text?: string;
}

/** Why a person's answer can't be taken. `hint`: the command that helps. */
export interface NotTaken {
  readonly code: FailureCode;
  readonly reason: string;
  readonly hint: string;
}

/** Null if the text of every answer settles its question. Answers to other questions are not judged. */
export function judgeAnswers(
  mission: AskedMission,
  answers: readonly AnswerGiven[],
  rules: ClarificationRules,
): NotTaken | null {
  const hollow = hollowAnswers(mission, answers);
  const problems = answers.flatMap((answer) => {
    const question = mission.clarity.questions.find(({ id }) => id === answer.question_id);
    if (question === undefined) return [];
    const why = hollow.includes(answer)
      ? `${wordingOf(textLanguage(question.text)).again} ${exampleFor(mission.text ?? "")}`
      : answerProblem(question, answer.text, rules);
    return why === null ? [] : [`${escapeLine(question.id, 60)}: ${why}`];
  });
  if (problems.length === 0) return null;
  return { code: "bad-answer", reason: problems.join("\n"), hint: `aedev mission show ${mission.mission_id}` };
}

/** Answers that only agree with the usual answer although the request does not say what is wanted. */
function hollowAnswers({ text, answers: before = [] }: AskedMission, answers: readonly AnswerGiven[]): AnswerGiven[] {
  if (text === undefined) return [];
  const hollow = emptyAgreements([...before, ...answers], understand(text));
  return answers.filter((answer) => hollow.includes(answer));
}

/** Why a text does not answer the question, in the question's language; null if it does. The question's own choices always answer it. */
export function answerProblem(
  question: { readonly signal: SignalName; readonly text: string },
  text: string,
  rules: ClarificationRules,
): string | null {
  const say = wordingOf(textLanguage(question.text)).refused;
  if (text.trim() === "") return say.empty;
  if (text.length > wordsCharactersMax) return say.long(wordsCharactersMax);
  if (isOffered(question.signal, text)) return null;
  if (isPlaceholder(text, rules)) return say.placeholder(escapeLine(text, 60));
  return judge[question.signal](text, { rules, say, asked: question.text });
}

interface Judging {
  readonly rules: ClarificationRules;
  readonly say: Wording["refused"];
  readonly asked: string;
}

const judge: Readonly<Record<SignalName, (text: string, judging: Judging) => string | null>> = {
  no_acceptance_criteria: (text, judging) =>
    linesOf(text)
      .map((line) => criterionRefusal(line, judging))
      .find((why) => why !== null) ?? null,
  vague_description(text, { rules, say, asked }) {
    if (widthOf(text) < criterionWidthMin) return say.short(criterionWidthMin);
    const vague = vagueWords(text, rules);
    return vague.length === 0 ? null : say.vague(quotedWords(vague, asked));
  },
  no_target_surface: (text, { rules, say }) =>
    namesPlace(text, rules.signals.no_target_surface.words) ? null : say.noPlace,
  unbounded_scope(text, { rules, say, asked }) {
    const unbounded = unboundedWordsIn(text, rules);
    if (unbounded.length > 0) return say.unbounded(quotedWords(unbounded, asked));
    if (isObservable(text, rules) || widthOf(text) >= criterionWidthMin) return null;
    return say.short(criterionWidthMin);
  },
};

/** Why a line is not a criterion; null if it is. `asked`: a text in the language of the reply. */
export function criterionRefusal(line: string, { rules, say, asked }: Judging): string | null {
  const problem = criterionProblem(line, rules);
  switch (problem?.kind) {
    case undefined:
      return null;
    case "placeholder":
      return say.placeholder(escapeLine(line, 60));
    case "reference":
      return say.reference;
    case "short":
      return say.short(criterionWidthMin);
    case "vague":
      return say.vague(quotedWords(problem.words, asked));
  }
}

const listMark = /^\s*(?:[-*+•]\s+|\d{1,2}[.)、]\s*)(?:\[[ xX]\]\s*)?/u;

/** The lines of an answer; each is a separate criterion. Code with several lines is one. */
export function linesOf(text: string): string[] {
  return unitLines(text)
    .map((line) => line.replace(listMark, "").trim())
    .filter((line) => line !== "");
}
