import { expect, it } from "vitest";
import { kindOfAddition } from "../../../src/checks/edited-tests/edited-files.ts";
import { closeness, touchOf } from "../../../src/checks/mutants/code-mutants.ts";

const before = "import { add } from './add.js';\n\ntest('adds', () => {\n  equal(add(1, 2), 3);\n});\n";

it.each([
  ["a test at the end", `${before}\ntest('adds more', () => {\n  equal(add(2, 2), 4);\n});\n`, "tests"],
  ["a test between", before.replace("\ntest(", "\ntest('time', () => {\n  equal(now(), 1);\n});\ntest("), "tests"],
  [
    "a test and what it needs",
    `import { sub } from './sub.js';\n${before}const more = 2;\nit('subtracts', () => {});\n`,
    "tests",
  ],
  ["a comment", before.replace("3);\n", "3);\n  // the first time\n"), "tests"],
  ["only spaces", before.replaceAll("  ", "    "), "tests"],
  ["an assertion", before.replace("3);\n", "3);\n  equal(add(2, 2), 4);\n"), "more"],
  [
    "a constant and an assertion",
    before.replace("3);\n", "3);\n  const four = add(2, 2);\n  equal(four, 4);\n"),
    "more",
  ],
  ["a hook", before.replace("\ntest(", "\nbeforeEach(reset);\ntest("), "more"],
  ["another value", before.replace("3", "4"), "other"],
  ["another title", before.replace("adds", "sums"), "other"],
  ["less", before.replace("  equal(add(1, 2), 3);\n", ""), "other"],
  ["the date", before.replace("3);\n", "3);\n  if (Date.now() > 9) late();\n"), "other"],
  ["a mock beside a new test", `jest.mock('./add.js');\n${before}`, "other"],
  ["a mock beside an import", `import { sub } from './sub.js';\njest.mock('./add.js');\n${before}`, "other"],
  [
    "an import, and the date elsewhere",
    `import { sub } from './sub.js';\n${before.replace("3);\n", "3);\n  if (Date.now() > 9) late();\n")}`,
    "other",
  ],
  ["a call before a new test", `${before}setUp();\ntest('b', () => {});\n`, "more"],
  ["a decorator", before.replace("\ntest(", "\n@tolerant\ntest("), "other"],
])("a change that adds %s to a test file is classified", (_what, after, expected) => {
  expect(kindOfAddition({ before, after })).toBe(expected);
});

it("a comma at the end of a line is ignored", () => {
  const rows = "each([\n  [1, 2],\n  [2, 3]\n]);\n";
  expect(kindOfAddition({ before: rows, after: rows.replace("[2, 3]", "[2, 3],\n  [3, 4]") })).toBe("more");
});

it("code is close to a test that names it, that is beside it, or that changes with it", () => {
  const tests = [{ path: "test/add.test.js", before, after: before }];
  const of = (path: string, touched: Parameters<typeof closeness>[2] = "not") => closeness(path, tests, touched);
  expect([
    of("lib/add.js"),
    of("add/index.js"),
    of("test/helper.js"),
    of("lib/sub.js", "changed"),
    of("lib/add.js", "changed"),
    // The change chose this name.
    of("lib/add.js", "added"),
    of("lib/adder.js"),
  ]).toEqual([4, 4, 2, 1, 5, 1, 0]);
  expect([touchOf(undefined, "a"), touchOf("a", "a"), touchOf("b", "a")]).toEqual(["added", "not", "changed"]);
});
