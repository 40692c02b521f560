/**
 * What is loaded before anything else in every Node process of a guarded test command (THREATS T10): it locks the assertions and the test
 * functions of node:assert, node:test and tape, so that code under test can't replace one for just the values it gets wrong, which a
 * sentinel would not see. A try to replace one changes nothing, or throws in strict mode; new properties may be added. It also makes writing
 * to the engine's pipe wait while that is full: Node would queue, and a runner that ends by process.exit() would lose the end of its report. Pure.
 */

/** Where the guard is mounted, read-only. */
export const guardTarget = "/aedev-guard.cjs";

export const guardSource = `'use strict';
const Module = require('node:module');
const { fstatSync } = require('node:fs');
const { getOwnPropertyDescriptor, defineProperty } = Object;
const { ownKeys, apply } = Reflect;
function lock(target) {
  if (target === null || (typeof target !== 'function' && typeof target !== 'object')) return;
  for (const key of ownKeys(target)) {
    const found = getOwnPropertyDescriptor(target, key);
    if (found.configurable && typeof found.value === 'function')
      defineProperty(target, key, { value: found.value, enumerable: found.enumerable, writable: false, configurable: false });
  }
}
// A prototype needs a setter: a read-only property on it would keep its instances from having their own.
function lockPrototype(target) {
  for (const key of ownKeys(target)) {
    const { value, enumerable, configurable } = getOwnPropertyDescriptor(target, key);
    if (!configurable || typeof value !== 'function') continue;
    defineProperty(target, key, {
      enumerable,
      configurable: false,
      get: () => value,
      set(own) {
        if (this !== target) defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true });
      },
    });
  }
}
for (const [fd, name] of [[1, 'stdout'], [2, 'stderr']]) {
  let isPipe = false;
  try {
    isPipe = fstatSync(fd).isFIFO();
  } catch (error) {
    if (error.code !== 'EBADF') throw error;
  }
  if (isPipe) process[name]._handle?.setBlocking?.(true);
}
const assert = require('node:assert');
const test = require('node:test');
for (const target of [assert, assert.strict, assert.AssertionError.prototype, test, test.test, test.it, test.describe]) lock(target);
const locked = new WeakSet();
const load = Module._load;
defineProperty(Module, '_load', {
  writable: true,
  configurable: true,
  enumerable: true,
  value: function (request) {
    const exported = apply(load, this, arguments);
    if (request === 'tape' && typeof exported === 'function' && !locked.has(exported)) {
      locked.add(exported);
      lock(exported);
      if (exported.Test) { lock(exported.Test); lockPrototype(exported.Test.prototype); }
    }
    return exported;
  },
});
`;

/** NODE_OPTIONS with the guard in front of what a runner wants there itself. */
export function guarded(environment: Readonly<Record<string, string>>): Record<string, string> {
  const own = environment.NODE_OPTIONS;
  return { ...environment, NODE_OPTIONS: `--require=${guardTarget}${own === undefined ? "" : ` ${own}`}` };
}
