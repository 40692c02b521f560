/** Real reports of ava and node-tap: one result per test and assertion, and the limits of a program that prints its own results. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseTap } from "../../../src/checks/report/parse-tap.ts";

const report = (name: string) => readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), "utf8");

it("ava's report is read, in which each test occurs once", () => {
  const { tests, problem } = parseTap(report("ava-plain"));
  expect(problem).toBeNull();
  expect(tests).toEqual([
    { id: "a › later", result: "skip" },
    { id: "a › never", result: "skip" },
    { id: "a › adds", result: "pass" },
    { id: "a › adds wrongly", result: "fail" },
    { id: "b › later", result: "skip" },
    { id: "b › never", result: "skip" },
    { id: "b › adds", result: "pass" },
    { id: "b › adds wrongly", result: "fail" },
  ]);
});

it("node-tap's report is read, with tests within tests", () => {
  const { tests, problem } = parseTap(report("tap-plain"));
  expect(problem).toBeNull();
  expect(tests).toEqual([
    { id: "test/a.js > adds > one and two", result: "pass" },
    { id: "test/a.js > adds > nested > should be equivalent", result: "pass" },
    { id: "test/a.js > adds > nested", result: "pass" },
    { id: "test/a.js > adds", result: "pass" },
    { id: "test/a.js > adds wrongly > should be equal", result: "fail" },
    { id: "test/a.js > adds wrongly", result: "fail" },
    { id: "test/a.js > later", result: "skip" },
    { id: "test/a.js > at the top", result: "pass" },
    { id: "test/a.js", result: "fail" },
  ]);
});

it.each(["ava-plain", "tap-plain"])("%s is not trusted with one result too many", (name) => {
  const honest = report(name);
  expect(parseTap(honest).problem).toBeNull();
  const forged = honest.replace(/^TAP version 1[34]\n/u, (head) => `${head}ok 1 - a › adds\n`);
  expect(parseTap(forged).problem).not.toBeNull();
  const cut = parseTap(honest.slice(0, honest.indexOf("not ok")));
  expect(cut.problem).not.toBeNull();
});

const behind = "a test point behind the plan";
it.each([
  ["all points of a test are without numbers", "    ok\n    ok - b\n    1..2\nok 1 - a\n1..1\n", null],
  ["one has a number", "    ok\n    ok 1 - b\n    1..2\nok 1 - a\n1..1\n", "test point 1 follows 0"],
  ["one has none", "    ok 1 - b\n    ok\n    1..2\nok 1 - a\n1..1\n", "test point 0 follows 1"],
  ["it is at the top", "ok - a\n1..1\n", "test point 0 follows 0"],
  ["one more is behind the plan", "    ok\n    1..1\n    not ok\nok 1 - a\n1..1\n", behind],
  ["one is too many", "    ok\n    ok - b\n    1..1\nok 1 - a\n1..1\n", "the report is not whole"],
  ["it prints a plan too early", "    ok 1 - b\n    1..1\n    not ok 2 - c\n    1..2\nok 1 - a\n1..1\n", behind],
  ["its plan is the last", "    ok 1 - b\n    ok 2 - c\n    1..2\nok 1 - a\n1..1\n", null],
  ["it prints an empty plan", "    1..0\n    not ok 1 - b\n    1..1\nok 1 - a\n1..1\n", behind],
  [
    "a plan is too early one level deeper",
    "    # Subtest: b\n        ok 1 - c\n        1..1\n        not ok 2 - d\n        1..2\n    ok 1 - b\n    1..1\nok 1 - a\n1..1\n",
    behind,
  ],
  [
    "a point stands in for one behind the plan",
    "    ok 1 - b\n    1..1\n    not ok 2 - c\n        ok 1 - d\n        1..1\nok 1 - a\n1..1\n",
    behind,
  ],
  ["it bails out", "ok 1 - a\nBail out! x\n1..1\n", "the run bailed out"],
  ["it bails out behind the plan", "TAP version 14\nok 1 - a\n1..1\nBail out! x\n", "the run bailed out"],
  [
    "a nested test bails out behind its plan",
    "    ok 1 - b\n    1..1\n    Bail out! x\nok 1 - a\n1..1\n",
    "the run bailed out",
  ],
  ["points change their places", "ok 2 - a\nok 1 - b\n1..2\n", "test point 2 follows 0; test point 1 follows 2"],
  ["a point says so", "ok 1 - Bail out!\n1..1\n", null],
  ["the plan at the top is too early", "ok 1 - a\n1..1\nnot ok - c\n", behind],
  ["a point at the top has a separator of lines in its name", "ok 1 - a\u2028b\n1..1\nnot ok - c\n", behind],
  ["a line at the top ends like on old computers", "ok 1 - a\n1..1\nb\r\u2029\nnot ok - c\n", behind],
  ["a name has a separator of lines", "    ok 1 - b\u2028\r\u2029c\n    1..1\nok 1 - a\n1..1\n", null],
  ["points are in another order", "ok 2 - a\nok 1 - b\n1..2\n", "test point 2 follows 0; test point 1 follows 2"],
  ["points are in order", "ok 1 - a\nok 2 - b\n1..2\n", null],
  [
    "what looks like a point belongs to one",
    "    ok 1 - b\n      ---\n      a: |\n        ok then\n        not ok 2 - c\n      ...\n    1..1\nok 1 - a\n1..1\n",
    null,
  ],
  ["it prints what no point is", "    ok 1 - b\n    1..1\n  ok then\n    ok, that's it\nok 1 - a\n1..1\n", null],
])("output that a test file prints itself is read: %s", (_title, text, problem) => {
  expect(parseTap(`TAP version 14\n# Subtest: a\n${text}`).problem).toBe(problem);
});
