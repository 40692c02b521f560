/** The sentinels of ava and node-tap, whose tests get their assertions as an argument. See sentinel-source.ts for what a sentinel must do. Pure. */
import { identifier, isModule, load, type Sentinel } from "./sentinel-source.ts";

const tapSource: Sentinel["source"] = (name, file) => {
  const tap = identifier(name, "tap");
  return `
;${load(file, isModule(file) ? `{ test as ${tap} }` : `{ test: ${tap} }`, "tap")}
${tap}('${name}', function (t) {
  t.ok(false); t.notOk(true); t.fail('fail'); t.error(new Error('error'));
  t.equal(1, 2); t.not(1, 1); t.same({ a: 1 }, { a: 2 }); t.notSame({ a: 1 }, { a: 1 });
  t.strictSame({ a: 1 }, { a: 2 }); t.match('a', /b/); t.throws(function () {});
  t.doesNotThrow(function () { throw new Error('throws'); });
  t.end();
});
`;
};
/** Its assertions, and the test that contains them. */
export const tapSentinel: Sentinel = { source: tapSource, assertions: 13 };

const avaClaims = [
  ["throw", "throw new Error('expected');"],
  ["fail", "t.fail();"],
  ["is", "t.is(1, 2);"],
  ["not", "t.not(1, 1);"],
  ["deepEqual", "t.deepEqual({ a: 1 }, { a: 2 });"],
  ["notDeepEqual", "t.notDeepEqual({ a: 1 }, { a: 1 });"],
  ["true", "t.true(false);"],
  ["false", "t.false(true);"],
  ["truthy", "t.truthy(0);"],
  ["falsy", "t.falsy(1);"],
  ["regex", "t.regex('a', /b/);"],
  ["throws", "t.throws(function () {});"],
  ["notThrows", "t.notThrows(function () { throw new Error('expected'); });"],
] as const;

/** A failing assertion may end one of ava's tests, so each has a test of its own. */
const avaSource: Sentinel["source"] = (name, file) => {
  const test = identifier(name, "ava");
  const tests = avaClaims.map(([title, body]) => `${test}('${name} ${title}', function (t) { ${body} });`);
  return `\n;${load(file, test, "ava")}\n${tests.join("\n")}\n`;
};
export const avaSentinel: Sentinel = { source: avaSource, assertions: avaClaims.length };
