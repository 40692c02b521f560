/** Reads from the log what a person was asked about in vain, and which keys of the policy that speaks for changing. It changes nothing. */
import type { GateDecision } from "@aedev/contracts/events";
import {
  type AskedCase,
  type AskedEnd,
  type AskedReason,
  askedMin,
  askedReasons,
  type OutcomeState,
  type Policy,
  type PolicySuggestion,
  suggestPolicy,
  wentWrong,
  withSuggestion,
} from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import type { StoredEvent } from "../log/sqlite/stored-event.ts";
import { openLogReader } from "./log-reader.ts";
import {
  lastDecisions,
  policyOf,
  readDecisions,
  recordedPolicy,
  simulateAll,
  storedPolicies,
} from "./policy-trials.ts";

/** A suggestion with the key that takes it. */
export type SuggestedKey = PolicySuggestion & {
  /** The key of `policies.yaml` and its new value, as `aedev config set` takes them. */
  readonly key: string;
  readonly value: string;
  /** The recorded decisions that would have been another one, and all that could be computed. */
  readonly effect: {
    readonly decisions: number;
    readonly was: Readonly<Record<GateDecision, number>>;
    readonly now: Readonly<Record<GateDecision, number>>;
  };
};
/** What was asked, and what that speaks for. */
export interface PolicySuggestions {
  /** Decisions that asked and that a person has answered. */
  readonly answered: number;
  /** With fewer answers, nothing is suggested. */
  readonly needed: number;
  readonly reasons: readonly AskedReason[];
  readonly suggestions: readonly SuggestedKey[];
}

/** Throws a Fault `no-home` without a log, or `config-invalid`. */
export function suggestForHome({ home }: { home: string }): PolicySuggestions {
  const { policy } = policyOf(home);
  using reader = openLogReader(homeLayout(home).log);
  const events = readDecisions(reader, [
    "LandingApproved",
    "ChangeRequested",
    "TaskRejected",
    "ChangeLanded",
    "OutcomeObserved",
  ]);
  const policyAt = storedPolicies(home);
  const rows = lastDecisions(events);
  const ends = endsOf(events);
  const cases = rows.flatMap((row): AskedCase[] => {
    const end = ends.get(row.event.position);
    const recorded = recordedPolicy(row, { other: policy, policyAt });
    return end === undefined || recorded === null ? [] : [{ ...row, decision: row.event.data, recorded, end }];
  });
  const suggestions = suggestPolicy(cases, policy).map((one): SuggestedKey => {
    const { decisions, was, now } = simulateAll(rows, { other: withSuggestion(policy, one), policyAt });
    return { ...one, ...keyOf(one, policy), effect: { decisions, was, now } };
  });
  return { answered: cases.length, needed: askedMin, reasons: askedReasons(cases), suggestions };
}

function keyOf(suggestion: PolicySuggestion, policy: Policy): { key: string; value: string } {
  if (suggestion.kind === "weight")
    return { key: `risk.for.${suggestion.signal}.weight`, value: String(suggestion.now / 1000) };
  const { merges_kinds } = withSuggestion(policy, suggestion).profiles;
  return { key: "profiles.merges_kinds", value: `[${merges_kinds.join(", ")}]` };
}

/** What a person did after each decision that asked, by the decision's position. */
function endsOf(events: readonly StoredEvent[]): ReadonlyMap<number, AskedEnd> {
  const ends = new Map<number, AskedEnd>();
  const tasks = Map.groupBy(events, ({ stream }) => stream);
  for (const own of tasks.values()) {
    let asked: Extract<StoredEvent, { type: "GateDecided" }> | null = null;
    for (const event of own) {
      if (event.type === "GateDecided") asked = event.data.answer === "ask" ? event : null;
      if (asked === null) continue;
      const isSame = event.type === "LandingApproved" && event.data.change_digest === asked.data.change_digest;
      if (isSame) ends.set(asked.position, didHarm(own) ? "went-wrong" : "approved");
      if (event.type === "ChangeRequested") ends.set(asked.position, "sent-back");
      // A hold that timed out is rejected by nobody.
      if (event.type === "TaskRejected" && event.data.way !== undefined) ends.set(asked.position, "rejected");
    }
  }
  return ends;
}

function didHarm(events: readonly StoredEvent[]): boolean {
  const landed = events.find(({ type }) => type === "ChangeLanded");
  const outcomes = events.flatMap((event): OutcomeState[] =>
    event.type === "OutcomeObserved" ? [{ ...event.data, at: event.recorded_at }] : [],
  );
  return landed !== undefined && wentWrong(outcomes, landed.recorded_at);
}
