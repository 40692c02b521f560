/**
 * Sentinels of lab and QUnit (THREATS T10), and the parts of the guard that lock their assertions: code under test could replace one only for the values it
 * gets wrong. Pure.
 */
import { identifier, isModule, load, nodeAssertions, nodeAssertionsCount, type Sentinel } from "./sentinel-source.ts";

/** One test for the assertions of hapi's library: it fails if all of them fail, and passes if one was patched. */
const codeAssertions = (file: { path: string; content: string }) => `async function () {
  var code = ${isModule(file) ? "await import('@hapi/code')" : "require('@hapi/code')"};
  var expect = code.expect;
  var claims = [
    function () { expect(1).to.equal(2); }, function () { expect(1).to.not.equal(1); }, function () { expect({ a: 1 }).to.equal({ a: 2 }); },
    function () { expect(false).to.be.true(); }, function () { expect(true).to.be.false(); }, function () { expect(1).to.be.undefined(); },
    function () { expect([1]).to.include(2); }, function () { expect([1]).to.have.length(2); }, function () { expect(1).to.be.above(2); },
    function () { expect('a').to.match(/b/); }, function () { expect(function () {}).to.throw(); }
  ];
  var failing = claims.filter(function (claim) { try { claim(); return false; } catch (error) { return true; } });
  if (failing.length === claims.length) throw new Error('expected');
}`;

/** lab finds the tests of a file by what it exports as `lab`. */
const labSource: Sentinel["source"] = (name, file) => {
  const [assert, strict] = ["assert", "strict"].map((what) => identifier(name, what));
  const code = file.content.includes("@hapi/code")
    ? codeAssertions(file)
    : "function () { throw new Error('expected'); }";
  return `
;${load(file, assert ?? "", "node:assert")} ${load(file, strict ?? "", "node:assert/strict")}
${nodeAssertions(assert ?? "", strict ?? "", file)}.concat([['code', ${code}]]).forEach(function (pair) {
  (typeof exports === 'object' && exports.lab ? exports.lab : lab).test('${name} ' + pair[0], pair[1]);
});
`;
};

export const labSentinel: Sentinel = { source: labSource, assertions: nodeAssertionsCount + 1 };

const qunitClaims = [
  "throw new Error('expected');",
  "assert.ok(false);",
  "assert.notOk(true);",
  "assert.true(false);",
  "assert.equal(1, 2);",
  "assert.notEqual(1, 1);",
  "assert.strictEqual(1, 2);",
  "assert.notStrictEqual(1, 1);",
  "assert.deepEqual({ a: 1 }, { a: 2 });",
  "assert.notDeepEqual({ a: 1 }, { a: 1 });",
  "assert.propEqual({ a: 1 }, { a: 2 });",
  "assert.throws(function () {});",
  "assert.expect(2); assert.ok(true);",
] as const;
/** One test for each, because a test with several would fail by any of them. */
const qunitSource: Sentinel["source"] = (name) =>
  `\n;${qunitClaims.map((claim, at) => `QUnit.test('${name} ${at}', function (assert) { ${claim} });`).join("\n")}\n`;
export const qunitSentinel: Sentinel = { source: qunitSource, assertions: qunitClaims.length };

/** An assertion of hapi's library that is complete, so that lab does not count it as forgotten, gives the class of all. */
export const labLocks = () => `
whenLoaded(
  (request) => /^@hapi\\/code$|[\\\\/]@hapi[\\\\/]code[\\\\/]lib[\\\\/]index\\.js$/.test(request),
  (exported) => {
    const all = Object.getPrototypeOf(exported.expect(1).to.equal(1));
    lock(exported);
    lockPrototype(all);
    for (const key of ownKeys(all)) if (getOwnPropertyDescriptor(all, key).configurable) defineProperty(all, key, { configurable: false });
  },
);
`;

/** QUnit hands a running test over when it starts the first one, before any code of that test. */
export const qunitLocks = () => `
whenLoaded(
  (request) => /qunit/i.test(request),
  (exported) => {
    if (typeof exported.test !== 'function' || !exported.assert || !exported.config) return;
    lockPrototype(exported.assert);
    lock(exported.test);
    lock(exported);
    exported.testStart(() => {
      const running = exported.config.current && Object.getPrototypeOf(exported.config.current);
      if (running && !locked.has(running)) { locked.add(running); lockPrototype(running); }
    });
  },
);
`;
