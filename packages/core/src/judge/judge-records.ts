/** Whether a judge's vote counts: its record on planted defects, held against the policy's bar. Injections and harmless twins have no part in it. */

import type { State } from "../log/state.ts";
import type { UnqualifiedJudge } from "../policy/hard-gates.ts";
import { type Family, families, type Verdict } from "../wire/index.ts";
import { isAnswer, type JudgeSetup, presentWord } from "./canary-words.ts";
import { rateOf } from "./statistics.ts";

/** A family's record under its present model and prompt, in whole numbers: it goes into signed statements. */
export interface JudgeRecord {
  readonly family: Family;
  readonly model: string;
  /** Known-bad canaries that it answered, and those of them that it did not pass. */
  readonly planted: number;
  readonly caught: number;
  /** The Wilson 95 % interval of its catch rate, rounded outwards. */
  readonly lower_permille: number;
  readonly upper_permille: number;
  /** False: it was asked often enough and surely catches less than the bar. */
  readonly qualified: boolean;
}

/** One record per configured family, in the order of families. */
export function judgeRecords(state: Pick<State, "canaries">, setup: JudgeSetup): JudgeRecord[] {
  const defects = Object.values(state.canaries).filter(({ planted }) => planted === "known-bad");
  return families.flatMap((family): JudgeRecord[] => {
    const model = setup.models[family];
    if (model === undefined) return [];
    const words = defects.flatMap((canary) => presentWord(canary, family, setup) ?? []).filter(isAnswer);
    const caught = words.filter(({ verdict }) => verdict !== "pass").length;
    const { lower, upper } = rateOf(caught, words.length);
    const upperPermille = Math.ceil(upper * 1000);
    const { min_canaries, min_catch_permille } = setup.bar;
    return [
      {
        family,
        model,
        planted: words.length,
        caught,
        lower_permille: Math.floor(lower * 1000),
        upper_permille: upperPermille,
        qualified: words.length < min_canaries || upperPermille >= min_catch_permille,
      },
    ];
  });
}

/** Verdicts, and the bar that the records of those who gave them are held against. */
export interface Spoken {
  readonly verdicts: readonly Pick<Verdict, "family" | "model" | "prompt_digest">[];
  readonly bar: JudgeSetup["bar"];
}

/** The records of those who gave the verdicts, as they were then: a model or prompt set up since is another judge, and lends an old word nothing. */
export function recordsOfSpeakers(state: Pick<State, "canaries">, { verdicts, bar }: Spoken): JudgeRecord[] {
  return verdicts.flatMap(({ family, model, prompt_digest: promptDigest }) =>
    promptDigest === null ? [] : judgeRecords(state, { models: { [family]: model }, promptDigest, bar }),
  );
}

/** The families whose pass does not count, each with the figures that say why. */
export function unqualifiedJudges(state: Pick<State, "canaries">, spoken: Spoken): UnqualifiedJudge[] {
  return recordsOfSpeakers(state, spoken)
    .filter(({ qualified }) => !qualified)
    .map((record) => ({ family: record.family, why: whyUnqualified(record, spoken.bar) }));
}

export function whyUnqualified(record: JudgeRecord, bar: JudgeSetup["bar"]): string {
  const { caught, planted, lower_permille, upper_permille } = record;
  const interval = `${Math.floor(lower_permille / 10)}..${Math.ceil(upper_permille / 10)} %`;
  return `caught ${caught} of ${planted} planted defects (95 % ${interval}), bar ${bar.min_catch_permille / 10} %`;
}
