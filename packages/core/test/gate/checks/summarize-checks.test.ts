/** The summary of a test matrix, as a specification, with the property that nothing unknown is ever green. */

import { type Cell, type CommandResult, cellNames, checksSchema, type TestMatrix } from "@aedev/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { summarizeChecks } from "../../../src/gate/checks/summarize-checks.ts";

type Results = Record<string, "pass" | "fail" | "skip" | "flaky">;
type CellName = (typeof cellNames)[number];

function command(results: Results | null, more: Partial<CommandResult> = {}): CommandResult {
  const tests = results === null ? null : Object.entries(results).map(([id, result]) => ({ id, result }));
  return {
    command: "npm test",
    exit_code: tests?.some(({ result }) => result === "fail") ? 1 : 0,
    timed_out: false,
    duration_ms: 5,
    output_tail: "",
    omitted_bytes: 0,
    format: results === null ? "exit-code" : "tap",
    tests,
    sentinel: results === null ? "none" : "failed-as-it-must",
    incomplete: null,
    runs: 1,
    ...(results === null ? {} : { passes: 2 }),
    exit_codes: [],
    ...more,
  };
}
const ran = (...commands: CommandResult[]): Cell => ({ ran: true, why_not: null, commands, cached: null });
const notRan: Cell = { ran: false, why_not: "no tests are named", commands: [], cached: null };
const honest = { a: "pass", b: "pass" } as const;

/** An honest change with one new test `n`, with overrides. */
function matrix(otherwise: Partial<Record<CellName, Cell>> = {}): TestMatrix {
  return {
    has_checks: true,
    cells: {
      "old-tests-old-code": ran(command(honest)),
      "old-tests-new-code": ran(command(honest)),
      "new-tests-old-code": ran(command({ ...honest, n: "fail" })),
      "new-tests-new-code": ran(command({ ...honest, n: "pass" })),
      ...otherwise,
    },
    own_control: null,
  };
}

describe("the summary of a test matrix", () => {
  it("is green if old and new tests pass, and names the test that the change fixes", () => {
    expect(summarizeChecks(matrix())).toMatchObject({
      status: "green",
      newly_failing: [],
      vanished: [],
      fail_to_pass: ["n"],
      pass_to_pass: 2,
      reasons: [],
    });
  });

  const edits = { edited: [{ path: "test/a.test.js", names: ["b"] }] };

  it("counts a test whose edited form fails on the old code as red before, and not as green before and after", () => {
    const edited = { "new-tests-old-code": ran(command({ a: "pass", b: "fail", n: "fail" })) };
    expect(summarizeChecks(matrix(edited), edits)).toMatchObject({
      status: "green",
      fail_to_pass: ["b", "n"],
      pass_to_pass: 1,
    });
    // Its old form also fails on the new code: it is outdated, and counted once.
    const outdated = { ...edited, "old-tests-new-code": ran(command({ a: "pass", b: "fail" })) };
    expect(summarizeChecks(matrix(outdated), edits)).toMatchObject({
      newly_failing: ["b"],
      fail_to_pass: ["b", "n"],
      pass_to_pass: 1,
    });
    const flaky = { ...edited, "old-tests-old-code": ran(command({ a: "pass", b: "flaky" })) };
    expect(summarizeChecks(matrix(flaky), edits)).toMatchObject({ fail_to_pass: ["n"], pass_to_pass: 1 });
  });

  it("counts an unedited test as red before only if it failed there repeatedly", () => {
    const seen = (passes: number, more = {}) => ({
      "new-tests-old-code": ran(command({ a: "pass", b: "fail" }, { runs: passes - 1, passes })),
      "new-tests-new-code": ran(command(honest)),
      ...more,
    });
    // It may have failed by chance: it counts neither as red nor as green before.
    expect(summarizeChecks(matrix(seen(2)))).toMatchObject({ fail_to_pass: [], pass_to_pass: 1, new_tests: "none" });
    expect(
      summarizeChecks(matrix(seen(2)), { edited: [{ path: "test/a.test.js", names: ["a"] }] }).fail_to_pass,
    ).toEqual([]);
    expect(summarizeChecks(matrix(seen(4)))).toMatchObject({
      fail_to_pass: ["b"],
      pass_to_pass: 1,
      new_tests: "red-on-base",
    });
    const flakyBase = { "old-tests-old-code": ran(command({ a: "pass", b: "flaky" })) };
    expect(summarizeChecks(matrix(seen(4, flakyBase)))).toMatchObject({ fail_to_pass: [], new_tests: "none" });
    expect(summarizeChecks(matrix(seen(2)), edits)).toMatchObject({ fail_to_pass: ["b"], new_tests: "red-on-base" });
    const renamed = { renamed: [{ paths: ["test/a.test.js"], from: "b", to: "c" }] };
    const retitled = seen(2, {
      "new-tests-old-code": ran(command({ a: "pass", c: "fail" })),
      "new-tests-new-code": ran(command({ a: "pass", c: "pass" })),
    });
    expect(summarizeChecks(matrix(retitled), renamed)).toMatchObject({ fail_to_pass: [], renamed: ["b"] });
  });

  it("does not take a run that ended early for a failure of tests that the change neither added nor edited", () => {
    const early = {
      "new-tests-old-code": ran(command({}, { exit_code: 1, sentinel: "not-reported" })),
      "new-tests-new-code": ran(command(honest)),
    };
    expect(summarizeChecks(matrix(early)).new_tests).toBe("none");
    expect(summarizeChecks(matrix(early), edits).new_tests).toBe("red-on-base");
    // A test that fails by chance on the base may also be missing by chance.
    const flakyBase = { ...early, "old-tests-old-code": ran(command({ a: "pass", b: "flaky" })) };
    expect(summarizeChecks(matrix(flakyBase), edits).new_tests).toBe("none");
  });

  it("counts a failure on the base as red before only if it was repeated, and a skipped test never", () => {
    const mended = (passes: number) => ({
      "old-tests-old-code": ran(command({ a: "pass", b: "fail" }, { passes })),
      "new-tests-old-code": ran(command({ a: "pass", b: "fail" }, { passes })),
      "new-tests-new-code": ran(command(honest)),
    });
    expect(summarizeChecks(matrix(mended(1))).fail_to_pass).toEqual([]);
    expect(summarizeChecks(matrix(mended(2))).fail_to_pass).toEqual(["b"]);
    const skipped = { "new-tests-old-code": ran(command({ ...honest, n: "skip" })) };
    expect(summarizeChecks(matrix(skipped)).fail_to_pass).toEqual([]);
  });

  it("counts each test once in any matrix, and never contrary to its results", () => {
    const result = fc.constantFrom("pass", "fail", "skip", "flaky", undefined);
    const cells = ["old-tests-old-code", "old-tests-new-code", "new-tests-old-code", "new-tests-new-code"] as const;
    const ids = ["a", "b", "c"];
    const table = fc.tuple(...cells.map(() => fc.tuple(result, result, result)));
    fc.assert(
      fc.property(table, (rows) => {
        const of = (cell: number) =>
          Object.fromEntries(
            ids.flatMap((id, at) => (rows[cell]?.[at] === undefined ? [] : [[id, rows[cell]?.[at] ?? "skip"]])),
          );
        const all = cells.map((_name, cell) => of(cell));
        const checks = summarizeChecks(
          matrix(Object.fromEntries(cells.map((name, cell) => [name, ran(command(all[cell] ?? {}))]))),
        );
        const green = ids.filter((id) =>
          all.every((cell, at) => cell[id] === "pass" || (at === 2 && cell[id] !== "fail")),
        );
        expect(checks.pass_to_pass).toBe(green.length);
        for (const id of checks.fail_to_pass) {
          expect(all[3]?.[id]).toBe("pass");
          expect([all[2]?.[id], all[0]?.[id]]).not.toEqual(["pass", "pass"]);
        }
      }),
    );
  });

  it("counts a new test that can't even load on the old code as red before, but no old test because of it", () => {
    const crashed = ran(command({}, { exit_code: 1, sentinel: "not-reported" }));
    expect(summarizeChecks(matrix({ "new-tests-old-code": crashed }))).toMatchObject({
      status: "green",
      fail_to_pass: ["n"],
    });
    const silent = ran(command({}, { exit_code: 0, sentinel: "not-reported" }));
    expect(summarizeChecks(matrix({ "new-tests-old-code": silent })).status).toBe("incomplete");
  });

  it("is red if an old test fails on the new code, though the new tests all pass", () => {
    const broken = ran(command({ a: "fail", b: "pass" }));
    expect(summarizeChecks(matrix({ "old-tests-new-code": broken }))).toMatchObject({
      status: "red",
      newly_failing: ["a"],
    });
  });

  it("is red if the candidate's own new test fails", () => {
    const own = ran(command({ ...honest, n: "fail" }));
    expect(summarizeChecks(matrix({ "new-tests-new-code": own }))).toMatchObject({
      status: "red",
      newly_failing: ["n"],
    });
  });

  it.each<[string, Results, "vanished" | "newly_skipped"]>([
    ["gone", { a: "pass", n: "pass" }, "vanished"],
    ["skipped", { a: "pass", b: "skip", n: "pass" }, "newly_skipped"],
  ])("is red and names an old test that is %s on the candidate", (_how, results, list) => {
    const cell = ran(command(results));
    const other = list === "vanished" ? "newly_skipped" : "vanished";
    for (const name of ["new-tests-new-code", "old-tests-new-code"] as const) {
      expect(summarizeChecks(matrix({ [name]: cell }))).toMatchObject({ status: "red", [list]: ["b"], [other]: [] });
    }
    const skippedBefore = ran(command({ a: "pass", b: "skip" }));
    const still = { "old-tests-old-code": skippedBefore, "old-tests-new-code": skippedBefore };
    const own = ran(command({ a: "pass", b: "skip", n: "pass" }));
    expect(summarizeChecks(matrix({ ...still, "new-tests-new-code": own })).status).toBe("green");
  });

  it("is red if an exit code became non-zero, and base-red if it was non-zero before", () => {
    const failed = ran(command(honest, { exit_code: 3 }));
    expect(summarizeChecks(matrix({ "old-tests-new-code": failed })).status).toBe("red");
    const all = { "old-tests-old-code": failed, "old-tests-new-code": failed, "new-tests-new-code": failed };
    expect(summarizeChecks(matrix(all)).status).toBe("base-red");
  });

  it("is base-red if the base's red test is still red, and green if the change fixes it", () => {
    const red = ran(command({ a: "fail", b: "pass" }));
    const still = { "old-tests-old-code": red, "old-tests-new-code": red, "new-tests-old-code": red };
    expect(summarizeChecks(matrix({ ...still, "new-tests-new-code": red }))).toMatchObject({
      status: "base-red",
      newly_failing: [],
    });
    const mended = matrix({ "old-tests-old-code": red, "new-tests-old-code": red });
    expect(summarizeChecks(mended)).toMatchObject({ status: "green", fail_to_pass: ["a", "n"] });
  });

  it("neither passes nor fails a change for a test that is flaky on the base", () => {
    const flaky = ran(command({ a: "flaky", b: "pass" }, { exit_code: 0, runs: 2, exit_codes: [0, 1] }));
    for (const result of ["pass", "skip", "flaky"] as const) {
      const own = ran(command({ a: result, b: "pass", n: "pass" }, { exit_code: 0 }));
      const given = matrix({ "old-tests-old-code": flaky, "old-tests-new-code": own, "new-tests-new-code": own });
      const answer = summarizeChecks(given);
      expect(answer).toMatchObject({ status: "green", newly_failing: [], vanished: [], newly_flaky: [], flaky: ["a"] });
      expect(answer.fail_to_pass).toEqual(["n"]);
    }
    const steady = ran(command({ a: "skip", b: "pass", n: "pass" }));
    expect(summarizeChecks(matrix({ "new-tests-new-code": steady })).status).toBe("red");
  });

  it("asks if a flaky test never passes, because the command never succeeded, and is red if another test fails too", () => {
    const flaky = ran(command({ a: "flaky", b: "pass" }, { exit_code: 0, runs: 2, exit_codes: [0, 1] }));
    const failing = ran(command({ a: "fail", b: "pass" }, { exit_code: 1, runs: 2, exit_codes: [1, 1] }));
    const answer = summarizeChecks(matrix({ "old-tests-old-code": flaky, "old-tests-new-code": failing }));
    expect(answer).toMatchObject({ status: "flaky", newly_failing: [], newly_flaky: [], flaky: ["a"] });
    expect(answer.reasons[0]).toContain("never ended with 0");
    const both = ran(command({ a: "fail", b: "fail" }));
    const red = summarizeChecks(matrix({ "old-tests-old-code": flaky, "old-tests-new-code": both }));
    expect(red).toMatchObject({ status: "red", newly_failing: ["b"] });
    const lint = ran(command(honest, { exit_code: 1 }));
    expect(summarizeChecks(matrix({ "old-tests-old-code": flaky, "old-tests-new-code": lint })).status).toBe("red");
  });

  it("is flaky if a test is steady on the base and differs from run to run on the candidate", () => {
    const unsteady = ran(command({ a: "flaky", b: "pass" }, { exit_code: 0, runs: 2, exit_codes: [1, 0] }));
    const answer = summarizeChecks(matrix({ "old-tests-new-code": unsteady }));
    expect(answer).toMatchObject({ status: "flaky", newly_failing: [], newly_flaky: ["a"], flaky: [] });
    const own = ran(command({ ...honest, n: "flaky" }, { exit_code: 0 }));
    expect(summarizeChecks(matrix({ "new-tests-new-code": own }))).toMatchObject({
      status: "flaky",
      newly_flaky: ["n"],
    });
  });

  it("is flaky if a test that fails by chance on the base fails much more often on the candidate, and not if it fails about as often", () => {
    const failed = (count: number, exit: number) =>
      ran({
        ...command({ a: "flaky", b: "pass" }),
        ...{ exit_code: exit, runs: 9, passes: 10 },
        tests: [
          { id: "a", result: "flaky", failed: count },
          { id: "b", result: "pass" },
        ],
      });
    const base = { "old-tests-old-code": failed(3, 0) };
    expect(summarizeChecks(matrix({ ...base, "old-tests-new-code": failed(8, 0) }))).toMatchObject({
      status: "flaky",
      newly_flaky: ["a"],
      flaky: [],
    });
    expect(summarizeChecks(matrix({ ...base, "old-tests-new-code": failed(4, 0) }))).toMatchObject({
      status: "green",
      newly_flaky: [],
      flaky: ["a"],
    });
    const exits = (...codes: number[]) =>
      ran(command(null, { exit_code: codes.includes(0) ? 0 : 1, runs: codes.length, exit_codes: codes }));
    const plain = {
      "new-tests-old-code": exits(0),
      "new-tests-new-code": exits(0),
      "old-tests-old-code": exits(0, 1, 0, 0, 0, 0, 1, 0, 0, 0),
    };
    expect(
      summarizeChecks(matrix({ ...plain, "old-tests-new-code": exits(1, 1, 0, 1, 1, 1, 1, 1, 1, 1) })).newly_flaky,
    ).toEqual(["the exit code of npm test"]);
    expect(
      summarizeChecks(matrix({ ...plain, "old-tests-new-code": exits(1, 0, 0, 1, 0, 0, 0, 0, 0, 0) })).newly_flaky,
    ).toEqual([]);
  });

  it("reports flaky exit codes, both on the base and new ones", () => {
    const plain = ran(command(null, { exit_code: 0 }));
    const unsteady = ran(command(null, { exit_code: 0, runs: 2, exit_codes: [1, 0] }));
    const cells = { "old-tests-old-code": plain, "new-tests-old-code": plain, "new-tests-new-code": plain };
    expect(summarizeChecks(matrix({ ...cells, "old-tests-new-code": unsteady }))).toMatchObject({
      status: "flaky",
      newly_flaky: ["the exit code of npm test"],
    });
    const base = matrix({ ...cells, "old-tests-old-code": unsteady, "old-tests-new-code": unsteady });
    expect(summarizeChecks(base)).toMatchObject({
      status: "exit-code-only",
      newly_flaky: [],
      flaky: ["the exit code of npm test"],
    });
  });

  it("reports whether the new tests test the change", () => {
    const of = (otherwise: Parameters<typeof matrix>[0]) => summarizeChecks(matrix(otherwise));
    expect(of({}).new_tests).toBe("red-on-base");
    const crashed = ran(command({}, { exit_code: 1, sentinel: "not-reported" }));
    expect(of({ "new-tests-old-code": crashed }).new_tests).toBe("red-on-base");
    for (const before of ["pass", "skip"] as const) {
      const answer = of({ "new-tests-old-code": ran(command({ ...honest, n: before })) });
      expect(answer).toMatchObject({ status: "green", new_tests: "green-on-base" });
      expect(answer.reasons).toEqual(["the new tests do not test the change: none fails on the base: n"]);
    }
    const changed = { "new-tests-old-code": ran(command({ a: "fail", b: "pass", n: "pass" })) };
    expect(summarizeChecks(matrix(changed), { edited: [{ path: "test/a.test.js", names: ["a"] }] }).new_tests).toBe(
      "red-on-base",
    );
    expect(of(changed).new_tests).toBe("green-on-base");
    expect(of({ "new-tests-old-code": ran(command({ ...honest, n: "flaky" })) }).new_tests).toBe("unknown");
    // A test whose name depends on the code is missing there too. It was red only if no test could run.
    const renamed = of({ "new-tests-old-code": ran(command({ ...honest, "n undefined": "pass" })) });
    expect(renamed).toMatchObject({ status: "green", new_tests: "green-on-base", fail_to_pass: [] });
    // Already red by chance on the base.
    const flakyBase = ran(command({ ...honest, b: "flaky" }, { runs: 2 }));
    const byChance = ran(command({ a: "pass", b: "fail", n: "pass" }));
    expect(of({ "old-tests-old-code": flakyBase, "new-tests-old-code": byChance }).new_tests).toBe("green-on-base");
    const none = { "new-tests-old-code": ran(command(honest)), "new-tests-new-code": ran(command(honest)) };
    expect(of(none).new_tests).toBe("none");
    const plain = ran(command(null));
    expect(of(Object.fromEntries(cellNames.map((name) => [name, plain]))).new_tests).toBe("unknown");
    expect(of({ "new-tests-old-code": notRan }).new_tests).toBe("unknown");
  });

  it("is exit-code-only if a command gives no results per test, or tests can't be distinguished", () => {
    const plain = ran(command(null));
    const all = Object.fromEntries(cellNames.map((name) => [name, plain]));
    expect(summarizeChecks(matrix(all)).status).toBe("exit-code-only");
    const apart = matrix({ "old-tests-new-code": notRan, "new-tests-old-code": notRan });
    expect(summarizeChecks(apart).status).toBe("exit-code-only");
  });

  it("reads exit codes alone: 0/0/1/0 proves that the new tests need the change, 0/0/0/0 that they do not", () => {
    const exits = (...codes: readonly number[]) =>
      matrix(
        Object.fromEntries(
          (["old-tests-old-code", "old-tests-new-code", "new-tests-old-code", "new-tests-new-code"] as const).map(
            (name, index) => [name, ran(command(null, { exit_code: codes[index] ?? 0, runs: 4 }))],
          ),
        ),
      );
    expect(summarizeChecks(exits(0, 0, 1, 0))).toMatchObject({
      status: "exit-code-only",
      exit_codes: "red-on-base",
      new_tests: "red-on-base",
    });
    expect(summarizeChecks(exits(0, 0, 0, 0))).toMatchObject({ exit_codes: "green-on-base", new_tests: "unknown" });
    const once = { ...exits(0, 0, 1, 0).cells, "new-tests-old-code": ran(command(null, { exit_code: 1 })) };
    for (const other of [exits(1, 0, 1, 0), exits(0, 1, 1, 0), exits(0, 0, 1, 1), matrix(once)])
      expect(summarizeChecks(other).exit_codes).toBeUndefined();
    // Nothing is certain about a command that hung, was cut short or does not always end alike.
    for (const unsure of [
      { exit_code: 1, timed_out: true },
      { exit_code: null },
      { exit_code: 1, incomplete: "two passes disagree" },
      { exit_code: 1, runs: 2, exit_codes: [1, 0] },
    ]) {
      const mixed = { ...exits(0, 0, 0, 0).cells, "new-tests-old-code": ran(command(null, unsure)) };
      expect(summarizeChecks(matrix(mixed)).exit_codes).toBeUndefined();
    }
    // Results per test take precedence over exit codes.
    expect(summarizeChecks(matrix()).exit_codes).toBeUndefined();
    expect(summarizeChecks(matrix({ "new-tests-old-code": ran(command(null, { exit_code: 1 })) })).exit_codes).toBe(
      undefined,
    );
  });

  it("has status none without verify commands", () => {
    const none = Object.fromEntries(cellNames.map((name) => [name, notRan]));
    expect(summarizeChecks({ ...matrix(none), has_checks: false }).status).toBe("none");
  });

  it("keeps the summary's lists within their bounds", () => {
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`test ${index}`, "pass" as const]));
    const answer = summarizeChecks(matrix({ "old-tests-old-code": ran(command(many)) }));
    expect(checksSchema.parse(answer).vanished).toHaveLength(1000);
  });

  it("ignores the candidate's own control files: they are evidence for people", () => {
    expect(summarizeChecks({ ...matrix(), own_control: ran(command({ a: "fail" })) }).status).toBe("green");
  });
});

describe("the property that the unknown is never green", () => {
  const spoils: ((cell: Cell) => Cell)[] = [
    (cell) => ({ ...cell, ran: false, commands: [] }),
    (cell) => ({ ...cell, commands: [] }),
    (cell) => ({ ...cell, commands: cell.commands.map((one) => ({ ...one, incomplete: "two passes disagree" })) }),
    (cell) => ({ ...cell, commands: cell.commands.map((one) => ({ ...one, command: "true" })) }),
    (cell) => ({ ...cell, commands: cell.commands.map((one) => ({ ...one, tests: null })) }),
    (cell) => ({ ...cell, commands: cell.commands.map((one) => ({ ...one, sentinel: "none" as const })) }),
    (cell) => ({
      ...cell,
      commands: cell.commands.map((one) => ({ ...one, sentinel: "reported-passing" as const, exit_code: 0 })),
    }),
    (cell) => ({
      ...cell,
      commands: cell.commands.map((one) => ({ ...one, sentinel: "not-reported" as const, exit_code: 0 })),
    }),
  ];
  it("is never green for a cell that is missing, incomplete or not trusted", () => {
    const results = fc.dictionary(
      fc.constantFrom("a", "b", "c", "n"),
      fc.constantFrom("pass" as const, "fail" as const),
    );
    const cell = results.map((tests) => ran(command(tests)));
    const green = fc.constant(matrix());
    const any = fc.record({
      "old-tests-old-code": cell,
      "old-tests-new-code": cell,
      "new-tests-old-code": cell,
      "new-tests-new-code": cell,
    });
    const input = fc.oneof(
      green,
      any.map((cells) => matrix(cells)),
    );
    fc.assert(
      fc.property(input, fc.constantFrom(...cellNames), fc.constantFrom(...spoils), (given, name, spoil) => {
        const spoiled = { ...given, cells: { ...given.cells, [name]: spoil(given.cells[name]) } };
        expect(summarizeChecks(spoiled).status).not.toBe("green");
        expect(checksSchema.safeParse(summarizeChecks(given)).success).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("is never green if a test is flaky, skipped or missing only on the candidate", () => {
    const results = fc.dictionary(fc.string(), fc.constantFrom("pass" as const, "fail" as const, "flaky" as const));
    const cells = fc.constantFrom("old-tests-new-code" as const, "new-tests-new-code" as const);
    const now = fc.constantFrom("flaky" as const, "skip" as const, null);
    fc.assert(
      fc.property(results, cells, now, (base, name, result) => {
        const before = ran(command({ ...base, steady: "pass" }, { exit_code: 0 }));
        const after = ran(command({ ...base, ...(result === null ? {} : { steady: result }) }, { exit_code: 0 }));
        const same = { "old-tests-old-code": before, "old-tests-new-code": before, "new-tests-new-code": before };
        expect(summarizeChecks(matrix({ ...same, [name]: after })).status).not.toBe("green");
      }),
    );
  });

  it("is never green with a failing test on the candidate", () => {
    fc.assert(
      fc.property(fc.constantFrom("old-tests-new-code", "new-tests-new-code"), fc.string(), (name, id) => {
        const cell = ran(command({ ...honest, n: "pass", [id]: "fail" }));
        expect(summarizeChecks(matrix({ [name]: cell })).status).not.toBe("green");
      }),
    );
  });
});

describe("the summary of a revert", () => {
  const ofRevert = { ofRevert: true };
  /** The branch's tests are `a`, `b` and `n`; the revert takes back `n` and the code that it needs. */
  const taken = (otherwise: Partial<Record<CellName, Cell>> = {}): TestMatrix => ({
    has_checks: true,
    cells: {
      "old-tests-old-code": ran(command({ ...honest, n: "pass" })),
      "old-tests-new-code": ran(command({ ...honest, n: "fail" })),
      "new-tests-old-code": ran(command(honest)),
      "new-tests-new-code": ran(command(honest)),
      ...otherwise,
    },
    own_control: null,
  });

  it("is red for a revert and names the tests that break because they go back; for another change it names none", () => {
    expect(summarizeChecks(taken(), ofRevert)).toMatchObject({ status: "red", vanished: ["n"], undone: ["n"] });
    expect(summarizeChecks(taken())).not.toHaveProperty("undone");
    // Nobody asked for a revert in words that could break a test.
    expect(summarizeChecks(taken(), ofRevert)).not.toHaveProperty("broken");
    expect(summarizeChecks(taken())).toMatchObject({ broken: ["n"] });
  });

  it.each([
    ["the branch's tests do not even load without the change", { "old-tests-new-code": ran(command({}, broken())) }],
    ["the branch's tests hang", { "old-tests-old-code": ran(command({}, { timed_out: true, exit_code: null })) }],
    ["nothing of the branch can run", { "old-tests-old-code": notRan }],
  ] as const)("is complete for a revert although %s; for another change that is incomplete", (_name, otherwise) => {
    const summary = summarizeChecks(taken(otherwise), ofRevert);
    expect(summary.status).not.toBe("incomplete");
    expect(summarizeChecks(taken(otherwise)).reasons.join()).toMatch(/sentinel|time limit|did not run/);
  });

  it.each([
    ["a test fails that it puts back", { ...honest, b: "fail" }],
    ["a test of the branch fails with it", { ...honest, n: "fail" }],
  ] as const)("names no undone test of a revert if %s", (_name, results) => {
    const summary = summarizeChecks(taken({ "new-tests-new-code": ran(command(results)) }), ofRevert);
    expect(summary).toMatchObject({ status: "red" });
    expect(summary).not.toHaveProperty("undone");
  });

  it("is incomplete for a revert if the tests that it restores did not run, or claim success without proof", () => {
    for (const own of [notRan, ran(command(honest, { timed_out: true, exit_code: null }))])
      expect(summarizeChecks(taken({ "new-tests-new-code": own }), ofRevert).status).toMatch(/incomplete|red/);
    const unproved = ran(command(honest, { sentinel: "not-reported" }));
    for (const cell of ["old-tests-old-code", "new-tests-new-code"] as const)
      expect(summarizeChecks(taken({ [cell]: unproved }), ofRevert).reasons.join()).toContain("sentinel");
  });

  it("names the command as undone if it gives only an exit code", () => {
    const exits = (code: number) => ran(command(null, { exit_code: code }));
    const cells = {
      "old-tests-old-code": exits(0),
      "old-tests-new-code": exits(1),
      "new-tests-old-code": exits(0),
      "new-tests-new-code": exits(0),
    };
    expect(summarizeChecks({ ...taken(), cells }, ofRevert)).toMatchObject({
      status: "red",
      undone: [expect.stringContaining("npm test")],
    });
  });

  it("is green if the branch is red and the revert repairs it", () => {
    const base = ran(command({ a: "pass", b: "fail" }));
    const cells = {
      "old-tests-old-code": base,
      "old-tests-new-code": ran(command(honest)),
      "new-tests-old-code": base,
      "new-tests-new-code": ran(command(honest)),
    };
    expect(summarizeChecks({ ...taken(), cells }, ofRevert)).toMatchObject({ status: "green", fail_to_pass: ["b"] });
  });

  function broken(): Partial<CommandResult> {
    return { exit_code: 2, sentinel: "not-reported" };
  }
});

it("reports files whose tests ran only in the change's form", () => {
  expect(summarizeChecks({ ...matrix(), own_tests: ["src/lib.rs"] }).own_tests).toEqual(["src/lib.rs"]);
  expect(summarizeChecks(matrix())).not.toHaveProperty("own_tests");
});

it("names new tests that are skipped, but not tests that are skipped on the base too", () => {
  const withSkipped = (name: string) => ({
    "old-tests-old-code": ran(command({ ...honest, old: "skip" })),
    "old-tests-new-code": ran(command({ ...honest, old: "skip" })),
    "new-tests-old-code": ran(command({ ...honest, old: "skip", [name]: "skip", n: "fail" })),
    "new-tests-new-code": ran(command({ ...honest, old: "skip", [name]: "skip", n: "pass" })),
  });
  expect(summarizeChecks(matrix(withSkipped("more")))).toMatchObject({ status: "green", skipped_new: ["more"] });
  expect(summarizeChecks(matrix(withSkipped("old")))).not.toHaveProperty("skipped_new");
});
