/** Scores a mission: which of the four signals it raises, with the policy's weights and words. Deterministic, without a model or a clock. */

import type { ClarificationRules } from "@aedev/contracts";
import { type SignalName, signalNames } from "@aedev/contracts/events";
import { textParts } from "@aedev/contracts/words";
import { emptyAgreements, isOffered, questionIds } from "./offered-answers.ts";
import { anchorsOf } from "./reading/anchors.ts";
import { textLanguage } from "./reading/language.ts";
import { unboundedWordsIn, vagueWordsIn } from "./reading/loose-words.ts";
import { namesPlace } from "./reading/place.ts";
import type { Understanding } from "./understanding/understand.ts";
import { exact } from "./understanding/weigh.ts";
import { wordingOf } from "./wording/wording.ts";

export interface AnswerGiven {
  readonly question_id: string;
  readonly text: string;
}
/** A mission to be scored. `description`: its text without the lines that are criteria. */
export interface ScoredMission {
  readonly text: string;
  readonly description: string;
  readonly understood: Understanding;
  readonly criteria: readonly string[];
  readonly answers: readonly AnswerGiven[];
}
export interface Signal {
  readonly name: SignalName;
  readonly weight: number;
  readonly why: string;
  readonly words: readonly string[];
}

const scoreMax = 100;
const wordsNamedMax = 3;

/** The raised signals, the heaviest first. Answering its question settles a signal, unless the answer says nothing here. */
export function signalsOf(mission: ScoredMission, rules: ClarificationRules): Signal[] {
  const hollow = emptyAgreements(mission.answers, mission.understood);
  const answered = new Set(
    mission.answers.filter((answer) => !hollow.includes(answer)).map(({ question_id }) => question_id),
  );
  const raised = signalNames.flatMap((name): Signal[] => {
    const { weight } = rules.signals[name];
    if (weight === 0 || answered.has(questionIds[name])) return [];
    const words = wordsRaising[name](mission, rules);
    if (words === null) return [];
    const why = wordingOf(textLanguage(mission.text)).why[name](quotedWords(words, mission.text));
    return [{ name, weight, why, words }];
  });
  return raised.toSorted((left, right) => right.weight - left.weight);
}

/** Sum of the weights, at most 100. */
export function scoreOf(signals: readonly { readonly weight: number }[]): number {
  return Math.min(
    scoreMax,
    signals.reduce((sum, { weight }) => sum + weight, 0),
  );
}

/** The first words in the quotation marks of the text's language. */
export function quotedWords(words: readonly string[], text: string): string {
  return wordingOf(textLanguage(text)).quote(words.slice(0, wordsNamedMax));
}

/** The signal that a question asks about; undefined for an unknown id. */
function signalOfQuestion(id: string): SignalName | undefined {
  return signalNames.find((name) => questionIds[name] === id);
}

/** The words that raise a signal; empty if something missing raises it; null if it is not raised. */
const wordsRaising: Readonly<
  Record<SignalName, (mission: ScoredMission, rules: ClarificationRules) => readonly string[] | null>
> = {
  no_acceptance_criteria: ({ criteria }) => (criteria.length === 0 ? [] : null),
  // In a clear request, a vague word does no harm.
  vague_description: (mission, rules) =>
    mission.understood.clear && !hasFreeAnswers(mission) ? null : someOf(vagueWordsIn(fullDescription(mission), rules)),
  no_target_surface: ({ text, criteria, answers, understood }, { signals }) => {
    if (understood.clear && understood.reading.anchors.length > 0) return null;
    const everything = [text, ...criteria, ...answers.map((answer) => answer.text)].join("\n");
    return namesPlace(everything, signals.no_target_surface.words) ? null : [];
  },
  unbounded_scope: (mission, rules) => someOf(unboundedWordsIn(scopeText(mission), rules)),
};

/** The mission's description: its text and the person's free-text answers, except criteria. */
function fullDescription(mission: ScoredMission): string {
  return [mission.description, ...freeAnswers(mission)].join("\n");
}

/** The description without those sentences of a clear request that name exact things ("replace `a` by `b` everywhere"). */
function scopeText(mission: ScoredMission): string {
  if (!mission.understood.clear) return fullDescription(mission);
  const loose = textParts(mission.description)
    .map(({ text }) => text)
    .filter((sentence) => !anchorsOf(sentence).anchors.some(({ kind }) => exact.has(kind)));
  return [...loose, ...freeAnswers(mission)].join("\n");
}

function hasFreeAnswers(mission: ScoredMission): boolean {
  return freeAnswers(mission).length > 0;
}

function freeAnswers({ answers }: ScoredMission): string[] {
  return answers
    .filter(({ question_id, text }) => {
      const name = signalOfQuestion(question_id);
      return name !== "no_acceptance_criteria" && (name === undefined || !isOffered(name, text));
    })
    .map(({ text }) => text);
}

function someOf(words: readonly string[]): readonly string[] | null {
  return words.length === 0 ? null : words;
}
