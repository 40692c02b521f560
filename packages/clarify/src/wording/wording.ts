/**
 * The texts of clarification in each language. Defaults and choices must be checkable, and must contain none of the policy's vague or unbounded words.
 *
 * Folder: the texts of questions, defaults and criteria in eight languages.
 */
import type { SignalName } from "@aedev/contracts/events";
import type { TextLanguage } from "../lexicon/lexicon.ts";
import type { ChangeKind } from "../lexicon/request-kind.ts";
import { chinese } from "./chinese.ts";
import { english } from "./english.ts";
import { french } from "./french.ts";
import { german } from "./german.ts";
import { japanese } from "./japanese.ts";
import { korean } from "./korean.ts";
import { portuguese } from "./portuguese.ts";
import { spanish } from "./spanish.ts";

export interface QuestionWording {
  /** `words`: the found words of the text, quoted and joined; empty if there are none. */
  readonly text: (words: string) => string;
  readonly choices: readonly string[];
  readonly default: string;
}
/** The texts for one kind of request. */
export interface KindWording {
  /** What a request of this kind must say; added to the question about criteria. */
  readonly ask: string;
  /** The usual criterion of this kind: the default of that question. */
  readonly usual: string;
  /** The criterion for a request of this kind that names everything necessary. */
  readonly follows: string;
}
export interface Wording {
  readonly questions: Readonly<Record<SignalName, QuestionWording>>;
  readonly kinds: Readonly<Record<ChangeKind, KindWording>>;
  readonly why: Readonly<Record<SignalName, (words: string) => string>>;
  /** A choice for where to change: a file or folder of the repository, and its tests. */
  readonly inPlace: (place: string) => string;
  /** The criterion for a clear request for which no rule says what must hold. */
  readonly asStated: string;
  /** Introduces a criterion that follows from the request. */
  readonly understood: (follows: string, request: string) => string;
  /** Introduces a text that a coder drafted and the person accepted. */
  readonly drafted: (text: string) => string;
  readonly draftQuestions: {
    readonly title: string;
    readonly place: string;
    readonly criteria: string;
    readonly test: string;
  };
  /** The question that a person's words answer when a specification is sent back. */
  readonly whatChanges: string;
  /** An example of an answer, made from the request: from the function that it names, or from its first words. */
  readonly example: { readonly ofFunction: (name: string) => string; readonly ofRequest: (request: string) => string };
  /** Why the usual answer alone is not enough; also introduces a second round of questions that only usual answers led to. */
  readonly again: string;
  /** Why a question about the code is not a mission, and what to do instead. */
  readonly isQuestion: string;
  readonly quote: (words: readonly string[]) => string;
  /** Criteria made from evidence of a fault in the text. */
  readonly found: {
    readonly failingTest: (sentence: string) => string;
    readonly reproduction: (command: string) => string;
  };
  readonly refused: {
    readonly empty: string;
    readonly long: (charactersMax: number) => string;
    readonly placeholder: (text: string) => string;
    readonly short: (widthMin: number) => string;
    readonly vague: (words: string) => string;
    readonly noPlace: string;
    readonly unbounded: (words: string) => string;
    readonly reference: string;
  };
  readonly document: {
    readonly criteria: string;
    readonly ownCriterion: string;
    readonly notChecked: string;
    readonly answers: string;
    readonly score: (score: number) => string;
    readonly repository: string;
  };
}

const wordings: Readonly<Record<TextLanguage, Wording>> = {
  english,
  german,
  french,
  spanish,
  portuguese,
  japanese,
  chinese,
  korean,
};

export function wordingOf(language: TextLanguage): Wording {
  return wordings[language];
}
