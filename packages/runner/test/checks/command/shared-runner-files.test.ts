/** Recognizing test files that don't name their runner. */
import { describe, expect, it } from "vitest";
import { runners } from "../../../src/checks/command/runners.ts";
import { callsTests, hasTestCases } from "../../../src/checks/command/shared-runner-files.ts";

const runner = (name: string) => runners.find((one) => one.name === name);

describe("a file with test cases of unittest", () => {
  it.each([
    "import unittest\nclass A(unittest.TestCase):\n    def test_a(self):\n        pass\n",
    "from testing.cases import RouterCase\n\nclass RouterTest(RouterCase):\n    x = 1\n\n    def test_first(self):\n        pass\n",
    "class A(Base, Mixin):\n    async def test_a(self): pass\n",
  ])("is recognized: %j", (content) => {
    expect(hasTestCases("tests/test_a.py", content)).toBe(true);
    expect(runner("unittest")?.isTestFile("tests/test_a.py", content)).toBe(true);
  });

  it.each([
    "class Router:\n    def test_a(self):\n        pass\n",
    "class A(Base):\n    def run(self):\n        pass\n",
    "class A(Base):\n    def test_a(cls):\n        pass\n",
    "def test_a():\n    assert 1\n",
  ])("is distinguished from one without: %j", (content) => {
    expect(hasTestCases("tests/test_a.py", content)).toBe(false);
  });
});

describe("a file with tests of a runner that it does not name", () => {
  const globals =
    "import { add } from './add.js';\ndescribe('add', () => {\n  it.each([1])('%i', (n) => expect(add(n)).toBe(2));\n});\n";
  const shared =
    "const { test } = require('../support/tape.js');\n\ntest('adds', (t) => {\n  t.equal(1, 1);\n  t.end();\n});\n";

  it.each([
    ["vitest", globals],
    ["tape", shared],
    ["node-test", shared],
  ])("is recognized as a file of %s", (name, content) => {
    expect(runner(name)?.isTestFile("test/a.js", content)).toBe(true);
    expect(runner(name)?.isTestFile("test/a.css", content)).toBe(false);
    expect(runner(name)?.isNamedIn?.("test/a.js", content) ?? false).toBe(false);
  });

  it.each([
    "export const test = (name, run) => run(name);",
    "it('is no test without a claim', () => {});",
    "// it('x') expects",
    "const a = it('x', () => expect(1));",
  ])("is distinguished from one without tests: %j", (content) => {
    expect(callsTests("test/a.js", content)).toBe(false);
  });

  it.each([
    "test/__testfixtures__/chai.input.js",
    "tests/format/js/jest.js",
    "test/samples/a.js",
    "test/fixtures/deep/a.js",
  ])("is not recognized among the data of tests: %s", (path) => {
    expect(runner("vitest")?.isTestFile(path, globals)).toBe(false);
    expect(runner("vitest")?.isTestFile(path, `import { it } from 'vitest';\n${globals}`)).toBe(true);
  });

  it("is recognized in linear time", () => {
    for (const line of ["class A(B):\n", "class A(\n", "it('a'\n", "    def test_a(\n", "describe.a.a.a.a(\n"]) {
      const text = line.repeat(150_000);
      expect([hasTestCases("a.py", text), callsTests("a.js", text)]).toEqual([false, false]);
    }
  });
});
