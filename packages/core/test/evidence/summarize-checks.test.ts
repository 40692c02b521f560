/** What the test matrix says, as a specification; and the property that nothing unknown is ever green. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { summarizeChecks } from "../../src/evidence/summarize-checks.ts";
import { type Cell, type CommandResult, cellNames, checksSchema, type TestMatrix } from "../../src/wire/index.ts";

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
    ...more,
  };
}
const ran = (...commands: CommandResult[]): Cell => ({ ran: true, why_not: null, commands, cached: null });
const notRan: Cell = { ran: false, why_not: "no tests are named", commands: [], cached: null };
const honest = { a: "pass", b: "pass" } as const;

/** An honest change with one new test `n`, with what is said otherwise. */
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
  it("is green where old and new tests pass, and names the test that turned from red to green", () => {
    expect(summarizeChecks(matrix())).toMatchObject({
      status: "green",
      newly_failing: [],
      vanished: [],
      fail_to_pass: ["n"],
      pass_to_pass: 2,
      reasons: [],
    });
  });

  it("counts a new test that can't even load on the old code as red before, and no old test with it", () => {
    const crashed = ran(command({}, { exit_code: 1, sentinel: "not-reported" }));
    expect(summarizeChecks(matrix({ "new-tests-old-code": crashed }))).toMatchObject({
      status: "green",
      fail_to_pass: ["n"],
    });
    const silent = ran(command({}, { exit_code: 0, sentinel: "not-reported" }));
    expect(summarizeChecks(matrix({ "new-tests-old-code": silent })).status).toBe("incomplete");
  });

  it("is red where an old test fails on the new code, though the new tests all pass", () => {
    const broken = ran(command({ a: "fail", b: "pass" }));
    expect(summarizeChecks(matrix({ "old-tests-new-code": broken }))).toMatchObject({
      status: "red",
      newly_failing: ["a"],
    });
  });

  it("is red where the candidate's own new test fails", () => {
    const own = ran(command({ ...honest, n: "fail" }));
    expect(summarizeChecks(matrix({ "new-tests-new-code": own }))).toMatchObject({
      status: "red",
      newly_failing: ["n"],
    });
  });

  it.each<[string, Results]>([
    ["gone", { a: "pass", n: "pass" }],
    ["skipped", { a: "pass", b: "skip", n: "pass" }],
  ])("is red and names an old test that is %s on the candidate", (_how, results) => {
    const cell = ran(command(results));
    expect(summarizeChecks(matrix({ "new-tests-new-code": cell }))).toMatchObject({ status: "red", vanished: ["b"] });
    expect(summarizeChecks(matrix({ "old-tests-new-code": cell }))).toMatchObject({ status: "red", vanished: ["b"] });
  });

  it("is red where an exit code turned non-zero, and base-red where it was so before", () => {
    const failed = ran(command(honest, { exit_code: 3 }));
    expect(summarizeChecks(matrix({ "old-tests-new-code": failed })).status).toBe("red");
    const all = { "old-tests-old-code": failed, "old-tests-new-code": failed, "new-tests-new-code": failed };
    expect(summarizeChecks(matrix(all)).status).toBe("base-red");
  });

  it("is base-red where the base's red test is still red, and green where the change mends it", () => {
    const red = ran(command({ a: "fail", b: "pass" }));
    const still = { "old-tests-old-code": red, "old-tests-new-code": red, "new-tests-old-code": red };
    expect(summarizeChecks(matrix({ ...still, "new-tests-new-code": red }))).toMatchObject({
      status: "base-red",
      newly_failing: [],
    });
    const mended = matrix({ "old-tests-old-code": red, "new-tests-old-code": red });
    expect(summarizeChecks(mended)).toMatchObject({ status: "green", fail_to_pass: ["a", "n"] });
  });

  it("neither passes nor fails a change for a test that was flaky on the base", () => {
    const flaky = ran(command({ a: "skip", b: "pass" }));
    const failing = ran(command({ a: "fail", b: "pass" }));
    const answer = summarizeChecks(matrix({ "old-tests-old-code": flaky, "old-tests-new-code": failing }));
    expect(answer).toMatchObject({ newly_failing: [], vanished: [] });
  });

  it("is exit-code-only where a command gives no per-test results, or tests could not be told apart", () => {
    const plain = ran(command(null));
    const all = Object.fromEntries(cellNames.map((name) => [name, plain]));
    expect(summarizeChecks(matrix(all)).status).toBe("exit-code-only");
    const apart = matrix({ "old-tests-new-code": notRan, "new-tests-old-code": notRan });
    expect(summarizeChecks(apart).status).toBe("exit-code-only");
  });

  it("is none without verify commands", () => {
    const none = Object.fromEntries(cellNames.map((name) => [name, notRan]));
    expect(summarizeChecks({ ...matrix(none), has_checks: false }).status).toBe("none");
  });

  it("keeps its lists within their bounds", () => {
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
  it("holds for any cell that is missing, incomplete or not believed", () => {
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

  it("holds for any failing test on the candidate", () => {
    fc.assert(
      fc.property(fc.constantFrom("old-tests-new-code", "new-tests-new-code"), fc.string(), (name, id) => {
        const cell = ran(command({ ...honest, n: "pass", [id]: "fail" }));
        expect(summarizeChecks(matrix({ [name]: cell })).status).not.toBe("green");
      }),
    );
  });
});
