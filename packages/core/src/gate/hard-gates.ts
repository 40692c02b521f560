/** The hard gates: secret, forbidden path, unsafe patch, failed checks, incomplete evidence, too few passing judges. All holds that apply are listed, with their causes. */
import { bounded, type ClosedLane, type Fact, type HoldCode, isUnavailable, namedTests } from "@aedev/contracts";
import type { Profile } from "@aedev/contracts/events";
import { type CombinedVerdicts, combineVerdicts } from "../judges/combine.ts";
import type { UnqualifiedJudge } from "../judges/judge-records.ts";
import { byteHolds } from "./byte-rules.ts";
import type { Policy } from "./policy/policy-schema.ts";
import { replayFacts } from "./replay-rules.ts";
import type { ChangeEvidence } from "./risk/change-evidence.ts";
import { isRedToAsk, type SpecificationText, testHolds } from "./test-rules.ts";

type JudgeEvidence = Pick<ChangeEvidence, "verdicts" | "requestedJudges">;

/** The evidence about a change before judges are asked. */
export interface FoundEvidence extends Omit<ChangeEvidence, keyof JudgeEvidence> {
  /** The specification that the person approved. Nothing else can allow an existing test to lose assertions. */
  readonly specification: SpecificationText;
  readonly missingEvidence: readonly string[];
  readonly policy: Policy;
}

export interface GateInput extends FoundEvidence, JudgeEvidence {
  /** Judges whose record on planted defects is below the bar, and why. Their passes do not count; their fails do. */
  readonly unqualified: readonly UnqualifiedJudge[];
  readonly profile: Profile;
  /**
   * What aedev may push to the repository. `allowed`: everything that the gate merges, by `system.allow_remote_writes` or the repository's own
   * permission. `on-approval`: only a change that a person approved, to its own branch. `off`: nothing.
   */
  readonly writes: "allowed" | "on-approval" | "off";
  /** Tasks of the repository that have landed the same change, or are landing it; absent: none. */
  readonly sameChanges?: readonly { readonly task_id: string; readonly landed_commit: string | null }[];
  /** Lanes of the repository that are closed; absent: none is. */
  readonly closedLanes?: { readonly repository: string; readonly lanes: readonly ClosedLane[] };
  /** A person released this change's hold for high risk, so the gate may ask. */
  readonly riskAcknowledged: boolean;
}

export interface Hold {
  readonly code: HoldCode;
  readonly causes: readonly Fact[];
}

/** Every hard gate that holds this change; empty if none does. */
export function hardHolds(input: GateInput): Hold[] {
  const findings = holdsBeforeJudges(input);
  // Judges are not asked about a change that is already held, so missing verdicts are not a further reason.
  if (findings.length > 0 && input.verdicts.length === 0) return findings;
  return [...findings, ...judgeHolds(input)];
}

/** The hard gates that no judge can lift. If any of them holds the change, no judge is asked. */
export function holdsBeforeJudges(input: FoundEvidence): Hold[] {
  return [...secretHolds(input), ...pathHolds(input), ...checksHolds(input), ...evidenceHolds(input)];
}

function secretHolds({ secretReport }: FoundEvidence): Hold[] {
  const found = secretReport?.findings ?? [];
  return holdOn(
    "HOLD-SECRET",
    found.map(({ path, line, rule }) => ({ kind: "secret", path: bounded(path), line, rule })),
  );
}

function pathHolds({ pathReport }: FoundEvidence): Hold[] {
  const forbidden = (pathReport?.forbidden ?? []).map(
    ({ path, rule }): Fact => ({ kind: "forbidden-path", path: bounded(path), why: bounded(rule) }),
  );
  const unsafe = (pathReport?.unsafe ?? []).map(
    ({ path, why }): Fact => ({ kind: "unsafe-path", path: bounded(path), why: bounded(why) }),
  );
  return [...holdOn("HOLD-FORBIDDEN-PATH", forbidden), ...holdOn("HOLD-PATCH-UNSAFE", unsafe)];
}

function checksHolds(input: FoundEvidence): Hold[] {
  const causes = isRedToAsk(input) ? [] : redCauses(input.checks);
  return holdOn("HOLD-CHECKS-FAILED", [...causes, ...testHolds(input), ...byteHolds(input)]);
}

function redCauses(checks: FoundEvidence["checks"]): Fact[] {
  const broken = [
    ["newly failing", checks?.newly_failing],
    ["vanished", checks?.vanished],
    ["newly skipped", checks?.newly_skipped],
  ] as const;
  const causes = broken.flatMap(([how, tests = []]) =>
    tests.map((test): Fact => ({ kind: "test-broken", how, test: bounded(test) })),
  );
  if (checks?.status !== "red" || causes.length > 0) return causes;
  if (checks.reasons.length === 0) return [{ kind: "checks-not-green", status: "red" }];
  return checks.reasons.map((text) => ({ kind: "checks-say", text, incomplete: false }));
}

function evidenceHolds(input: FoundEvidence): Hold[] {
  const derived = [
    ["checks", input.checks],
    ["provenness", input.provenness],
    ["path-report", input.pathReport],
    ["path-report", input.touched],
    ["secret-report", input.secretReport],
    ["dependency-changes", input.dependencyChanges],
    ["test-changes", input.testChanges],
  ] as const;
  const lacking = derived.filter(([, value]) => value === null).map(([name]) => name);
  const names = new Set([...input.missingEvidence, ...lacking]);
  const causes = [...names].map((name): Fact => ({ kind: "evidence-missing", name }));
  if (input.checks?.status === "incomplete") {
    const why = input.checks.reasons.length > 0 ? input.checks.reasons : ["no reason given"];
    causes.push(...why.map((text): Fact => ({ kind: "checks-say", text, incomplete: true })));
  }
  const stayed = input.provenness?.stayed_green ?? [];
  if (stayed.length > 0) {
    const { tests, more } = namedTests(stayed);
    causes.push({ kind: "stayed-green", tests, more: more + (input.provenness?.stayed_green_more ?? 0) });
  }
  causes.push(...replayFacts(input, "differs"));
  return holdOn("HOLD-EVIDENCE-INCOMPLETE", causes);
}

/** With `judges.when_missing: ask`, a judge without a key causes no hold, but all other judges must pass. */
function judgeHolds({ verdicts, requestedJudges: families, unqualified, policy }: GateInput): Hold[] {
  const question = { verdicts, families, unqualified, familiesRequired: policy.judges.families_required };
  let combined = combineVerdicts(question);
  if (combined.outcome === "not_configured" && policy.judges.when_missing === "ask") {
    const { notConfigured } = combined;
    const answering = families.filter((family) => !notConfigured.includes(family));
    combined = combineVerdicts({ ...question, families: answering, familiesRequired: answering.length });
  }
  const factsOf = (families: readonly string[], said: string) =>
    families.map((family): Fact => ({ kind: "judge-said", family, said }));
  const failed = factsOf(combined.failed, "fail");
  switch (combined.outcome) {
    case "passed":
      return [];
    case "not_configured":
      return holdOn(
        "HOLD-VALIDATOR-NOT-CONFIGURED",
        combined.notConfigured.map((family) => ({ kind: "judge-not-configured", family })),
      );
    case "unqualified":
      return policy.judges.require_qualified
        ? holdOn(
            "HOLD-VALIDATOR-UNQUALIFIED",
            disqualificationReasons(combined.unqualified, unqualified).map((judge) => ({
              kind: "judge-unqualified",
              ...judge,
            })),
          )
        : [];
    case "failed":
      return holdOn("HOLD-VALIDATOR-FAIL", failed);
    case "disagreement":
      return holdOn("HOLD-VALIDATOR-DISAGREEMENT", [...failed, ...factsOf(combined.passed, "pass")]);
    case "inconclusive":
      return holdOn(
        waitsForVendor(combined) ? "HOLD-VALIDATOR-UNAVAILABLE" : "HOLD-VALIDATOR-INCONCLUSIVE",
        combined.unsure.length > 0
          ? combined.unsure.map(({ family, said }) => ({ kind: "judge-said", family, said }))
          : [{ kind: "too-few-judges", passed: combined.passed.length, required: combined.required }],
      );
  }
}

/** Whether enough judges would pass if every judge with an unavailable vendor did. Otherwise a vendor's return could not help. */
function waitsForVendor({ passed, unsure, required }: CombinedVerdicts): boolean {
  const silent = unsure.filter(({ said }) => isUnavailable(said));
  return silent.length > 0 && passed.length + silent.length >= required;
}

/** The judges whose pass does not count, and why. */
export function disqualificationReasons(
  families: readonly string[],
  judges: readonly UnqualifiedJudge[],
): UnqualifiedJudge[] {
  return judges.filter(({ family }) => families.includes(family)).map(({ family, why }) => ({ family, why }));
}

function holdOn(code: HoldCode, causes: readonly Fact[]): Hold[] {
  return causes.length === 0 ? [] : [{ code, causes }];
}
