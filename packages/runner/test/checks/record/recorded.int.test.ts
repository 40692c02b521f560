/** The recorder in a real Node process (SECURITY T26): it agrees with node:assert for any values, runs none of their code, and changes nothing for tests. */
import { closeSync, constants, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { recordAssertions } from "../../../src/checks/record/recording.ts";
import { runRecorded } from "./recorded.ts";

const comparisons = ["strictEqual", "equal", "deepStrictEqual", "deepEqual"];
const kinds = [...comparisons, ...comparisons.map((kind) => `not${kind[0]?.toUpperCase()}${kind.slice(1)}`), "ok"];

it("the record never contradicts node:assert, whatever is compared, and confirms most of its results", async () => {
  const value = fc.anything({
    withDate: true,
    withSet: true,
    withMap: true,
    withNullPrototype: true,
    withSparseArray: true,
    withBigInt: true,
    withBoxedValues: true,
  });
  const plain = fc.anything({ maxDepth: 3 });
  const pair = fc.oneof(
    fc.tuple(value, value),
    fc.tuple(plain, plain),
    plain.map((one): [unknown, unknown] => [one, one]),
    fc.tuple(
      fc.constantFrom(0, -0, 1, "1", Number.NaN, null, undefined, true, 1n, ""),
      fc.constantFrom(0, -0, 1, "1", Number.NaN, null, undefined, "0", [], ""),
    ),
  );
  const pairs = fc
    .sample(pair, { numRuns: 600 })
    .map(([one, other]) => `[${fc.stringify(one)}, ${fc.stringify(other)}]`);
  const script = `const assert = require('node:assert');
for (const pair of [() => ${pairs.join(",\n() => ")}]) {
  const [one, other] = pair();
  for (const kind of ${JSON.stringify(kinds)}) try { assert[kind](one, other); } catch (error) { if (error.code !== 'ERR_ASSERTION' && !/primitive/.test(error.message)) throw error; }
}
console.log('whole');`;
  const { tally, stdout, stderr } = await runRecorded(script);
  expect({ stdout, stderr }).toEqual({ stdout: "whole", stderr: "" });
  expect(tally).toMatchObject({ recorded: pairs.length * kinds.length, refuted: [], isOver: false, isBroken: false });
  expect(tally.agreed / tally.recorded).toBeGreaterThan(0.6);
});

/** Each way in which a value can run code, with a sign that it did. */
const hostile = `const assert = require('node:assert');
let ran = '';
const note = (name) => { ran += name + ' '; };
const trap = (name) => () => { note(name); };
const noisy = new Proxy({}, Object.fromEntries(Reflect.ownKeys(Reflect).filter((key) => typeof key === 'string')
  .map((key) => [key, (...given) => { note('proxy ' + key); return Reflect[key](...given); }])));
class Odd { get x() { note('getter'); return 1; } toJSON() { note('toJSON'); } valueOf() { note('valueOf'); } toString() { note('toString'); return ''; }
  [Symbol.toPrimitive]() { note('toPrimitive'); return 1; } get [Symbol.toStringTag]() { note('tag'); return 'x'; } }
const own = Object.defineProperty({}, 'y', { enumerable: true, get: trap('own getter') });
const child = Object.create(noisy);
Object.defineProperty(Array.prototype, '0', { configurable: true, set: trap('array setter') });
for (const [name, owner] of [['push', Array.prototype], ['get', Map.prototype], ['set', WeakMap.prototype], ['charCodeAt', String.prototype], ['toString', Number.prototype]])
  owner[name] = new Proxy(owner[name], { apply(real, self, given) { note(name); return Reflect.apply(real, self, given); } });
Error.prepareStackTrace = (error, frames) => { note('prepareStackTrace'); return ''; };
`;

it("the recorder runs no code of the values or of patched built-ins before a comparison", async () => {
  const script = `${hostile}const same = [noisy, new Odd(), own, child];
ran = '';
for (const value of same) assert.strictEqual(value, value);
for (const value of same) assert.ok(value);
require('fs').writeSync(1, '[' + ran + ']');
assert.deepStrictEqual({ same }, { same });`;
  const [recorded, bare] = await Promise.all([runRecorded(script), runRecorded(script, false)]);
  expect(recorded.stdout).toBe("[]");
  expect(bare.stdout).toBe("[]");
  expect(recorded.tally).toMatchObject({ recorded: 9, agreed: 9, refuted: [], isBroken: false });
  // The control: the same values do run their code once something reads them.
  expect(
    (await runRecorded(`${hostile}assert.equal(new Odd(), 1);\nrequire('fs').writeSync(1, '[' + ran + ']');`)).stdout,
  ).toBe("[toPrimitive ]");
});

it("the recorder leaves every message, stack and property of a failure as it was", async () => {
  const script = `Error.stackTraceLimit = 50;
const assert = require('node:assert');
const strict = require('node:assert/strict');
const tries = [() => assert.strictEqual(1, 2), () => assert.ok(0), () => assert.ok(tries.length === 0 && f(1)), () => assert.equal(1, 2, 'said'), () => strict.equal({ a: 1 }, { a: 2 }),
  () => assert.throws(() => {}), () => assert.throws(() => { throw new Error('inner'); }, /outer/), () => assert.fail('x'), () => assert.ifError(new Error('y')), () => assert.ok(),
  () => assert.match('a', /b/), () => assert.strictEqual(1, 2, new TypeError('own')), () => assert.notDeepStrictEqual([1], [1])];
for (const one of tries) try { one(); console.log('passed'); } catch (error) { console.log(error, Object.getOwnPropertyNames(error), error.generatedMessage, error.stack); }
console.log(assert.strictEqual.name, assert.strictEqual.length, strict.equal === assert.strictEqual, Object.keys(assert));`;
  const [recorded, bare] = await Promise.all([runRecorded(script), runRecorded(script, false)]);
  // One frame remains where an assertion calls the test's own function; it looks like one of Node's.
  const comparable = ({ stdout }: { stdout: string }) =>
    stdout.replaceAll(/aedev-record-\w+/g, "folder").replaceAll(/\n *at [^\n]*node:internal\/assert\/calls[^\n]*/g, "");
  expect(recorded.tally.recorded).toBe(12);
  expect(comparable(recorded)).toBe(comparable(bare));
  expect(recorded.stdout.match(/internal\/assert\/calls/g)).toHaveLength(1);
});

it("the record says so if it can't be read, or if a process wrote more than is read", async () => {
  const write = (text: string) =>
    `require('fs').writeFileSync(require('fs').readdirSync(process.cwd())[0], ${JSON.stringify(text)})`;
  const into = `process.chdir(__dirname + '/record');`;
  expect((await runRecorded(`${into}${write("forged\n")}`)).tally.isBroken).toBe(true);
  expect(
    (
      await runRecorded(
        `${into}${write(`w 1 0 1 {"k":"ok","f":"","l":0,"c":0,"o":[${'{"t":"o","i":1,"e":{"a":'.repeat(4000)}\n`)}`,
      )
    ).tally.isBroken,
  ).toBe(true);
  expect((await runRecorded(`${into}${write('w 1 0 1 {"k":"ok","f":"","l":0,"c":0,"o":[]}\n')}`)).tally).toMatchObject({
    isBroken: false,
    recorded: 1,
  });
  const many = await runRecorded(
    "const assert = require('assert'); for (let n = 0; n < 60000; n += 1) assert.ok(true);",
  );
  expect(many.tally).toMatchObject({ isOver: true, isBroken: false });
});

it("the recorder leaves out what exceeds a message's bound, so that values of any size can be read", async () => {
  const values = [
    "Array.from({ length: 900 }, (_, n) => '\u4fe1\u606f'.repeat(15) + n)",
    "Array.from({ length: 900 }, (_, n) => 'x'.repeat(200) + n)",
    "Array.from({ length: 400 }, (_, n) => 'y'.repeat(480) + n)",
    "Object.fromEntries(Array.from({ length: 1900 }, (_, n) => ['\u4fe1'.repeat(400) + n, n]))",
    "Array.from({ length: 1900 }, (_, n) => 10n ** 990n + BigInt(n))",
  ];
  const script = `const assert = require('node:assert');
for (const make of [${values.map((value) => `() => ${value}`).join(",\n")}]) assert.deepStrictEqual(make(), make());
const make = ${values[0] === undefined ? "" : `() => ${values[0]}`};
try { assert.deepStrictEqual(make(), [...make().slice(1), 'other']); } catch {}`;
  const { tally } = await runRecorded(script);
  // Of the last value, the part that was written shows that it fails.
  expect(tally).toMatchObject({ recorded: values.length + 1, agreed: 1, refuted: [], isOver: false, isBroken: false });
});

it("only this process may read the record; not even another process of its user may", async () => {
  const place = mkdtempSync(join(tmpdir(), "aedev-record-"));
  const recording = recordAssertions(join(place, "record"), place);
  const name = readdirSync(recording.mount.source).find((one) => !one.endsWith(".py")) ?? "";
  const path = join(recording.mount.source, name);
  expect(statSync(path).mode & 0o777).toBe(0o222);
  // The control: the pipe can be written, and is read.
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  writeSync(fd, 'w 1 0 1 {"k":"ok","f":"","l":0,"c":0,"o":[]}\n');
  closeSync(fd);
  expect(await recording.close()).toMatchObject({ recorded: 1, isBroken: false });
  rmSync(place, { recursive: true });
});

it("the record is read to the end, however long, so that no process waits for a reader", async () => {
  const flood = `const fs = require('fs'); const { join } = require('path');
const folder = join(__dirname, 'record');
const channel = join(folder, fs.readdirSync(folder).find((name) => !name.endsWith('.py')));
const line = Buffer.from(('w 1 0 1 ' + 'x'.repeat(3000) + '\\n').repeat(20));
const fd = fs.openSync(channel, 'w');
for (let sent = 0; sent < 270 * 1024 * 1024; sent += line.length) for (let at = 0; at < line.length; ) at += fs.writeSync(fd, line, at);
fs.closeSync(fd);
require('assert').ok(true);
console.log('ended');`;
  const { tally, stdout } = await runRecorded(flood);
  expect(stdout).toBe("ended");
  expect(tally.isOver || tally.isBroken).toBe(true);
});
