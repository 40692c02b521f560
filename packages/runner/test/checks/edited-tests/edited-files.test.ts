import { expect, it } from "vitest";
import { bringsOnlyTests } from "../../../src/checks/edited-tests/edited-files.ts";
import { closeness } from "../../../src/checks/mutants/code-mutants.ts";

const before = "import { add } from './add.js';\n\ntest('adds', () => {\n  equal(add(1, 2), 3);\n});\n";

it.each([
  ["a test at the end", `${before}\ntest('adds more', () => {\n  equal(add(2, 2), 4);\n});\n`, true],
  ["a test between", before.replace("\ntest(", "\ntest('time', () => {\n  equal(now(), 1);\n});\ntest("), true],
  [
    "a test and what it needs",
    `import { sub } from './sub.js';\n${before}const more = 2;\nit('subtracts', () => {});\n`,
    true,
  ],
  ["a comment", before.replace("3);\n", "3);\n  // the first time\n"), true],
  ["only spaces", before.replaceAll("  ", "    "), true],
  ["an assertion", before.replace("3);\n", "3);\n  equal(add(2, 2), 4);\n"), false],
  [
    "a constant and an assertion",
    before.replace("3);\n", "3);\n  const four = add(2, 2);\n  equal(four, 4);\n"),
    false,
  ],
  ["a hook", before.replace("\ntest(", "\nbeforeEach(reset);\ntest("), false],
  ["another value", before.replace("3", "4"), false],
  ["another title", before.replace("adds", "sums"), false],
  ["less", before.replace("  equal(add(1, 2), 3);\n", ""), false],
  ["the date", before.replace("3);\n", "3);\n  if (Date.now() > 9) late();\n"), false],
  ["a mock beside a new test", `jest.mock('./add.js');\n${before}`, false],
  ["a mock beside an import", `import { sub } from './sub.js';\njest.mock('./add.js');\n${before}`, false],
  [
    "an import, and the date elsewhere",
    `import { sub } from './sub.js';\n${before.replace("3);\n", "3);\n  if (Date.now() > 9) late();\n")}`,
    false,
  ],
  ["a call before a new test", `${before}setUp();\ntest('b', () => {});\n`, false],
  ["a decorator", before.replace("\ntest(", "\n@tolerant\ntest("), false],
])("tells whether a change that brings %s to a test file only adds tests", (_what, after, expected) => {
  expect(bringsOnlyTests({ before, after })).toBe(expected);
});

it("a comma at the end of a line is ignored", () => {
  const rows = "each([\n  [1, 2],\n  [2, 3]\n]);\n";
  expect(bringsOnlyTests({ before: rows, after: rows.replace("[2, 3]", "[2, 3],\n  [3, 4]") })).toBe(false);
});

it("code is close to a test that names it or that is beside it", () => {
  const tests = [{ path: "test/add.test.js", before, after: before }];
  const of = (path: string) => closeness(path, tests);
  expect([of("lib/add.js"), of("add/index.js"), of("test/helper.js"), of("test/add.js"), of("lib/adder.js")]).toEqual([
    2, 2, 1, 3, 0,
  ]);
});
