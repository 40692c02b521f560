/** Whether a stopped command counts as failed or as without result, and how two passes make one result. */
import type { TestResult } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import type { CommandPlan } from "../../../src/checks/command/plan.ts";
import { runners } from "../../../src/checks/command/runners.ts";
import { agree, plainResult, withSteadyNames } from "../../../src/checks/matrix/agree.ts";
import type { CommandPass } from "../../../src/checks/pass/pass.ts";

const memory = "it ran out of memory";

it.each<
  [string, string | null, { stopped: string | null; outOfMemory: boolean; mayBreak: boolean; exitCode?: number }]
>([
  ["new tests on old code that take all memory", null, { stopped: memory, outOfMemory: true, mayBreak: true }],
  ["any other cell that takes all memory", memory, { stopped: memory, outOfMemory: true, mayBreak: false }],
  [
    "new tests on old code that were cancelled",
    "it was cancelled",
    { stopped: "it was cancelled", outOfMemory: false, mayBreak: true },
  ],
  ["a success although memory ran out", memory, { stopped: memory, outOfMemory: true, mayBreak: true, exitCode: 0 }],
])("%s", (_name, incomplete, { stopped, outOfMemory, mayBreak, exitCode = 137 }) => {
  const plan = { command: "node --test", runner: { format: "tap" } } as CommandPlan;
  const result = { exitCode, timedOut: false, stopped, durationMs: 1, output: "", omittedBytes: 0, isWhole: true };
  const pass: CommandPass = {
    ...{ result: { ...result, outOfMemory, wasKilled: false }, errors: "", report: { tests: [], problem: null } },
    ...{ placed: new Map(), nonce: "", trace: null, isTraceFull: false, record: null },
  };
  const kind = { newCode: false, mayBreak };
  expect(plainResult(plan, pass, { kind, outputTailBytes: 100 }).incomplete).toBe(incomplete);
});

type Reported = NonNullable<CommandPass["report"]>["tests"][number];

describe("two passes of one tree", () => {
  const runner = runners.find(({ name }) => name === "vitest") ?? null;
  const plan = { command: "vitest run", runner } as CommandPlan;
  const passOf = (tests: readonly Reported[], { isMarked }: { isMarked: boolean }): CommandPass => ({
    result: {
      ...{ exitCode: tests.some(({ result }) => result === "fail") ? 1 : 0, timedOut: false, stopped: null },
      ...{ durationMs: 1, output: "", omittedBytes: 0, isWhole: true, outOfMemory: false, wasKilled: false },
    },
    ...{
      errors: "",
      report: { tests: [...tests], problem: null },
      nonce: "ab",
      trace: null,
      isTraceFull: false,
      record: null,
    },
    placed: isMarked ? new Map([["test/a.js", { name: "tab_0_x", isConditional: false }]]) : new Map(),
  });
  const sentinels = (result: Reported["result"]): Reported[] =>
    Array.from({ length: runner?.sentinel?.assertions ?? 0 }, (_, at) => ({ id: `test/a.js > tab_0_x ${at}`, result }));
  const agreed = (plain: readonly Reported[], marked: readonly Reported[], newCode = true) =>
    agree(
      plan,
      {
        plain: passOf(plain, { isMarked: false }),
        sentinel: passOf([...marked, ...sentinels("fail")], { isMarked: true }),
        ...{ expected: null, reachedBefore: null },
      },
      { kind: { newCode, mayBreak: false }, outputTailBytes: 100 },
    );
  const [passed, failed] = [[{ id: "a", result: "pass" }], [{ id: "a", result: "fail" }]] as const;

  it.each([true, false])("make a test flaky that fails in one of them, on new code: %s", (newCode) => {
    for (const [plain, marked, exit] of [
      [passed, failed, 0],
      [failed, passed, 1],
    ] as const)
      expect(agreed(plain, marked, newCode).command).toMatchObject({
        ...{ tests: [{ id: "a", result: "flaky" }], exit_code: exit, incomplete: null },
      });
  });
  it("make a test fail that fails in both, and pass that passes in both", () => {
    expect(agreed(failed, failed).command).toMatchObject({ tests: failed, exit_code: 1, incomplete: null });
    expect(agreed(passed, passed).command).toMatchObject({ tests: passed, exit_code: 0, incomplete: null });
  });
  it("are repeated if they report different tests, unless more is wrong", () => {
    const more: Reported[] = [...passed, { id: "b", result: "pass" }];
    expect(agreed(passed, more)).toMatchObject({ isUnsteady: true, command: { incomplete: expect.any(String) } });
    expect(agreed(passed, passed).isUnsteady).toBe(false);
    const unmarked = agree(
      plan,
      {
        plain: passOf(passed, { isMarked: false }),
        sentinel: passOf([...more, ...sentinels("pass")], { isMarked: true }),
        ...{ expected: null, reachedBefore: null },
      },
      { kind: { newCode: true, mayBreak: false }, outputTailBytes: 100 },
    );
    expect(unmarked).toMatchObject({ isUnsteady: false, command: { sentinel: "reported-passing" } });
  });
});

describe("names of tests that differ from pass to pass", () => {
  const passed = (...ids: readonly string[]) => ids.map((id): TestResult => ({ id, result: "pass" }));
  const named = (one: readonly TestResult[], other: readonly TestResult[]) => {
    const { tests, believed } = withSteadyNames(one, other);
    return [tests, believed].map((list) => list.map(({ id, result }) => `${id} ${result}`));
  };

  it("are replaced by the name without numbers", () => {
    const one = passed("adds", "at 2026-11-26T01:55:07.12", "took 3.8941820000000007 ms", "at 0x7f3a", "of 1f0c9be2");
    const other = passed("adds", "at 2026-11-26T01:55:09.98", "took 0.7 ms", "at 0x7f3b", "of deadbee1");
    const steady = ["adds pass", "at #-#-#T#:#:#.# pass", "took #.# ms pass", "at # pass", "of # pass"];
    expect(named(one, other)).toEqual([steady, steady]);
  });

  it("get a counter, and all fail if one of them fails", () => {
    const one: TestResult[] = [...passed("a 1"), { id: "a 2", result: "skip" }, { id: "a 3", result: "fail" }];
    expect(named(one, passed("a 4", "a 5", "a 6"))).toEqual([
      ["a # fail", "a # (2) fail", "a # (3) fail"],
      ["a # pass", "a # (2) pass", "a # (3) pass"],
    ]);
    const skipped: TestResult[] = [...passed("a 1"), { id: "a 2", result: "skip" }];
    expect(named(skipped, passed("a 4", "a 5"))[0]).toEqual(["a # skip", "a # (2) skip"]);
  });

  it("are kept if another test already has the name that they would get", () => {
    expect(named(passed("a #", "a 1"), passed("a #", "a 2"))).toEqual([
      ["a # pass", "a 1 pass"],
      ["a # pass", "a 2 pass"],
    ]);
  });

  it("are kept if both passes have them, or if they differ in more than numbers", () => {
    expect(named(passed("a 1", "a 2"), passed("a 2", "a 1"))).toEqual([
      ["a 1 pass", "a 2 pass"],
      ["a 2 pass", "a 1 pass"],
    ]);
    for (const other of [passed("a 1", "b 3"), passed("a 1"), passed("a 1", "a 3", "a 4")])
      expect(named(passed("a 1", "a 2"), other)).toEqual([
        ["a 1 pass", "a 2 pass"],
        other.map(({ id }) => `${id} pass`),
      ]);
  });
});
