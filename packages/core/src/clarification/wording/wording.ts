/** What clarification says, in each language that it speaks. A default and a choice can be checked as they stand, and hold none of the policy's own vague or unbounded words. */

import type { SignalName } from "../clarity.ts";
import type { Language } from "../reading/language.ts";
import { chinese } from "./chinese.ts";
import { english } from "./english.ts";

export interface QuestionWording {
  /** `words`: what was found in the text, quoted and joined; empty where nothing was. */
  readonly text: (words: string) => string;
  readonly choices: readonly string[];
  readonly default: string;
}
export interface Wording {
  readonly questions: Readonly<Record<SignalName, QuestionWording>>;
  readonly why: Readonly<Record<SignalName, (words: string) => string>>;
  /** aedev's own criterion, where the person gave none. */
  readonly defaultCriterion: string;
  /** Criteria made of what the text gives as evidence of a fault. */
  readonly found: {
    readonly failingTest: (sentence: string) => string;
    readonly reproduction: (command: string) => string;
    readonly issue: (address: string) => string;
  };
  /** Why an answer is refused. */
  readonly refused: {
    readonly empty: string;
    readonly long: (charactersMax: number) => string;
    readonly placeholder: (text: string) => string;
    readonly short: (widthMin: number) => string;
    readonly vague: (words: string) => string;
    readonly noPlace: string;
    readonly unbounded: (words: string) => string;
  };
  readonly document: {
    readonly criteria: string;
    readonly ownCriterion: string;
    readonly answers: string;
    readonly score: (score: number) => string;
    readonly repository: string;
  };
}

const wordings: Readonly<Record<Language, Wording>> = { english, chinese };
export const languages = ["english", "chinese"] as const satisfies readonly Language[];

export function wordingOf(language: Language): Wording {
  return wordings[language];
}
