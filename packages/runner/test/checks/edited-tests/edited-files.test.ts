import { expect, it } from "vitest";
import { closeness, mayEditTests } from "../../../src/checks/edited-tests/edited-files.ts";

const before = "import { add } from './add.js';\n\ntest('adds', () => {\n  equal(add(1, 2), 3);\n});\n";

it.each([
  ["a test at the end", `${before}\ntest('adds more', () => {\n  equal(add(2, 2), 4);\n});\n`, false],
  [
    "a test and what it needs",
    `import { sub } from './sub.js';\n${before}const more = 2;\nit('subtracts', () => {});\n`,
    false,
  ],
  ["only spaces", before.replaceAll("  ", "    "), false],
  ["an assertion", before.replace("3);\n", "3);\n  equal(add(2, 2), 4);\n"), true],
  ["another value", before.replace("3", "4"), true],
  ["another title", before.replace("adds", "sums"), true],
  ["less", before.replace("  equal(add(1, 2), 3);\n", ""), true],
])("where a change to a test file has %s", (_what, after, expected) => {
  expect(mayEditTests({ before, after })).toBe(expected);
});

it("takes code for close to a test that the test names, that is beside it, or that the change touches", () => {
  const tests = [{ path: "test/add.test.js", before, after: before }];
  const of = (path: string, isChanged = false) => closeness(path, tests, isChanged);
  expect([
    of("lib/add.js"),
    of("add/index.js"),
    of("test/helper.js"),
    of("lib/sub.js", true),
    of("lib/adder.js"),
  ]).toEqual([4, 4, 2, 1, 0]);
});
