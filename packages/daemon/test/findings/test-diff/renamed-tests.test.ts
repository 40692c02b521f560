/** A test that only gets another title is neither removed nor new; one that loses something with it is removed. */
import { expect, it } from "vitest";
import { compare } from "./reading.ts";

const javascript = `import { test } from 'node:test';
import assert from 'node:assert';
import { add } from '../index.js';

test('adds', () => { assert.strictEqual(add(1, 2), 3); });
test('refuses text', async () => { await assert.rejects(add('a'), TypeError); });
describe('a group', () => {
  it('counts', () => { expect(add(1)).toBe(2); });
});
`;
const python = `import pytest
from shop import add

@pytest.fixture
def cart():
    return []

def test_adds(cart):
    assert add(1, 2) == 3

class TestCart:
    def test_counts(self):
        assert add(1, 1) == 2

    def test_other(self):
        assert add(2, 2) == 4
`;

function of(path: string, before: string, edits: readonly (readonly [string, string])[]) {
  const after = edits.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, () => to);
  }, before);
  const { renamed, removed, added, changed, findings } = compare(before, after, path);
  const names = (tests: readonly { name: string }[]) => tests.map(({ name }) => name);
  return { renamed, removed: names(removed), added: names(added), changed, findings };
}
const ofJavaScript = (...edits: [string, string][]) => of("test/a.test.js", javascript, edits);
const ofPython = (...edits: [string, string][]) => of("tests/test_a.py", python, edits);
const only = (from: string, to: string) => ({
  renamed: [{ from, to }],
  removed: [],
  added: [],
  changed: [],
  findings: [],
});

it("pairs a renamed test with its old version", () => {
  expect(ofJavaScript(["'adds'", "'adds two numbers'"])).toEqual(only("adds", "adds two numbers"));
  expect(ofJavaScript(["'counts'", "'counts one more'"])).toEqual(
    only("a group > counts", "a group > counts one more"),
  );
  expect(ofPython(["test_adds", "test_adds_two"])).toEqual(only("test_adds", "test_adds_two"));
  expect(ofPython(["test_counts", "test_counts_one"])).toEqual(
    only("TestCart > test_counts", "TestCart > test_counts_one"),
  );
});

it("pairs renamed tests with additional assertions, and several in one file", () => {
  expect(ofJavaScript(["'adds'", "'adds numbers'"], ["3); });", "3); assert.strictEqual(add(2, 2), 4); });"])).toEqual(
    only("adds", "adds numbers"),
  );
  expect(
    ofPython(["test_adds(cart):", "test_adds_two(cart):"], ["== 3\n", "== 3\n    assert add(2, 2) == 4\n"]),
  ).toEqual(only("test_adds", "test_adds_two"));
  expect(ofJavaScript(["'adds'", "'adds two'"], ["'refuses text'", "'refuses a text'"]).renamed).toHaveLength(2);
});

it.each([
  [
    "that checks something else",
    [
      ["'adds'", "'adds two'"],
      ["add(1, 2), 3", "add(1, 2), 4"],
    ],
  ],
  [
    "that checks less",
    [
      ["'adds'", "'adds two'"],
      ["assert.strictEqual(add(1, 2), 3);", ""],
    ],
  ],
  [
    "that moves into a group",
    [
      ["test('adds', () => { assert.strictEqual(add(1, 2), 3); });\n", ""],
      ["  it('counts'", "  test('adds two', () => { assert.strictEqual(add(1, 2), 3); });\n  it('counts'"],
    ],
  ],
  ["that gets a title of another test", [["'adds'", "'refuses text'"]]],
  ["with a computed title", [["'adds'", "'adds' + 'two'"]]],
  ["with a tag", [["'adds'", "'adds @smoke'"]]],
  ["with parts in its title", [["'adds'", "'adds > two'"]]],
  ["that may fail now", [["test('adds'", "test.fails('adds two'"]]],
  ["that is skipped now", [["test('adds'", "test.skip('adds two'"]]],
  [
    "whose old title is still named",
    [
      ["'adds'", "'adds two'"],
      ["describe('a", "const old = 'adds';\ndescribe('a"],
    ],
  ],
] as [string, [string, string][]][])("a renamed JavaScript test %s counts as removed", (_, edits) => {
  const { renamed, removed, changed } = ofJavaScript(...edits);
  expect(renamed).toEqual([]);
  expect([...removed, ...changed]).toContain("adds");
});

it.each([
  ["a snapshot", "test('b', () => { expect(add(1)).toMatchSnapshot(); });\n"],
  ["its title", "beforeEach((t) => { if (t.name === 'x') skip(); });\n"],
  ["a recorded answer", "const vcr = useCassette;\n"],
  ["its title by a parameter", "beforeEach(({ task: { name } }) => start(name));\n"],
  ["tests of its own making", "import { it } from './fixture-test.js';\n"],
  ["the running test's name", "beforeEach(() => { expect.getState(); });\n"],
])("pairs no renamed tests in a JavaScript file that asks for %s", (_, more) => {
  const edits = [["'adds'", "'adds two'"]] as const;
  expect(of("test/a.test.js", `${javascript}${more}`, edits)).toMatchObject({ renamed: [], removed: ["adds"] });
  expect(of("test/a.test.js", `${javascript}const more = 1;\n`, edits).renamed).toHaveLength(1);
});

it.each([
  ["under the name of another test", [["test_counts", "test_other"]]],
  ["under the name of something that the file mentions", [["test_counts", "add"]]],
  ["that is none any more", [["test_counts", "counts"]]],
  [
    "of another class",
    [
      ["    def test_counts(self):\n        assert add(1, 1) == 2\n", ""],
      [
        "class TestCart",
        "class TestMore:\n    def test_counted(self):\n        assert add(1, 1) == 2\n\nclass TestCart",
      ],
    ],
  ],
  ["with another decorator", [["    def test_counts", "    @pytest.mark.xfail\n    def test_counted"]]],
  ["with another fixture", [["test_counts(self)", "test_counted(self, cart)"]]],
  [
    "whose fixture does something else",
    [
      ["return []", "return [1]"],
      ["test_adds", "test_added"],
    ],
  ],
] as [string, [string, string][]][])("a renamed Python test %s counts as removed", (_, edits) => {
  const { renamed, removed } = ofPython(...edits);
  expect(renamed).toEqual([]);
  expect(removed.length).toBe(1);
});

it("pairs no renamed tests in a Python file that asks for names of tests", () => {
  for (const more of [
    "def pytest_runtest_setup(item): pass\n@pytest.fixture(autouse=True)\ndef f(request): request.node.name\n",
    "names = test_adds.__name__\n",
  ])
    expect(of("tests/test_a.py", `${python}${more}`, [["def test_adds", "def test_added"]]).renamed).toEqual([]);
});

it("compares no more than 200 pairs in full, and finds equal tests among any number", () => {
  const tests = (title: string, expected: number) =>
    Array.from(
      { length: 300 },
      (_, at) => `test('${title} ${at} end', () => { expect(f(${at})).toBe(${expected + at}); });\n`,
    ).join("");
  expect(compare(tests("is", 1), tests("was", 1), "a.test.js").renamed).toHaveLength(300);
  const { renamed, removed } = compare(tests("is", 1), tests("was", 2), "a.test.js");
  expect([renamed.length, removed.length]).toEqual([0, 300]);
});
