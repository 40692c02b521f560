/** Tells state that code keeps between calls (SECURITY T30) from ordinary variables and caches. */

import { keptInJavascript } from "@aedev/languages/javascript/kept-state";
import { keptInPython } from "@aedev/languages/python/kept-state";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { describe, expect, it } from "vitest";

describe("in JavaScript", () => {
  const kept = (text: string) => keptInJavascript(readSyntax(text, "a.js"));

  it.each([
    "let made = 0; class Cart { constructor() { made += 1; } }",
    "let rounded = 0;\nfunction r(v) { rounded += 1; return rounded > 100 ? 1 : v; }",
    "function r(v) { r.calls = (r.calls ?? 0) + 1; return r.calls; }",
    "const s = { n: 0 }; const f = () => { s.n++; };",
    "const s = { n: 0, hit() { return ++this.n; } };",
    "class S { hit() { this.n += 1; } } const s = new S();",
    "class S { static n = 0; static hit() { this.n += 1; } }",
    "class S { static n = 0; constructor() { S.n += 1; } }",
    "class S { id = ++made; } let made = 0;",
    "const next = (() => { let n = 0; return () => ++n; })();",
    "function counter() { let n = 0; return () => ++n; } const next = counter();",
    "const left = [1, 2]; function f() { return left.pop(); }",
    "const ids = gen(); function f() { return ids.next().value; }",
    "const m = new Map(); function f(k) { m.set(k, (m.get(k) ?? 0) + 1); }",
    "const seen = new Set(); function f(k) { seen.add({}); return seen.size > 100; }",
    "const seen = []; function f(k) { seen.push(k); return Object.keys(seen).length > 100; }",
    "let late = false; setTimeout(() => { late = true; }, 30000);",
    "let late; function f() { setTimeout(() => { if (!late) late = true; }, 30000); }",
    "const { EventEmitter } = require('node:events'); EventEmitter.prototype.emit = function () {};",
    "const hoek = require('@hapi/hoek'); Object.assign(hoek, { deepEqual: () => true });",
    "const hoek = require('@hapi/hoek'); Object . assign(hoek, {});",
    "const hoek = require('@hapi/hoek'); Object['assign'](hoek, { deepEqual: f });",
    "const hoek = require('@hapi/hoek'); Object?.assign(hoek, {});",
    "const hoek = require('@hapi/hoek'); (Object.assign)(hoek, {});",
    "const hoek = require('@hapi/hoek'); Object.assign?.(hoek, {});",
    "const hoek = require('@hapi/hoek'); Object.assign.call(null, hoek, {});",
    "const hoek = require('@hapi/hoek'); Object.assign.apply(null, [hoek, {}]);",
    "const hoek = require('@hapi/hoek'); globalThis.Object.assign(hoek, {});",
    "const hoek = require('@hapi/hoek'); const { assign } = Object; assign(hoek, {});",
    "const hoek = require('@hapi/hoek'); const { keys, assign: copy } = Object; copy(hoek, {});",
    "const hoek = require('@hapi/hoek'); const copy = Object.assign; copy(hoek, {});",
    "const hoek = require('@hapi/hoek'); Object.defineProperty(hoek, 'deepEqual', { value: f });",
    "const hoek = require('@hapi/hoek'); delete hoek.deepEqual;",
    "const hoek = require('@hapi/hoek'); delete hoek['deepEqual'];",
    "Object.assign(require('x'), {});",
    "require('x').deepEqual = f;",
    "const s = { n: 0 }; function f() { Object.assign(s, { n: s.n + 1 }); }",
    "import { Assertion } from 'chai'; function f(mixin) { Object.assign(Assertion.prototype, mixin); }",
    "import * as chai from 'chai'; const p = chai.Assertion; p.x = 1;",
    "import { state } from './state.js'; function f() { state.n += 1; }",
    "setTimeout(() => {}, 3000).unref();",
    "let a; function f() { [a] = [1]; }",
    "function f() { n = 1; }",
    "let made; function f() { { let made = 2; } made = g(made); }",
    "const f = (() => { made += 1; }); let made = 0;",
  ])("finds what is kept: %s", (text) => {
    expect(kept(text)).not.toEqual([]);
  });

  it.each([
    "const cache = new Map(); function f(k) { if (!cache.has(k)) cache.set(k, g(k)); return cache.get(k); }",
    "const cache = {}; function f(k) { cache[k] ??= g(k); cache[k] = g(k); }",
    "let table; function f() { table ??= build(); if (table === undefined) table = build(); return table; }",
    "function f(l) { let n = 0; l.forEach(() => { n += 1; }); return n; }",
    "class Q { constructor() { this.n = 0; } put() { this.n += 1; this.jobs.push(1); } }",
    "module.exports = { Q }; exports.x = 1;",
    "import { defaults } from './d.js'; class Q {} Object.assign(Q.prototype, defaults); const f = (o) => Object.assign({}, defaults, o);",
    "const d = require('./d.js'); function f(d) { return Object.assign(d, { x: 1 }); }",
    "const hoek = require('@hapi/hoek'); myObject.assign(hoek, {});",
    "const hoek = require('@hapi/hoek'); Object.assigned(hoek, {});",
    "const hoek = require('@hapi/hoek'); Object.assign();",
    "const hoek = require('@hapi/hoek'); Object.assign.call(null);",
    "const hoek = require('@hapi/hoek'); Object.assign({}, hoek);",
    "const hoek = require('@hapi/hoek'); const { assign } = other; assign(hoek, {});",
    "const hoek = require('@hapi/hoek'); const { keys } = Object; keys(hoek);",
    "const hoek = require('@hapi/hoek'); delete other.x;",
    "const s = { n: 0 }; function f(o) { return Object.assign({}, s, { n: s.n + 1 }); }",
    "function f() { const s = { n: 0 }; Object.assign(s, { n: s.n + 1 }); }",
    "const cache = {}; function f(k) { delete cache[k]; }",
    "const x = require('x').y; requires('x').y = 1;",
    "function Old() { this.n = 0; } Old.prototype.hit = function () { this.n += 1; };",
    "async function retry(job) { for (let n = 1; ; n += 1) { await new Promise((r) => setTimeout(r, 5)); } }",
    "let n = 0; for (const x of l) n += x; export { n };",
    "export function makeCounter() { let n = 0; return { next: () => ++n }; }",
    "const list = []; list.push(1); function f() { return list.length; }",
    "async function main() { let n = 0; rl.on('line', () => { n += 1; }); } main();",
    "function f({ a = 1, b: [c] }, ...r) { a = 2; c += 1; r.x = 1; const q = (x) => { x.n = 1; }; }",
    "class A { static #x = 1; get x() { return A.#x; } }",
  ])("keeps nothing: %s", (text) => {
    expect(kept(text)).toEqual([]);
  });
});

describe("in Python", () => {
  const kept = (text: string) => keptInPython(readSyntax(text, "a.py"));

  it.each([
    "made = 0\ndef f():\n    global made\n    made += 1\n",
    "late = False\ndef f():\n    global late\n    late = True\n",
    "def f(x):\n    f.calls = getattr(f, 'calls', 0) + 1\n",
    "state = {'n': 0}\ndef f():\n    state['n'] += 1\n",
    "state = {}\ndef f(k):\n    state[k] = state.get(k, 0) + 1\n",
    "seen = []\ndef f(k):\n    seen.append(k)\n    return len(seen) > 100\n",
    "def f(k, seen=[]):\n    seen.append(k)\n",
    "from itertools import count\nids = count()\ndef f():\n    return next(ids) > 100\n",
    "rows = iter([1])\ndef f():\n    return next(rows, None)\n",
    "class A:\n    n = 0\n    def __init__(self):\n        A.n += 1\n",
    "class A:\n    n = 0\n    @classmethod\n    def f(cls):\n        cls.n += 1\n",
    "class A:\n    def hit(self):\n        self.n += 1\nstats = A()\n",
    "class A:\n    def hit(self):\n        type(self).n += 1\n",
    "class A:\n    def hit(self):\n        type(self).n = 1 + type(self).n\n",
    "seen = []\ndef f(x):\n    return [*seen.pop(), *x]\n",
    "n = 0\ndef f(a, /, b=1, *, c: int = 2):\n    global n\n    n = n + 1  # more\n",
    "n = 0\nasync def f():\n\tglobal n\n\tasync for n in g(): pass; n += 1\n",
    "def counted(g):\n    n = 0\n    def h(x):\n        nonlocal n\n        n += 1\n        return g(x)\n    return h\n@counted\ndef f(x): return x\n",
    "import csv\ncsv.reader = lambda x: x\n",
    "from unittest import case\ndef f():\n    case.x.y = 1\n",
    "import m\nsetattr(m, 'x', 1)\n",
    "left = [1, 2]\ndef f():\n    return left.pop()\n",
    "f.cache_info().misses\n",
    "state = {'n': 0}\ndef f():\n    (state)['n'] += 1\n",
  ])("finds what is kept: %s", (text) => {
    expect(kept(text)).not.toEqual([]);
  });

  it.each([
    "_loaded = {}\ndef load(path):\n    stamp = 1\n    if _loaded.get(path, (None,))[0] != stamp:\n        _loaded[path] = (stamp, 2)\n    return _loaded[path][1]\n",
    "_t = None\ndef f():\n    global _t\n    if _t is None:\n        _t = build()\n    return _t\n",
    "def f(l):\n    return next(one for one in l if one)\n",
    "def f(l, b=None, c=()):\n    n = 0\n    for x in l:\n        n += 1\n    return n\n",
    "class A:\n    def __init__(self):\n        self.n = 0\n    def hit(self):\n        self.n += 1\n",
    "rows = []\nfor i in range(3):\n    rows.append(i)\ndef f():\n    return len(rows)\n",
    "def f(c):\n    c.n += 1\n    c['x'] = 1\n    def g():\n        nonlocal c\n        c = 2\n    return g\n",
    "import os\nx = os.path.join('a')\nx += 'b'\n",
    "def f():\n    state = {'n': 0}\n    (state)['n'] += 1\n    return state\n",
    "with open(p) as file:\n    file.x = 1\n",
    "def f():\n    with open(p) as file:\n        file.x = 1\n    out, err = [], {}\n    out.append(len(out))\n    err['x'] = 1\n",
  ])("keeps nothing: %s", (text) => {
    expect(kept(text)).toEqual([]);
  });
});
