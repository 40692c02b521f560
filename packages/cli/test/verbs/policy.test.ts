/** What `aedev policy simulate`, `diff` and `test` print, with a daemon package that answers from memory. */
import { initialState } from "@aedev/core";
import { stateAfter } from "@aedev/core/testing";
import type { PolicySimulation, PolicySuggestions } from "@aedev/daemon";
import { afterAll, expect, it } from "vitest";
import { makeHome, run } from "../outside.ts";

const { home, remove } = makeHome();
afterAll(remove);
const state = stateAfter("landed", initialState);

const simulation: PolicySimulation = {
  since: null,
  decisions: 3,
  was: { merge: 1, ask: 2, hold: 0 },
  now: { merge: 2, ask: 1, hold: 0 },
  different: [
    {
      ...{ task_id: "t-1", recorded_at: "2026-01-02T00:00:00.000Z", profile: "balanced", was: "ask", now: "merge" },
      ...{ was_score: -1300, score: -2300, bound: 100, needs_tests: true },
      changed: [{ factor: "untested_ways", was: 1200, now: 200 }],
    },
  ],
  not_simulated: { points: 2, counts: 0, "small-counts": 0, "other-findings": 0, "policy-missing": 0 },
  not_tried: ["judges.when_missing"],
};

it("`policy simulate` prints totals, each different decision with its reason, and what it can't simulate", async () => {
  const given: unknown[] = [];
  const simulatePolicy = async (options: unknown) => {
    given.push(options);
    return simulation;
  };
  const line = ["policy", "simulate", "--policy", "/a.yaml", "--since", "2026-01-01"];
  const ran = await run(line, { home, state, daemon: { simulatePolicy } });
  expect(given).toEqual([{ home, file: "/a.yaml", since: "2026-01-01T00:00:00.000Z" }]);
  expect(ran).toMatchObject({ exit: 0, err: "" });
  for (const part of [
    "as recorded:      1 merge, 2 ask, 0 hold\nwith this policy: 2 merge, 1 ask, 0 hold\ndifferent:        1 ask -> merge",
    "balanced: below 10 %",
    "untested_ways +1.200 -> +0.200",
    "1 of those that would merge first get tests from another run",
    "2 decisions: decided by an earlier version, in points",
    "judges.when_missing",
  ])
    expect(ran.out).toContain(part);
  expect(ran.out).toMatch(/t-1 +ask -> merge +21 % -> 9.1 %/);
});

it.each(["yesterday", "2026-99-01", "5"])("`policy simulate` refuses the time %s", async (since) => {
  const simulatePolicy = () => Promise.reject(new Error("must not be called"));
  const ran = await run(["policy", "simulate", "--since", since], { home, state, daemon: { simulatePolicy } });
  expect(ran).toMatchObject({ exit: 2, err: expect.stringContaining("--since") });
});

it("`policy suggest` prints what was asked by reason, and each suggestion with its evidence, effect and command", async () => {
  const record = { asked: 24, not_approved: 0, from: 0, to: 0.117 };
  const effect = { decisions: 60, was: { merge: 20, ask: 40, hold: 0 }, now: { merge: 44, ask: 16, hold: 0 } };
  const found: PolicySuggestions = {
    ...{ answered: 30, needed: 20 },
    reasons: [
      { reason: "code_without_test", means: "code changes, but no test", always: false, ...record },
      { reason: "never-alone", means: "The policy asks.", always: true, asked: 6, not_approved: 6, from: 0.6, to: 1 },
    ],
    suggestions: [
      {
        ...({ kind: "weight", signal: "code_without_test", was: 1600, now: 200 } as const),
        ...{ key: "risk.for.code_without_test.weight", value: "0.2", estimated: 0.45, effect, ...record },
      },
      {
        ...({ kind: "merge-kind", repository: "shop", change: "tests" } as const),
        ...{ key: "profiles.merges_kinds", value: "[shop/tests]", estimated: 0.3, effect, ...record },
      },
    ],
  };
  const ran = await run(["policy", "suggest"], { home, state, daemon: { suggestPolicy: async () => found } });
  expect(ran).toMatchObject({ exit: 0, err: "" });
  for (const part of [
    "you answered 30 questions about changes:\n",
    'Lower the weight of "code changes, but no test" from 1.6 to 0.2.\n  You approved 24 of 24 such changes as they were.',
    "  Of 60 recorded decisions 44 would merge, 24 more than with today's policy.\n  aedev config set risk.for.code_without_test.weight 0.2\n",
    "Let changes that only add tests merge in shop.",
    "  aedev config set profiles.merges_kinds '[shop/tests]'\n",
  ])
    expect(ran.out).toContain(part);
  expect(ran.out).toMatch(
    /24 +24 +0 to 12 % +code changes, but no test\n6 +0 +60 to 100 % +The policy asks. \(always asked\)/,
  );
  const none = { ...found, suggestions: [] };
  const quiet = await run(["policy", "suggest"], { home, state, daemon: { suggestPolicy: async () => none } });
  expect(quiet.out).toContain("nothing to suggest: no reason has 20 answers that contradict its weight");
});

it("`policy diff` prints the keys and the answers that differ, and says so if none does", async () => {
  const comparePolicies = async () => ({
    keys: [
      { key: "risk.start", values: [-0.2, 1] as const },
      {
        key: "paths.forbidden",
        values: [
          [".env*", "*.key"],
          [".env*", "a/**"],
        ] as const,
      },
    ],
    answers: [
      {
        ...({ signal: "unwatched", count: null, beside: "clean", profile: "balanced" } as const),
        answers: [
          { answer: "ask", score: 0 },
          { answer: "merge", score: -4000 },
        ] as const,
      },
    ],
  });
  const ran = await run(["policy", "diff", "shipped", "b.yaml"], { home, daemon: { comparePolicies } });
  expect(ran.out).toContain("risk.start: -0.2 -> 1\n  paths.forbidden: -*.key +a/**\n");
  expect(ran.out).toMatch(/unwatched +missing +the best clean change +balanced +ask \(50 %\) +merge \(1.8 %\)/);
  const equal = async () => ({ keys: [], answers: [] });
  const none = await run(["policy", "diff", "shipped", "shipped"], { home, daemon: { comparePolicies: equal } });
  expect(none.out).toBe("no key differs\nno answer differs\n");
});

it("`policy test` exits 1 with each case that fails, and 0 if none does", async () => {
  const passing = { name: "clean", profile: "balanced", expect: "merge", answer: "merge", score: -2500 } as const;
  const failing = { ...passing, name: "no test", answer: "ask", score: 1400 } as const;
  const testPolicy = async () => ({ file: "f", cases: [passing, failing] });
  const ran = await run(["policy", "test"], { home, daemon: { testPolicy } });
  expect(ran).toMatchObject({ exit: 1 });
  expect(ran.out).toBe(
    "FAILED  no test: expected merge, got ask (balanced, 80 % chance of harm)\n1 of 2 cases passed\n",
  );
  const fine = await run(["policy", "test"], {
    home,
    daemon: { testPolicy: async () => ({ file: "f", cases: [passing] }) },
  });
  expect(fine).toMatchObject({ exit: 0, out: "1 of 1 case passed\n" });
});
