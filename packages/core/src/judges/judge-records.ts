/** Decides whether a judge's vote counts, by comparing its record on planted defects with the policy's bar. Injections and harmless twins don't count. */
import { type Family, families, type Verdict } from "@aedev/contracts";
import type { CanaryState } from "../model/state.ts";
import { currentVerdict, isAnswer, type JudgeSetup } from "./canary-verdicts.ts";
import { rateOf } from "./statistics.ts";

/** A judge without a vote; `why` gives its caught and planted defects. */
export interface UnqualifiedJudge {
  readonly family: Family;
  readonly why: string;
}

/** A family's record under its present model and prompt. Its numbers are whole, because it goes into signed statements. */
export interface JudgeRecord {
  readonly family: Family;
  readonly model: string;
  /** The known-bad canaries that it answered, and how many of them it did not pass. */
  readonly planted: number;
  readonly caught: number;
  /** The Wilson 95 % interval of its catch rate, rounded outwards. */
  readonly lower_permille: number;
  readonly upper_permille: number;
  /** False: it was asked often enough, and its catch rate is certainly below the bar. */
  readonly qualified: boolean;
}

/** Counts the planted defects that a judge answered, under one model and one prompt, and those of them that it did not pass. */
export type CountDefects = (judge: { family: Family; model: string; promptDigest: string }) => {
  readonly planted: number;
  readonly caught: number;
};

/** Such a count over these canaries. */
export function defectsAmong(canaries: readonly CanaryState[]): CountDefects {
  const defects = canaries.filter(({ planted }) => planted === "known-bad");
  return ({ family, model, promptDigest }) => {
    const setup = { models: { [family]: model }, promptDigest };
    const verdicts = defects.flatMap((canary) => currentVerdict(canary, family, setup) ?? []).filter(isAnswer);
    return { planted: verdicts.length, caught: verdicts.filter(({ verdict }) => verdict !== "pass").length };
  };
}

/** One record per configured family, in the order of families. */
export function judgeRecords(count: CountDefects, setup: JudgeSetup): JudgeRecord[] {
  return families.flatMap((family): JudgeRecord[] => {
    const model = setup.models[family];
    if (model === undefined) return [];
    const { planted, caught } = count({ family, model, promptDigest: setup.promptDigest });
    const { lower, upper } = rateOf(caught, planted);
    const upperPermille = Math.ceil(upper * 1000);
    const { min_canaries, min_catch_permille } = setup.bar;
    return [
      {
        family,
        model,
        planted,
        caught,
        lower_permille: Math.floor(lower * 1000),
        upper_permille: upperPermille,
        qualified: planted < min_canaries || upperPermille >= min_catch_permille,
      },
    ];
  });
}

/** Verdicts, and the bar for the judges that gave them. */
export interface GivenVerdicts {
  readonly verdicts: readonly Pick<Verdict, "family" | "model" | "prompt_digest">[];
  readonly bar: JudgeSetup["bar"];
}

/** The records of the judges that gave the verdicts, with their model and prompt at that time: a newer setup counts as another judge. */
export function recordsOfVerdicts(count: CountDefects, { verdicts, bar }: GivenVerdicts): JudgeRecord[] {
  return verdicts.flatMap(({ family, model, prompt_digest: promptDigest }) =>
    judgeRecords(count, { models: { [family]: model }, promptDigest, bar }),
  );
}

/** The families whose passes do not count, each with its figures. */
export function unqualifiedJudges(count: CountDefects, given: GivenVerdicts): UnqualifiedJudge[] {
  return recordsOfVerdicts(count, given)
    .filter(({ qualified }) => !qualified)
    .map((record) => ({ family: record.family, why: whyUnqualified(record, given.bar) }));
}

export function whyUnqualified(record: JudgeRecord, bar: JudgeSetup["bar"]): string {
  const { caught, planted, lower_permille, upper_permille } = record;
  const interval = `${Math.floor(lower_permille / 10)}..${Math.ceil(upper_permille / 10)} %`;
  return `caught ${caught} of ${planted} planted defects (95 % ${interval}), bar ${bar.min_catch_permille / 10} %`;
}
