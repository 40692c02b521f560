/** What `aedev risk backtest` prints, with a daemon package that answers from memory. */
import { initialState } from "@aedev/core";
import { stateAfter } from "@aedev/core/testing";
import type { Backtest } from "@aedev/daemon";
import { afterAll, expect, it } from "vitest";
import type { DaemonEntry } from "../../src/terminal/entries.ts";
import { makeHome, run } from "../outside.ts";

const { home, remove } = makeHome();
afterAll(remove);
const state = stateAfter("landed", initialState);
const [repository = ""] = Object.keys(state.repositories);

const decision = { code: null, kind: "behaviour", score: -3200, reasons: [], outcome: null, seconds: 12 } as const;
const found: Backtest = {
  ...{ repository, profile: "aggressive", answers: { merge: 1, ask: 0, hold: 1 } },
  decisions: [
    { ...decision, commit: "a".repeat(40), subject: "Add mean", answer: "merge", outcome: "fixed" },
    {
      ...decision,
      ...{ commit: "b".repeat(40), subject: "Break it", answer: "hold", code: "HOLD-CHECKS-FAILED", score: null },
      reasons: ["newly failing: adds"],
    },
  ],
  merged: { merged: 1, bad: 1, bad_from: 0.05, bad_to: 1 },
  left_out: [{ commit: "c".repeat(40), why: "its base was not green" }],
};

async function backtest(...flags: string[]) {
  const asked: unknown[] = [];
  const openBacktest: DaemonEntry["openBacktest"] = async (options) => {
    asked.push(options);
    return { commits: 3, seconds: 600, run: async () => found, close: async () => undefined };
  };
  return {
    ...(await run(["risk", "backtest", repository, ...flags], { home, state, daemon: { openBacktest } })),
    asked,
  };
}

it("`risk backtest` says how long it takes, then each commit with its answer, the share of bad ones and what is not measured", async () => {
  const ran = await backtest("--last", "3", "--profile", "aggressive");
  expect(ran).toMatchObject({ exit: 0, err: "trying 3 past commits: about 10 min\n" });
  expect(ran.asked).toMatchObject([{ home, repository: { name: repository }, profile: "aggressive", last: 3 }]);
  for (const part of [
    "aaaaaaaaaa  merge  Add mean  (3.9 % chance of harm, later fixed, 12 s)\n",
    "bbbbbbbbbb  hold   Break it  (HOLD-CHECKS-FAILED, 12 s)\n    newly failing: adds\n",
    "cccccccccc  left out: its base was not green\n",
    `of 2 past commits of ${repository}, aggressive would have: merged 1, asked about 0, held 1\n`,
    "later fixed or reverted of these 1: 1, so 5 to 100 % bad (95 %)\n",
    "not measured:\n  judges: each is taken to pass",
    `aedev repo add --name ${repository} --profile aggressive`,
  ])
    expect(ran.out).toContain(part);
});

it.each([
  ["--last", "0"],
  ["--last", "many"],
  ["--profile", "safe"],
  ["--profile", "bold"],
])("`risk backtest` refuses %s %s and starts nothing", async (...flags) => {
  expect(await backtest(...flags)).toMatchObject({ exit: 2, asked: [], err: expect.stringContaining(flags[0] ?? "") });
});
