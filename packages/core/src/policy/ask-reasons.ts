/** Why a change never merges by itself, whatever its score: the lists of THREATS T7, T9, T17 and T19, and proof that is thinner than green tests and enough judges. */
import { untestedChange } from "../evidence/new-tests.ts";
import { combineVerdicts } from "../judge/combine.ts";
import type { Checks } from "../wire/index.ts";
import { type GateInput, voteless } from "./hard-gates.ts";
import { summarizeList } from "./summarize-list.ts";
import { testAsks } from "./test-rules.ts";

const flakyCharactersMax = 300;

/** One sentence per reason, empty where nothing stands in the way. */
export function askReasons(input: GateInput): string[] {
  return [
    ...(input.pathReport?.never_by_itself ?? []).map((entry) => `never by itself: ${entry.path} (${entry.rule})`),
    ...dependencyReasons(input),
    ...checksReasons(input),
    ...testAsks(input),
    ...judgeReasons(input),
  ];
}

function dependencyReasons({ dependencyChanges }: GateInput): string[] {
  return (dependencyChanges?.changes ?? []).flatMap((change) =>
    change.suspicious === null ? [] : [`dependency ${change.name} in ${change.file}: ${change.suspicious}`],
  );
}

/** Only green merges by itself, and only where the new tests, if there are any, test the change. */
function checksReasons({ checks }: GateInput): string[] {
  const untested = checks?.new_tests === "green-on-base" ? [untestedWords(checks)] : [];
  switch (checks?.status) {
    case "green":
      return untested;
    case "none":
      return ["checks: none: the repository has no verify command"];
    case "base-red":
      return ["the base's own checks are red", ...untested];
    case "flaky":
      return [
        `tests that were steady on the base give other results from run to run: ${summarizeList(checks.newly_flaky, flakyCharactersMax)}`,
        ...untested,
      ];
    case "exit-code-only":
      return ["the checks give only an exit code, no result per test", ...untested];
    case undefined:
    case "red":
    case "incomplete":
      return [`checks: ${checks?.status ?? "missing"}`, ...untested];
  }
}

function untestedWords({ reasons }: Checks): string {
  return reasons.find((reason) => reason.startsWith(untestedChange)) ?? untestedChange;
}

/** A flip beside enough passes holds nothing, but a judge that failed the change at one of its looks has not been answered: a person is. */
function judgeReasons({ verdicts, askedFamilies: families, unqualified, policy }: GateInput): string[] {
  const familiesRequired = policy.judges.families_required;
  const combined = combineVerdicts({ verdicts, families, unqualified, familiesRequired });
  if (combined.outcome === "passed")
    return combined.unsure
      .filter((word) => word.endsWith(" flip"))
      .map((word) => `${word}: it failed one of its looks`);
  const counted = combined.passed.length - combined.unqualified.length;
  const lacking = voteless(combined.unqualified, unqualified).map((why) => `a pass that does not count: ${why}`);
  return [`${counted} of ${familiesRequired} judges`, ...lacking];
}
