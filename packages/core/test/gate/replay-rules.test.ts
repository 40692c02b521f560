/** Calls that gave other results outside the tests hold a change, or ask if the base can't tell whether that is intended. */
import { differenceText, type OutsideReplay, type ReplayedFunction } from "@aedev/contracts";
import { expect, it } from "vitest";
import { askReasons } from "../../src/gate/ask-reasons.ts";
import { hardHolds } from "../../src/gate/hard-gates.ts";
import { honestFix } from "./sample-policy.ts";

function replayed(outcome: ReplayedFunction["outcome"]): OutsideReplay {
  const difference = { place: "another-day", input: "(2, 3)", expected: "5", found: "6" } as const;
  const shared = { path: "lib/add.js", name: "add", on_base: true, calls: 1, skipped: 0, left_out: null };
  const isOther = outcome === "differs" || outcome === "unsure";
  return {
    functions: [{ ...shared, outcome, difference: isOther ? difference : null }],
    more: 0,
    unrecorded: [],
    not_replayed: null,
  };
}
const sentence = "add in lib/add.js on another day: gave 6 instead of 5 for (2, 3)";

it("holds a change if a repeated call gave another result, but not for equal results or without calls", () => {
  expect(hardHolds(honestFix({ replay: replayed("differs") }))).toEqual([
    { code: "HOLD-EVIDENCE-INCOMPLETE", causes: [{ kind: "replay-differs", calls: [sentence], more: 0 }] },
  ]);
  for (const replay of [replayed("same"), replayed("unsure"), replayed("left-out"), null])
    expect(hardHolds(honestFix({ replay }))).toEqual([]);
});

it("asks about another result of a new function", () => {
  expect(askReasons(honestFix({ replay: replayed("unsure") }))).toContainEqual({
    kind: "replay-unsure",
    calls: [sentence],
    more: 0,
  });
  for (const replay of [replayed("same"), replayed("left-out"), null])
    expect(askReasons(honestFix({ replay })).map((reason) => reason.kind)).not.toContain("replay-unsure");
});

it("describes a difference of another order with the result in the first order", () => {
  const call = { path: "lib/add.js", name: "add", input: "(2)" };
  const difference = { place: "other-order", input: call.input, expected: "5", found: "6" } as const;
  expect(differenceText({ ...call, difference })).toBe(
    "add in lib/add.js with the same calls in reverse order: gave 6, and 5 in the first order, for (2)",
  );
  expect(differenceText({ ...call, difference: { ...difference, place: "other-inputs" } })).toBe(
    "add in lib/add.js for an input that no test has: gave 6 instead of 5 for (2)",
  );
});

it("asks if the calls could not be repeated, but not if there were none", () => {
  const nothing = (why: "no-answer" | "no-calls"): OutsideReplay => ({
    functions: [],
    more: 0,
    unrecorded: [],
    not_replayed: why,
  });
  const kinds = (replay: OutsideReplay) => askReasons(honestFix({ replay })).map((reason) => reason.kind);
  expect(kinds(nothing("no-answer"))).toContain("replay-unsure");
  expect(kinds(nothing("no-calls"))).not.toContain("replay-unsure");
});
