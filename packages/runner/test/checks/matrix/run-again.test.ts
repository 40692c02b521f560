/** How often a base and a candidate run again, and what each further run changes. The runs are scripted. */
import type { CommandResult, TestResult } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { confirmReds, type RanCell, type RunOnce, runAgain, settleBase } from "../../../src/checks/matrix/run-again.ts";
import type { CheckContext } from "../../../src/checks/pass/pass.ts";
import type { RunnerContext } from "../../../src/engine/context.ts";

type Results = Record<string, TestResult["result"]>;

function result(tests: Results, more: Partial<CommandResult> = {}): CommandResult {
  return {
    ...{
      command: "npm test",
      exit_code: Object.values(tests).includes("fail") ? 1 : 0,
      timed_out: false,
      duration_ms: 5,
    },
    ...{
      output_tail: "",
      omitted_bytes: 0,
      format: "tap",
      sentinel: "failed-as-it-must",
      incomplete: null,
      runs: 1,
      exit_codes: [],
    },
    tests: Object.entries(tests).map(([id, one]) => ({ id, result: one })),
    ...more,
  };
}
const green = result({ a: "pass", b: "pass" });
const red = result({ a: "pass", b: "fail" });

/** A cell whose further plain passes give `later`; the last one repeats. `proofs`: their results after the passes with sentinels. */
function scripted(cells: Record<string, { first: CommandResult; later: CommandResult[]; proofs?: CommandResult[] }>) {
  const asked: string[] = [];
  const next = (list: CommandResult[]) => (list.length > 1 ? list.shift() : list[0]) ?? green;
  const runOnce: RunOnce = async (_checkContext, { name }) => {
    asked.push(name);
    const claimed = [next(cells[name]?.later ?? [])];
    const prove = async () => {
      asked.push(`${name} proven`);
      return [next(cells[name]?.proofs ?? claimed)];
    };
    return { claimed, prove };
  };
  const ran = (name: string): RanCell => ({
    request: {
      name,
      ...{ entries: new Map(), kind: { newCode: name !== "base", mayBreak: false }, reached: [] },
      recorded: { entries: new Map(), commands: [] },
    },
    cell: { ran: true, why_not: null, commands: [cells[name]?.first ?? green], cached: null },
  });
  return { asked, runOnce, ran };
}
const checkContext = { progress: () => undefined } as Partial<CheckContext> as CheckContext;
const context = {} as RunnerContext;
const shown = ({ cell }: RanCell) =>
  Object.fromEntries((cell.commands[0]?.tests ?? []).map(({ id, result: one }) => [id, one]));

async function settled(first: CommandResult, ...later: CommandResult[]) {
  const { asked, runOnce, ran } = scripted({ base: { first, later } });
  const base = ran("base");
  await settleBase(checkContext, base, context, runOnce);
  return { base, asked };
}

describe("a base in which a few tests fail", () => {
  it("runs until they have failed by chance, and then until its command has ended with 0", async () => {
    const { base, asked } = await settled(red, red, green);
    expect(shown(base)).toEqual({ a: "pass", b: "flaky" });
    expect(asked).toHaveLength(2);
    const never = await settled(red, red, result({ a: "pass", b: "pass" }, { exit_code: 1 }));
    expect(shown(never.base)).toEqual({ a: "pass", b: "flaky" });
    expect(never.base.cell.commands[0]?.runs).toBe(8);
  });

  it("runs four times if they fail each time", async () => {
    const { base, asked } = await settled(red, red);
    expect(shown(base)).toEqual({ a: "pass", b: "fail" });
    expect(asked).toHaveLength(3);
  });

  it("does not run again if nothing fails, or if its results are not trusted", async () => {
    for (const first of [green, { ...red, incomplete: "two passes disagree" }, { ...red, timed_out: true }])
      expect((await settled(first, green)).asked).toEqual([]);
  });
});

async function compared(cells: Parameters<typeof scripted>[0]) {
  const { asked, runOnce, ran } = scripted(cells);
  const [base, after] = [ran("base"), ran("after")];
  const ranBase = await runAgain(checkContext, { base, candidates: [after] }, context, runOnce);
  const times = (name: string) => asked.filter((one) => one === name).length;
  return { base, after, ranBase, times };
}

describe("a candidate that fails", () => {
  it("does not run again if it has the base's results", async () => {
    const { ranBase, times } = await compared({
      base: { first: green, later: [] },
      after: { first: green, later: [] },
    });
    expect([ranBase, times("after")]).toEqual([false, 0]);
  });

  it("does not run again if its results or the base's are not trusted", async () => {
    const cut = { incomplete: "two passes disagree" };
    const [base, after] = [
      { first: green, later: [green] },
      { first: red, later: [red] },
    ];
    for (const cells of [
      { base, after: { ...after, first: { ...red, ...cut } } },
      { base, after: { ...after, first: { ...red, timed_out: true } } },
      { base: { ...base, first: { ...green, ...cut } }, after },
    ])
      expect((await compared(cells)).times("after")).toBe(0);
    expect((await compared({ base, after })).times("after")).toBe(1);
  });

  it("runs once more if it fails again, and so does the base", async () => {
    const { after, times } = await compared({
      base: { first: green, later: [green] },
      after: { first: red, later: [red] },
    });
    expect(shown(after)).toEqual({ a: "pass", b: "fail" });
    expect([times("after"), times("after proven"), times("base")]).toEqual([1, 0, 1]);
  });

  it("counts as passing only with proof", async () => {
    const unproven = { ...green, incomplete: "the sentinel was not reported" };
    const base = { first: green, later: [green] };
    const forged = await compared({ base, after: { first: red, later: [green], proofs: [unproven] } });
    expect(shown(forged.after)).toEqual({ a: "pass", b: "fail" });
    expect(forged.times("after proven")).toBeGreaterThan(0);
    const honest = await compared({ base, after: { first: red, later: [green], proofs: [{ ...green, passes: 2 }] } });
    expect(shown(honest.after)).toEqual({ a: "pass", b: "flaky" });
  });

  it("counts as passing a test that is flaky on the base only with proof", async () => {
    const flaky = result(
      { a: "pass", b: "flaky" },
      {
        passes: 2,
        tests: [
          { id: "a", result: "pass" },
          { id: "b", result: "flaky", failed: 1 },
        ],
      },
    );
    const unproven = { ...green, incomplete: "the sentinel was not reported" };
    const base = { first: flaky, later: [green, red] };
    const forged = await compared({ base, after: { first: flaky, later: [green], proofs: [unproven] } });
    expect(forged.after.cell.commands[0]).toMatchObject({ passes: 2 });
    const honest = await compared({ base, after: { first: flaky, later: [green], proofs: [{ ...green, passes: 2 }] } });
    expect(honest.after.cell.commands[0]?.passes).toBeGreaterThan(2);
  });
});

describe("a test that fails by chance on the base and failed with the change", () => {
  const known = (failed: number, passes: number) =>
    result(
      {},
      {
        passes,
        runs: passes,
        tests: [
          { id: "a", result: "pass" },
          { id: "b", result: "flaky", failed },
        ],
      },
    );

  it("runs until both rates can be compared, at most ten times each", async () => {
    const { base, after, times } = await compared({
      base: { first: known(1, 2), later: [green, green, red, green] },
      after: { first: red, later: [red, red, green, red, red, green, red] },
    });
    expect(base.cell.commands[0]).toMatchObject({ runs: 10, passes: 10 });
    expect(times("after")).toBeLessThan(10);
    expect(after.cell.commands[0]?.passes).toBeLessThanOrEqual(10);
    expect(after.cell.commands[0]?.tests).toContainEqual({ id: "b", result: "flaky", failed: expect.any(Number) });
  });

  it("is compared on fewer runs if a tree's runs take more than ten minutes in total", async () => {
    const ran = async (duration_ms: number) => {
      const base = { first: { ...known(1, 10), exit_code: 0 }, later: [green] };
      const [first, passing] = [
        { ...red, duration_ms },
        { ...green, duration_ms },
      ];
      const { after, times } = await compared({ base, after: { first, later: [passing, first] } });
      expect(after.cell.commands[0]).toMatchObject({ exit_code: 0 });
      return times("after");
    };
    expect(await ran(5)).toBe(4);
    expect(await ran(190_000)).toBe(2);
  });

  it("runs eight times until its command ends with 0 if several such tests take turns in failing", async () => {
    const flaky = (...ids: string[]) =>
      result({}, { passes: 10, runs: 10, tests: ids.map((id) => ({ id, result: "flaky", failed: 8 })) });
    const turns = Array.from({ length: 8 }, (_, at) =>
      result({ b: at % 2 === 0 ? "pass" : "fail", c: at % 2 === 0 ? "fail" : "pass" }),
    );
    const base = { first: { ...flaky("b", "c"), exit_code: 0 }, later: [green] };
    const first = result({ b: "fail", c: "pass" });
    const never = await compared({ base, after: { first, later: [...turns] } });
    expect(never.after.cell.commands[0]).toMatchObject({ exit_code: 1, runs: 8 });
    const good = result({ b: "pass", c: "pass" });
    const once = await compared({ base, after: { first, later: [...turns.slice(0, 3), good] } });
    expect(once.after.cell.commands[0]).toMatchObject({ exit_code: 0, runs: 5 });
  });

  it("runs twice if the candidate had only one pass", async () => {
    const base = { first: known(3, 10), later: [green] };
    const unlucky = await compared({ base, after: { first: green, later: [red, red, red] } });
    expect(unlucky.times("after")).toBeGreaterThan(1);
    const lucky = await compared({ base, after: { first: green, later: [green] } });
    expect(lucky.times("after")).toBe(1);
    const proven = { ...green, passes: 2 };
    expect((await compared({ base, after: { first: proven, later: [red] } })).times("after")).toBe(0);
  });

  it("does not run again once no further run can change the answer", async () => {
    const { times } = await compared({
      base: { first: known(8, 10), later: [red] },
      after: { first: red, later: [green] },
    });
    expect(times("after")).toBeLessThan(4);
  });
});

describe("a test that passes on the base and fails with the new tests on the old code", () => {
  async function confirmed(first: CommandResult, ...later: CommandResult[]) {
    const { asked, runOnce, ran } = scripted({ base: { first: green, later: [] }, mixed: { first, later } });
    const [base, mixed] = [ran("base"), ran("mixed")];
    await confirmReds(checkContext, { base, mixed }, context, runOnce);
    return { mixed, asked };
  }
  const twice = { ...red, passes: 2 };

  it("runs until it has failed four times or passed once", async () => {
    const steady = await confirmed(twice, red);
    expect(steady.asked).toHaveLength(2);
    expect(shown(steady.mixed)).toEqual({ a: "pass", b: "fail" });
    expect(steady.mixed.cell.commands[0]?.passes).toBe(4);
    const chance = await confirmed(twice, green, red);
    expect(chance.asked).toHaveLength(1);
    expect(shown(chance.mixed)).toEqual({ a: "pass", b: "flaky" });
  });

  it("runs four times if only the exit code is known", async () => {
    const { asked, runOnce, ran } = scripted({
      base: { first: result({}, { tests: null }), later: [] },
      mixed: { first: result({}, { tests: null, exit_code: 1 }), later: [result({}, { tests: null, exit_code: 1 })] },
    });
    const mixed = ran("mixed");
    await confirmReds(checkContext, { base: ran("base"), mixed }, context, runOnce);
    expect(asked).toHaveLength(3);
    expect(mixed.cell.commands[0]?.exit_codes).toEqual([1, 1, 1, 1]);
  });

  it("does not run again if it is new, fails on the base too, or was cut short", async () => {
    expect((await confirmed({ ...result({ a: "pass", b: "pass", n: "fail" }), passes: 2 }, red)).asked).toEqual([]);
    expect((await confirmed({ ...twice, timed_out: true }, red)).asked).toEqual([]);
    const { asked, runOnce, ran } = scripted({
      base: { first: red, later: [] },
      mixed: { first: twice, later: [red] },
    });
    await confirmReds(checkContext, { base: ran("base"), mixed: ran("mixed") }, context, runOnce);
    expect(asked).toEqual([]);
  });
});
