/**
 * Runs inside every Node process of a guarded command, before any code of the repository (SECURITY T26): wraps the assertions of node:assert, tape,
 * chai and jest, so that each writes its operands before they are compared, and whether it failed. It must not change what a test sees. `recorder`: what
 * writer.cjs returns; `name`: what stacks call this file. Returns what to call with each module that was loaded.
 */
(require, recorder, ownName) => {
  const vm = require("node:vm");
  const util = require("node:util");
  const Module = require("node:module");
  const { readFileSync } = require("node:fs");
  const { isProxy } = util.types;
  const { getOwnPropertyDescriptor, defineProperty } = Object;
  const { apply } = Reflect;
  const { captureStackTrace } = Error;
  const ErrorOf = Error;
  const { before, failed, siteOf } = recorder;
  const uncurry = (method) => Function.prototype.call.bind(method);
  const has = uncurry(Object.prototype.hasOwnProperty);
  const slice = uncurry(String.prototype.slice);
  const indexOf = uncurry(String.prototype.indexOf);
  const lastIndexOf = uncurry(String.prototype.lastIndexOf);

  const deepKinds = {
    __proto__: null,
    deepStrictEqual: true,
    deepEqual: true,
    notDeepStrictEqual: true,
    notDeepEqual: true,
  };
  const operandCounts = { __proto__: null, ok: 1, fail: 0, match: 1, doesNotMatch: 1 };
  const quietKinds = { __proto__: null, throws: true, doesNotThrow: true, rejects: true, doesNotReject: true };

  function operandsOf(kind, given) {
    const count = quietKinds[kind] ? 0 : (operandCounts[kind] ?? 2);
    const operands = [];
    for (let index = 0; index < count && index < given.length; index += 1)
      defineProperty(operands, index, { value: given[index] });
    return operands;
  }

  /** A function that looks and works like `real`. Its own line is taken out of the stack of what `real` throws. */
  function recorded(real, kind) {
    const trap = (target, self, given) => {
      const site = siteOf(trap);
      const number = before(kind, operandsOf(kind, given), deepKinds[kind] === true, site);
      const isBare = kind === "ok" && given.length === 1 && !given[0] && site !== null;
      try {
        return apply(target, self, isBare ? withMessage(given, site) : given);
      } catch (error) {
        failed(number, site);
        restoreStack(error, trap);
        if (isBare && has(error, "generatedMessage")) error.generatedMessage = true;
        throw error;
      }
    };
    return new Proxy(real, { __proto__: null, apply: trap });
  }

  /** V8 keeps the stack behind an accessor of each error; older versions in a property. */
  const nativeStack = getOwnPropertyDescriptor(new ErrorOf(), "stack");
  function stackOf(error) {
    const found = getOwnPropertyDescriptor(error, "stack");
    if (found === undefined || found.get !== nativeStack.get) return null;
    const text = found.get === undefined ? found.value : apply(found.get, error, []);
    return typeof text === "string" && (found.get !== undefined || found.writable) ? text : null;
  }
  function setStack(error, text) {
    if (nativeStack.set === undefined) defineProperty(error, "stack", { value: text });
    else apply(nativeStack.set, error, [text]);
  }
  function restoreStack(error, trap) {
    if (typeof error !== "object" || error === null || isProxy(error)) return;
    const stack = stackOf(error);
    const at = stack === null ? -1 : indexOf(stack, ownName);
    if (at === -1) return;
    const below = {};
    captureStackTrace(below, trap);
    const kept = slice(stack, 0, lastIndexOf(stack, "\n", at));
    const first = typeof below.stack === "string" ? indexOf(below.stack, "\n    at ") : -1;
    setStack(error, first === -1 ? kept : kept + slice(below.stack, first));
  }

  /** Node reads the message of a failing `ok` from the caller's line, which would be ours. */
  function withMessage(given, site) {
    return [given[0], `The expression evaluated to a falsy value:\n\n  ${expressionAt(site)}\n`];
  }
  function expressionAt({ full, line, column }) {
    let text = "";
    try {
      text = readFileSync(full, "utf8").split("\n")[line - 1] ?? "";
    } catch {
      return "assert.ok()";
    }
    const start = column - 1 - (/[\w$.?[\]'"]*$/u.exec(text.slice(0, column - 1))?.[0].length ?? 0);
    let open = 0;
    for (let end = column - 1; end < text.length; end += 1) {
      if (text[end] === "(") open += 1;
      if (text[end] === ")" && --open === 0) return text.slice(start, end + 1);
    }
    return text.slice(start);
  }

  // `ifError` is left as it is: it joins two stacks.
  const assert = require("node:assert");
  const kinds = [
    ...["strictEqual", "notStrictEqual", "equal", "notEqual", "ok", "fail", "match", "doesNotMatch"],
    ...["deepStrictEqual", "notDeepStrictEqual", "deepEqual", "notDeepEqual", "partialDeepStrictEqual"],
    ...["throws", "doesNotThrow", "rejects", "doesNotReject"],
  ];
  const wrapped = new Map();
  for (const kind of kinds)
    if (typeof assert[kind] === "function") wrapped.set(assert[kind], recorded(assert[kind], kind));
  for (const target of [assert, assert.strict])
    for (const key of Object.keys(target)) {
      const found = wrapped.get(target[key]);
      if (found !== undefined) target[key] = found;
    }
  Module.syncBuiltinESMExports();

  /** tape names the place of a failure by the first line of the stack that is not in its own folder; so the wrapper has its file's name. */
  const tapeKinds = {
    __proto__: null,
    equal: "is",
    notEqual: "isNot",
    looselyEqual: "equal",
    notLooselyEqual: "notEqual",
    deepEqual: "same",
    notDeepEqual: "notSame",
    deepLooseEqual: "deepEqual",
    notDeepLooseEqual: "notDeepEqual",
    ok: "ok",
    notOk: "notOk",
    fail: "fail",
  };
  const isDeep = (kind) => kind === "same" || kind === "notSame" || deepKinds[kind] === true;
  function recordTape(Test) {
    const real = Test.prototype._assert;
    if (typeof real !== "function") return;
    const note = (given) => {
      const options = given[1];
      if (typeof options !== "object" || options === null || options.skip || options.extra?.skip) return;
      const kind = tapeKinds[options.operator] ?? "other";
      const one = kind === "ok" || kind === "notOk";
      const operands =
        kind === "other" || kind === "fail" ? [] : one ? [options.actual] : [options.actual, options.expected];
      const site = siteOf(note);
      const number = before(kind, operands, isDeep(kind), site);
      if (!given[0]) failed(number, site);
    };
    const file = Object.values(Module._cache).find((loaded) => loaded?.exports === Test)?.filename ?? "tape";
    const compiled = vm.compileFunction(
      "return function assert(ok, options) { note([ok, options]); return apply(real, this, [ok, options]); }",
      ["note", "apply", "real"],
      { filename: file },
    );
    Test.prototype._assert = compiled(note, apply, real);
  }

  /** chai tells what it compares by the text of its message only. */
  const chaiKinds = {
    __proto__: null,
    "expected #{this} to equal #{exp}": "is",
    "expected #{this} to deeply equal #{exp}": "same",
  };
  function recordChai(chai, utils) {
    const { prototype } = chai.Assertion;
    const real = prototype.assert;
    prototype.assert = function assert(...given) {
      const [ok, text, , expected] = given;
      const negated = Boolean(utils.flag(this, "negate"));
      const kind = chaiKinds[typeof text === "string" ? text : ""] ?? "other";
      const name = kind === "other" ? kind : negated ? (kind === "is" ? "isNot" : "notSame") : kind;
      const site = siteOf(assert);
      const number = before(
        name,
        kind === "other" ? [] : [utils.flag(this, "object"), expected],
        kind === "same",
        site,
      );
      if (negated ? ok : !ok) failed(number, site);
      return apply(real, this, given);
    };
  }

  /** jest's matchers say whether they hold; `.not` is judged by their caller. Objects have their own rules there, so only plain values are compared. */
  const jestKinds = [
    "toBe",
    "toEqual",
    "toStrictEqual",
    "toBeTruthy",
    "toBeFalsy",
    "toMatchObject",
    "toContain",
    "toHaveLength",
  ];
  const isPrimitive = (value) => value === null || (typeof value !== "object" && typeof value !== "function");
  function recordMatchers(matchers) {
    for (const name of jestKinds) {
      const real = matchers[name];
      if (typeof real !== "function") continue;
      const isEquality = name === "toBe" || name === "toEqual" || name === "toStrictEqual";
      const trap = (target, self, given) => {
        const isKnown = isEquality && isPrimitive(given[0]) && isPrimitive(given[1]);
        const site = siteOf(trap);
        const kind = isKnown ? (self?.isNot ? "isNot" : "is") : "other";
        const number = before(kind, isKnown ? [given[0], given[1]] : [], false, site);
        const answer = apply(target, self, given);
        if (Boolean(answer?.pass) === Boolean(self?.isNot)) failed(number, site);
        return answer;
      };
      matchers[name] = new Proxy(real, { __proto__: null, apply: trap });
    }
  }

  const done = new WeakSet();
  const readers = {
    __proto__: null,
    tape: ({ Test }) => typeof Test === "function" && recordTape(Test),
    chai: (chai) =>
      typeof chai.use === "function" && typeof chai.Assertion?.prototype?.assert === "function" && chai.use(recordChai),
    "$$jest-matchers": recordMatchers,
  };
  return (request, exported) => {
    const isFirst =
      exported !== null && (typeof exported === "object" || typeof exported === "function") && !done.has(exported);
    if (!isFirst || !has(readers, request)) return;
    done.add(exported);
    readers[request](exported);
  };
};
