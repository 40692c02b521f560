/** Which files of another run are used, and which of its tests count against a change. */
import { rootedMatcher } from "@aedev/host/globs";
import { describe, expect, it } from "vitest";
import {
  baseTestsOf,
  type IndependentTree,
  type IndependentTreeRun,
  independentFiles,
  judgeIndependent,
  type ReportedResults,
  reportedResults,
} from "../../../src/checks/independent-tests/judge-independent.ts";

const tree = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([path, mode]) => [path, { mode, id: path }]));
const plain = (...paths: string[]) => tree(Object.fromEntries(paths.map((path) => [path, "100644"])));

describe("the files of another run's tests", () => {
  const base = plain("lib/a.js", "test/a.test.js", "test/old");
  const chosen = (own: ReadonlyMap<string, { mode: string; id: string }>, changed = base) =>
    [
      ...independentFiles({
        ...{ own, base, changed },
        isTest: rootedMatcher(["test/**"]),
        isControl: (path) => path.endsWith("conftest.py"),
      }).keys(),
    ].join();

  it.each<[string, string, string]>([
    ["is a new test", "test/b.test.js", "100644"],
    ["is a new test that can be executed", "test/b.sh", "100755"],
    ["is what a new test reads", "test/data/b.json", "100644"],
  ])("are used if a file %s", (_what, path, mode) => {
    expect(chosen(tree({ "lib/a.js": "100644", [path]: mode }))).toBe(path);
  });

  it.each<[string, string, string]>([
    ["is new code", "lib/b.js", "100644"],
    ["is a test of its base", "test/a.test.js", "100644"],
    ["is a control file", "test/conftest.py", "100644"],
    ["is a link", "test/b.test.js", "120000"],
    ["is another repository", "test/b", "160000"],
    ["is below what is a file of its base", "test/old/b.test.js", "100644"],
    ["is at what is a folder of its base", "test", "100644"],
    ["has a name that no evidence has room for", `test/${"b".repeat(5000)}.js`, "100644"],
  ])("are left out if one %s", (_what, path, mode) => {
    expect(chosen(tree({ [path]: mode, "test/c.test.js": "100644" }))).toBe("test/c.test.js");
  });

  it.each<[string, string]>([
    ["that is the same", "test/b.test.js"],
    ["in whose place it would have a folder", "test/b.test.js/data"],
    ["at which it would have a file", "test"],
  ])("are left out if the changed code has a path %s", (_what, path) => {
    expect(chosen(plain("test/b.test.js"), plain(path))).toBe("");
    expect(chosen(plain("test/b.test.js"), plain("lib/b.test.js"))).toBe("test/b.test.js");
  });

  it("are limited to the first 200 by name", () => {
    const names = Array.from({ length: 201 }, (_, index) => `test/${1000 + index}.js`);
    expect(chosen(plain(...names.toReversed()))).toBe(names.slice(0, 200).join());
  });
});

describe("the results of a command", () => {
  const tests = [{ id: "a", result: "fail" as const }];
  const broken = { tests: [], incomplete: "the command wrote no report", timed_out: false, exit_code: 1 };

  it.each<[string, Parameters<typeof reportedResults>, number | null]>([
    ["are its tests'", [{ ...broken, tests, incomplete: null }, null], 1],
    ["are none if it fails without a report, as if nothing could be loaded", [broken, null], 0],
    ["do not count if a part is missing", [{ ...broken, tests }, null], null],
    ["do not count if it succeeds without a report", [{ ...broken, exit_code: 0 }, null], null],
    ["do not count if it reached its time limit", [{ ...broken, timed_out: true }, null], null],
    ["do not count if it was stopped", [{ ...broken, exit_code: null }, "it ran out of memory"], null],
    ["do not count if it changed a sealed file", [broken, "it changed test/a.js"], null],
  ])("%s", (_what, given, expected) => {
    expect(reportedResults(...given)?.byId.size ?? null).toBe(expected);
  });

  it.each<[string, number, ("pass" | "fail" | "skip")[], boolean]>([
    ["the command fails though no test did", 1, ["pass", "skip"], true],
    ["it fails without a report", 1, [], true],
    ["a test explains that", 1, ["pass", "fail"], false],
    ["it succeeds", 0, ["pass"], false],
  ])("may be partial if %s", (_what, exitCode, results, expected) => {
    const ran = results.map((result, index) => ({ id: String(index), result }));
    const incomplete = ran.length === 0 ? broken.incomplete : null;
    const command = { ...broken, tests: ran, incomplete, exit_code: exitCode };
    expect(reportedResults(command, null)?.isPartial).toBe(expected);
  });
});

it("the base's tests that count as passing are those that pass on the changed code and are not flaky", () => {
  const command = (exitCode: number, results: Record<string, "pass" | "fail" | "flaky">) => {
    return { exit_code: exitCode, tests: Object.entries(results).map(([id, result]) => ({ id, result })) };
  };
  const onBase = command(1, { a: "pass", b: "flaky", c: "pass", gone: "pass" });
  expect(baseTestsOf(onBase, command(0, { a: "pass", b: "pass", c: "fail" }))).toEqual({
    ...{ known: new Set(["a", "b", "c", "gone"]), passing: new Set(["a"]), succeeds: true },
  });
  expect(baseTestsOf(command(0, {}), command(1, {})).succeeds).toBe(false);
  expect(baseTestsOf(undefined, undefined)).toEqual({ known: new Set(), passing: new Set(), succeeds: false });
});

type Results = Record<string, "pass" | "fail" | "skip">;
interface Runs {
  known?: string[];
  /** Replaces `known` where commands differ. */
  knownByCommand?: readonly (readonly string[])[];
  /** Tests that pass on the changed code without the other run's files; by default all. */
  passing?: string[];
  /** Whether each command succeeds there; by default none does. */
  succeeds?: boolean;
  /** The only command that fails the first time without a failed test. */
  partial?: number | undefined;
  changed: (Results | null)[] | "unbuildable" | "unavailable";
  again?: Runs["changed"];
  own?: Runs["changed"];
  base?: Runs["changed"];
}
const reported = (run: Runs["changed"] | undefined, partial?: number): IndependentTreeRun => {
  if (run === undefined) throw new Error("this run is not needed");
  if (typeof run === "string") return run;
  return run.map((results, command): ReportedResults => {
    return results === null ? null : { byId: new Map(Object.entries(results)), isPartial: command === partial };
  });
};

/** The judgement, and the trees that ran. */
async function judge({ known = [], knownByCommand, passing, succeeds = false, partial, ...runs }: Runs) {
  const ran: IndependentTree[] = [];
  const baseTests = (Array.isArray(runs.changed) ? runs.changed : []).map((_results, command) => {
    const names = knownByCommand?.[command] ?? known;
    return { known: new Set(names), passing: new Set(passing ?? names), succeeds };
  });
  const found = await judgeIndependent(baseTests, async (one) => {
    ran.push(one);
    return one === "changed" && ran.length > 1 ? reported(runs.again) : reported(runs[one], partial);
  });
  return { ...found, ran: ran.join(" ") };
}

describe("tests of another run", () => {
  it("count as passed after one run if they pass", async () => {
    const found = await judge({ known: ["old"], changed: [{ old: "fail", a: "pass", b: "pass", c: "skip" }] });
    expect(found).toEqual({ passed: 2, failed: [], uncounted: 0, ran: "changed" });
  });

  const all: Runs = {
    known: ["old"],
    changed: [{ old: "fail", a: "fail", b: "pass" }],
    again: [{ old: "fail", a: "fail", b: "pass" }],
    own: [{ old: "pass", a: "pass", b: "pass" }],
    base: [{ old: "pass", a: "fail", b: "fail" }],
  };
  const everywhere = "changed changed own base";

  it.each<[string, Partial<Runs>]>([
    ["fail", {}],
    ["are not reported", { base: [{ old: "pass" }] }],
    ["are skipped", { base: [{ old: "pass", a: "skip" }] }],
    ["can't be built", { base: "unbuildable" }],
  ])(
    "count as failed if they fail twice, pass on the code written with them and on the base %s",
    async (_what, runs) => {
      expect(await judge({ ...all, ...runs })).toEqual({ passed: 1, failed: ["a"], uncounted: 0, ran: everywhere });
    },
  );

  it.each<[string, Partial<Runs>, string]>([
    ["pass on the base", { base: [{ a: "pass" }] }, everywhere],
    ["fail on the code written with them", { own: [{ a: "fail" }] }, "changed changed own"],
    ["are not reported there", { own: [{ b: "pass" }] }, "changed changed own"],
    ["can't be built there", { own: "unbuildable" }, "changed changed own"],
    ["pass the second time", { again: [{ a: "pass", b: "pass" }] }, "changed changed"],
    ["are not reported the second time", { again: [{ b: "pass" }] }, "changed changed"],
  ])("do not count as failed if they %s", async (_what, runs, ran) => {
    expect(await judge({ ...all, ...runs })).toEqual({ passed: 1, failed: [], uncounted: 1, ran });
  });

  it("count as neither passed nor failed if they pass only the first time", async () => {
    const again = [{ a: "fail", b: "fail" }] as const;
    expect(await judge({ ...all, again: [...again] })).toEqual({
      ...{ passed: 0, failed: ["a"], uncounted: 1, ran: everywhere },
    });
  });

  it.each<[string, Partial<Runs>]>([
    ["are not reported", { again: [{ a: "fail" }] }],
    ["are skipped", { again: [{ a: "fail", b: "skip" }] }],
    ["vanish with all of their command", { changed: [{ b: "pass" }, { a: "fail" }], again: [{}, { a: "fail" }] }],
  ])("count as neither passed nor failed if they pass the first time and %s the second", async (_what, runs) => {
    const own = [{ a: "fail" }, { a: "fail" }] as Results[];
    expect(await judge({ ...all, ...runs, own })).toMatchObject({ passed: 0, uncounted: 2, why_none: "none-counted" });
  });

  it("count once, by their worst result, if several commands run them", async () => {
    const both = (a: Results, b: Results = a) => [a, b];
    const found = await judge({
      changed: both({ a: "fail", b: "fail", c: "pass" }, { a: "fail", b: "pass", c: "pass" }),
      again: both({ a: "fail", b: "fail", c: "pass" }, { a: "fail", b: "pass", c: "pass" }),
      own: both({ a: "pass", b: "fail" }),
      base: both({ a: "fail" }),
    });
    expect(found).toEqual({ passed: 1, failed: ["a"], uncounted: 1, ran: everywhere });
  });

  it("do not include the base's own, not even under another number", async () => {
    const known = ["took # ms"];
    const passing: string[] = [];
    expect(await judge({ known, passing, changed: [{ "took 12 ms": "pass", b: "pass" }] })).toMatchObject({
      passed: 1,
    });
    expect(await judge({ known, passing, changed: [{ "took 12 s": "pass", b: "pass" }] })).toMatchObject({
      passed: 2,
    });
  });

  it.each<[string, string, Runs]>([
    ["no test of theirs ran", "not-loaded", { known: ["old"], changed: [{ old: "pass" }] }],
    ["all were skipped", "not-loaded", { changed: [{ a: "skip" }] }],
    ["they can't be built with the changed code", "not-loaded", { changed: "unbuildable" }],
    [
      "only their file failed, which has no such result on the code written with it",
      "not-loaded",
      { changed: [{ file: "fail" }], again: [{ file: "fail" }], own: [{ a: "pass" }] },
    ],
    ["no result counts", "unavailable", { changed: [null] }],
    ["one of two commands has no result that counts", "unavailable", { changed: [{}, null] }],
    ["one has none, though tests pass in the other", "unavailable", { changed: [{ a: "pass" }, null] }],
    [
      "one has none the first time alone",
      "unavailable",
      { changed: [{ a: "fail", b: "pass" }, null], again: [{ a: "pass", b: "pass" }, {}] },
    ],
    [
      "a test failed in one of them, and this command reports nothing when it runs again",
      "unavailable",
      { changed: [{ a: "fail" }, { c: "pass" }], again: [{}, { c: "pass" }] },
    ],
    [
      "a test failed in one of them, and this command reports nothing on the code written with them",
      "unavailable",
      { changed: [{ a: "fail" }, { c: "pass" }], again: [{ a: "fail" }, { c: "pass" }], own: [{}, { c: "pass" }] },
    ],
    [
      "one does not even report the tests of the base, though tests pass in the other",
      "not-loaded",
      { known: ["old"], changed: [{}, { old: "pass", c: "pass" }] },
    ],
    ["one can't load and another reports nothing that counts", "unavailable", { known: ["old"], changed: [{}, null] }],
    [
      "one can't load and another reports nothing that counts the second time",
      "unavailable",
      { known: ["old"], changed: [{}, { a: "fail", b: "pass" }], again: [{}, null] },
    ],
    [
      "one can't load, and in the other a test passed the second time only",
      "not-loaded",
      {
        known: ["old"],
        changed: [{}, { old: "pass", a: "fail", c: "pass" }],
        again: [{ old: "pass" }, { old: "pass", a: "pass", c: "pass" }],
      },
    ],
    [
      "one has none that counts the second time, where no test of it had failed",
      "unavailable",
      {
        changed: [{ a: "fail" }, { c: "pass" }],
        again: [{ a: "fail" }, null],
        own: [{ a: "fail" }, { c: "pass" }],
      },
    ],
    ["nothing is known of the code written with them", "unavailable", { ...all, own: [{}] }],
    ["one has none the second time", "unavailable", { ...all, again: [null] }],
    ["one has none on the code written with them, where it had failures", "unavailable", { ...all, own: [null] }],
    ["one has none on the base, where it had failures", "unavailable", { ...all, base: [null] }],
    [
      "one has none, and no test fails steadily in the other",
      "unavailable",
      { changed: [{ a: "fail", b: "pass" }, null], again: [{ a: "pass", b: "pass" }, null] },
    ],
    ["something outside failed", "unavailable", { changed: "unavailable" }],
    ["something outside failed the second time", "unavailable", { ...all, again: "unavailable" }],
    ["something outside failed on the code written with them", "unavailable", { ...all, own: "unavailable" }],
    ["something outside failed on the base", "unavailable", { ...all, base: "unavailable" }],
  ])("are not compared if %s: %s", async (_what, why, runs) => {
    expect(await judge(runs)).toMatchObject({ passed: 0, failed: [], uncounted: 0, why_none: why });
  });

  it.each<[string, Runs]>([
    [
      "the failed one also fails on the code written with it",
      { ...all, changed: [{ a: "fail" }], own: [{ a: "fail" }] },
    ],
    ["one of them passed the second time", { ...all, changed: [{ a: "fail" }], again: [{ a: "pass" }] }],
    [
      "another command can't even load the tests of the base",
      {
        known: ["old"],
        changed: [{}, { old: "pass", a: "fail" }],
        again: [{}, { old: "pass", a: "fail" }],
        own: [{ old: "pass", b: "pass" }, { a: "fail" }],
      },
    ],
  ])("do not count if %s", async (_what, runs) => {
    const { ran: _ran, ...found } = await judge(runs);
    expect(found).toEqual({ passed: 0, failed: [], uncounted: 1, why_none: "none-counted" });
  });

  it.each<[string, Runs, Partial<Runs>]>([
    [
      "a part of a command's tests of the base is gone",
      { known: ["one", "other"], changed: [{ one: "pass", c: "pass" }] },
      { passing: ["one"] },
    ],
    [
      "one of its tests with a number in its name is gone",
      { known: ["took # ms", "took # s"], changed: [{ "took 4 s": "pass", c: "pass" }] },
      { passing: ["took # s (2)"] },
    ],
    [
      "one of two that differ in a number is gone",
      { known: ["v1 > old", "v2 > old"], changed: [{ "v1 > old": "pass", c: "pass" }] },
      { passing: ["v1 > old"] },
    ],
    [
      "two that differ in numbers are gone, for one other",
      { known: ["v1 > old", "v2 > old", "v3 > old"], changed: [{ "v1 > old": "pass", "v4 > old": "skip", c: "pass" }] },
      { passing: ["v1 > old", "v2 > old"] },
    ],
    [
      "one of two with the same number is gone",
      { known: ["took 0 ms", "took 0 ms#2"], changed: [{ "took 0 ms": "pass", c: "pass" }] },
      { changed: [{ "took 0 ms": "pass", "took # ms": "skip", c: "pass" }] },
    ],
    [
      "a command reports nothing though the base has tests for it",
      { known: ["old"], passing: [], changed: [{}, { old: "pass", c: "pass" }] },
      { knownByCommand: [[], ["old"]] },
    ],
    [
      "another fails though none of its tests does",
      { known: ["old"], changed: [{ old: "pass" }, { old: "pass", c: "pass" }], succeeds: true, partial: 0 },
      { succeeds: false },
    ],
    [
      "a command fails like that and had no tests",
      { changed: [{}, { c: "pass" }], succeeds: true, partial: 0 },
      { succeeds: false },
    ],
    [
      "that happens, and a failed test is ruled out",
      {
        ...{
          known: ["old"],
          changed: [{ old: "pass", a: "fail", c: "pass" }, { old: "pass" }],
          succeeds: true,
          partial: 1,
        },
        ...{ again: [{ a: "pass", c: "pass" }, {}] },
      },
      { partial: undefined },
    ],
  ])("are not compared if not all of them ran: %s", async (_what, runs, otherwise) => {
    expect(await judge(runs)).toMatchObject({ passed: 0, failed: [], why_none: "not-loaded" });
    const compared = await judge({ ...runs, ...otherwise });
    expect(compared.passed).toBe(1);
    expect(compared).not.toHaveProperty("why_none");
  });

  it("are compared even if a command that has no tests on the base reports nothing", async () => {
    const found = await judge({ knownByCommand: [["old"], []], changed: [{ old: "pass", c: "pass" }, {}] });
    expect(found).toEqual({ passed: 1, failed: [], uncounted: 0, ran: "changed" });
    const silent = await judge({ knownByCommand: [[], ["old"]], changed: [{ c: "pass" }, {}] });
    expect(silent).toMatchObject({ passed: 0, why_none: "not-loaded" });
  });

  it("count as failed even if another command shows nothing", async () => {
    const and = (results: Results) => [results, null];
    const found = await judge({
      changed: and({ a: "fail" }),
      again: and({ a: "fail" }),
      own: and({ a: "pass" }),
      base: and({ a: "fail" }),
    });
    expect(found).toEqual({ passed: 0, failed: ["a"], uncounted: 0, ran: everywhere });
  });

  it("are compared even if a command without failures shows nothing on the other trees", async () => {
    const found = await judge({
      changed: [{ a: "fail", b: "pass" }, { c: "pass" }],
      again: [{ a: "fail", b: "pass" }, { c: "pass" }],
      own: [{ a: "fail" }, null],
    });
    expect(found).toMatchObject({ passed: 2, failed: [], uncounted: 1 });
    expect(found).not.toHaveProperty("why_none");
  });
});
