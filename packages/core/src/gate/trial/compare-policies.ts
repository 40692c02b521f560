/** Compares two policies over a finite table: every signal alone and beside the best clean change, in each count that matters, under each profile. */
import { type HarmSignal, signalsAgainst } from "@aedev/contracts";
import { type GateDecision, type Profile, profileSchema } from "@aedev/contracts/events";
import type { Policy } from "../policy/policy-schema.ts";
import { weightOf } from "../risk/estimate-harm.ts";
import { answerToScore, harmSignals, type SignalCounts, sumOf } from "./answer-to-score.ts";

/** What a policy answers about a row of the table. `score`: thousandths of log-odds. */
export interface TableAnswer {
  readonly answer: GateDecision;
  readonly score: number;
}
/** A row whose answers differ. */
export interface DifferentAnswer {
  /** Null: the background alone. */
  readonly signal: HarmSignal | null;
  /** Null: the input is missing. */
  readonly count: number | null;
  /** `clean`: everything that can count against harm counts, as for the best change that brings code. */
  readonly beside: "nothing" | "clean";
  readonly profile: Profile;
  readonly answers: readonly [TableAnswer, TableAnswer];
}

/** What is known of the best change that brings code. */
const clean = (
  [
    "tests_can_fail",
    "new_tests_fail_on_base",
    "ways_covered",
    "same_outside_tests",
    "independent_tests_pass",
    "implementations_agree",
    "judges_pass",
  ] as const
).map((signal) => [signal, 1] as const);
const backgrounds = [
  ["nothing", []],
  ["clean", clean],
] as const;

/** The rows of the table whose answers differ, in the order of the signals. */
export function compareAnswers(first: Policy, second: Policy): DifferentAnswer[] {
  return backgrounds.flatMap(([beside, background]) =>
    rowsBeside(beside, [first, second]).flatMap(([signal, count]): DifferentAnswer[] => {
      const counts: SignalCounts = new Map([...background, ...(signal === null ? [] : [[signal, count] as const])]);
      return profileSchema.options.flatMap((profile): DifferentAnswer[] => {
        const answerOf = (policy: Policy): TableAnswer => {
          const score = sumOf(counts, policy);
          return { score, answer: answerToScore(score, { policy, profile }) };
        };
        const answers = [answerOf(first), answerOf(second)] as const;
        return answers[0].answer === answers[1].answer ? [] : [{ signal, count, beside, profile, answers }];
      });
    }),
  );
}

type Row = readonly [signal: HarmSignal | null, count: number | null];

/** The background alone, then each signal that it hasn't, in each count that adds a unit or reaches `most` in a policy. */
function rowsBeside(beside: "nothing" | "clean", policies: readonly Policy[]): Row[] {
  const inBackground = new Set<HarmSignal>(beside === "clean" ? clean.map(([signal]) => signal) : []);
  const others = harmSignals.filter((signal) => !inBackground.has(signal));
  return [[null, 0], ...others.flatMap((signal) => countsOf(signal, policies).map((count): Row => [signal, count]))];
}

/** A missing input counts for harm in full, so null stands for the largest count as well. */
function countsOf(signal: HarmSignal, policies: readonly Policy[]): (number | null)[] {
  const counts = policies.flatMap((policy) => {
    const { weight, per = 1, most } = weightOf(signal, policy);
    return [1, per, ...(most === undefined || weight === 0 ? [] : [per * Math.ceil(most / weight)])];
  });
  const distinct = [...new Set(counts)].sort((left, right) => left - right);
  return signalsAgainst.some((name) => name === signal) ? distinct : [...distinct, null];
}
