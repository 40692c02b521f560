/** The hard gates: secret, forbidden path, unsafe patch, checks red, evidence incomplete, fewer than enough passing families. Each hold that applies is listed with its cause; which is shown is decided by precedence elsewhere. */
import { combineVerdicts } from "../judge/combine.ts";
import type { ChangeEvidence } from "../risk/change-evidence.ts";
import type { Family, HoldCode, Specification } from "../wire/index.ts";
import type { Policy, ProfileName } from "./policy-schema.ts";
import { summarizeList } from "./summarize-list.ts";
import { isRedByName, testHolds } from "./test-rules.ts";

export interface GateInput extends ChangeEvidence {
  /** What the person approved: the only thing that may allow an existing test to lose assertions. */
  readonly specification: Pick<Specification, "text" | "criteria" | "instructions">;
  /** Families whose record on planted defects is below the bar, and why: their pass does not count, their fail still does. */
  readonly unqualified: readonly UnqualifiedJudge[];
  /** Entries that the bundle should have and has not. */
  readonly missingEvidence: readonly string[];
  readonly policy: Policy;
  readonly profile: ProfileName;
  /** `system.allow_remote_writes`, or the repository's own permission. */
  readonly writesAllowed: boolean;
  /** A person released the hold for high risk of this very change: it may be asked about. */
  readonly riskAcknowledged: boolean;
}

/** A judge without a vote; `why` gives its caught and planted defects. */
export interface UnqualifiedJudge {
  readonly family: Family;
  readonly why: string;
}

export interface Hold {
  readonly code: HoldCode;
  readonly detail: string;
}

const detailCharactersMax = 500;

/** Every hard gate that holds this change; empty where none does. */
export function hardHolds(input: GateInput): Hold[] {
  const findings = [...secretHolds(input), ...pathHolds(input), ...checksHolds(input), ...evidenceHolds(input)];
  // A change that is held already was shown to no judge; their silence then says nothing.
  if (findings.length > 0 && input.verdicts.length === 0) return findings;
  return [...findings, ...judgeHolds(input)];
}

function secretHolds({ secretReport }: GateInput): Hold[] {
  const found = (secretReport?.findings ?? []).map((finding) => `${finding.path}:${finding.line} (${finding.rule})`);
  return holdOn("HOLD-SECRET", found);
}

function pathHolds({ pathReport }: GateInput): Hold[] {
  const forbidden = (pathReport?.forbidden ?? []).map((entry) => `${entry.path} (${entry.rule})`);
  const unsafe = (pathReport?.unsafe ?? []).map((entry) => `${entry.path} (${entry.why})`);
  return [...holdOn("HOLD-FORBIDDEN-PATH", forbidden), ...holdOn("HOLD-PATCH-UNSAFE", unsafe)];
}

function checksHolds(input: GateInput): Hold[] {
  const { checks } = input;
  // Then a person is asked: what is red is what the person wanted changed, or a test that stands elsewhere now.
  const isLifted = isRedByName(input);
  const causes = isLifted ? [] : redCauses(checks);
  return holdOn("HOLD-CHECKS-FAILED", [...causes, ...testHolds(input)]);
}

function redCauses(checks: GateInput["checks"]): string[] {
  const causes = [
    ...(checks?.newly_failing ?? []).map((test) => `newly failing: ${test}`),
    ...(checks?.vanished ?? []).map((test) => `vanished: ${test}`),
    ...(checks?.newly_skipped ?? []).map((test) => `newly skipped: ${test}`),
  ];
  if (checks?.status === "red" && causes.length === 0)
    causes.push(...(checks.reasons.length > 0 ? checks.reasons : ["red"]));
  return causes;
}

function evidenceHolds(input: GateInput): Hold[] {
  const derived = [
    ["checks", input.checks],
    ["path-report", input.pathReport],
    ["path-report", input.touched],
    ["secret-report", input.secretReport],
    ["dependency-changes", input.dependencyChanges],
    ["test-changes", input.testChanges],
  ] as const;
  const lacking = derived.filter(([, value]) => value === null).map(([name]) => name);
  const causes = [...new Set([...input.missingEvidence, ...lacking])].map((name) => `${name} missing`);
  if (input.checks?.status === "incomplete") {
    const why = input.checks.reasons.length > 0 ? input.checks.reasons : ["no reason given"];
    causes.push(...why.map((reason) => `checks incomplete: ${reason}`));
  }
  return holdOn("HOLD-EVIDENCE-INCOMPLETE", causes);
}

/** With `judges.when_missing: ask` a family without a key holds nothing, but the ones that answered still must all pass. */
function judgeHolds({ verdicts, askedFamilies: families, unqualified, policy }: GateInput): Hold[] {
  const question = { verdicts, families, unqualified, familiesRequired: policy.judges.families_required };
  let combined = combineVerdicts(question);
  if (combined.outcome === "not_configured" && policy.judges.when_missing === "ask") {
    const { notConfigured } = combined;
    const answering = families.filter((family) => !notConfigured.includes(family));
    combined = combineVerdicts({ ...question, families: answering, familiesRequired: answering.length });
  }
  const failed = combined.failed.map((family) => `${family} fail`);
  const passed = combined.passed.map((family) => `${family} pass`);
  switch (combined.outcome) {
    case "passed":
      return [];
    case "not_configured":
      return holdOn("HOLD-VALIDATOR-NOT-CONFIGURED", combined.notConfigured);
    case "unqualified":
      return policy.judges.require_qualified
        ? holdOn("HOLD-VALIDATOR-UNQUALIFIED", voteless(combined.unqualified, unqualified))
        : [];
    case "failed":
      return holdOn("HOLD-VALIDATOR-FAIL", failed);
    case "disagreement":
      return holdOn("HOLD-VALIDATOR-DISAGREEMENT", [...failed, ...passed]);
    case "inconclusive":
      return holdOn("HOLD-VALIDATOR-INCONCLUSIVE", combined.unsure);
  }
}

/** Why each of these passes does not count. */
export function voteless(families: readonly string[], judges: readonly UnqualifiedJudge[]): string[] {
  return judges.filter(({ family }) => families.includes(family)).map(({ family, why }) => `${family}: ${why}`);
}

function holdOn(code: HoldCode, causes: readonly string[]): Hold[] {
  return causes.length === 0 ? [] : [{ code, detail: summarizeList(causes, detailCharactersMax) }];
}
