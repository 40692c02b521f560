/**
 * The guard, preloaded into every Node process of a guarded test command (SECURITY T10). It locks the assertions and test functions of node:assert, node:test,
 * tape and jest (junit-reporter-source.ts locks those of uvu and Jasmine): otherwise code under test could replace one for just the values it gets wrong, which
 * no sentinel would notice. Replacing one has no effect or throws in strict mode; adding properties works. The guard also makes writes to the engine's pipe
 * block, so that a runner that calls process.exit() does not lose the end of its report. It calls `noteLoaded(request, exported)` of the recorder, which comes
 * first. Pure.
 */
import type { Runner } from "./runner.ts";

/** The guard's text for the processes of this runner, which writes its report to `reportFile`. */
export function guardSource(runner: Pick<Runner, "preload">, reportFile: string): string {
  return `${commonSource}${runner.preload?.(reportFile) ?? ""}`;
}

const commonSource = `'use strict';
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
// A prototype needs a setter: a read-only property would prevent its instances from having their own.
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
// jest loads its assertions in a context of its own and passes them on before it loads a test file; set-up files may still choose others.
const jestMatchers = Symbol.for('$$jest-matchers-object');
const jestAdapters = new WeakMap();
const isJestAdapter = /[\\/]jest-circus[\\/](?:build[\\/])?runner(?:.js)?$/;
function lockJest(context) {
  for (const name of ['expect', 'test', 'it', 'describe']) {
    const found = getOwnPropertyDescriptor(context, name);
    if (!found || !found.configurable || typeof found.value !== 'function') continue;
    lock(found.value);
    defineProperty(context, name, { value: found.value, enumerable: true, writable: false, configurable: false });
  }
  if (!context[jestMatchers]) return;
  noteLoaded('$$jest-matchers', context[jestMatchers].matchers);
  lock(context[jestMatchers].matchers);
}
function guardedJest(adapter) {
  return function (globalConfig, config, environment, runtime, testPath) {
    for (const name of ['requireModule', 'unstable_importModule']) {
      const real = runtime[name];
      if (typeof real !== 'function') continue;
      runtime[name] = function (path) {
        if (path === testPath) lockJest(environment.global);
        return apply(real, this, arguments);
      };
    }
    return apply(adapter, this, arguments);
  };
}
const locked = new WeakSet();
const load = Module._load;
defineProperty(Module, '_load', {
  writable: true,
  configurable: true,
  enumerable: true,
  value: function (request) {
    const exported = apply(load, this, arguments);
    noteLoaded(request, exported);
    if (request === 'tape' && typeof exported === 'function' && !locked.has(exported)) {
      locked.add(exported);
      lock(exported);
      if (exported.Test) { lock(exported.Test); lockPrototype(exported.Test.prototype); }
    }
    if (typeof request === 'string' && isJestAdapter.test(request) && exported && typeof exported.default === 'function') {
      if (!jestAdapters.has(exported)) jestAdapters.set(exported, { __esModule: true, default: guardedJest(exported.default) });
      return jestAdapters.get(exported);
    }
    return exported;
  },
});
`;

/** Adds the guard, mounted at `path`, to NODE_OPTIONS, before the runner's own options. */
export function guarded(environment: Readonly<Record<string, string>>, path: string): Record<string, string> {
  const own = environment.NODE_OPTIONS;
  return { ...environment, NODE_OPTIONS: `--require=${path}${own === undefined ? "" : ` ${own}`}` };
}
