/** Decides whether answers can be accepted: each must be for an open question, once, and settle it. One bad answer refuses all answers of the same request. */
import { escapeLine, type FailureCode, wordsCharactersMax } from "@aedev/contracts";
import type { Clarity, SignalName } from "@aedev/contracts/events";
import { unitLines } from "@aedev/contracts/words";
import type { ClarificationRules } from "../model/clarification-rules.ts";
import { type Refusal, refuse } from "../model/command.ts";
import { exampleFor } from "./example-answer.ts";
import { emptyAgreements, isOffered } from "./offered-answers.ts";
import { criterionProblem, criterionWidthMin, isObservable, isPlaceholder, vagueWords } from "./reading/criterion.ts";
import { textLanguage } from "./reading/language.ts";
import { unboundedWordsIn } from "./reading/loose-words.ts";
import { widthOf } from "./reading/normal-form.ts";
import { namesPlace } from "./reading/place.ts";
import { type AnswerGiven, quoted } from "./signals.ts";
import { understand } from "./understanding/understand.ts";
import { type Wording, wordingOf } from "./wording/wording.ts";

interface AskedMission {
  readonly mission_id: string;
  readonly stage: string;
  readonly clarity: Clarity;
  /** What was answered before. */
  readonly answers?: readonly AnswerGiven[];
  /** The request; absent: whether an answer is enough is not judged. */
  readonly text?: string;
}

/** The refusal, or null if every answer is good. */
export function judgeAnswers(
  mission: AskedMission,
  answers: readonly AnswerGiven[],
  rules: ClarificationRules,
): Refusal | null {
  const show = `aedev mission show ${mission.mission_id}`;
  if (mission.stage !== "clarifying")
    return refuse("no-questions", `mission ${mission.mission_id} is ${mission.stage}; it has no open questions`, show);
  if (mission.clarity.stuck) return refuseStuck(mission.mission_id);
  if (answers.length === 0) return refuse("no-answer", "no answer was given", show);
  const hollow = hollowAnswers(mission, answers);
  const refused = answers.flatMap((answer, index) => problemOf(answer, { mission, answers, index, rules, hollow }));
  const [first] = refused;
  if (first === undefined) return null;
  return refuse(first.code, refused.map(({ why }) => why).join("\n"), show);
}

/** Refuses what a mission whose questions did not help can't do any more. */
export function refuseStuck(missionId: string): Refusal {
  return refuse(
    "unclear",
    `mission ${missionId} is still unclear after its questions were answered: cancel it and submit it again, naming a file and a checkable result`,
    `aedev mission cancel ${missionId}`,
  );
}

/** The answers that only agree with the usual one, although the request does not say what is wanted. */
function hollowAnswers({ text, answers: before = [] }: AskedMission, answers: readonly AnswerGiven[]): AnswerGiven[] {
  if (text === undefined) return [];
  const hollow = emptyAgreements([...before, ...answers], understand(text));
  return answers.filter((answer) => hollow.includes(answer));
}

interface Context {
  readonly mission: AskedMission;
  readonly answers: readonly AnswerGiven[];
  readonly index: number;
  readonly hollow: readonly AnswerGiven[];
  readonly rules: ClarificationRules;
}

function problemOf(answer: AnswerGiven, context: Context): { code: FailureCode; why: string }[] {
  const { questions } = context.mission.clarity;
  const id = escapeLine(answer.question_id, 60);
  const question = questions.find((open) => open.id === answer.question_id);
  if (question === undefined) {
    const open = questions.map((other) => other.id).join(", ");
    return [{ code: "unknown-question", why: `there is no open question "${id}"; open: ${open || "none"}` }];
  }
  if (context.answers.findIndex((other) => other.question_id === answer.question_id) !== context.index)
    return [{ code: "answered-twice", why: `the question "${id}" is answered twice` }];
  const why = context.hollow.includes(answer)
    ? `${wordingOf(textLanguage(question.text)).again} ${exampleFor(context.mission.text ?? "")}`
    : answerProblem(question, answer.text, context.rules);
  return why === null ? [] : [{ code: "bad-answer", why: `${id}: ${why}` }];
}

/** Why a text does not answer the question, in the question's language; null if it does. The question's own choices always do. */
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
    return vague.length === 0 ? null : say.vague(quoted(vague, asked));
  },
  no_target_surface: (text, { rules, say }) =>
    namesPlace(text, rules.signals.no_target_surface.words) ? null : say.noPlace,
  unbounded_scope(text, { rules, say, asked }) {
    const unbounded = unboundedWordsIn(text, rules);
    if (unbounded.length > 0) return say.unbounded(quoted(unbounded, asked));
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
      return say.vague(quoted(problem.words, asked));
  }
}

const listMark = /^\s*(?:[-*+•]\s+|\d{1,2}[.)、]\s*)(?:\[[ xX]\]\s*)?/u;

/** The lines of an answer; each is a separate criterion. Code with several lines is one. */
export function linesOf(text: string): string[] {
  return unitLines(text)
    .map((line) => line.replace(listMark, "").trim())
    .filter((line) => line !== "");
}
