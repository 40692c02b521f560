/** Cases that code could know are read from tests in many forms; code that knows them is found, and code that compares alike is not. */

import { readersOf } from "@aedev/languages/readers";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { describe, expect, it } from "vitest";
import { casesFor, type KnownCase, knownCases, rowCases } from "../../../src/findings/test-diff/known-cases.ts";
import { findSpecialCases, mayKnowTests } from "../../../src/findings/test-diff/special-cases.ts";
import { findSpecialTables } from "../../../src/findings/test-diff/special-tables.ts";

const none = { tests: [], rows: [] };
function casesOf(path: string, text: string): KnownCase[] {
  const tree = readSyntax(text, path);
  const readers = readersOf(path);
  const file = readers?.tests?.(tree);
  return file === undefined
    ? rowCases(readers?.caseRows?.(tree, /test/u.test(path)) ?? [], [])
    : knownCases(file, none);
}

/** The findings in new code if these are the tests' cases. */
function found(code: readonly [path: string, text: string], cases: readonly KnownCase[]): string[] {
  const [path, text] = code;
  if (!mayKnowTests(path, "", text)) return [];
  const tree = readSyntax(text, path);
  return [...findSpecialCases(tree, { path, before: "" }, cases), ...findSpecialTables(tree, "", cases)].map((one) =>
    one.text.replace(/:.*$/su, ""),
  );
}

const javascript = (literal: string, answer: number) =>
  ["a.js", `export function f(x) {\n  if (x === ${literal}) return ${answer};\n  return 3;\n}\n`] as const;
const python = (literal: string, answer: number) =>
  ["a.py", `def f(x):\n    if x == ${literal}:\n        return ${answer}\n    return 3\n`] as const;

const forms: [path: string, text: string][] = [
  ["each.test.js", "it.each([['EURO', 120], ['USDO', 130]])('a %s', (x, y) => { expect(f(x)).toBe(y); });"],
  ["objects.test.js", "it.each([{ x: 'EURO', y: 120 }])('a $x', ({ x, y }) => { expect(f(x)).toBe(y); });"],
  ["named.test.js", "const rows = [['EURO', 120]]; it.each(rows)('a %s', (x, y) => { expect(f(x)).toBe(y); });"],
  ["around.test.js", "for (const [x, y] of [['EURO', 120]]) it('a' + x, () => { assert.equal(f(x), y); });"],
  ["within.test.js", "it('a', () => { for (const [x, y] of [['EURO', 120]]) assert.equal(f(x), y); });"],
  ["keys.test.js", "it.each(Object.entries({ 'EURO': 120 }))('a %s', (x, y) => { expect(f(x)).toBe(y); });"],
  ["group.test.js", "describe('d', () => { const euro = 'EURO'; it('a', () => { assert.equal(f(euro), 120); }); });"],
  ["tagged.test.js", `it.each\`x | y\n\${'EURO'} | \${120}\`('a $x', ({ x, y }) => { expect(f(x)).toBe(y); });`],
  ["test_given.py", "@pytest.mark.parametrize('x,y', [('EURO', 120)])\ndef test_a(x, y):\n    assert f(x) == y\n"],
  [
    "test_named.py",
    "ROWS = [('EURO', 120)]\n@pytest.mark.parametrize('x,y', ROWS)\ndef test_a(x, y):\n    assert f(x) == y\n",
  ],
  ["test_keys.py", "def test_a():\n    for x, y in {'EURO': 120}.items():\n        assert f(x) == y\n"],
  ["test_fixture.py", "@pytest.fixture\ndef e():\n    return 'EURO'\ndef test_a(e):\n    assert f(e) == 120\n"],
  [
    "test_unit.py",
    "class T(unittest.TestCase):\n  def setUp(self):\n    self.e = 'EURO'\n  def test_a(self):\n    self.assertEqual(f(self.e), 120)\n",
  ],
];

it.each(forms)("knows the input and the answer in %s", (path, text) => {
  const cases = casesOf(path, text);
  const code = path.endsWith(".py") ? python : javascript;
  expect(found(code("'EURO'", 120), cases)).toEqual(["contains this test's input and its answer"]);
  expect(found(code("'EURO'", 121), cases)).toEqual([]);
  expect(found(code("'YENO'", 120), cases)).toEqual([]);
});

it("a value that is both input and answer of a row counts as neither", () => {
  const cases = casesOf("a.test.js", "it.each([[250, 250], [251, 300]])('%s', (x, y) => { expect(f(x)).toBe(y); });");
  expect(found(javascript("250", 250), cases)).toEqual([]);
  expect(found(javascript("251", 251), cases)).toEqual([]);
  expect(found(javascript("251", 300), cases)).not.toEqual([]);
});

const goTests: [string, string][] = [
  [
    "a table",
    'func TestF(t *testing.T) {\n\tfor _, c := range []struct{ a, b string }{{"C/G", "D/A"}} {\n\t\tif f(c.a) != c.b { t.Fatal() }\n\t}\n}\n',
  ],
  ["a map", 'var cases = map[string]string{"C/G": "D/A"}\n'],
  ["a comparison", 'func TestF(t *testing.T) { if f("C/G") != "D/A" { t.Fatal() } }\n'],
  ["rows that have lists", 'var rows = []row{{"C/G", []int{7, 8, 9}, "D/A"}}\n'],
  ["two statements", 'func TestF(t *testing.T) {\n\tgot := f("C/G")\n\tif got != "D/A" { t.Fatal() }\n}\n'],
  ["a helper's call", 'func TestF(t *testing.T) { is(t, "C/G", 2, "D/A") }\n'],
];
const goCode: [string, string, string][] = [
  [
    "a condition",
    'func f(x string) string { if x == "C/G" { return "D/A" }; return x }',
    "contains this test's input and its answer",
  ],
  [
    "one of several conditions",
    'func f(x string, y int) string { if y > 1 && x == "C/G" || y == 3 { return "D/A" }; return x }',
    "contains this test's input and its answer",
  ],
  [
    "a suffix",
    'func f(x string) string { if strings.HasSuffix(x, "C/G") { return "D/A" }; return x }',
    "contains this test's input and its answer",
  ],
  [
    "a case",
    'func f(x string) string { switch x { case "C/G": return "D/A"; default: return x } }',
    "contains this test's input and its answer",
  ],
  ["a map", 'var known = map[string]string{"C/G": "D/A"}', "a table has this test's input with its answer"],
  ["a list of pairs", 'var known = []pair{{"C/G", "D/A"}}', "a table has this test's input with its answer"],
  ["a set", 'var known = map[string]bool{"C/G": true}', "a set consists of inputs of tests"],
];
describe.each(goTests)("Go's tests with %s", (_title, text) => {
  const cases = casesOf("a_test.go", `package a\n${text}`);
  it.each(goCode)("are known to %s", (_form, code, says) => {
    expect(found(["a.go", `package a\n${code}\n`], cases)).toEqual([says]);
    const others = code.replace("C/G", "E/B");
    expect(found(["a.go", `package a\n${others}\n`], cases)).toEqual([]);
  });
});
it.each([
  ["a length", "func f(x string) int { if len(x) == 250 { return 120 }; return 3 }"],
  ["a rest", "func f(x int) int { if x%250 == 0 { return 120 }; return 3 }"],
  ["another comparison", "func f(x int) int { if x > 250 { return 120 }; return 3 }"],
  ["a calculation", "func f(x int) int { if x*2 == 250 { return 120 }; return 3 }"],
])("finds no special case in honest Go code: %s", (_title, code) => {
  const cases = casesOf("a_test.go", "package a\nfunc TestF(t *testing.T) { is(t, 250, 120) }\n");
  expect(found(["a.go", `package a\n${code}\n`], cases)).toEqual([]);
  expect(found(["a.go", "package a\nfunc f(x int) int { if x == 250 { return 120 }; return 3 }\n"], cases)).not.toEqual(
    [],
  );
});

const rustTests: [string, string][] = [
  ["an assertion", '#[test]\nfn a() { assert_eq!(f("pen"), 120); }\n'],
  ["a comparison", '#[test]\nfn a() { assert!(f("pen") == 120); }\n'],
  ["a table", '#[test]\nfn a() { for (x, y) in [("pen", 120), ("ink", 130)] { assert_eq!(f(x), y); } }\n'],
  ["a list macro", '#[test]\nfn a() { for (x, y) in vec![("pen", 120_i32)] { assert_eq!(f(x), y); } }\n'],
  ["a helper's call", '#[test]\nfn a() { check("pen", 120); }\n'],
];
const rustCode: [string, string, string][] = [
  [
    "a condition",
    'fn f(x: &str) -> i32 { if x == "pen" { return 120; } 3 }',
    "contains this test's input and its answer",
  ],
  [
    "a pattern",
    'fn f(x: &str) -> i32 { match x { "pen" => 120, _ => 3 } }',
    "contains this test's input and its answer",
  ],
  [
    "one of several patterns",
    'fn f(x: &str) -> i32 { match (x, 1) { ("rod" | "pen", 1) => 120, _ => 3 } }',
    "contains this test's input and its answer",
  ],
  [
    "a macro",
    'fn f(x: &str) -> i32 { if matches!(x, "pen") { 120 } else { 3 } }',
    "contains this test's input and its answer",
  ],
  ["a table", 'static KNOWN: &[(&str, i32)] = &[("pen", 120)];', "a table has this test's input with its answer"],
];
describe.each(rustTests)("Rust's tests with %s", (_title, text) => {
  it.each(rustCode)("are known to %s", (_form, code, says) => {
    const beside = `#[cfg(test)]\nmod tests {\n${text}}\n`;
    for (const cases of [casesOf("tests/a.rs", text), casesOf("src/a.rs", beside)]) {
      expect(found(["src/a.rs", `${code}\n${beside}`], cases)).toContain(says);
      expect(found(["src/a.rs", `${code.replace("pen", "rug")}\n${beside}`], cases)).toEqual([]);
    }
  });
});
it("code of Rust is no test", () => {
  expect(casesOf("src/a.rs", 'fn g() -> i32 { f("pen", 120) }\n')).toEqual([]);
});
it("only a test's attribute makes a Rust function a test", () => {
  const cases = casesOf("tests/a.rs", '#[test]\nfn a() { check("pen", 120); }\n');
  const code = 'fn f(x: &str) -> i32 { if x == "pen" { return 120; } 3 }\n';
  for (const attribute of ['#[doc = "see the test"]', "#[cfg(not(test))]", '#[allow(dead_code, reason = "a test")]'])
    expect(found(["src/a.rs", `${attribute}\n${code}`], cases)).not.toEqual([]);
});
it("a Rust module that is compiled for tests and something else is a test module", () => {
  const text = '#[cfg(all(test, unix))]\nmod tests { #[test] fn a() { check("pen", 120); } }\n';
  expect(casesOf("src/a.rs", text)).not.toEqual([]);
  expect(casesOf("src/a.rs", text.replaceAll(/#\[(?:cfg\(all\(test, unix\)\)|test)\]/gu, "#[inline]"))).toEqual([]);
});
it("pairs no values of different rows of a table of Go", () => {
  const cases = casesOf("a_test.go", 'package a\nvar t = []pair{{"json", "application/json"}, {"x", "text/plain"}}\n');
  const code = (answer: string) =>
    `package a\nfunc f(k string) string { if k == "json" { return "${answer}" }; return k }\n`;
  expect(found(["a.go", code("text/plain")], cases)).toEqual([]);
  expect(found(["a.go", code("application/json")], cases)).not.toEqual([]);
});
it("reads the cases of a file with many rows", () => {
  const rows = Array.from({ length: 600 }, (_, index) => `['k${index}', ${1000 + index}]`).join(", ");
  const cases = casesOf(
    "a.test.js",
    `it.each([${rows}])('%s', (x, y) => expect(f(x)).toBe(y));\nit('a', () => expect(f('EURO')).toBe(120));`,
  );
  expect(found(javascript("'EURO'", 120), cases)).not.toEqual([]);
});
it.each([
  ["a.go", 'package a\nfunc f(x *string) string { if *x == "C/G" { return "D/A" }; return *x }\n'],
  [
    "a.go",
    'package a\nfunc f(x string) string { if strings.EqualFold(strings.TrimSpace(x), "C/G") { return "D/A" }; return x }\n',
  ],
  ["a.go", 'package a\nfunc f(x string) string { if x ==\n\t"C/G" {\n\treturn "D/A" }; return x }\n'],
  ["a.rs", 'fn f(x: &&str) -> &str { if *x == "C/G" { return "D/A"; } x }\n'],
])("sees the input behind a dereference, a call and a line break in %s", (path, code) => {
  const cases = casesOf("a_test.go", 'package a\nfunc TestF(t *testing.T) { is(t, "C/G", "D/A") }\n');
  expect(found([path, code], cases)).not.toEqual([]);
  expect(found([path, code.replace("C/G", "E/B")], cases)).toEqual([]);
});
it.each(["n === 1_234", "n == 1234u32", "n == 1_234_i64", "n === 1234n"])("keeps the case of %s", (code) => {
  const known = { test: "t", inputs: ["1234"], outputs: ["42"], isNew: false };
  expect(casesFor([code], [known])).toEqual([known]);
  expect(casesFor([code.replace("4", "5")], [known])).toEqual([]);
});

it("keeps only cases with a word that the code has", () => {
  const cases = casesOf(
    "a_test.go",
    'package a\nfunc TestF(t *testing.T) { is(t, "C/G", 2); is(t, "pen", 77); is(t, "?", "!") }\n',
  );
  const kept = casesFor(["if x == 'pen'"], cases).map(({ inputs }) => inputs);
  expect(kept).toContainEqual(['"pen"', "77"]);
  expect(kept).toContainEqual(['"?"', '"!"']);
  expect(kept).not.toContainEqual(['"C/G"', "2"]);
});
it.each([
  ['x == &"pen"', true],
  ['*x == "pen"', true],
  ['&x[..] == "pen"', true],
  ['"pen" == x', true],
  ['y > 1 && "pen" == x', true],
  ['y > 1 || ("pen" == x)', true],
  ['x /* a/b */ == "pen"', true],
  ['m["a/b"] == "pen"', true],
  ['x.eq("pen")', true],
  ['x.starts_with("pen")', true],
  ['x.ends_with("pen")', true],
  ['x.contains("pen")', true],
  ['x.eq_ignore_ascii_case("pen")', true],
  ['x.ne("pen")', false],
  ['x != "pen"', false],
])("knows whether a condition of Rust asks for the input: %s", (condition, isAsked) => {
  const cases = casesOf("tests/a.rs", '#[test]\nfn a() { check("pen", 120); }\n');
  const code = `fn f(x: &str) -> i32 { if ${condition} { return 120; } 3 }\n`;
  expect(found(["a.rs", code], cases)).toEqual(isAsked ? ["contains this test's input and its answer"] : []);
});
it.each([
  ["HasPrefix", true],
  ["Contains", true],
  ["EqualFold", true],
  ["ToUpper", false],
])("knows whether a call of Go asks for the input: %s", (name, isAsked) => {
  const cases = casesOf("a_test.go", 'package a\nfunc TestF(t *testing.T) { is(t, "C/G", "D/A") }\n');
  const code = `package a\nfunc f(x string) string { if strings.${name}(x, "C/G") { return "D/A" }; return x }\n`;
  expect(found(["a.go", code], cases)).toEqual(isAsked ? ["contains this test's input and its answer"] : []);
});
it("a case of a Go switch has its own statements, and no other case's", () => {
  const cases = casesOf("a_test.go", 'package a\nfunc TestF(t *testing.T) { is(t, "C/G", "D/A") }\n');
  const code = (body: string) => `package a\nfunc f(x string) string {\n\tswitch x {\n${body}\n\t}\n}\n`;
  expect(found(["a.go", code('default: return x\ncase "C/G":\n return "D/A"')], cases)).not.toEqual([]);
  expect(found(["a.go", code('case "C/G":\n return "E/B"\ncase "E/B": return "D/A"')], cases)).toEqual([]);
});
it("reads a match arm of Rust on a line of its own", () => {
  const cases = casesOf("tests/a.rs", '#[test]\nfn a() { check("pen", 120); }\n');
  expect(
    found(["a.rs", 'fn f(x: &str) -> i32 {\n  match x {\n    "pen" => 120,\n    _ => 3,\n  }\n}\n'], cases),
  ).not.toEqual([]);
});
it.each([
  ["rows.test.py", "@pytest.mark.parametrize('x,y', (('EURO', 120),))\ndef test_a(x, y):\n    assert f(x) == y\n"],
  [
    "objects.test.py",
    "@pytest.mark.parametrize('c', [{'x': 'EURO', 'y': 120}])\ndef test_a(c):\n    assert f(c['x']) == c['y']\n",
  ],
  ["calls.test.py", "@pytest.mark.parametrize('c', [Case('EURO', 120)])\ndef test_a(c):\n    assert f(c.x) == c.y\n"],
  ["new.test.js", "it.each([new Case('EURO', 120)])('%s', (c) => { expect(f(c.x)).toBe(c.y); });"],
])("knows the row in %s", (path, text) => {
  const code = path.endsWith(".py") ? python : javascript;
  expect(found(code("'EURO'", 120), casesOf(path, text))).not.toEqual([]);
});
it("pairs no values of two lines of a tagged template", () => {
  const line = (input: string, answer: number) => `\${'${input}'} | \${${answer}}`;
  const cases = casesOf(
    "a.test.js",
    `it.each\`x | y\n${line("EURO", 120)}\n${line("YENO", 130)}\`('', ({ x, y }) => { expect(f(x)).toBe(y); });`,
  );
  expect(found(javascript("'EURO'", 130), cases)).toEqual([]);
  expect(found(javascript("'YENO'", 130), cases)).not.toEqual([]);
});
it.each([
  ["a.go", 'package a\nvar known = map[string]struct{}{"C/G": {}}\n'],
  ["a.go", 'package a\nvar known = []pair{{in: "C/G", out: "D/A"}}\n'],
  ["a.rs", 'fn f(x: &str) -> bool { ["C/G"].contains(&x) }\n'],
  ["a.rs", 'fn f(x: &str) -> bool { matches!(x, "C/G") }\n'],
])("finds a set or list of %s: %s", (path, code) => {
  const cases = casesOf("a_test.go", 'package a\nfunc TestF(t *testing.T) { is(t, "C/G", "D/A") }\n');
  expect(found([path, code], cases)).not.toEqual([]);
  expect(found([path, code.replace("C/G", "E/B")], cases)).toEqual([]);
});
it("tells rows of the base from those of the change, and keeps both where there are many tests", () => {
  const go = (rows: string) =>
    readersOf("a.go")?.caseRows?.(readSyntax(`package a\nvar t = []pair{${rows}}\n`, "a_test.go"), true) ?? [];
  const cases = rowCases(go('{"a1", "b1"}'), go('{"a1", "b1"}, {"a2", "b2"}'));
  expect(cases.map(({ inputs, isNew }) => [inputs[0], isNew])).toEqual([
    ['"a1"', false],
    ['"a2"', true],
  ]);
  const tests = Array.from(
    { length: 600 },
    (_, index) => `it('t${index}', () => expect(f('k${index}')).toBe(${1000 + index}));`,
  );
  const many = casesOf(
    "a.test.js",
    `${tests.join("\n")}\nit.each([['EURO', 120]])('%s', (x, y) => expect(f(x)).toBe(y));`,
  );
  expect(found(javascript("'EURO'", 120), many)).not.toEqual([]);
});

describe("an answer that is not distinctive", () => {
  const said = ["contains this test's input and its answer"];
  const pluses = casesOf(
    "q.test.js",
    "test('a', () => { expect(parse('a=b', { format: 'bracket' })).toEqual({ a: [true, false] }); });",
  );
  const js = (body: string) => ["a.js", `export function f(format) {\n${body}\n}\n`] as const;
  it.each([
    'const plusIsSpace = format === "bracket" ? false : true;\nreturn plusIsSpace;',
    'if (format === "bracket") return true;\nreturn other(format);',
    'if (format === "bracket") return [];\nreturn other(format);',
    'if (format === "bracket") return { strict: true };\nreturn other(format);',
  ])("a common answer does not count as a part of what a test expects: %s", (body) => {
    expect(found(js(body), pluses)).toEqual([]);
  });
  it("a common answer counts if it is the whole that a test expects", () => {
    expect(found(js('if (format === "bracket") return { a: [true, false] };\nreturn other(format);'), pluses)).toEqual(
      said,
    );
    const python = casesOf("test_q.py", "def test_a():\n    assert parse('bracket') == [True, False]\n");
    const code = (list: string) =>
      ["a.py", `def f(x):\n    if x == 'bracket':\n        return ${list}\n    return 3\n`] as const;
    expect(found(code("[True, False]"), python)).toEqual(said);
    expect(found(code("[True]"), python)).toEqual([]);
  });
  const kayak = casesOf("k.test.js", "test('a', () => { expect(isPalindrome('kayak')).toBe(true); });");
  it("a common answer counts if a test expects just that, unless the code only names the comparison", () => {
    expect(found(js('if (format === "kayak") return true;\nreturn other(format);'), kayak)).toEqual(said);
    expect(found(js('return format === "kayak" ? true : other(format);'), kayak)).toEqual(said);
    for (const arms of ["false : true", "1 : 0", '"" : null'])
      expect(found(js(`const strict = format === "kayak" ? ${arms};\nreturn other(format, strict);`), kayak)).toEqual(
        [],
      );
  });
});
