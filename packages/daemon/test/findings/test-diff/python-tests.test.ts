/** Findings about a changed Python test file; a similar honest change has none. */
import { describe, expect, it } from "vitest";
import { compare, found, readTests } from "./reading.ts";

const base = `import pytest
import unittest
from calc import add

LIMIT = 3

@pytest.fixture
def numbers():
    yield
    return [1, 2]

def helper(x):
    return x + 1

def test_adds(numbers):
    assert add(1, 2) == 3
    assert helper(1) == 2

@pytest.mark.timeout(5)
def test_refuses():
    with pytest.raises(ValueError, match="no"):
        add("a")

class TestGroup(unittest.TestCase):
    def setUp(self):
        self.x = LIMIT

    def test_counts(self):
        self.assertEqual(add(1, self.x), 4)
        self.assertIn(3, [self.x])
`;
const edit = (from: string | RegExp, to: string) => {
  const edited = base.replace(from, to);
  expect(edited).not.toBe(base);
  return compare(base, edited, "test_a.py");
};

it("reads Python test functions and classes with their assertions", () => {
  const { tests, errors } = readTests(base, "test_a.py");
  expect(errors).toEqual([]);
  expect(tests.map(({ name, assertions }) => [name, assertions.length])).toEqual([
    ["test_adds", 2],
    ["test_refuses", 1],
    ["TestGroup > test_counts", 2],
  ]);
});

it.each<[string, string]>([
  ["a new test", `${base}\ndef test_new():\n    assert add(2, 2) == 4\n`],
  [
    "a new test with an import and a fixture",
    `${base.replace("import add", "import add, sub")}\n@pytest.fixture\ndef other():\n    return 1\n\ndef test_new(other):\n    assert sub(2, other) == 1\n`,
  ],
  ["a new method", `${base}\n    def test_more(self):\n        self.assertEqual(add(0, 0), 0)\n`],
])("adding %s changes no existing Python test", (_title, after) => {
  const comparison = compare(base, after, "test_a.py");
  expect({ ...comparison, added: comparison.added.length }).toMatchObject({
    changed: [],
    removed: [],
    findings: [],
    added: 1,
  });
});

it("comments and formatting change no Python test", () => {
  const after = base
    .replace("def test_adds", "# why\ndef test_adds")
    .replace("add(1, 2) == 3", "add(\n        1,\n        2,\n    ) == 3  # so")
    .replace('"no"', "'no'");
  expect(compare(base, after, "test_a.py")).toMatchObject({ changed: [], added: [], removed: [], findings: [] });
});

describe("a change of an existing test", () => {
  it.each<[string, string, string, string[]]>([
    ["itself", "add(1, 2) == 3", "add(1, 3) == 4", ["test_adds"]],
    ["a fixture it takes", "[1, 2]", "[1]", ["test_adds"]],
    ["a helper it calls", "x + 1", "1 + x", ["test_adds"]],
    ["what its set-up uses", "LIMIT = 3", "LIMIT = 4", ["TestGroup > test_counts"]],
    [
      "what runs as the file loads",
      "LIMIT = 3",
      "LIMIT = 3\nadd.__defaults__ = (1,)",
      ["TestGroup > test_counts", "test_adds", "test_refuses"],
    ],
    [
      "a fixture for all",
      "LIMIT = 3",
      "LIMIT = 3\n@pytest.fixture(autouse=True)\ndef patch():\n    yield",
      ["TestGroup > test_counts", "test_adds", "test_refuses"],
    ],
  ])("a Python test counts as changed if a change affects %s", (_title, from, to, changed) => {
    expect(edit(from, to).changed.toSorted()).toEqual(changed);
  });

  it.each<[string, string | RegExp, string, string]>([
    ["removes a test", /def test_adds[\s\S]*?(?=@pytest.mark)/, "", "test-removed test_adds"],
    ["removes an assertion", "    assert helper(1) == 2\n", "", "assertion-removed test_adds"],
    ["only wants truth", "assert add(1, 2) == 3", "assert add(1, 2)", "assertion-weakened test_adds"],
    [
      "accepts about that",
      "assert add(1, 2) == 3",
      "assert add(1, 2) == pytest.approx(3, abs=2)",
      "assertion-weakened test_adds",
    ],
    ["accepts any other", "assert add(1, 2) == 3", "assert add(1, 2) != 4", "assertion-weakened test_adds"],
    ["wants not None", "assert add(1, 2) == 3", "assert add(1, 2) is not None", "assertion-weakened test_adds"],
    ["wants this or that", "assert add(1, 2) == 3", "assert add(1, 2) == 3 or True", "assertion-weakened test_adds"],
    [
      "swallows the failure",
      "    assert add(1, 2) == 3",
      "    try:\n        assert add(1, 2) == 3\n    except AssertionError:\n        pass",
      "assertion-weakened test_adds",
    ],
    [
      "claims under a condition",
      "    assert add(1, 2) == 3",
      "    if LIMIT > 5:\n        assert add(1, 2) == 3",
      "assertion-weakened test_adds",
    ],
    [
      "returns before",
      "    assert add(1, 2) == 3",
      "    return\n    assert add(1, 2) == 3",
      "assertion-weakened test_adds",
    ],
    ["accepts any error", "ValueError", "Exception", "assertion-weakened test_refuses"],
    [
      "weakens a method",
      "self.assertEqual(add(1, self.x), 4)",
      "self.assertTrue(add(1, self.x))",
      "assertion-weakened TestGroup > test_counts",
    ],
    ["skips by a mark", "def test_adds", '@pytest.mark.skip(reason="x")\ndef test_adds', "skip-added test_adds"],
    [
      "skips on a condition",
      "def test_adds",
      '@pytest.mark.skipif(True, reason="x")\ndef test_adds',
      "skip-added test_adds",
    ],
    ["expects it to fail", "def test_adds", "@pytest.mark.xfail\ndef test_adds", "skip-added test_adds"],
    [
      "skips in the body",
      "    assert add(1, 2) == 3",
      '    pytest.skip("x")\n    assert add(1, 2) == 3',
      "skip-added test_adds",
    ],
    [
      "skips a method",
      "        self.assertEqual",
      '        self.skipTest("x")\n        self.assertEqual',
      "skip-added TestGroup > test_counts",
    ],
    ["skips a class", "class TestGroup", '@unittest.skip("x")\nclass TestGroup', "skip-added TestGroup"],
    ["skips the file", "LIMIT = 3", "LIMIT = 3\npytestmark = pytest.mark.skip", "skip-added -"],
    ["raises a time limit", "timeout(5)", "timeout(500)", "timeout-raised test_refuses"],
    ["takes one away", "@pytest.mark.timeout(5)\n", "", "timeout-raised test_refuses"],
    ["tries again", "def test_adds", "@pytest.mark.flaky(reruns=3)\ndef test_adds", "retries-raised test_adds"],
    ["breaks the syntax", "def test_adds(numbers):", "def test_adds((:", "parse-failed -"],
  ])("reports a finding if a change of a Python test %s", (_title, from, to, expected) => {
    const comparison = edit(from, to);
    const all = [...found(comparison), ...comparison.removed.map(({ name }) => `test-removed ${name}`)];
    expect(all).toContain(expected);
  });
});

describe("what a class has for its tests", () => {
  const classes = `import unittest
from calc import add

class BaseTest(unittest.TestCase):
    limit = 3

    def setUp(self):
        self.x = 1

    def check(self, given, wanted):
        self.assertEqual(given, wanted)

class TestGroup(BaseTest):
    def test_adds(self):
        self.check(add(1, 2), self.limit)

class TestOther(unittest.TestCase):
    def test_other(self):
        self.assertEqual(add(0, 0), 0)
`;
  const more = "\n    def test_more(self):\n        self.assertEqual(add(5, -3), 2)\n";

  it.each<[string, string, string]>([
    ["a method", "self.assertEqual(given, wanted)", "self.assertEqual(round(given), round(wanted))"],
    ["an attribute", "limit = 3", "limit = 4"],
    ["its set-up", "self.x = 1", "self.x = 2"],
  ])("a change of a Python class changes the tests of its subclasses: %s", (_title, from, to) => {
    expect(classes).toContain(from);
    const changed = compare(classes, classes.replace(from, to) + more, "test_a.py");
    expect(changed.changed).toEqual(["TestGroup > test_adds"]);
    const same = compare(classes, classes + more, "test_a.py");
    expect(same).toMatchObject({ changed: [], removed: [], findings: [], supportLost: false });
    expect(same.added).toHaveLength(1);
  });
});

it("another row of a Python table changes no test, and any other change of the table does", () => {
  const table = (rows: string, more = "") =>
    `import pytest\n\n@pytest.mark.parametrize("a", [0, 1])\n@pytest.mark.parametrize("b, c", [${rows}]${more})\ndef test_add(a, b, c):\n    assert add(a, b) == c + a\n`;
  const base = table("(1, 2), (2, 3)");
  const grown = compare(base, table("(1, 2), (2, 3), (-1, 0),"), "test_a.py");
  expect(grown).toMatchObject({ changed: [], removed: [], findings: [], added: [{ name: "test_add" }] });
  const others = [table("(1, 2), (2, 4)"), table("(1, 2)"), table("(1, 2), (2, 3), (0, 1)", ", indirect=True")];
  for (const after of [...others, base.replace("[0, 1]", "[1]"), base.replace("c + a", "c")])
    expect(compare(base, after, "test_a.py").changed, after).toEqual(["test_add"]);
});

it("another row changes no Python test if the table is a tuple or a set", () => {
  for (const brackets of ["()", "{}"]) {
    const table = (rows: string) =>
      `import pytest\n\n@pytest.mark.parametrize(\n    's',\n    ${brackets[0]}\n${rows}    ${brackets[1]},\n)\ndef test_noop(s):\n    assert fix(s) == s\n`;
    const base = table("        'a()',\n        # off\n        'a(b)',\n");
    const grown = compare(
      base,
      table("        'a()',\n        # off\n        'a(b)',\n        # more\n        'c',\n"),
      "test_a.py",
    );
    expect(grown).toMatchObject({ changed: [], removed: [], findings: [], added: [{ name: "test_noop" }] });
    expect(compare(base, table("        'a()',\n        'a(c)',\n        'c',\n"), "test_a.py").changed).toEqual([
      "test_noop",
    ]);
  }
});

it("reads the last Python test of a name, and each of two conditional ones", () => {
  const test = (body: string) => `def test_adds():\n    ${body}\n`;
  const before = test("assert add(1, 2) == 3");
  const gutted = compare(before, `${before}\n${test("pass")}`, "test_a.py");
  expect(gutted.changed).toEqual(["test_adds"]);
  expect(found(gutted)).toEqual(["assertion-removed test_adds"]);
  const group = (body: string) => `class TestAdd:\n    def test_adds(self):\n        ${body}\n`;
  const twice = group("assert add(1, 2) == 3");
  expect(found(compare(twice, `${twice}\n${group("pass")}`, "test_a.py"))).toEqual([
    "assertion-removed TestAdd > test_adds",
  ]);
  const either =
    "if NEW:\n    def test_a():\n        assert f() == 1\nelse:\n    def test_a():\n        assert f() == 2\n";
  expect(readTests(either, "test_a.py").tests).toHaveLength(2);
});

it("a new skipped Python test is no finding, also in a new file", () => {
  const skipped = "@pytest.mark.skipif(sys.platform == 'win32', reason='x')\ndef test_new():\n    assert 1 == 2\n";
  expect(found(compare(base, `${base}\n${skipped}`, "test_a.py"))).toEqual([]);
  expect(found(compare("", `pytestmark = pytest.mark.skip\n\n${skipped}`, "test_a.py"))).toEqual([]);
  expect(found(compare(base, `${base}\npytestmark = pytest.mark.skip\n`, "test_a.py"))).toEqual(["skip-added -"]);
});

describe("a test that checks more", () => {
  const first =
    "import calc\n\nROWS = [(1, 1, 2)]\n\nclass TestAdd:\n    def test_add(self):\n        sum = calc.add(1, 1)\n        assert sum == 2\n        for a, b, c in ROWS:\n            assert calc.add(a, b) == c\n";
  const withMore = (...lines: string[]) => `${first}${lines.map((line) => `        ${line}\n`).join("")}`;

  it.each<[string, string]>([
    ["an assertion at its end", withMore("assert calc.add(2, 2) == 4")],
    [
      "an assertion between others",
      first.replace("        assert sum", "        assert calc.add(2, 2) == 4\n        assert sum"),
    ],
    [
      "a variable of its own at its end",
      withMore(
        "other = calc.add(2, 2)",
        "assert other == 4",
        "with pytest.raises(ValueError):",
        "    calc.add(None, 1)",
      ),
    ],
    ["a row of a table that it goes through", first.replace("[(1, 1, 2)]", "[(0, 0, 0), (1, 1, 2)]")],
    [
      "a helper of the class",
      `${withMore("assert calc.add(2, 2) == 4")}\n    def _make(self): return 1\n\n    def assert_sum(self, a): assert a == 1\n`,
    ],
    ["a package's module, imported at the top", `import calc.more\n${withMore("assert calc.more.sub(2, 2) == 0")}`],
  ])("a Python test only grows with %s", (_name, after) => {
    const comparison = compare(first, after, "test_a.py");
    expect(comparison).toMatchObject({ changed: [], findings: [], supportLost: false });
    expect(comparison.added.map(({ name }) => name)).toEqual(["TestAdd > test_add"]);
  });

  it.each<[string, string]>([
    ["a statement before others", first.replace("        assert sum", "        calc.add(0, 0)\n        assert sum")],
    ["an assertion that assigns", first.replace("        assert sum", "        assert (sum := 2)\n        assert sum")],
    ["an assertion less", withMore("assert calc.add(2, 2) == 4").replace("        assert sum == 2\n", "")],
    ["a name of the function that was the file's", withMore("calc = None", "assert calc is None")],
    ["the same by a loop", withMore("for calc in []:", "    pass")],
    ["the same by `with`", withMore("with open('x') as calc:", "    pass")],
    ["the same by an import", withMore("import calc.other")],
    ["the same by a definition", withMore("def calc(): pass")],
    ["the same by `except`", withMore("try:", "    pass", "except ValueError as calc:", "    pass")],
    ["the same in an expression", withMore("print((calc := 1))")],
    ["a yield", withMore("yield 1")],
    ["a call at the end", withMore("calc.add(1, 1)")],
    ["an attribute at the end", withMore("calc.limit = 5")],
    [
      "an assertion where an error is expected",
      first.replace(
        "        assert sum",
        "        with pytest.raises(Exception):\n            assert False\n        assert sum",
      ),
    ],
    [
      "a method by which the class runs its tests",
      first.replace("    def test", "    def run(self, result=None): pass\n\n    def test"),
    ],
    ["an assertion of its class", `${first}\n    def assertEqual(self, *given): pass\n`],
    ["a set-up by another name", first.replace("    def test", "    setUp = other\n\n    def test")],
    [
      "another import under the name",
      withMore("assert calc.add(2, 2) == 4").replace("import calc", "import other as calc"),
    ],
    [
      "another set-up",
      withMore("assert calc.add(2, 2) == 4").replace(
        "    def test",
        "    def setup_method(self): calc.add = max\n\n    def test",
      ),
    ],
    ["a row more and one less", first.replace("[(1, 1, 2)]", "[(0, 0, 0), (1, 1, 3)]")],
    [
      "a row that changes something when it is made",
      first.replace("[(1, 1, 2)]", "[(1, 1, 2), setattr(calc, 'add', max)]"),
    ],
    [
      "a row of a table that is used in another way",
      `${first.replace("[(1, 1, 2)]", "[(0, 0, 0), (1, 1, 2)]")}\nROWS.pop()\n`,
    ],
    ["a row of a table that is bound again", `${first.replace("[(1, 1, 2)]", "[(0, 0, 0), (1, 1, 2)]")}\nROWS = []\n`],
  ])("a Python test changes with %s", (_name, after) => {
    expect(compare(first, after, "test_a.py").changed).toEqual(["TestAdd > test_add"]);
  });
});

it.each<[string, string]>([
  ["sets something up", "for k in [ROWS]:\n        calc.set(k)"],
  ["can end before all rows", "for k in [ROWS]:\n        if k == 0: break\n        assert calc.add(k) == k"],
  ["has an else", "for k in [ROWS]:\n        assert calc.add(k) == k\n    else:\n        calc.end()"],
])("another row changes a Python test if the loop %s", (_name, body) => {
  const test = (rows: string) => `def test_a():\n    ${body.replace("ROWS", rows)}\n`;
  expect(compare(test("1"), test("1, 2"), "test_a.py").changed).toEqual(["test_a"]);
});

it("importing another module of a package changes what Python tests share, and no test", () => {
  const test = (module: string) => `import calc.${module}\n\ndef test_a():\n    assert calc.${module}.f() == 1\n`;
  expect(
    compare(
      "import calc.one\n\ndef test_a():\n    assert calc.f() == 1\n",
      "import calc.two\n\ndef test_a():\n    assert calc.f() == 1\n",
      "test_a.py",
    ).supportLost,
  ).toBe(true);
  expect(compare(test("one"), test("two"), "test_a.py").changed).toEqual(["test_a"]);
});

it.each<[string, (test: string) => string]>([
  ["the test's mark", (test) => test.replace("    def", "    @pytest.mark.xfail\n    def")],
  ["the class's mark", (test) => `@unittest.expectedFailure\n${test}`],
  ["the file's mark", (test) => `pytestmark = pytest.mark.xfail\n${test}`],
  [
    "a mark at the end of a long list",
    (test) => `pytestmark = [${"pytest.mark.slow, ".repeat(9)}pytest.mark.xfail]\n${test}`,
  ],
])("another row or assertion changes a Python test that may fail: %s", (_name, mark) => {
  const test = (rows: string, more = "") =>
    `class TestA:\n    def test_a(self):\n        for x in [${rows}]:\n            assert f(x) == x\n${more}`;
  const before = test("1");
  for (const after of [test("1, 2"), test("1", "        assert f(3) == 3\n")]) {
    expect(compare(before, after, "test_a.py").changed).toEqual([]);
    expect(compare(mark(before), mark(after), "test_a.py").changed).toEqual(["TestA > test_a"]);
  }
});

it("a Python test whose skip only mentions failing may grow", () => {
  const test = (rows: string) =>
    `@pytest.mark.skipif(win, reason="fails on Windows")\ndef test_a():\n    for x in [${rows}]:\n        assert f(x) == x\n`;
  expect(compare(test("1"), test("1, 2"), "test_a.py").changed).toEqual([]);
});

it.each([
  "calc.__setattr__('add', abs) is None",
  "calc.__dict__.update(add=abs) is None",
  "os.putenv('A', 'b') is None",
  "os.chdir('/') is None",
  "getattr(calc, 'set' + 'up')(1)",
  "tools['reset']() is None",
  "importorskip('nope')",
  "xfail('x')",
])("an assertion with effects between others changes a Python test: %s", (claim) => {
  const test = (more: string) => `def test_a():\n    x = f(1)\n${more}    assert x == 1\n`;
  expect(compare(test(""), test("    assert f(2) == 2\n"), "test_a.py").changed).toEqual([]);
  expect(compare(test(""), test(`    assert ${claim}\n`), "test_a.py").changed).toEqual(["test_a"]);
});

it.each([
  ["the place of samples", "from pathlib import Path", 'SAMPLES = Path(__file__).resolve().parent / "samples"'],
  ["the same by another module", "import os", 'SAMPLES = os.path.join(os.path.dirname(__file__), "samples")'],
])("no other Python test depends on %s", (_, imported, constant) => {
  const test = "def test_a():\n    assert f() == 1\n";
  const changedBy = (text: string) => compare(test, text, "tests/test_a.py").changed;
  expect(changedBy(`${imported}\n\n${constant}\n\n${test}`)).toEqual([]);
  // The same name from another module can be anything.
  expect(changedBy(`from shop import Path, os\n\n${constant}\n\n${test}`)).toEqual(["test_a"]);
  for (const more of [
    "from shop import Path, os",
    "from shop import *",
    "Path = os = f",
    "import shop as os, shop as Path",
  ])
    expect(changedBy(`${imported}\n${more}\n\n${constant}\n\n${test}`)).toContain("test_a");
  expect(changedBy(`${imported}\n\n${constant.replace("SAMPLES =", "SAMPLES = f(), ")}\n\n${test}`)).toEqual([
    "test_a",
  ]);
});
