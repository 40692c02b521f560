/** The texts of clarification in each language. Defaults and choices must be checkable and have none of the policy's vague or unbounded words. */
import type { SignalName } from "@aedev/contracts/events";
import type { TextLanguage } from "../reading/language.ts";
import { chinese } from "./chinese.ts";
import { english } from "./english.ts";

export interface QuestionWording {
  /** `words`: what was found in the text, quoted and joined; empty if nothing was. */
  readonly text: (words: string) => string;
  readonly choices: readonly string[];
  readonly default: string;
}
export interface Wording {
  readonly questions: Readonly<Record<SignalName, QuestionWording>>;
  readonly why: Readonly<Record<SignalName, (words: string) => string>>;
  /** aedev's own criterion, used if the person gave none. */
  readonly defaultCriterion: string;
  /** Criteria made from evidence of a fault in the text. */
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

const wordings: Readonly<Record<TextLanguage, Wording>> = { english, chinese };
export const languages = ["english", "chinese"] as const satisfies readonly TextLanguage[];

export function wordingOf(language: TextLanguage): Wording {
  return wordings[language];
}
