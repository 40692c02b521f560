import { applyAlterations } from "@aedev/languages/shared/choose-alterations";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allAlterations, perturb } from "../../../src/checks/perturb/perturb.ts";

/** The altered text of one assertion in a test in the file's language, without the surrounding test. */
function altered(path: string, statement: string): string | null {
  const [before, after] = aroundBy[path.slice(path.lastIndexOf("."))] ?? ["", ""];
  const text = perturb(`${before}${statement}${after}`, path, "seed").text;
  return text === null ? null : text.slice(before.length, text.length - after.length);
}
const aroundBy: Readonly<Record<string, readonly [string, string]>> = {
  ".js": ["const assert = require('assert');\ntest('a', async (t) => {\n", "\n});\n"],
  ".py": ["def test_a():\n    ", "\n"],
  ".go": ["package a\n\nfunc TestA(t *testing.T) {\n", "\n}\n"],
  ".rs": ["#[test]\nfn a() {\n", "\n}\n"],
};

it("alters the tests of uvu's suites", () => {
  const text =
    "import { suite } from 'uvu';\nimport * as assert from 'uvu/assert';\nconst sums = suite('sums');\nsums('adds', () => { assert.is(add(1, 2), 3); });\nsums.run();\n";
  const found = perturb(text, "test/a.mjs", "seed");
  expect(found.tests).toHaveLength(1);
  expect(found.text).toMatch(/assert\.is\(add\(1, 2\), (?!3\b)\d+\)/);
});

/** Each row: an assertion, and a pattern of its altered form. */
const rows: Readonly<Record<string, readonly (readonly [string, RegExp])[]>> = {
  "a.js": [
    ["t.equal(f(1), 2);", /^t\.equal\(f\(1\), ([3-9]|10)\);$/],
    ["t.equal(f(1), x);", /^t\.notEqual\(f\(1\), x\);$/],
    ["t.notDeepEqual(a, b);", /^t\.deepEqual\(a, b\);$/],
    ["assert.deepStrictEqual(a, { b: ['c', true] });", /b: \['c', false\]/],
    ["assert.deepEqual(a, []);", /^assert\.deepEqual\(a, \[ ?\d+\]\);$/],
    ["assert.deepEqual(a, {});", /^assert\.deepEqual\(a, \{[a-z]{2}: \d+ ?\}\);$/],
    ["assert.deepEqual(a, { b: 1, ...c });", /\.\.\.c, [a-z]{2}: \d+ \}/],
    ["assert.deepEqual(a, money('80.00'));", /^assert\.deepEqual\(a, money\('70\.00'\)\);$/],
    ["assert.deepEqual(a, new Money(5));", /^assert\.deepEqual\(a, new Money\(4\)\);$/],
    ["assert.deepEqual(a, Money.of('a0'));", /^assert\.deepEqual\(a, Money\.of\('a1'\)\);$/],
    ...[
      ..."new Set([1])|list({ limit: 100 })|of('x', 1)|money('x')|b(c)|b(() => 1)|require('./b1.json')|parseInt('5')|b.slice(1)|f('x\\0y')|f(`x1`)".split(
        "|",
      ),
    ].map((given): [string, RegExp] => [`assert.deepEqual(a, ${given});`, /^assert\.notDeepEqual\(/]),
    ["assert.strictEqual(a, null);", /^assert\.strictEqual\(a, \d\);$/],
    ["assert.strictEqual(a, `x`);", /^assert\.strictEqual\(a, `x[a-z]`\);$/],
    ["assert.strictEqual(a, -1);", /^assert\.strictEqual\(a, -\d\d?\);$/],
    ["assert.strictEqual(a, 5n);", /^assert\.strictEqual\(a, \d+n\);$/],
    ["assert(a === 3);", /^assert\(!\(a === 3\)\);$/],
    ["t.ok(a, 'message');", /^t\.ok\(!\(a\), 'message'\);$/],
    ["t.notOk(a);", /^t\.notOk\(!\(a\)\);$/],
    ["t.error(e);", /^t\.error\(!\(e\)\);$/],
    ["t.pass('reached');", /^t\.fail\('reached'\);$/],
    ["t.throws(f, /x/i);", /^t\.throws\(f, \/\(\?!\)\/i\);$/],
    ["t.throws(f, 'message');", /^t\.doesNotThrow\(f, 'message'\);$/],
    ["assert.throws(f, { code: 'E' });", /code: 'E[a-z]'/],
    ["await assert.rejects(p);", /^await assert\.doesNotReject\(p\);$/],
    ["t.assert.strictEqual(a, 1);", /^t\.assert\.strictEqual\(a, \d+\);$/],
    ["expect(a).toBe(1);", /^expect\(a\)\.toBe\(([3-9]|1\d)\);$/],
    ["expect(a).toBe(b);", /^expect\(a\)\.not\.toBe\(b\);$/],
    ["expect(a).not.toBe(1);", /^expect\(a\)\.toBe\(1\);$/],
    ["expect(a).toContain(1);", /^expect\(a\)\.not\.toContain\(1\);$/],
    ["expect(a).toBeCloseTo(1.5);", /^expect\(a\)\.not\.toBeCloseTo\(1\.5\);$/],
    ["expect(f).toThrow();", /^expect\(f\)\.not\.toThrow\(\);$/],
    ["expect(f).toThrow(/a/);", /^expect\(f\)\.toThrow\(\/\(\?!\)\/\);$/],
    ["await expect(p).rejects.toThrow();", /^await expect\(p\)\.rejects\.not\.toThrow\(\);$/],
    ["expect(a).toMatchInlineSnapshot(`b`);", /^expect\(a\)\.toMatchInlineSnapshot\(`b[a-z]`\);$/],
    ["expect(a).to.be.true;", /^expect\(a\)\.not\.to\.be\.true;$/],
    ["expect(a).to.not.be.ok;", /^expect\(a\)\.to\.be\.ok;$/],
    ["expect(a).to.deep.equal({ b: 1 });", /b: \d+ \}\);$/],
    ["expect(a).to.have.property('b').that.equals('c');", /equals\('c[a-z]'\);$/],
    ["a.should.equal(3);", /^a\.should\.equal\(\d+\);$/],
    ["a.should.be.ok;", /^a\.should\.not\.be\.ok;$/],
    ["for (const one of all) t.equal(one, 1);", /t\.equal\(one, \d+\);$/],
    ["request(app).get('/').expect(200, done);", /expect\(20\d, done\)/],
  ],
  "test_a.py": [
    ["assert f(1) == 2", /^assert f\(1\) == ([4-9]|10)$/],
    ["assert 'a' == f()", /^assert 'a[a-z]' == f\(\)$/],
    ["assert f() == g(), 'message'", /^assert not \(f\(\) == g\(\)\), 'message'$/],
    ["assert f() == {'a': [1, None]}", /\[1, \d\]\}$/],
    ["assert f() == []", /^assert f\(\) == \[\d\]$/],
    ["assert f() == ()", /^assert f\(\) == \(\d,\)$/],
    ["assert f() == {1}", /^assert f\(\) == \{1, \d\}$/],
    ["assert f() is None", /^assert not \(f\(\) is None\)$/],
    ["assert x", /^assert not \(x\)$/],
    ["assert f() == Money('5.50')", /^assert f\(\) == Money\('4\.50'\)$/],
    ...[
      ..."pytest.approx(3.2)|pytest.approx(y, rel=1e-3)|Money(cents=5)|int('5')|b.get('k', 0)|text.encode('utf-8')|of({1: 'a0'})|read_sample('a1')|f('\\U0001F600')".split(
        "|",
      ),
    ].map((given): [string, RegExp] => [`assert f() == ${given}`, /^assert not \(/]),
    ["with pytest.raises(ValueError):\n        f()", /^with pytest\.raises\((?!ValueError)\w+\):/],
    ["with pytest.raises(ValueError, match='x'):\n        f()", /match="\(\?!\)"\):/],
    ["self.assertEqual(a, 1)", /^self\.assertEqual\(a, \d+\)$/],
    ["self.assertEqual(a, b)", /^self\.assertNotEqual\(a, b\)$/],
    ["self.assertTrue(a)", /^self\.assertFalse\(a\)$/],
    ["self.assertIsNotNone(a)", /^self\.assertIsNone\(a\)$/],
    ["self.assertAlmostEqual(a, 1.5)", /^self\.assertNotAlmostEqual\(a, 1\.5\)$/],
    ["self.assertRaises(KeyError, f)", /^self\.assertRaises\((?!KeyError)\w+, f\)$/],
    ["m.assert_called_once_with(1, b=2)", /\(1, b=\d+\)$/],
    ["m.assert_called_once_with(a)", /^m\.assert_not_called\(\)$/],
  ],
  "a_test.go": [
    ['if got := f(); got != "x" { t.Errorf("%s", got) }', /if got := f\(\); !\(got != "x"\) \{/],
    ["if err != nil { t.Fatal(err) }", /^if !\(err != nil\) \{/],
    ["for _, c := range cases { t.Run(c.n, func(t *testing.T) { if !c.ok { t.Fail() } }) }", /if !\(!c\.ok\) \{/],
    ["assert.Equal(t, 1, f())", /^assert\.NotEqual\(t, 1, f\(\)\)$/],
    ["require.NoError(t, err)", /^require\.Error\(t, err\)$/],
    ["assert.Truef(t, ok, name)", /^assert\.Falsef\(t, ok, name\)$/],
    ["c.Assert(f(), qt.Equals, 1)", /^c\.Assert\(f\(\), qt\.Not\(qt\.Equals\), 1\)$/],
    ["qt.Check(t, err, qt.IsNil)", /^qt\.Check\(t, err, qt\.Not\(qt\.IsNil\)\)$/],
    ["qt.Assert(t, qt.Equals(f(), 1))", /^qt\.Assert\(t, qt\.Not\(qt\.Equals\(f\(\), 1\)\)\)$/],
    ["g.Expect(f()).To(Equal(1))", /^g\.Expect\(f\(\)\)\.NotTo\(Equal\(1\)\)$/],
    ["Expect(err).ShouldNot(HaveOccurred())", /^Expect\(err\)\.Should\(HaveOccurred\(\)\)$/],
  ],
  "tests/a.rs": [
    ["assert_eq!(f(1), 2);", /^assert_ne!\(f\(1\), 2\);$/],
    ["assert_ne!(a, b);", /^assert_eq!\(a, b\);$/],
    ['assert!(a > 1 && g(1, 2), "message");', /^assert!\(!\(a > 1 && g\(1, 2\)\), "message"\);$/],
    ["assert!(matches!(a, Some(1)));", /^assert!\(!\(matches!\(a, Some\(1\)\)\)\);$/],
  ],
};
const everyRow = Object.entries(rows).flatMap(([path, table]) => table.map(([text, form]) => ({ path, text, form })));

describe("altering one expectation per test", () => {
  it.each(everyRow)("$path: $text", ({ path, text, form }) => {
    expect(altered(path, text)).toMatch(form);
  });

  it.each([
    ["a.js", "expect(a).toMatchSnapshot();", "snapshot-file"],
    ["a.js", "t.comment('x');", "no-assertion"],
    ["a.js", "expect.assertions(2);", "no-assertion"],
    ["a.js", "t.plan(3);", "no-assertion"],
    ["test_a.py", "assert f() == snapshot", "snapshot-file"],
    ["test_a.py", "f()", "no-assertion"],
    ["test_a.py", "assert (a, 'always true')", "no-safe-alteration"],
    ["a_test.go", 'if bad { log("x") }', "no-assertion"],
    ["a_test.go", "Eventually(f).Should(Equal(1))", "no-assertion"],
    ["tests/a.rs", "f()?;", "no-assertion"],
  ])("says why nothing is altered: %s: %s", (path, text, why) => {
    const [before, after] = aroundBy[path.slice(path.lastIndexOf("."))] ?? ["", ""];
    const { tests, text: changed } = perturb(`${before}${text}${after}`, path, "seed");
    expect({ why: tests.map((test) => test.why), changed }).toEqual({ why: [why], changed: null });
  });

  it("alters no assertion of a Go library that lacks opposites", () => {
    const source = (path: string, statement: string) =>
      perturb(`package a\n\nimport "${path}"\n\nfunc TestA(t *testing.T) {\n\t${statement}\n}\n`, "a_test.go", "seed");
    const found = (path: string, statement: string) => source(path, statement).tests.map(({ why }) => why);
    expect(found("gotest.tools/v3/assert", "assert.Equal(t, 1, f())")).toEqual(["no-safe-alteration"]);
    expect(found("gotest.tools/v3/assert", "r.Close()")).toEqual(["no-assertion"]);
    expect(source("github.com/stretchr/testify/assert", "assert.Equal(t, 1, f())").text).toContain("assert.NotEqual(");
  });

  it("removes the attribute of a Rust test that must panic", () => {
    const { text } = perturb('#[test]\n#[should_panic(expected = "x")]\nfn a() { f(); }\n', "tests/a.rs", "seed");
    expect(text).toBe("#[test]\n\nfn a() { f(); }\n");
  });

  it("alters no assertion of Rust code outside of tests", () => {
    const code = "fn check(a: u8) { assert!(a > 1); }\n";
    const test = "#[cfg(test)]\nmod tests {\n#[test]\nfn a() { super::check(2); assert_eq!(1, f()); }\n}\n";
    expect(perturb(code + test, "src/lib.rs", "seed").text?.startsWith(code)).toBe(true);
    expect(perturb(code, "src/lib.rs", "seed").text).toBe(null);
  });

  it("alters a helper of the file once if the assertions of several tests are only there", () => {
    const text = `function check(a, b) { assert.equal(a, b); }
test("one", () => check(f(1), 1));
test("two", () => { check(f(2), 2); });
`;
    const { text: changed, tests } = perturb(text, "a.js", "seed");
    expect(changed).toBe(text.replace("assert.equal", "assert.notEqual"));
    expect(tests.map(({ why }) => why)).toEqual([null, null]);
  });

  it("prefers an assertion that surely runs to one in a condition", () => {
    const { text } = perturb("test('a', (t) => { t.equal(a, 1); if (b) { t.equal(c, 2); } });", "a.js", "seed");
    expect(text).toMatch(/t\.equal\(a, [^1].*t\.equal\(c, 2\)/);
  });

  it("alters one expectation of each nested test", () => {
    const inner = "await t.test('b', (t) => { t.assert.equal(b, 2); });";
    const { text, tests } = perturb(`test('a', async (t) => { t.assert.equal(a, 1); ${inner} });`, "a.js", "seed");
    expect(tests.map(({ name, why }) => [name, why])).toEqual([
      ["a", null],
      ["b", null],
    ]);
    expect(text).not.toContain("equal(a, 1)");
    expect(text).not.toContain("equal(b, 2)");
  });

  it("chooses other values for another seed, and the same values for the same seed", () => {
    const text = "test('a', (t) => { t.equal(a, 1); });";
    const values = ["s", "t", "u", "v", "w", "x"].map((seed) => perturb(text, "a.js", seed).text);
    expect(new Set(values).size).toBeGreaterThan(1);
    expect(perturb(text, "a.js", "s").text).toBe(values[0]);
  });

  it("does not read a text that is too long", () => {
    const text = (length: number) => `test('a', (t) => { t.equal(a, '${"x".repeat(length)}'); });`;
    expect(perturb(text(1024 * 1024), "a.js", "seed")).toMatchObject({ text: null, problem: "unreadable" });
    expect(perturb(text(1024), "a.js", "seed")).toMatchObject({ problem: null });
  });
});

describe("every alteration of an expectation", () => {
  const statements = fc.array(fc.constantFrom(...everyRow), { minLength: 1, maxLength: 6 });
  it("gives a text that parses; undoing its edits gives the original bytes", () => {
    fc.assert(
      fc.property(statements, fc.string(), (chosen, seed) => {
        const path = chosen[0]?.path ?? "a.js";
        const [before, after] = aroundBy[path.slice(path.lastIndexOf("."))] ?? ["", ""];
        const separator = path.endsWith(".py") ? "\n    " : "\n";
        const body = chosen.flatMap((row) => (row.path === path ? [row.text] : [])).join(separator);
        const text = `${before}${body}${after}`;
        const errors = readSyntax(text, path).errors.length;
        for (const alteration of allAlterations(text, path, seed)) {
          const changed = applyAlterations(text, [alteration]);
          expect(changed).not.toBe(text);
          expect(readSyntax(changed, path).errors.length).toBeLessThanOrEqual(errors);
          const back = alteration.edits.toReversed().reduce((now, edit, index) => {
            const shift = alteration.edits
              .slice(0, alteration.edits.length - 1 - index)
              .reduce((sum, { from, to, text: added }) => sum + added.length - (to - from), 0);
            const at = edit.from + shift;
            return now.slice(0, at) + text.slice(edit.from, edit.to) + now.slice(at + edit.text.length);
          }, changed);
          expect(back).toBe(text);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("leaves every line as it was except those of one assertion for each test", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...everyRow.filter(({ path }) => path === "a.js")), { minLength: 1, maxLength: 8 }),
        (chosen) => {
          const test = (statement: string, index: number) =>
            `test('${index}', async (t) => { ${statement} t.comment(); });`;
          const lines = chosen.map(({ text }, index) => test(text, index));
          const changed = perturb(lines.join("\n"), "a.js", "seed").text?.split("\n") ?? [];
          expect(changed.length).toBe(lines.length);
          expect(changed.every((line, index) => line !== lines[index] && line.endsWith(" t.comment(); });"))).toBe(
            true,
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});
