/**
 * The source of sentinel tests (SECURITY T10). They are appended to a test file, so that they run in the same process after the code under test,
 * with the same runner and assertions. Each must be reported as failing; an assertion that passes has been patched. Pure.
 */

/** `name` is random (`a-z0-9_`, starting with a letter) and part of every result's name; `content` is the file's text. */
export interface Sentinel {
  source(name: string, file: { path: string; content: string }): string;
  /** How many results with this name each file reports, all failing. */
  assertions: number;
}

type Source = Sentinel["source"];

/** True if the file's name or text shows that it is an ECMAScript module. */
export const isModule = (file: { path: string; content: string }) =>
  /\.m[jt]s$/.test(file.path) ||
  (!/\.c[jt]s$/.test(file.path) && /^\s*(import\s[^(]*from\s*['"]|import\s*['"]|export\s)/m.test(file.content));

/** A statement that imports `module` as `name` in the file's module style. */
export function load(file: { path: string; content: string }, name: string, module: string): string {
  return isModule(file) ? `import ${name} from '${module}';` : `var ${name} = require('${module}');`;
}

/** Makes an identifier that can't collide with the file's own. */
export const identifier = (name: string, what: string) => `${name}_${what}`;

const tapeSource: Source = (name, file) => {
  const tape = identifier(name, "tape");
  return `
;${load(file, tape, "tape")}
${tape}('${name}', function (t) {
  t.ok(false); t.notOk(true); t.fail('fail'); t.error(new Error('error'));
  t.equal(1, 2); t.equals(1, 2); t.is(1, 2); t.strictEqual(1, 2); t.notEqual(1, 1);
  t.deepEqual({ a: 1 }, { a: 2 }); t.same({ a: 1 }, { a: 2 }); t.notDeepEqual({ a: 1 }, { a: 1 });
  t.throws(function () {}); t.doesNotThrow(function () { throw new Error('throws'); });
  t.end();
});
`;
};
export const tapeSentinel: Sentinel = { source: tapeSource, assertions: 14 };

/**
 * One test for the assertions of a library that may be absent: it fails if all of them fail, and passes if one was patched. It uses `chai` if the
 * file mentions it, otherwise a global `expect` from a set-up file.
 */
const libraryAssertions = (file: { path: string; content: string }) => {
  const chai = !/['"]chai['"]/u.test(file.content) ? "{}" : isModule(file) ? "await import('chai')" : "require('chai')";
  return `async function () {
    var chai = ${chai};
    var library = chai.expect || !chai.default ? chai : chai.default;
    var expect = library.expect || globalThis.expect;
    if (typeof expect !== 'function') throw new Error('expected');
    var claims = [
      function () { expect(1).to.equal(2); }, function () { expect(1).to.not.equal(1); },
      function () { expect({ a: 1 }).to.deep.equal({ a: 2 }); }, function () { expect({ a: 1 }).to.eql({ a: 2 }); },
      function () { expect(false).to.be.true.valueOf(); }, function () { expect([1]).to.include(2); },
      function () { expect(function () {}).to.throw(); }, function () { expect(1).to.be.above(2); },
      function () { expect(1).toBe(2); }, function () { expect({ a: 1 }).toEqual({ a: 2 }); },
      function () { library.assert.equal(1, 2); }, function () { library.assert.deepEqual({ a: 1 }, { a: 2 }); }
    ];
    var failing = claims.filter(function (claim) { try { claim(); return false; } catch (error) { return true; } });
    if (failing.length === claims.length) throw new Error('expected');
  }`;
};

/** One failing test for each function of node:assert. */
const nodeAssertions = (assert: string, strict: string, file: { path: string; content: string }) => `[
  ['plain throw', function () { throw new Error('expected'); }],
  ['assert', function () { ${assert}(false); }],
  ['ok', function () { ${assert}.ok(false); }],
  ['fail', function () { ${assert}.fail(); }],
  ['equal', function () { ${assert}.equal(1, 2); }],
  ['notEqual', function () { ${assert}.notEqual(1, 1); }],
  ['strictEqual', function () { ${assert}.strictEqual(1, 2); }],
  ['notStrictEqual', function () { ${assert}.notStrictEqual(1, 1); }],
  ['deepEqual', function () { ${assert}.deepEqual({ a: 1 }, { a: 2 }); }],
  ['deepStrictEqual', function () { ${assert}.deepStrictEqual({ a: 1 }, { a: 2 }); }],
  ['throws', function () { ${assert}.throws(function () {}); }],
  ['doesNotThrow', function () { ${assert}.doesNotThrow(function () { throw new Error('expected'); }); }],
  ['match', function () { ${assert}.match('a', /b/); }],
  ['strict equal', function () { ${strict}.equal(1, 2); }],
  ['strict deepEqual', function () { ${strict}.deepEqual({ a: 1 }, { a: 2 }); }],
  ['rejects', function () { return ${assert}.rejects(Promise.resolve()); }],
  ['library', ${libraryAssertions(file)}],
]`;
const nodeAssertionsCount = 17;

const nodeTestSource: Source = (name, file) => {
  const [test, assert, strict] = ["test", "assert", "strict"].map((what) => identifier(name, what));
  return `
;${load(file, test ?? "", "node:test")} ${load(file, assert ?? "", "node:assert")} ${load(file, strict ?? "", "node:assert/strict")}
${nodeAssertions(assert ?? "", strict ?? "", file)}.forEach(function (pair) { ${test}('${name} ' + pair[0], pair[1]); });
`;
};

export const nodeTestSentinel: Sentinel = { source: nodeTestSource, assertions: nodeAssertionsCount };

const mochaSource: Source = (name, file) => {
  const [assert, strict] = ["assert", "strict"].map((what) => identifier(name, what));
  return `
;${load(file, assert ?? "", "node:assert")} ${load(file, strict ?? "", "node:assert/strict")}
${nodeAssertions(assert ?? "", strict ?? "", file)}.forEach(function (pair) {
  (typeof it === 'function' ? it : test)('${name} ' + pair[0], pair[1]);
});
`;
};

export const mochaSentinel: Sentinel = { source: mochaSource, assertions: nodeAssertionsCount };

const vitestSource: Source = (name) => {
  const [test, expect, assert] = ["test", "expect", "assert"].map((what) => identifier(name, what));
  return `
;import { test as ${test}, expect as ${expect}, assert as ${assert} } from 'vitest';
${test}('${name} throw', () => { throw new Error('expected'); });
${test}('${name} toBe', () => { ${expect}(1).toBe(2); });
${test}('${name} toEqual', () => { ${expect}({ a: 1 }).toEqual({ a: 2 }); });
${test}('${name} toStrictEqual', () => { ${expect}({ a: 1 }).toStrictEqual({ a: 2 }); });
${test}('${name} toBeTruthy', () => { ${expect}(false).toBeTruthy(); });
${test}('${name} toThrow', () => { ${expect}(() => undefined).toThrow(); });
${test}('${name} not', () => { ${expect}(1).not.toBe(1); });
${test}('${name} to equal', () => { ${expect}(1).to.equal(2); });
${test}('${name} assert', () => { ${assert}.equal(1, 2); });
`;
};
export const vitestSentinel: Sentinel = { source: vitestSource, assertions: 9 };

const jestSource: Source = (name, file) => {
  const [test, expect] = ["test", "expect"].map((what) => identifier(name, what));
  const isImported = /['"]@jest\/globals['"]/u.test(file.content);
  const names = `{ test: ${test}, expect: ${expect} }`;
  // One line each, so that one `@ts-ignore` covers it. Another runner's file can look like jest's but lack its globals.
  const get = !isImported
    ? `var ${test} = globalThis.test, ${expect} = globalThis.expect;`
    : isModule(file)
      ? `import { test as ${test}, expect as ${expect} } from '@jest/globals';`
      : `const ${names} = require('@jest/globals');`;
  return `
;// @ts-ignore
${get}
// @ts-ignore
if (typeof ${test} === 'function' && typeof ${expect} === 'function') [['throw', () => { throw new Error('expected'); }], ['toBe', () => ${expect}(1).toBe(2)], ['toEqual', () => ${expect}({ a: 1 }).toEqual({ a: 2 })], ['toStrictEqual', () => ${expect}({ a: 1 }).toStrictEqual({ a: 2 })], ['toBeTruthy', () => ${expect}(false).toBeTruthy()], ['toBeFalsy', () => ${expect}(true).toBeFalsy()], ['toBeUndefined', () => ${expect}(1).toBeUndefined()], ['toContain', () => ${expect}([1]).toContain(2)], ['toMatch', () => ${expect}('a').toMatch(/b/)], ['toThrow', () => ${expect}(() => undefined).toThrow()], ['not', () => ${expect}(1).not.toBe(1)], ['resolves', () => ${expect}(Promise.resolve(1)).resolves.toBe(2)]].forEach((pair) => ${test}('${name} ' + pair[0], pair[1]));
`;
};
export const jestSentinel: Sentinel = { source: jestSource, assertions: 12 };

const jasmineSource: Source = (name) => `
;// @ts-ignore
if (typeof it === 'function' && typeof expect === 'function') [['throw', () => { throw new Error('expected'); }], ['toBe', () => expect(1).toBe(2)], ['toEqual', () => expect({ a: 1 }).toEqual({ a: 2 })], ['toBeTruthy', () => expect(false).toBeTruthy()], ['toBeFalsy', () => expect(true).toBeFalsy()], ['toContain', () => expect([1]).toContain(2)], ['toMatch', () => expect('a').toMatch(/b/)], ['toThrow', () => expect(() => undefined).toThrow()], ['not', () => expect(1).not.toBe(1)]].forEach((pair) => it('${name} ' + pair[0], () => void pair[1]()));
`;
export const jasmineSentinel: Sentinel = { source: jasmineSource, assertions: 9 };

const uvuClaims = [
  ["throw", "throw new Error('expected');"],
  ["ok", "A.ok(false);"],
  ["is", "A.is(1, 2);"],
  ["is.not", "A.is.not(1, 1);"],
  ["equal", "A.equal({ a: 1 }, { a: 2 });"],
  ["not", "A.not(true);"],
  ["not.equal", "A.not.equal({ a: 1 }, { a: 1 });"],
  ["match", "A.match('a', /b/);"],
  ["type", "A.type(1, 'string');"],
  ["throws", "A.throws(function () {});"],
  ["not.throws", "A.not.throws(function () { throw new Error('throws'); });"],
  ["unreachable", "A.unreachable();"],
] as const;

/** Runs in a new suite, because the file's own suites have already been registered. */
const uvuSource: Source = (name, file) => {
  const [uvu, assert, suite] = ["uvu", "assert", "suite"].map((what) => identifier(name, what));
  const all = (module: string, as = "") =>
    isModule(file) ? `import * as ${as} from '${module}';` : `var ${as} = require('${module}');`;
  const tests = uvuClaims.map(
    ([title, body]) => `${suite}('${name} ${title}', function () { ${body.replaceAll("A.", `${assert}.`)} });`,
  );
  return `\n;${all("uvu", uvu)} ${all("uvu/assert", assert)}\nvar ${suite} = ${uvu}.suite('${name}');\n${tests.join("\n")}\n${suite}.run();\n`;
};
export const uvuSentinel: Sentinel = { source: uvuSource, assertions: uvuClaims.length };

/** Methods of unittest with arguments that must make them fail. Inside the parentheses Python ignores indentation. */
const unittestClaims = `            ("assertNotEqual", (1, 1)),
            ("assertTrue", (False,)),
            ("assertFalse", (True,)),
            ("assertIs", (1, 2)),
            ("assertIsNone", (1,)),
            ("assertIsNotNone", (None,)),
            ("assertIn", (1, [])),
            ("assertIsInstance", (1, str)),
            ("assertAlmostEqual", (1, 2)),
            ("assertGreater", (1, 2)),
            ("assertLess", (2, 1)),
            ("assertRegex", ("a", "b")),
            ("assertDictEqual", ({1: 1}, {})),
            ("assertListEqual", ([1], [])),
            ("assertCountEqual", ([1], [])),
`;

const unittestSource: Source = (name, { content }) => `


class ${name}(__import__("unittest").TestCase):
    def test_assert(self):
        assert 1 == 2

    def test_raise(self):
        raise RuntimeError("expected")

    def test_equal(self):
        self.assertEqual(1, 2)

    def test_raises(self):
        with self.assertRaises(ValueError):
            pass

    def test_others(self):
        failing = 0
        claims = (
${unittestClaims}            ("fail", ()),
        )
        for method, given in claims:
            try:
                getattr(self, method)(*given)
            except Exception:
                failing += 1
        # It passes where one of them was weakened.
        if failing == len(claims):
            raise RuntimeError("expected")
${loadTestsWith(name, content)}`;
export const unittestSentinel: Sentinel = { source: unittestSource, assertions: 5 };

const pytestSource: Source = (name) => {
  const test = `test_${name}`;
  return `

def ${test}_assert():
    assert 1 == 2


def ${test}_raise():
    raise RuntimeError("expected")


def ${test}_raises():
    import pytest

    with pytest.raises(ValueError):
        pass


def ${test}_library():
    import sys
    import unittest

    import pytest

    case = unittest.TestCase()

    def approximate():
        if 1 != pytest.approx(2):
            raise AssertionError("expected")

    def raises():
        with case.assertRaises(ValueError):
            pass

    claims = [approximate, raises, case.fail]
    for name, given in (
        ("assertEqual", (1, 2)),
${unittestClaims}    ):
        claims.append(lambda name=name, given=given: getattr(case, name)(*given))
    numeric = sys.modules.get("numpy.testing")
    if numeric is not None:
        claims.append(lambda: numeric.assert_allclose(1, 2))
        claims.append(lambda: numeric.assert_array_equal([1], [2]))
    failing = 0
    for claim in claims:
        try:
            claim()
        except Exception:
            failing += 1
    # It passes where one of them was weakened.
    if failing == len(claims):
        raise RuntimeError("expected")
`;
};
export const pytestSentinel: Sentinel = { source: pytestSource, assertions: 4 };

/** Adds the sentinel's class `name` to the suite of the file's own `load_tests`, if there is one, because unittest then runs no other tests. */
function loadTestsWith(name: string, content: string): string {
  if (!/^def load_tests\b/mu.test(content)) return "";
  return `
_${name} = load_tests


def load_tests(loader, tests, pattern):
    suite = _${name}(loader, tests, pattern)
    kind = __import__("unittest").TestSuite
    waiting = [suite]
    while waiting:
        one = waiting.pop()
        if type(one) is ${name}:
            return suite
        waiting.extend(one if isinstance(one, kind) else ())
    return kind([suite, loader.loadTestsFromTestCase(${name})])
`;
}
