/** Conclusions from recorded assertions (SECURITY T26): each reason not to trust a green result, next to an honest one; none if the base is not steady. */
import type { TestResult } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { baseRecord, type RecordedPass, recordProblems } from "../../../src/checks/record/adjudicate.ts";
import type { Site, Tally } from "../../../src/checks/record/tally.ts";

const path = "test/a.test.js";
const site = (more: Partial<Site> = {}): Site => ({
  path,
  line: 3,
  column: 5,
  calls: 4,
  failures: 0,
  hidden: 0,
  ...more,
});
const pass = (sites: readonly Site[], more: Partial<Tally> = {}): RecordedPass => ({
  tally: { sites, refuted: [], recorded: 4, agreed: 4, isOver: false, isBroken: false, ...more },
  ends: new Map([[path, 10]]),
});
const green: TestResult[] = [{ id: `${path} > adds`, result: "pass" }];
const steady = baseRecord([pass([site()]), pass([site()])]);
const problems = (
  passes: readonly (RecordedPass | null)[],
  options: { base?: typeof steady; tests?: TestResult[]; isUnchanged?: boolean; hasNewTests?: boolean } = {},
) =>
  recordProblems(passes, options.base === undefined ? steady : options.base, {
    isUnchanged: () => options.isUnchanged ?? true,
    tests: options.tests ?? green,
    hasNewTests: options.hasNewTests ?? false,
  });
const twice = (one: RecordedPass): RecordedPass[] => [one, one];

describe("fewer assertions than on the base", () => {
  const fewer = twice(pass([site({ calls: 3 })]));
  it("are reported with the counts; as many or more are not reported", () => {
    expect(problems(fewer)).toEqual([`${path} made 3 assertions, and 4 on the base`]);
    expect(problems(twice(pass([])))).toEqual([`${path} made 0 assertions, and 4 on the base`]);
    expect(problems(twice(pass([site()])))).toEqual([]);
    expect(problems(twice(pass([site({ calls: 9 })])))).toEqual([]);
  });

  it("prove nothing in a file that the change touches, in a failing file, in one of two passes, or if the base is not steady", () => {
    expect(problems(fewer, { isUnchanged: false })).toEqual([]);
    expect(problems(fewer, { tests: [...green, { id: `${path} > fails`, result: "fail" }] })).toEqual([]);
    expect(problems(fewer, { tests: [...green, { id: "test/b.test.js > fails", result: "fail" }] })).toHaveLength(1);
    expect(problems([pass([site({ calls: 3 })]), pass([site()])])).toEqual([]);
    const unsteady = baseRecord([pass([site()]), pass([site({ calls: 5 })])]);
    expect(problems(fewer, { base: unsteady })).toEqual([]);
  });

  it("a sentinel's own assertions don't count", () => {
    const sentinel = site({ line: 12, calls: 17, failures: 17 });
    expect(problems([pass([site({ calls: 3 })]), pass([site({ calls: 3 }), sentinel])])).toHaveLength(1);
    expect(problems([pass([site()]), pass([site(), sentinel])])).toEqual([]);
  });
});

describe("a failed assertion", () => {
  const failed = twice(pass([site({ failures: 1 })]));
  it("is reported in a file whose tests all pass, unless it fails on the base too or its test is failing or unfinished", () => {
    expect(problems(failed)).toEqual([`an assertion failed in ${path}, but all its tests are reported as passing`]);
    const base = baseRecord(failed);
    expect(problems(failed, { base })).toEqual([]);
    for (const result of ["fail", "skip"] as const)
      expect(problems(failed, { tests: [{ id: `${path} > adds`, result }] })).toEqual([]);
  });

  it("is not reported if the test tried again and as many passed as on the base", () => {
    expect(problems(twice(pass([site({ calls: 6, failures: 2 })])))).toEqual([]);
    expect(problems(twice(pass([site({ calls: 6, failures: 3 })])))).toHaveLength(1);
    const waits = [pass([site({ calls: 6, failures: 2 })]), pass([site({ calls: 9, failures: 5 })])];
    expect(problems(waits)).toEqual([]);
  });

  it("is found by all tests of the command if their names have no file", () => {
    expect(problems(failed, { tests: [{ id: "adds", result: "pass" }] })).toHaveLength(1);
    expect(problems(failed, { tests: [{ id: "adds", result: "fail" }] })).toEqual([]);
  });
});

describe("a value that compares by its own code", () => {
  it("is reported only if the base has none there", () => {
    const hidden = twice(pass([site({ hidden: 1 })]));
    expect(problems(hidden)).toEqual([`a value in ${path} compares by code of its own, and did not on the base`]);
    expect(problems(hidden, { base: baseRecord(hidden) })).toEqual([]);
    expect(problems(hidden, { tests: [{ id: `${path} > adds`, result: "fail" }] })).toEqual([]);
  });
});

describe("an assertion that passed against its operands", () => {
  const refuted = { refuted: [`${path}:3:5 is`] };
  it("is reported in any file, unless the base has it too", () => {
    const found = [`an assertion passed although its operands say otherwise: ${path}:3:5 is`];
    expect(problems([pass([site()], refuted), pass([site()])], { isUnchanged: false })).toEqual(found);
    const base = baseRecord(twice(pass([site()], refuted)));
    expect(problems(twice(pass([site()], refuted)), { base })).toEqual([]);
  });
});

describe("a record that is not complete", () => {
  it("is not reported if the base's can't be read either, but a contradiction still is", () => {
    const base = baseRecord(twice(pass([site()], { isBroken: true })));
    expect(problems(twice(pass([site({ calls: 1 })], { isBroken: true })), { base })).toEqual([]);
    const refuted = twice(pass([site()], { isBroken: true, refuted: ["lib.js:1:1 is"] }));
    expect(problems(refuted, { base })).toEqual([
      "an assertion passed although its operands say otherwise: lib.js:1:1 is",
    ]);
    expect(problems(refuted)).toEqual(["what its assertions wrote can't be read"]);
  });

  it("is reported if it can't be read; if the base's exceeds the bound, counts prove nothing", () => {
    expect(problems([pass([site()], { isBroken: true })])).toEqual(["what its assertions wrote can't be read"]);
    expect(baseRecord(twice(pass([site()], { isOver: true })))).toBeNull();
    expect(baseRecord([pass([site()]), null])).toBeNull();
    expect(problems(twice(pass([])), { base: null })).toEqual([]);
  });

  it("makes low counts beside new tests prove nothing if it exceeds the bound; all else is reported as usual", () => {
    const over = (more: Partial<Site>) => twice(pass([site(more)], { isOver: true }));
    const beside = { hasNewTests: true };
    expect(problems(over({ calls: 3 }), beside)).toEqual([]);
    expect(problems(over({ hidden: 1 }), beside)).toHaveLength(1);
    expect(problems(over({ failures: 1 }), beside)).toHaveLength(1);
    expect(problems(twice(pass([site()], { isOver: true, refuted: ["lib.js:1:1 is"] })), beside)).toHaveLength(1);
    // The controls: a complete record, and the base's tests alone.
    expect(problems(twice(pass([site({ calls: 3 })])), beside)).toHaveLength(1);
    expect(problems(over({ calls: 3 }))).toEqual([`${path} made 3 assertions, and 4 on the base`]);
    expect(problems(over({}))).toEqual([]);
  });
});
