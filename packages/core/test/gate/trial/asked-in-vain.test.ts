/** What a person approves as it is speaks for a lower weight or for a kind of change that merges; nothing speaks against a hold or an answer that a person always gives. */
import type { Fact } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { describe, expect, it } from "vitest";
import { gate } from "../../../src/gate/gate.ts";
import type { GateInput } from "../../../src/gate/hard-gates.ts";
import {
  type AskedCase,
  type AskedEnd,
  askedReasons,
  suggestPolicy,
  withSuggestion,
} from "../../../src/gate/trial/asked-in-vain.ts";
import { simulateDecision } from "../../../src/gate/trial/simulate-decision.ts";
import { honestFix, samplePolicy, touchesNothing } from "../sample-policy.ts";

function recordedOf(input: GateInput): EventData<"GateDecided"> {
  const { answer, hold_code, hold_detail, reasons, risk } = gate(input);
  const digest = "a".repeat(64);
  return {
    ...{ answer, hold_code, hold_detail, reasons: [...reasons], profile: input.profile },
    ...{ risk_score: risk.score, score_kind: risk.score_kind, shares: [...risk.shares], level: risk.level },
    ...{ policy_digest: digest, bundle_digest: digest, change_digest: digest },
    statement: { digest, size_bytes: 1, media_type: "application/json" },
  };
}

const authentication = recordedOf(honestFix({ touched: { ...touchesNothing, authentication: ["auth/a.js"] } }));
/** Decisions of the same form, with these answers of the person. */
function cases(ends: readonly AskedEnd[], decision: EventData<"GateDecided"> = authentication): AskedCase[] {
  const from = { decision, recorded: samplePolicy, acknowledged: false, repository: "shop" };
  return ends.map((end) => ({ ...from, end }));
}
const approved = (count: number) => new Array<AskedEnd>(count).fill("approved");
const withReason = (fact: Fact) => ({ ...authentication, reasons: [...authentication.reasons, fact] });
const never: Fact = { kind: "never-alone", path: "a.yml", rule: ".github/**" };
/** A change of text in a file that decides who gets in. */
const text = {
  ...authentication,
  risk_score: -200,
  shares: [
    ...authentication.shares.filter(({ factor }) => factor === "start"),
    { factor: "same_behaviour", points: -2400, count: 1, why: "", missing: false },
    { factor: "judges_pass", points: -600, count: 2, why: "", missing: false },
    { factor: "authentication_paths", points: 3000, count: 1, why: "", missing: false },
  ],
};

describe("what a person was asked about in vain", () => {
  it("counts for each reason how often the change was approved as it was, with exact bounds", () => {
    const all = [...cases([...approved(3), "sent-back", "went-wrong"]), ...cases(["rejected"], withReason(never))];
    expect(askedReasons(all)).toMatchObject(
      [
        { reason: "authentication_paths", always: false, asked: 6, not_approved: 3, from: 0.153, to: 0.847 },
        { reason: "never-alone", always: true, asked: 1, not_approved: 1, to: 1 },
      ].map((row) => ({
        ...row,
        ...(row.from === undefined ? {} : { from: expect.closeTo(row.from, 2), to: expect.closeTo(row.to, 2) }),
      })),
    );
  });

  it("suggests a lower weight from 20 approvals on, under which such a change merges", () => {
    expect(suggestPolicy(cases(approved(19)), samplePolicy)).toEqual([]);
    const [suggestion, ...others] = suggestPolicy(cases(approved(20)), samplePolicy);
    expect(others).toEqual([]);
    if (suggestion?.kind !== "weight") throw new Error("no weight is suggested");
    expect(suggestion).toMatchObject({ signal: "authentication_paths", was: 3000, asked: 20, not_approved: 0 });
    expect(suggestion.to).toBeCloseTo(0.139, 3);
    const other = withSuggestion(samplePolicy, suggestion);
    const [one] = cases(["approved"]);
    expect(simulateDecision({ ...(one as AskedCase), other })).toMatchObject({ was: "ask", now: "merge" });
    expect(suggestPolicy(cases(approved(20)), other)).toEqual([]);
  });

  it("suggests nothing if a person sent back or rejected so many that the estimate may be true", () => {
    const wrong: AskedEnd[] = ["sent-back", "rejected", "went-wrong"];
    for (const end of wrong) {
      expect(suggestPolicy(cases([...approved(19), end]), samplePolicy)).toHaveLength(1);
      expect(suggestPolicy(cases([...approved(10), ...new Array<AskedEnd>(10).fill(end)]), samplePolicy)).toEqual([]);
    }
  });

  it("counts no change that a person is always asked about, but one that needs approval only because of its branch", () => {
    expect(suggestPolicy(cases(approved(30), withReason(never)), samplePolicy)).toEqual([]);
    expect(suggestPolicy(cases(approved(30), withReason({ kind: "branch-only" })), samplePolicy)).toHaveLength(1);
  });

  it("lets a proven kind of change merge in a repository, and never changes of behaviour", () => {
    const suggestions = suggestPolicy(cases(approved(20), text), samplePolicy);
    expect(suggestions.map(({ kind }) => kind)).toEqual(["merge-kind", "weight"]);
    const [rule] = suggestions;
    expect(rule).toMatchObject({ repository: "shop", change: "same-behaviour", not_approved: 0 });
    if (rule === undefined) return;
    const other = withSuggestion(samplePolicy, rule);
    expect(other.profiles.merges_kinds).toEqual(["shop/same-behaviour"]);
    const [one] = cases(["approved"], text) as [AskedCase];
    expect(simulateDecision({ ...one, other })).toMatchObject({ was: "ask", now: "merge" });
    for (const asked of [
      { ...one, repository: "other" },
      { ...one, decision: { ...text, profile: "safe" as const } },
    ])
      expect(simulateDecision({ ...asked, other })).toMatchObject({ now: "ask" });
    const always = { ...one, decision: { ...text, reasons: [...text.reasons, never] } };
    expect(simulateDecision({ ...always, other })).toMatchObject({ now: "ask" });
  });
});
