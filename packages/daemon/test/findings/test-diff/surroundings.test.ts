/** What code newly depends on besides its inputs, whatever way it is spelled (THREATS T26, T29, T30). */
import { describe, expect, it } from "vitest";
import { addedSurroundings, surroundingsIn } from "../../../src/findings/test-diff/surroundings.ts";

const uses = (path: string, text: string) => surroundingsIn(path, text).map(({ what }) => what);

describe("code that depends on its surroundings", () => {
  it.each([
    ["if (process.env.CI) return 1;", "process.env.CI"],
    ["if (proc\\u0065ss['e' + 'nv'].CI) {}", "process.env.CI"],
    [`const g = globalThis[\`pro\${'cess'}\`];`, "globalThis.process"],
    ["const g = global[['pro', 'cess'].join('')];", "global.process"],
    ["const g = globalThis[String.fromCharCode(112, 114)];", "globalThis.pr"],
    ["const g = globalThis[name];", "globalThis.[…]"],
    ["const { env } = process;", "process"],
    ["const value = process.env[name];", "process.env.[…]"],
    ["process.env.NODE_OPTIONS = '';", "process.env.NODE_OPTIONS"],
    ["const now = Date.now();", "Date.now"],
    ["const now = new Date();", "new Date()"],
    ["const D = Date; new D();", "new Date()"],
    ["if (new Error().stack.includes('x')) {}", "?.stack"],
    ["const os = require('node:os');", "import of node:os"],
    ["import { hostname } from 'os';", "import of os"],
    ["require('fs').existsSync('/proc/self/cgroup');", '"/proc/self/cgroup"'],
    ["const p = '/pr' + 'oc/1';", '"/proc/1"'],
    ["Object.is = () => true;", "Object.is = …"],
    ["Array.prototype.includes = () => true;", "Array.prototype.includes"],
    ["class X { valueOf() { return 5; } }", "valueOf"],
    ["x[Symbol.toPrimitive] = f;", "Symbol.toPrimitive"],
    ["[].constructor.constructor('return 1')();", "?.constructor.constructor"],
    ["/* a\n* b */ process.exit(0)", "process.exit"],
  ])("in JavaScript: %s", (text, what) => {
    const found = uses("lib/a.js", text);
    expect(
      found.some((use) => use === what || use.startsWith(what)),
      JSON.stringify(found),
    ).toBe(true);
  });

  it.each([
    ["if os.environ.get('CI'): pass", "os.environ.CI"],
    ["x = os.environ[name]", "os.environ.[…]"],
    ["from os import environ", "import of os.environ"],
    ["import sys as s", "import of sys under another name"],
    ["from gc import get_objects", "import of gc"],
    ["class N(int):\n    def __eq__(self, other):\n        return True\n", "__eq__"],
    ["x = datetime.now()", "datetime.now"],
    ["f = sys._getframe(1)", "sys._getframe"],
    ["open('/etc/hostname')", '"/etc/hostname"'],
    ["getattr(__builtins__, 'ev' + 'al')", "__builtins__"],
    ["().__class__.__bases__[0].__subclasses__()", "?.__class__"],
  ])("in Python: %s", (text, what) => {
    const found = uses("shop/a.py", text);
    expect(
      found.some((use) => use.startsWith(what)),
      JSON.stringify(found),
    ).toBe(true);
  });

  it("in Go and Rust, by line", () => {
    expect(uses("a.go", 'if os.Getenv("CI") != os.Getenv("SHOP_URL") { return time.Now() }')).toEqual([
      "os.Getenv",
      "time.Now",
    ]);
    expect(uses("a.rs", "if cfg!(test) { std::env::var(x); }")).toEqual(["cfg!(", "std::env"]);
  });
});

describe("ordinary code", () => {
  it.each([
    [
      "lib/a.js",
      "exports.add = (a, b) => Object.keys(a).length + Math.max(b, 1) + new Date(a).getTime() + Number('1');",
    ],
    [
      "lib/a.js",
      "import { add } from './add.js';\nexport class Cart { total() { return this.items.map((i) => i.price); } toString() { return String(this.total()); } }",
    ],
    [
      "lib/a.ts",
      "const date: Date = new Date(2020, 1, 1); const url = 'https://x.test/home'; const path = '/orders/1';",
    ],
    ["lib/a.js", "if (!Object.prototype.hasOwnProperty.call(a, b)) throw new TypeError('no');"],
    [
      "shop/a.py",
      "import json\nfrom dataclasses import dataclass\n\n@dataclass\nclass A:\n    x: int = 1\n\n    def __init__(self):\n        self.x = os.path.join('a', 'b')\n",
    ],
    ["lib/a.js", "if (process.env.SHOP_DEBUG) log(); process.env.TZ = 'UTC';"],
    [
      "shop/a.py",
      "import os, sys\nfrom pathlib import Path\nprint(os.environ.get('SHOP_URL'), os.getenv('SHOP_KEY'), file=sys.stderr)\n",
    ],
    ["a.go", 'func Add(a, b int) int { return a + b } // os.Getenv("CI")'],
    ["a.rs", "pub fn add(a: i32, b: i32) -> i32 { a + b }"],
  ])("depends on nothing: %s %s", (path, text) => {
    expect(uses(path, text)).toEqual([]);
  });
});

it("counts only what a change adds, and nothing that moved to another file", () => {
  const old = surroundingsIn("a.js", "const a = Math.random();");
  const more = surroundingsIn("a.js", "const a = Math.random();\nconst b = Math.random();");
  expect(addedSurroundings(old, more)).toEqual([{ what: "Math.random", line: 2 }]);
  expect(addedSurroundings(old, old)).toEqual([]);
});
