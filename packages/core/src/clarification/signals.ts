/** Scores a mission: which of the four signals it raises, with the policy's weights and words. Deterministic, without a model or a clock. */
import { type SignalName, signalNames } from "@aedev/contracts/events";
import type { ClarificationRules } from "../model/clarification-rules.ts";
import { normalized, textLanguage } from "./reading/language.ts";
import { phrasesIn, unnegatedPhrasesIn } from "./reading/phrases.ts";
import { namesPlace, proseOf } from "./reading/place.ts";
import { languages, wordingOf } from "./wording/wording.ts";

/** The id of each signal's question, in every round. */
export const questionIds: Readonly<Record<SignalName, string>> = {
  no_acceptance_criteria: "criteria",
  vague_description: "outcome",
  no_target_surface: "target",
  unbounded_scope: "scope",
};

export interface AnswerGiven {
  readonly question_id: string;
  readonly text: string;
}
/** A mission as it is scored. `description`: its text without the lines that are criteria. */
export interface ScoredMission {
  readonly text: string;
  readonly description: string;
  readonly criteria: readonly string[];
  readonly answers: readonly AnswerGiven[];
}
export interface Signal {
  readonly name: SignalName;
  readonly weight: number;
  readonly why: string;
  /** What was found in the text, as the policy writes it. */
  readonly words: readonly string[];
}

const scoreMax = 100;
const wordsNamedMax = 3;

/** The raised signals, the heaviest first. A signal whose question was answered is settled, because only good answers are accepted. */
export function signalsOf(mission: ScoredMission, rules: ClarificationRules): Signal[] {
  const settled = new Set(mission.answers.map(({ question_id }) => question_id));
  const raised = signalNames.flatMap((name): Signal[] => {
    const { weight } = rules.signals[name];
    if (weight === 0 || settled.has(questionIds[name])) return [];
    const words = detect[name](mission, rules);
    if (words === null) return [];
    const why = wordingOf(textLanguage(mission.text)).why[name](quoted(words, mission.text));
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
export function quoted(words: readonly string[], text: string): string {
  const named = words.slice(0, wordsNamedMax);
  return textLanguage(text) === "chinese"
    ? named.map((word) => `“${word}”`).join("、")
    : named.map((word) => `"${word}"`).join(", ");
}

/** True for a question's own default and choices, in either language: they are always accepted. */
export function isOffered(name: SignalName, text: string): boolean {
  return languages.some((language) => {
    const { choices, default: usual } = wordingOf(language).questions[name];
    return [...choices, usual].some((offered) => normalized(offered) === normalized(text));
  });
}

/** The signal that a question asks about; undefined for an unknown id. */
function signalOfQuestion(id: string): SignalName | undefined {
  return signalNames.find((name) => questionIds[name] === id);
}

/** The words that raise a signal; empty if something missing raises it; null if it is not raised. */
const detect: Readonly<
  Record<SignalName, (mission: ScoredMission, rules: ClarificationRules) => readonly string[] | null>
> = {
  no_acceptance_criteria: ({ criteria }) => (criteria.length === 0 ? [] : null),
  vague_description: (mission, { signals }) =>
    someOf(phrasesIn(proseOf(described(mission)), signals.vague_description.words)),
  no_target_surface: ({ text, criteria, answers }, { signals }) => {
    const everything = [text, ...criteria, ...answers.map((answer) => answer.text)].join("\n");
    return namesPlace(everything, signals.no_target_surface.words) ? null : [];
  },
  unbounded_scope: (mission, { signals }) =>
    someOf(unnegatedPhrasesIn(proseOf(described(mission)), signals.unbounded_scope.words)),
};

/** The mission's description: its text and the person's free-text answers, except criteria. */
function described({ description, answers }: ScoredMission): string {
  const own = answers.filter(({ question_id, text }) => {
    const name = signalOfQuestion(question_id);
    return name !== "no_acceptance_criteria" && (name === undefined || !isOffered(name, text));
  });
  return [description, ...own.map(({ text }) => text)].join("\n");
}

function someOf(words: readonly string[]): readonly string[] | null {
  return words.length === 0 ? null : words;
}
