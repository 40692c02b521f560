/** A missing test that passes under another title is not missing, unless something else is lost with its title. */
import { type Cell, cellNames, type TestMatrix, type TestResult } from "@aedev/contracts";
import { expect, it } from "vitest";
import { renamedId, testKinds } from "../../../src/gate/checks/result-names.ts";
import { summarizeChecks } from "../../../src/gate/checks/summarize-checks.ts";
import { hardHolds } from "../../../src/gate/hard-gates.ts";
import { honestFix } from "../sample-policy.ts";

type Results = Record<string, TestResult["result"]>;
const cell = (results: Results): Cell => ({
  ran: true,
  why_not: null,
  cached: null,
  commands: [
    {
      command: "npm test",
      exit_code: Object.values(results).includes("fail") ? 1 : 0,
      timed_out: false,
      duration_ms: 5,
      output_tail: "",
      omitted_bytes: 0,
      format: "tap",
      tests: Object.entries(results).map(([id, result]) => ({ id, result })),
      sentinel: "failed-as-it-must",
      incomplete: null,
      runs: 1,
      exit_codes: [],
    },
  ],
});
const kept = { "test/a.js > other": "pass" } as const;
const before = { ...kept, "test/a.js > adds": "pass" } as const;
const after = { ...kept, "test/a.js > adds two": "pass" } as const;
const usual: Record<(typeof cellNames)[number], Results> = {
  "old-tests-old-code": before,
  "old-tests-new-code": before,
  "new-tests-old-code": { ...after, "test/a.js > new": "fail" },
  "new-tests-new-code": { ...after, "test/a.js > new": "pass" },
};
const title = { paths: ["test/a.js"], from: "adds", to: "adds two" };

function checksOf(given: Partial<typeof usual> = {}, renamed = [title]) {
  const cells = Object.fromEntries(cellNames.map((name) => [name, cell(given[name] ?? usual[name])]));
  return summarizeChecks({ has_checks: true, cells, own_control: null } as TestMatrix, { renamed });
}

it("is green and names the test if only its title changed", () => {
  expect(checksOf()).toMatchObject({
    status: "green",
    vanished: [],
    gone: [],
    renamed: ["test/a.js > adds"],
    new_tests: "red-on-base",
  });
  expect(checksOf({}, [])).toMatchObject({ status: "red", vanished: ["test/a.js > adds"] });
});

it("is green if a new row of parameters only changes the numbers that pytest gives to other rows", () => {
  const rows = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [`test_a > adds[${name}]`, "pass" as const]));
  const [old, now] = [rows("values0-one", "values1-two"), rows("values0-none", "values1-one", "values2-two")];
  const given = (after: Results) => ({
    ...{ "old-tests-old-code": old, "old-tests-new-code": old },
    ...{ "new-tests-old-code": after, "new-tests-new-code": after },
  });
  expect(checksOf(given(now), [])).toMatchObject({ status: "green", vanished: [] });
  expect(checksOf(given(rows("values0-none", "values1-one", "values2-six")), [])).toMatchObject({
    status: "red",
    vanished: ["test_a > adds[values1-two]"],
  });
  expect(checksOf(given(rows("values3-one", "values1-two")), [])).toMatchObject({
    vanished: ["test_a > adds[values0-one]"],
  });
  expect(checksOf(given(rows("values0-none", "values2-two", "values3-six")), [])).toMatchObject({
    status: "red",
    vanished: ["test_a > adds[values0-one]"],
  });
});

it.each([
  ["fails under the new title", { "new-tests-new-code": { ...after, "test/a.js > adds two": "fail" } }],
  ["is skipped under the new title", { "new-tests-new-code": { ...after, "test/a.js > adds two": "skip" } }],
  ["does not run under the new title", { "new-tests-new-code": kept }],
  ["fails in its old version", { "old-tests-new-code": { ...before, "test/a.js > adds": "fail" } }],
  ["does not run in its old version", { "old-tests-new-code": kept }],
  [
    "has the title of a test that was there",
    {
      "old-tests-old-code": { ...before, "test/a.js > adds two": "pass" },
      "old-tests-new-code": { ...before, "test/a.js > adds two": "pass" },
    },
  ],
] as [string, Partial<typeof usual>][])("is red if a retitled test %s", (_, cells) => {
  expect(checksOf(cells).status).toBe("red");
  expect(checksOf(cells).renamed).toBeUndefined();
});

it("matches one new test with one missing test", () => {
  const two = { ...before, "test/a.js > group > adds": "pass" } as const;
  const checks = checksOf({ "old-tests-old-code": two, "old-tests-new-code": two }, [
    title,
    { ...title, from: "group > adds" },
  ]);
  expect(checks).toMatchObject({ status: "red", vanished: ["test/a.js > group > adds"] });
});

it("does not count a retitled test as a new test", () => {
  const checks = checksOf({ "new-tests-old-code": after, "new-tests-new-code": after });
  expect(checks).toMatchObject({ status: "green", new_tests: "none", untested: [] });
});

it.each([
  ["test/a.js > adds", "test/a.js > adds two"],
  ["test/a.js > Mocha Tests > adds", "test/a.js > Mocha Tests > adds two"],
  ["test/a.js > adds more", null],
  ["test/b.js > adds", null],
  ["test/a.js > adds > inner", null],
])("finds the new id of %s", (id, expected) => {
  expect(renamedId(id, title)).toBe(expected);
});

it("keeps the parameters of pytest in a new id", () => {
  const python = { paths: ["tests/test_a.py"], from: "TestA > test_adds", to: "TestA > test_sums" };
  expect(renamedId("tests/test_a.py > pytest > tests.test_a.TestA > test_adds[1-2]", python)).toBe(
    "tests/test_a.py > pytest > tests.test_a.TestA > test_sums[1-2]",
  );
});

it("lists the renamed tests of a change with their files", () => {
  const file = honestFix().testChanges?.files[0] ?? expect.fail("no file");
  const changes = { files: [file, { ...file, path: "test/b.js", renamed_tests: [{ from: "a", to: "b" }] }] };
  expect(
    testKinds({ settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [], ...changes }),
  ).toMatchObject({ renamed: [{ paths: ["test/b.js"], from: "a", to: "b" }] });
});

it("asks instead of holding if the specification names a renamed test that did not run under its new title", () => {
  const fix = honestFix();
  const changes = fix.testChanges ?? expect.fail("no test changes");
  const file = changes.files[0] ?? expect.fail("no file");
  const checks = { ...(fix.checks ?? expect.fail("no checks")), status: "red" as const };
  const gone = { ...checks, vanished: [`${file.path} > adds`], gone: [`${file.path} > adds`] };
  const answer = (text: string) =>
    hardHolds({
      ...fix,
      checks: gone,
      testChanges: { ...changes, files: [{ ...file, renamed_tests: [{ from: "adds", to: "adds two" }] }] },
      specification: { ...fix.specification, text },
    }).map(({ code }) => code);
  expect(answer("Fix it.")).toEqual(["HOLD-CHECKS-FAILED"]);
  expect(answer(`Fix it; ${file.path} may change.`)).toEqual([]);
});
