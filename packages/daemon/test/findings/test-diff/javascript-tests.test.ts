/** Findings about a changed JavaScript or TypeScript test file; a similar honest change has none. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compare, found, readTests } from "./reading.ts";

const base = `import { test } from 'node:test';
import assert from 'node:assert';
import { add } from '../index.js';

const table = [[1, 2], [3, 4]];
function twice(x) { return x * 2; }

test('adds', () => { assert.strictEqual(add(1, 2), 3); assert.ok(add(1, 1) === 2); });
test('refuses text', async () => { await assert.rejects(add('a'), TypeError); });
describe('a group', () => {
  beforeEach(() => reset());
  it('counts', function () { this.timeout(500); expect(add(1)).toBe(2); expect(twice(2)).toBeGreaterThan(3); });
  it.each(table)('sums %i', (a, b) => { expect(add(a, b)).toEqual(a + b); });
});
`;
const edit = (from: string | RegExp, to: string) => {
  const edited = base.replace(from, to);
  expect(edited).not.toBe(base);
  return compare(base, edited);
};

describe("a subtest in a tape group", () => {
  const group = `const test = require('tape');
test('group', function (t) {
  t.test('one', function (st) { st.equal(add(1, 2), 3); st.end(); });
  t.end();
});
`;
  const two = "  t.test('two', function (st) { st.equal(add(2, 2), 4); st.end(); });\n";
  const compared = (before: string, after: string) => compare(before, after, "test/add.js");

  it.each([
    ["behind the others", group.replace("  t.end();\n", `${two}  t.end();\n`)],
    ["before the others", group.replace("  t.test('one'", `${two}  t.test('one'`)],
    ["awaited", group.replace("  t.end();\n", `  await ${two.trim()}\n  t.end();\n`)],
  ])("a new subtest in a tape group is an added test and changes no other, %s", (_title, after) => {
    expect(compared(group, after)).toMatchObject({
      changed: [],
      removed: [],
      findings: [],
      added: [{ name: "group > two" }],
    });
  });

  it("a new tape subtest does not hide a change of its group or of another subtest", () => {
    const both = group.replace("  t.end();\n", `${two}  t.end();\n`);
    expect(compared(group, both.replace("add(1, 2), 3", "add(1, 2), 4")).changed).toEqual(["group > one"]);
    expect(compared(group, both.replace("  t.test('one'", "  patch();\n  t.test('one'")).changed).toContain("group");
    expect(compared(both, group).removed.map(({ name }) => name)).toEqual(["group > two"]);
  });
});

describe("an honest change", () => {
  it("reads every JavaScript test by its name path, with its assertions", () => {
    const { tests } = readTests(base, "a.test.js");
    expect(tests.map(({ name, assertions }) => [name, assertions.length])).toEqual([
      ["adds", 2],
      ["refuses text", 1],
      ["a group > counts", 2],
      ["a group > sums %i", 1],
    ]);
  });

  it.each<[string, string]>([
    ["a new test", `${base}test('is new', () => { assert.strictEqual(add(2, 2), 4); });\n`],
    [
      "a new test in a group",
      base.replace("  it.each", "  it('is new', () => { expect(add(5)).toBe(6); });\n  it.each"),
    ],
    [
      "a new test with a new import and a new helper",
      `${base.replace("{ add }", "{ add, sub }")}const thrice = (x) => 3 * x;\ntest('is new', () => { assert.equal(thrice(sub(2, 2)), 0); });\n`,
    ],
    [
      "a new group with its own set-up",
      `${base}describe('new', () => { before(() => open()); it('is new', () => { expect(1 + add(1)).toBe(2); }); });\n`,
    ],
  ])("adding %s changes no existing JavaScript test", (_title, after) => {
    const comparison = compare(base, after);
    expect({ ...comparison, added: comparison.added.length }).toMatchObject({
      changed: [],
      removed: [],
      findings: [],
      added: 1,
    });
  });

  it.each<[string, string]>([
    [
      "comments",
      base.replace("test('adds'", "// why\n/* so */ test('adds'").replace("beforeEach(", "beforeEach(/* c */ "),
    ],
    ["formatting", base.replaceAll("; ", ";\n      ").replaceAll("'", '"').replace("add(1, 2)", "add(\n  1,\n  2,\n)")],
    ["the order of tests", base.replace(/(test\('adds'.*\n)(test\('refuses.*\n)/, "$2$1")],
  ])("a change of %s changes no JavaScript test", (_title, after) => {
    expect(after).not.toBe(base);
    expect(compare(base, after)).toMatchObject({ changed: [], added: [], removed: [], findings: [] });
  });

  it("a JavaScript test with stricter assertions is a changed test without a finding", () => {
    const comparison = edit("expect(twice(2)).toBeGreaterThan(3)", "expect(twice(2)).toBe(4)");
    expect(comparison).toMatchObject({ changed: ["a group > counts"], findings: [] });
    expect(edit("assert.ok(add(1, 1) === 2)", "assert.strictEqual(add(1, 1), 2)").findings).toEqual([]);
  });
});

describe("a change of an existing test", () => {
  it.each<[string, string | RegExp, string, string[]]>([
    ["itself", "add(1, 2), 3", "add(1, 3), 4", ["adds"]],
    ["the set-up of its group", "reset()", "resetAll()", ["a group > counts", "a group > sums %i"]],
    ["a helper it uses", "x * 2", "x + x", ["a group > counts"]],
    ["its table", "[3, 4]", "[3, 5]", ["a group > sums %i"]],
    [
      "where a name it uses comes from",
      "'../index.js'",
      "'../other.js'",
      ["adds", "refuses text", "a group > counts", "a group > sums %i"],
    ],
    ["a name that it takes from outside", "const table", "const TypeError = Error;\nconst table", ["refuses text"]],
    [
      "what runs before all",
      "const table",
      "process.env.X = '1';\nconst table",
      ["adds", "refuses text", "a group > counts", "a group > sums %i"],
    ],
    [
      "what runs as a value is made",
      "const table",
      "const _ = (assert.rejects = () => 1);\nconst table",
      ["adds", "refuses text", "a group > counts", "a group > sums %i"],
    ],
  ])("a JavaScript test counts as changed if a change affects %s", (_title, from, to, changed) => {
    expect(edit(from, to).changed.toSorted()).toEqual(changed.toSorted());
  });

  it.each<[string, string | RegExp, string, string]>([
    ["removes a test", /test\('refuses.*\n/, "", "test-removed"],
    ["removes an assertion", " assert.ok(add(1, 1) === 2);", "", "assertion-removed adds"],
    [
      "replaces a value by truth",
      "assert.strictEqual(add(1, 2), 3)",
      "assert.ok(add(1, 2))",
      "assertion-weakened adds",
    ],
    ["compares loosely", "assert.strictEqual(add(1, 2), 3)", "assert.equal(add(1, 2), 3)", "assertion-weakened adds"],
    ["wants it only defined", "toBe(2)", "toBeDefined()", "assertion-weakened a group > counts"],
    ["wants anything", "toBe(2)", "toEqual(expect.anything())", "assertion-weakened a group > counts"],
    ["wants a range", "toBe(2)", "toBeGreaterThan(1)", "assertion-weakened a group > counts"],
    ["widens a range", "toBeGreaterThan(3)", "toBeGreaterThan(1)", "assertion-weakened a group > counts"],
    ["turns it around", "expect(add(1)).toBe(2)", "expect(add(1)).not.toBe(2)", "assertion-weakened a group > counts"],
    [
      "compares a thing with itself",
      "expect(add(1)).toBe(2)",
      "expect(add(1)).toBe(add(1))",
      "assertion-weakened a group > counts",
    ],
    [
      "claims something of a constant",
      "expect(add(1)).toBe(2)",
      "expect(2).toBe(2)",
      "assertion-weakened a group > counts",
    ],
    ["forgets the matcher", "expect(add(1)).toBe(2)", "expect(add(1))", "assertion-weakened a group > counts"],
    [
      "swallows the failure",
      "assert.strictEqual(add(1, 2), 3);",
      "try { assert.strictEqual(add(1, 2), 3); } catch {}",
      "assertion-weakened adds",
    ],
    [
      "claims under a condition",
      "assert.strictEqual(add(1, 2), 3);",
      "if (process.env.CI) { assert.strictEqual(add(1, 2), 3); }",
      "assertion-weakened adds",
    ],
    [
      "returns before",
      "assert.strictEqual(add(1, 2)",
      "return; assert.strictEqual(add(1, 2)",
      "assertion-weakened adds",
    ],
    ["does not wait", "await assert.rejects", "assert.rejects", "refuses text"],
    ["skips", "test('adds'", "test.skip('adds'", "skip-added adds"],
    ["skips by an option", "test('adds',", "test('adds', { skip: true },", "skip-added adds"],
    ["skips in the body", "{ assert.strictEqual", "{ t.skip(); assert.strictEqual", "skip-added adds"],
    ["skips by another name", "it('counts'", "xit('counts'", "skip-added a group > counts"],
    ["skips the group", "describe('a group'", "describe.skip('a group'", "skip-added a group"],
    ["marks as to do", "test('adds',", "test('adds', { todo: true },", "todo-added adds"],
    ["runs only another", "test('refuses", "test.only('refuses", "only-added refuses text"],
    ["raises a time limit", "this.timeout(500)", "this.timeout(50_000)", "timeout-raised a group > counts"],
    ["takes a time limit away", "this.timeout(500);", "", "timeout-raised a group > counts"],
    [
      "sets a time limit",
      "test('adds', () => {",
      "test('adds', { timeout: 60 * 1000 }, () => {",
      "timeout-raised adds",
    ],
    ["sets one for the file", "const table", "jest.setTimeout(60000);\nconst table", "timeout-raised -"],
    ["sets one for vitest", "const table", "vi.setConfig({ testTimeout: 60_000 });\nconst table", "timeout-raised -"],
    ["tries again", "test('adds',", "test('adds', { retry: 3 },", "retries-raised adds"],
    ["breaks the syntax", "describe('a group', () => {", "describe('a group', () => {{{ (", "parse-failed -"],
  ])("reports a finding if a change of a JavaScript test %s", (_title, from, to, expected) => {
    const comparison = edit(from, to);
    const all = [...found(comparison), ...comparison.removed.map(({ name }) => `test-removed ${name}`)];
    if (expected === "refuses text") expect(comparison.changed).toEqual(["refuses text"]);
    else
      expect(
        all.some((one) => one.startsWith(expected)),
        all.join(),
      ).toBe(true);
  });

  it("reports no finding for a lower time limit, a moved `only` or a false option", () => {
    expect(edit("this.timeout(500)", "this.timeout(400)").findings).toEqual([]);
    expect(edit("test('adds',", "test('adds', { skip: false },").findings).toEqual([]);
  });

  it("reports the rewritten line of a stored result", () => {
    const inline = "it('x', () => { expect(f()).toMatchInlineSnapshot(`1`); });";
    expect(found(compare(inline, inline.replace("`1`", "`2`")))).toEqual(["snapshot-rewritten x"]);
  });
});

it.each<[string, string, string[]]>([
  [
    "tape",
    "const tape = require('tape');\ntape('a', function (t) { t.plan(1); t.equal(f(), 1); });\ntape.skip('b', (t) => { t.end(); });",
    ["a", "b"],
  ],
  [
    "tape under another name",
    "var check = require('tape');\ncheck('a', function (t) { t.test('b', function (st) { st.ok(f()); st.end(); }); t.end(); });",
    ["a", "a > b"],
  ],
  [
    "uvu",
    "import { suite as group, test } from 'uvu';\nconst sums = group('sums');\nsums.before.each(() => {});\nsums('a', () => {}); sums.only('b', () => {}); sums.run();\ntest('c', () => {});",
    ["a", "b", "c"],
  ],
  [
    "uvu in TypeScript and CommonJS",
    "const { suite } = require('uvu');\nconst sums = suite<{ n: number }>('sums');\nsums('a', () => {});\nconst other = make('x');\nother('b', () => {});",
    ["a"],
  ],
  [
    "mocha",
    "suite('s', function () { test('a', function (done) { done(); }); context('c', () => { specify('b', () => {}); }); });",
    ["s > a", "s > c > b"],
  ],
  [
    "vitest",
    "import { it as check, describe as group } from 'vitest';\ngroup('g', () => { check.concurrent('a', async () => {}); check.todo('later'); });",
    ["g > a", "g > later"],
  ],
  [
    "TypeScript",
    "test('a', (t: TestContext): void => { const x = <T,>(y: T) => y as unknown; t.assert.ok(x(1)); });",
    ["a"],
  ],
  [
    "tests in loops",
    "for (const x of [1, 2]) { it(`a $\u007bx}`, () => {}); }\n[1].forEach((x) => it('b', () => {}));",
    ["`a $\u007bx}`", "b"],
  ],
  ["what only looks like one", "/x/.test('a'); const y = re.test(name); it.only; describe;", []],
])("reads JavaScript tests of %s", (_title, text, names) => {
  expect(readTests(text, "a.test.ts").tests.map(({ name }) => name)).toEqual(names);
});

it("keeps JavaScript tests with the same name apart, and cuts a long name", () => {
  const same = "it('x', () => { expect(a).toBe(1); });\nit('x', () => { expect(b).toBe(1); });\n";
  expect(compare(same, same.split("\n").toReversed().join("\n"))).toMatchObject({
    changed: [],
    removed: [],
    findings: [],
  });
  expect(compare(same, same.replace(/^.*\n/, ""))).toMatchObject({ removed: [{ name: "x" }] });
  expect(found(compare(same, same.replace("expect(b).toBe(1)", "expect(b)")))).toEqual(["assertion-weakened x"]);
  const [test] = readTests(`it('${"\u0007é😀".repeat(400)}', () => {})`, "a.test.js").tests;
  expect(test?.name.length).toBeLessThanOrEqual(500);
  expect(test?.name.isWellFormed()).toBe(true);
});

describe("any file", () => {
  const piece = fc.constantFrom(
    "test('a', () => { assert.equal(f(1), 2); });",
    "it('b', function () { this.timeout(5); expect(x).toBe(1); });",
    "describe('g', () => { beforeEach(() => r()); it('c', () => { t.ok(y); }); });",
    "const h = (x) => x;",
    "import k from './k.js';",
    "jest.mock('./m');",
    "it.skip('d', () => { expect(h(1)).toEqual({ a: 1 }); });",
  );
  it("any JavaScript file with new comments and blank lines has no findings", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.nat(7), (pieces, at) => {
        const commented = [...pieces].map(String).toSpliced(at, 0, "\n// a word\n/* and another */\n").join("\n\n");
        expect(compare(pieces.join("\n"), commented)).toMatchObject({
          changed: [],
          added: [],
          removed: [],
          findings: [],
        });
      }),
      { numRuns: 150 },
    );
  });
  it("any JavaScript file that loses an assertion has a finding or lost a test", () => {
    const claims = ["assert.equal(f(1), 2);", "expect(x).toBe(1);", "t.ok(y);", "expect(h(1)).toEqual({ a: 1 });"];
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), fc.constantFrom(...claims), (pieces, claim) => {
        const text = pieces.join("\n");
        const without = text.replace(claim, "");
        if (without === text) return;
        expect(compare(text, without).findings.length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });
  it("any text is compared as JavaScript without an exception", () => {
    const word = fc.constantFrom(
      "it(",
      "describe(",
      "'",
      "`$\u007b",
      "{",
      "}",
      "(",
      ")",
      "[",
      "=>",
      "\\",
      "\u0000",
      "\n",
      "test.",
      "skip",
      ";",
      "/*",
      "<a>",
      "async ",
      "😀",
      "\ud800",
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        expect(readTests(words.join(""), "a.test.tsx").tests.length).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });
});

it("a JavaScript test changes if an import takes a module's default export instead of a named one", () => {
  const test = "import { equal } from './equal.js';\ntest('a', () => { equal(f(1), 1); });\n";
  expect(compare(test, test.replace("{ equal }", "equal")).changed).toEqual(["a"]);
  expect(compare(test, test.replace("{ equal }", "{ other, equal }")).changed).toEqual([]);
});

describe("a table of cases", () => {
  const table = (rows: string, body = "expect(add(a, b)).toBe(c);") =>
    `test.each([${rows}])('adds %i', (a, b, c) => { ${body} });\ntest.for([${rows}])('also %i', ([a, b, c]) => { ${body} });\n`;
  const base = table("[1, 2, 3], [2, 2, 4]");

  it("another row in a table of JavaScript cases changes no existing test", () => {
    for (const rows of ["[1, 2, 3], [2, 2, 4], [5, -3, 2]", "[5, -3, 2],\n [1, 2, 3],\n [2, 2, 4],\n"]) {
      const grown = compare(base, table(rows));
      expect(grown).toMatchObject({ changed: [], removed: [], findings: [] });
      expect(grown.added.map(({ name }) => name)).toEqual(["adds %i", "also %i"]);
    }
  });

  it.each<[string, string]>([
    ["another row", table("[1, 2, 3], [2, 2, 5]")],
    ["a row less", table("[1, 2, 3]")],
    ["a row more and one changed", table("[1, 2, 3], [2, 2, 5], [5, -3, 2]")],
    ["a row more and another body", table("[1, 2, 3], [2, 2, 4], [5, -3, 2]", "expect(add(a, b)).toBe(Math.abs(c));")],
    ["a row more that uses a new helper's name", `const c = 1;\n${table("[1, 2, 3], [2, 2, 4], [5, -3, c]")}`],
  ])("a table of JavaScript cases with %s changes its test", (_title, after) => {
    expect(compare(base, after).changed).toEqual(["adds %i", "also %i"]);
  });

  it("a list that a result is compared with is no table of cases", () => {
    const list = (values: string) => `test('lists', () => { expect([${values}]).toContain(list()); });\n`;
    expect(compare(list("1, 2"), list("1, 2, 3")).changed).toEqual(["lists"]);
  });
});

it.each<[string, string]>([
  ["a mock in a new test", "it('new', () => { vi.mock('../src/f.js'); expect(f(9)).toBe(1); });\n"],
  [
    "a mock in a new group",
    "describe('n', () => { jest.mock('../src/f.js'); it('new', () => { expect(f(9)).toBe(1); }); });\n",
  ],
  ["an environment of its own", "/** @jest-environment ./own.js */\nit('new', () => { expect(f(9)).toBe(1); });\n"],
  ["an environment in a line", "// @vitest-environment ./own.js\nit('new', () => { expect(f(9)).toBe(1); });\n"],
])("every JavaScript test of the file changes with %s", (_title, more) => {
  const test = "it('a', () => { expect(f(1)).toBe(1); });\n";
  expect(compare(test, test + more).changed).toEqual(["a"]);
  const honest = more.replace(/(vi|jest)\.mock\(.*?\);/, "const spy = vi.fn();").replace(/@\w+-environment/, "see");
  expect(compare(test, test + honest)).toMatchObject({ changed: [], findings: [] });
});

it("a new skipped JavaScript test is no finding, but a new `only` is", () => {
  const old = "it('adds', () => { expect(add(1, 1)).toBe(2); });\n";
  expect(found(compare(old, `${old}it.skip('new', () => {});\nit.todo('later');\n`))).toEqual([]);
  expect(found(compare(old, `${old}it.only('new', () => { expect(1).toBe(1); });\n`))).toEqual(["only-added new"]);
});

describe("a test that checks more", () => {
  const first =
    "import add from '../add.js';\nconst table = [[1, 1, 2]];\nit('adds', async () => {\n  const sum = add(1, 1);\n  expect(sum).toBe(2);\n  for (const [a, b, c] of table) expect(add(a, b)).toBe(c);\n});\n";
  const with3 = (more: string) => first.replace("(c);\n", `(c);\n  ${more}\n`);

  it.each<[string, string]>([
    ["an assertion at its end", with3("expect(add(2, 2)).toBe(4);")],
    ["an assertion between others", first.replace("  expect(sum)", "  expect(add(2, 2)).toBe(4);\n  expect(sum)")],
    ["a variable of its own at its end", with3("const other = add(2, 2);\n  expect(other).toBe(4);")],
    ["a row of a table that it goes through", first.replace("[[1, 1, 2]]", "[[0, 0, 0], [1, 1, 2]]")],
    [
      "all of these",
      with3("const other = add(0, 0);")
        .replace("[[1", "[[0, 0, 0], [1")
        .replace("  expect(sum)", "  expect(sum).toBe(2);\n  expect(sum)"),
    ],
  ])("a JavaScript test only grows with %s", (_name, after) => {
    const comparison = compare(first, after);
    expect(comparison).toMatchObject({ changed: [], findings: [], supportLost: false });
    expect(comparison.added.map(({ name }) => name)).toEqual(["adds"]);
  });

  it("a new definition before an old assertion changes a JavaScript test", () => {
    const last = "it('a', () => {\n  const sum = add(1, 1);\n  expect(sum).toBe(2);\n});\n";
    const other = "  const other = add(0, 0);\n";
    expect(compare(last, last.replace("  expect", `${other}  expect`)).changed).toEqual(["a"]);
    expect(compare(last, last.replace("});", `${other}});`)).changed).toEqual([]);
  });

  it.each<[string, string]>([
    ["a statement before others", first.replace("  expect(sum)", "  add(0, 0);\n  expect(sum)")],
    [
      "an assertion that assigns",
      first.replace("  expect(sum)", "  expect((add = () => 2)(1, 1)).toBe(2);\n  expect(sum)"),
    ],
    ["a statement at the end that may reach what runs later", with3("add.reset();")],
    ["an assignment at the end", with3("add.limit = 5;")],
    [
      "an assertion where an error is expected",
      first.replace("  expect(sum)", "  try { expect(1).toBe(2); } catch {}\n  expect(sum)"),
    ],
    ["a plan", with3("expect.assertions(0);")],
    ["an assertion less", with3("expect(add(2, 2)).toBe(4);").replace("  expect(sum).toBe(2);\n", "")],
    [
      "an assertion behind another statement than before",
      first.replace(
        "  const sum = add(1, 1);\n  expect(sum).toBe(2);\n",
        "  expect(2).toBe(2);\n  const sum = add(1, 1);\n",
      ),
    ],
    ["a variable that hides one of the file", with3("var add = 1;")],
    ["a function that hides one of the file", with3("function expect() { return { toBe() {} }; }")],
    ["a set-up", `${with3("expect(add(2, 2)).toBe(4);")}beforeEach(() => vi.resetAllMocks());\n`],
    ["a row more and one less", first.replace("[[1, 1, 2]]", "[[0, 0, 0], [1, 1, 3]]")],
    [
      "a row that changes something when it is made",
      first.replace("[[1, 1, 2]]", "[[1, 1, 2], Object.assign(add, {})]"),
    ],
    [
      "a row of a table that is used in another way",
      `${first.replace("[[1, 1, 2]]", "[[0, 0, 0], [1, 1, 2]]")}table.pop();\n`,
    ],
  ])("a JavaScript test changes with %s", (_name, after) => {
    expect(compare(first, after).changed).toEqual(["adds"]);
  });

  it.each<[string, string]>([
    ["sets something up", "for (const [k, v] of [ROWS]) c.set(k, v);"],
    ["can end before all rows", "for (const [a, b] of [ROWS]) { if (b === 0) break; expect(add(a)).toBe(b); }"],
    ["numbers its rows", "[ROWS].forEach(([a, b], i) => { if (i === 0) expect(add(a)).toBe(b); });"],
    ["spreads others", "for (const [a, b] of [...more, ROWS]) { expect(add(a)).toBe(b); }"],
    ["is no test's", "const g = calc.for([ROWS]); expect(g.all()).toBe(true);"],
  ])("another row changes a JavaScript test if the loop %s", (_name, body) => {
    const test = (rows: string) => `it('adds', () => { ${body.replace("ROWS", rows)} });\n`;
    expect(compare(test("[1, 2]"), test("[1, 2], [2, 0]")).changed).toEqual(["adds"]);
  });

  it("a JavaScript test changes if its rows change their order", () => {
    const test = (rows: string) => `it('adds', () => { for (const [a, b] of [${rows}]) expect(add(a)).toBe(b); });\n`;
    expect(compare(test("[0, 0], [1, 1]"), test("[0, 0], [2, 2], [1, 1]")).changed).toEqual([]);
    expect(compare(test("[0, 0], [1, 1]"), test("[1, 1], [0, 0], [2, 2]")).changed).toEqual(["adds"]);
  });

  it.each([
    "expect(Object['assign'](calc, {})).toBe(calc);",
    "expect(Reflect.set(calc, 'add', 1)).toBe(true);",
    "expect(vi.doMock('./calc.js')).toBe(undefined);",
    "expect(cache.set(1, 2)).toBe(cache);",
    "expect(list.sort()).toEqual(list);",
    "expect(Function('calc.a = 1')()).toBe(1);",
    "expect(++n).toBe(1);",
  ])("an assertion with effects between others changes a JavaScript test: %s", (check) => {
    expect(compare(first, first.replace("  expect(sum)", `  ${check}\n  expect(sum)`)).changed).toEqual(["adds"]);
  });

  it.each(["const q = ++n;", "const q = n++;", "const q = delete calc.cache;"])(
    "a JavaScript test changes with %s at its end",
    (more) => {
      expect(compare(first, with3(more)).changed).toEqual(["adds"]);
    },
  );

  it.each(["test.fails('adds', ", "it('adds', { todo: true }, "])(
    "another row changes a JavaScript test that may fail: %s",
    (head) => {
      const test = (rows: string) => `${head}() => { for (const a of [${rows}]) expect(add(a)).toBe(a); });\n`;
      expect(compare(test("1"), test("1, 2")).changed).toEqual(["adds"]);
      expect(
        compare(test("1").replace(head, "it('adds', "), test("1, 2").replace(head, "it('adds', ")).changed,
      ).toEqual([]);
    },
  );

  it("another assertion changes a JavaScript test that is expected to fail", () => {
    const failing = (more: string) => `it.fails('adds', () => { ${more}expect(add(1)).toBe(3); });\n`;
    expect(compare(failing(""), failing("expect(1).toBe(2); ")).changed).toEqual(["adds"]);
  });

  it("another row in a list of an expected value changes a JavaScript test", () => {
    const list = (rows: string) => `const all = [${rows}];\nit('lists', () => { expect(all).toContain(f()); });\n`;
    expect(compare(list("1, 2"), list("1, 2, 3")).changed).toEqual(["lists"]);
  });

  it("a JavaScript test only grows with a row of the table around it", () => {
    const around = (rows: string) =>
      `describe('add', () => {\n  const tests = [${rows}];\n  for (const t of tests) {\n    test(t.name, () => { expect(add(t.a)).toBe(t.b); });\n  }\n});\n`;
    const comparison = compare(around("{ a: 1, b: 2 }"), around("{ a: 0, b: 1 }, { a: 1, b: 2 }"));
    expect(comparison).toMatchObject({ changed: [], removed: [], supportLost: false, added: [{}] });
    expect(compare(around("{ a: 1, b: 2 }"), around("{ a: 0, b: 1 }, { a: 1, b: 3 }")).changed).toEqual([
      "add > t.name",
    ]);
  });
});
