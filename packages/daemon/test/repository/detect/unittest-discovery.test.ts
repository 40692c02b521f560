/** Where unittest starts to load a repository's test files, and which files it does not load. */
import { expect, it } from "vitest";
import { unittestDiscovery } from "../../../src/repository/detect/unittest-discovery.ts";

it.each<[options: string, left: string[], paths: string[]]>([
  ["", [], ["setup.py", "tests/__init__.py", "tests/test_a.py"]],
  ["", [], ["setup.py", "test/__init__.py"]],
  [" -s tests", [], ["tests/test_a.py", "tests/conftest.py", "tests/helpers.py"]],
  [" -s test", [], ["test/test_a.py"]],
  [" -s tests/unit", [], ["tests/unit/test_a.py"]],
  [" -s tests", [], ["tests/unit/test_a.py", "tests/unit/__init__.py"]],
  ["", [], ["tests/unit/test_a.py", "tests/unit/__init__.py", "tests/__init__.py"]],
  [" -s tests/unit", ["tests/it/test_c.py"], ["tests/it/test_c.py", "tests/unit/test_a.py", "tests/unit/test_b.py"]],
  [" -p '*_test.py'", [], ["a_test.py"]],
  [" -s tests -p '*_test.py'", [], ["tests/a_test.py"]],
  [" -s tests", ["tests/b_test.py"], ["tests/test_a.py", "tests/b_test.py"]],
  ["", ["tests/test_b.py"], ["test_a.py", "tests/test_b.py"]],
  ["", ["test-a.py"], ["test-a.py", "test_b.py"]],
  ["", ["x/tests/test_a.py"], ["x/tests/test_a.py"]],
])("discover%s runs all but %j", (options, left, paths) => {
  const found = unittestDiscovery(paths, paths);
  expect(found.options).toBe(options);
  expect(found.notes).toHaveLength(left.length === 0 ? 0 : 1);
  expect(found.notes.join("").startsWith(left.length === 0 ? "" : `not run: ${left.join(", ")}. `)).toBe(true);
});

it("only a few of many files that are not loaded are named", () => {
  const paths = Array.from({ length: 9 }, (_, index) => `x/${index}/test_a.py`);
  expect(unittestDiscovery(paths, paths).notes[0]).toContain("x/4/test_a.py and 4 more. ");
});
