/** When a person is asked about broken tests: only if the request mentions them. */
import { expect, it } from "vitest";
import { type BrokenEvidence, doesRequestBreak, editsTest } from "../../src/gate/request-breaks.ts";
import { testHolds, weakenedTests } from "../../src/gate/test-rules.ts";
import { testFile } from "./sample-policy.ts";

const commas = {
  name: "test/split.test.js > splits at commas",
  isEdited: false,
  source: 'test("splits at commas", () => eq(split("a,b"), ["a", "b"]));',
};
const doubles = {
  name: "test/add.test.js > doubles",
  isEdited: false,
  source: "test('doubles', () => assert.equal(twice(4), 8));",
};
const python = {
  name: "tests.test_price > test_rounds_half_up",
  isEdited: false,
  source: "def test_rounds_half_up():\n    assert price(2.5) == 3",
};
const ask = (text: string, change: Partial<BrokenEvidence> = {}) =>
  doesRequestBreak({
    specification: { text, criteria: [] },
    tests: [commas],
    provesNew: true,
    changedCode: "exports.split = (text) => text.split(';');\nexports.twice = (a) => a * 3;\ndef price(amount):",
    ...change,
  });

it.each([
  ["the words of the test's title", "Please split at semicolons instead of commas.", [commas], false],
  ["the test's call with another result", 'split("a,b") must return ["a,b"].', [commas], false],
  ["the test's call with another result, after an arrow", "`split('a,b')` => 'a,b'", [commas], false],
  ["the function, whose new behaviour the change shows", "split() uses ; from now on", [commas], true],
  ["the function without parentheses", "Let split use semicolons", [commas], true],
  ["a Python test's title", "price() rounds half down, no longer half up", [python], false],
  ["the title of an edited test", "Split at semicolons, not at commas", [{ ...commas, isEdited: true }], false],
  ["half of the tests", "Let split use semicolons", [commas, doubles], true],
])("asks about a test if the request has %s", (_what, text, tests, provesNew) => {
  expect(ask(text, { tests, provesNew })).toBe(true);
});

it.each([
  ["another function", "Make add() right in lib/add.js", [doubles], true],
  [
    "the function, and the change edits the test, which may hide a mistake",
    "split() uses ; from now on",
    [{ ...commas, isEdited: true }],
    true,
  ],
  ["a file that has the function's name", "Add join() in lib/split.js", [commas], true],
  ["the function, but the change shows nothing new", "Make split() faster", [commas], false],
  ["the call with the result that the test has", 'split("a,b") must return ["a", "b"], also for tabs', [commas], false],
  ["no broken test at all", "Let split use semicolons", [], true],
  [
    "the title's words in a sentence about what stays",
    'Add tabs. "a,b" must still be split at commas.',
    [commas],
    false,
  ],
  [
    "the title's words after a German word for staying",
    "Teile auch an Tabs. Weiterhin split at commas.",
    [commas],
    false,
  ],
  ["one of three tests", "Let split use semicolons", [commas, doubles, python], true],
  [
    "nothing that can be compared, as its source is unknown",
    "Let split use semicolons",
    [{ ...commas, source: null }],
    true,
  ],
])("treats a broken test as a mistake if the request has %s", (_what, text, tests, provesNew) => {
  expect(ask(text, { tests, provesNew })).toBe(false);
});

it("treats a broken test as edited if the change alters, renames or deletes it or its file, or a finding names it", () => {
  const isEdited = (change: Parameters<typeof testFile>[0], name = commas.name) =>
    editsTest(name, {
      files: [testFile({ path: "test/split.test.js", ...change })],
      ...{ settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] },
    });
  const finding = (test: string | null) => ({ kind: "test-removed", test, line: 1, text: "" }) as const;
  const renamed = (from: string) => ({ renamed_tests: [{ from, to: "splits at semicolons" }] });
  for (const touched of ["splits at commas", "trims"]) {
    const is = touched === "splits at commas";
    expect(isEdited({ changed_tests: [touched] }), touched).toBe(is);
    expect(isEdited({ findings: [finding(touched)] }), touched).toBe(is);
    expect(isEdited(renamed(touched)), touched).toBe(is);
    expect(isEdited({ changed_tests: [touched] }, "splits at commas"), touched).toBe(is);
  }
  expect(isEdited({})).toBe(false);
  expect(isEdited({ findings: [finding(null)] })).toBe(false);
  expect(isEdited({ status: "deleted" })).toBe(true);
  expect(isEdited({ status: "deleted", path: "test/trim.test.js" })).toBe(false);
  // A new file has none of the base's tests, even if ids have no file.
  expect(isEdited({ status: "added", findings: [finding("splits at commas")] }, "splits at commas")).toBe(false);
});

it("lets exactly the tests that a person allowed lose assertions, and no other test of their file", () => {
  const report = { files: [], renames: [], forbidden: [], unsafe: [], never_by_itself: [] };
  const finding = (test: string) => ({ kind: "assertion-weakened", test, line: 1, text: "" }) as const;
  const changes = (...tests: string[]) => ({
    files: [
      testFile({ assertions_before: 2, assertions_after: 1, findings: tests.map(finding), changed_tests: tests }),
    ],
    ...{ settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] },
  });
  const holds = (allowed: string[] | null, ...tests: string[]) => {
    const specification = { text: "Fix it.", criteria: [], ...(allowed === null ? {} : { allowed_tests: allowed }) };
    const testChanges = changes(...tests);
    expect(weakenedTests(testChanges, report, specification).every(({ allowed: is }) => is)).toBe(
      testHolds({ testChanges, pathReport: report, checks: null, specification }).length === 0,
    );
    return testHolds({ testChanges, pathReport: report, checks: null, specification }).length > 0;
  };
  expect(holds(null, "splits")).toBe(true);
  expect(holds(["test/a.js > splits"], "splits")).toBe(false);
  expect(holds(["splits"], "splits")).toBe(false);
  expect(holds(["test/a.js > splits"], "splits", "trims")).toBe(true);
  expect(holds(["test/a.js > trims"], "splits")).toBe(true);
  expect(holds(["test/other.js > splits"], "splits")).toBe(true);
  // A group's name allows none of its tests, a test's name none of another group, and a title no group of that name.
  expect(holds(["test/a.js > pays only once"], "pays only once > splits")).toBe(true);
  expect(holds(["test/a.js > pays only once > splits"], "splits")).toBe(true);
  expect(holds(["test/a.js > splits"], "pays only once > splits")).toBe(true);
  expect(holds(["test/a.js > pays only once > splits"], "pays only once > splits")).toBe(false);
  expect(holds(["pays only once > splits"], "pays only once > splits")).toBe(false);
});
