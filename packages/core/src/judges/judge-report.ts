/**
 * Computes the report of `aedev judges show` from the canaries: how often each family catches defects and holds harmless changes, how the families'
 * errors correlate, and what two passes are worth.
 */
import { type Family, families, type Verdict } from "@aedev/contracts";
import type { FamilyReport, JudgeReport, PairReport, Rate } from "@aedev/contracts/api";
import type { CanaryState } from "../model/state.ts";
import { currentVerdict, isAnswer, type JudgeSetup, openFamilies } from "./canary-verdicts.ts";
import { defectsAmong, judgeRecords, whyUnqualified } from "./judge-records.ts";
import { likelihoodRatio, phiOf, posteriorOf, rateOf } from "./statistics.ts";

type Planted = CanaryState["planted"];

/** Assumed shares of bad changes before any judge answers. */
const priors = [0.05, 0.1, 0.2] as const;

/** The judges' records under the present setup. Shares are from 0 to 1. */
export function judgeReport(canaries: readonly CanaryState[], setup: JudgeSetup): JudgeReport {
  const configured = families.filter((family) => setup.models[family] !== undefined);
  const pairs = configured.flatMap((first, place) =>
    configured.slice(place + 1).map((second) => [first, second] as const),
  );
  const { min_canaries, min_catch_permille } = setup.bar;
  return {
    prompt_digest: setup.promptDigest,
    bar: { min_canaries, min_catch_rate: min_catch_permille / 1000 },
    canaries: {
      planted: canaries.length,
      open: canaries.filter((canary) => openFamilies(canary, configured).length > 0).length,
    },
    families: judgeRecords(defectsAmong(canaries), setup).map((record): FamilyReport => {
      const { family, model, qualified } = record;
      const answers = canaries.flatMap((canary) => {
        const verdict = currentVerdict(canary, family, setup);
        return verdict === null ? [] : [{ canary, verdict }];
      });
      const answered = answers.filter(({ verdict }) => isAnswer(verdict));
      const of = (planted: Planted) => rateAmong(answered.filter(({ canary }) => canary.planted === planted));
      return {
        family,
        model,
        qualified,
        why: qualified ? null : whyUnqualified(record, setup.bar),
        known_bad: of("known-bad"),
        known_good: of("known-good"),
        injection: of("injection"),
        classes: classesOf(answered),
        unanswered: answers.length - answered.length,
        earlier: canaries.filter((canary) => hasEarlierVerdict(canary, family, setup)).length,
      };
    }),
    pairs: pairs.map((pair) => pairReport(pair, canaries, setup)),
  };
}

interface Answer {
  readonly canary: CanaryState;
  readonly verdict: Verdict;
}

/** The rate of verdicts other than pass: caught defects, or wrongly held twins. */
function rateAmong(answers: readonly Answer[]): Rate {
  return rateOf(answers.filter(({ verdict }) => verdict.verdict !== "pass").length, answers.length);
}

function classesOf(answered: readonly Answer[]): FamilyReport["classes"] {
  const groups = Map.groupBy(answered, ({ canary }) => `${canary.planted} ${canary.planted_class}`);
  return [...groups]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([, said]) => {
      const [one] = said;
      if (one === undefined) return [];
      return [{ planted: one.canary.planted, class: one.canary.planted_class, ...rateAmong(said) }];
    });
}

function hasEarlierVerdict(canary: CanaryState, family: Family, setup: JudgeSetup): boolean {
  return canary.verdicts.some((verdict) => verdict.family === family) && currentVerdict(canary, family, setup) === null;
}

function pairReport(
  [first, second]: readonly [Family, Family],
  canaries: readonly CanaryState[],
  setup: JudgeSetup,
): PairReport {
  const common = canaries.flatMap((canary) => {
    const verdicts = [currentVerdict(canary, first, setup), currentVerdict(canary, second, setup)];
    if (!verdicts.every((verdict) => verdict !== null && isAnswer(verdict))) return [];
    return [{ planted: canary.planted, passes: verdicts.map((verdict) => verdict?.verdict === "pass") }];
  });
  const table = (planted: Planted, errorIsPass: boolean) => {
    const errors = common
      .filter((each) => each.planted === planted)
      .map(({ passes }) => passes.map((passed) => passed === errorIsPass));
    const count = (one: boolean, other: boolean) =>
      errors.filter(([left, right]) => left === one && right === other).length;
    return {
      n: errors.length,
      both: count(true, true),
      first: count(true, false),
      second: count(false, true),
      neither: count(false, false),
    };
  };
  const [misses, falseHolds] = [table("known-bad", true), table("known-good", false)];
  const [onBad, onGood] = [rateOf(misses.both, misses.n), rateOf(falseHolds.neither, falseHolds.n)];
  const ratio = likelihoodRatio(onBad, onGood);
  return {
    families: [first, second],
    misses: { ...misses, phi: phiOf(misses) },
    false_holds: { ...falseHolds, phi: phiOf(falseHolds) },
    two_passes: {
      on_bad: onBad,
      on_good: onGood,
      likelihood_ratio: ratio,
      posteriors: priors.map((prior) => ({ prior, bad: posteriorOf(prior, ratio) })),
    },
  };
}
