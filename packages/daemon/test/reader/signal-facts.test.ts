/** Facts for signals besides the state, and that a home in which nothing happened today costs no reading of the configuration. */
import { Fault, homeSignalText } from "@aedev/contracts";
import { homeSignals, initialState, type JudgeSetup } from "@aedev/core";
import type { ObservedFacts } from "@aedev/core/reading";
import { expect, it } from "vitest";
import { machineFacts } from "../../src/control/machine-facts.ts";
import type { TaskEnding } from "../../src/log/view-queries.ts";
import { nothingObserved } from "../../src/observed/observed-file.ts";
import type { BudgetRow } from "../../src/reader/budget-rows.ts";
import { readSignalFacts, signalFacts } from "../../src/reader/signal-facts.ts";

const machine = { disk_free_bytes: 5, disk_needed_bytes: 1 };
const budget: BudgetRow = {
  ...{ key: "limits.day_runs", repository: null, limit: 10, used: 9, unpriced: [] },
  unit: "runs",
};
const setup: JudgeSetup = { models: {}, promptDigest: "p", bar: { min_canaries: 10, min_catch_permille: 500 } };

function factsOf(given: {
  runs: number;
  hasAnswers: boolean;
  endings?: TaskEnding["type"][];
  problem?: Error;
  unreadFiles?: string[];
  observed?: () => Promise<ObservedFacts>;
}) {
  const read: string[] = [];
  const reads =
    <T>(name: string, value: T) =>
    async () => {
      read.push(name);
      if (given.problem !== undefined) throw given.problem;
      return value;
    };
  const endings = (given.endings ?? []).map((type, position) => ({ task_id: "t", type, position, at: "" }));
  const home = {
    endingsSince: () => endings,
    countDefects: () => ({ planted: 20, caught: 1 }),
    hasDefectAnswers: () => given.hasAnswers,
  };
  const facts = readSignalFacts(home, {
    machine: async () => machine,
    budgets: reads("budgets", [budget]),
    judgeSetup: reads("setup", setup),
    observed: given.observed ?? (async () => nothingObserved),
    unreadFiles: async () => given.unreadFiles ?? [],
    today: { requests: 0, runs: given.runs },
  });
  return { facts, read };
}

it("signals get the budgets if something was used, the judges if one has a record, and how many tasks landed", async () => {
  const used = factsOf({ runs: 1, hasAnswers: true, endings: ["ChangeLanded", "TaskRejected", "ChangeLanded"] });
  expect(await used.facts).toMatchObject({ machine, budgets: [budget], landed: 2, judges: { setup } });
  expect((await used.facts).judges?.count({ family: "openai", model: "m", promptDigest: "p" })).toMatchObject({
    caught: 1,
  });
  const quiet = factsOf({ runs: 0, hasAnswers: false });
  expect(await quiet.facts).toEqual({ machine, budgets: [], landed: 0, observed: nothingObserved, unread: [] });
  expect([used.read, quiet.read]).toEqual([["budgets", "setup"], []]);
});

it("a fact that can't be read is named, and no bug is hidden", async () => {
  const unread = ["today's budgets", "the judges' records"];
  const { facts } = factsOf({
    ...{ runs: 1, hasAnswers: true },
    problem: new Fault("config-invalid", "config.yaml is not valid"),
  });
  expect(await facts).toEqual({ machine, landed: 0, observed: nothingObserved, unread });
  expect(homeSignals(initialState, "2026-01-01T00:00:00.000Z", { unread }).map(homeSignalText)).toEqual([
    "signals are missing, because this can't be read: today's budgets, the judges' records: aedev doctor",
  ]);
  const bug = factsOf({ ...{ runs: 1, hasAnswers: true }, problem: new TypeError("undefined is not a function") });
  await expect(bug.facts).rejects.toThrow(TypeError);
});

it("a file of the home that can't be read is named, even if nothing was used today", async () => {
  const { facts, read } = factsOf({ runs: 0, hasAnswers: false, unreadFiles: ["config.yaml", "prices.yaml"] });
  expect(await facts).toMatchObject({ budgets: [], unread: ["config.yaml", "prices.yaml"] });
  expect(read).toEqual([]);
  const [signal] = homeSignals(initialState, "2026-01-01T00:00:00.000Z", await facts);
  expect(signal).toMatchObject({ kind: "unread", count: 2, detail: "config.yaml, prices.yaml" });
});

it("a record of observations that no daemon wrote is named", async () => {
  const refused = async () => {
    throw new Fault("home-unreadable", "run/observed.json is not what a daemon wrote");
  };
  const { facts } = factsOf({ runs: 0, hasAnswers: false, observed: refused });
  expect(await facts).toEqual({ machine, budgets: [], landed: 0, unread: ["run/observed.json"] });
});

it("a daemon's facts name a disk that does not answer, and have all others", async () => {
  const facts = await signalFacts(
    { endingsSince: () => [], countDefects: () => ({ planted: 0, caught: 0 }) },
    {
      machine: () => machineFacts("/nonexistent/home", 1),
      budgets: () => [budget],
      setup: () => null,
      observed: () => nothingObserved,
      unreadFiles: () => [],
    },
  );
  expect(facts).toEqual({ budgets: [budget], landed: 0, observed: nothingObserved, unread: ["free space"] });
});
