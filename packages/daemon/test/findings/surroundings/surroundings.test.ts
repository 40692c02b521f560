/** New dependencies of code besides its inputs are found in any spelling (SECURITY T26, T29, T30). */

import { readersOf } from "@aedev/languages/readers";
import { describe, expect, it } from "vitest";
import { addedSurroundings } from "../../../src/findings/test-diff/code-findings.ts";

const surroundingsIn = (path: string, text: string, beside: readonly string[] = []) =>
  readersOf(path)?.surroundings?.(path, text, beside) ?? [];

const uses = (path: string, text: string) => surroundingsIn(path, text).map(({ what }) => what);

const goFile = "package a\n";

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
    ["Number(new Intl.DateTimeFormat('en', { year: 'numeric' }).format()) > 2026", "format() of now"],
    ["const f = new Intl.DateTimeFormat(); f.formatToParts(undefined);", "formatToParts() of now"],
    ["new File([], 'a').lastModified > 18e11", "?.lastModified"],
    ["const { lastModified } = new File([], 'a');", "new File()"],
    ["const now = new Event('a').timeStamp;", "?.timeStamp"],
    ["const event = new CustomEvent('a');", "new CustomEvent()"],
    ["new Date(x).getHours() === new Date(x).getUTCHours()", "?.getHours"],
    ["const day = date.toLocaleDateString('en');", "date.toLocaleDateString"],
    ["const start = new Date(year, month, 1);", "new Date(year, month)"],
    ["if (new Error().stack.includes('x')) {}", "?.stack"],
    ["const os = require('node:os');", "import of node:os"],
    ["import { hostname } from 'os';", "import of os"],
    ["require('fs').existsSync('/proc/self/cgroup');", '"/proc/self/cgroup"'],
    ["const p = '/pr' + 'oc/1';", '"/proc/1"'],
    ["Object.is = () => true;", "Object.is = …"],
    ["Array.prototype.includes = () => true;", "Array.prototype.includes"],
    ["class X { valueOf() { return 5; } }", "valueOf"],
    ["x.valueOf = () => 5;", "valueOf"],
    ["x.valueOf().valueOf = y;", "valueOf"],
    ["x[Symbol.toPrimitive] = f;", "Symbol.toPrimitive"],
    ["[].constructor.constructor('return 1')();", "?.constructor.constructor"],
    ["/* a\n* b */ process.exit(0)", "process.exit"],
  ])("JavaScript depends on its surroundings: %s", (text, what) => {
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
    ["class P:\n    code: str = field(compare=False)\n", "compare=False"],
    ["class P:\n    code: str = field(compare=True, eq=False)\n", "eq=False"],
    ["class P:\n    code = attr.ib(eq = lambda a: 1)\n", "eq=lambda a: 1"],
    ["@dataclass(frozen=True, eq=False)\nclass P(Q):\n    code: str\n", "eq=False"],
    ["x = datetime.now()", "datetime.now"],
    ["from email.utils import formatdate", "import of email.utils.formatdate"],
    ["import email.utils\nx = email.utils.localtime()", "email.utils.localtime"],
    ["from email import utils\nx = utils.formatdate()", "utils.formatdate"],
    ["import logging\nx = logging.LogRecord('a', 1, '', 1, '', (), None).created", "logging.LogRecord"],
    ["from logging import LogRecord", "import of logging.LogRecord"],
    ["x = asyncio.get_running_loop().time()", "asyncio.get_running_loop().time"],
    ["x = self._loop.time()", "self._loop.time"],
    ["import threading\nx = threading.active_count()", "threading.active_count"],
    ["f = sys._getframe(1)", "sys._getframe"],
    ["open('/etc/hostname')", '"/etc/hostname"'],
    ["getattr(__builtins__, 'ev' + 'al')", "__builtins__"],
    ["().__class__.__bases__[0].__subclasses__()", "?.__class__"],
    ["def f(self):\n    self.__class__ = Other", "self.__class__"],
    ["def f(self):\n    return self.__class__.limit", "self.__class__"],
    ["def f(self):\n    return g(self.__class__)", "self.__class__"],
  ])("Python depends on its surroundings: %s", (text, what) => {
    const found = uses("shop/a.py", text);
    expect(
      found.some((use) => use.startsWith(what)),
      JSON.stringify(found),
    ).toBe(true);
  });

  it.each([
    ["a.go", `${goFile}import "os"\nvar u = "//"; var x = os.Args`],
    ["a.go", `${goFile}import "time"\nfunc f() bool {\n\tx := false\n\tt := time.Now()\n\treturn x == t.IsZero()\n}`],
    [
      "a.go",
      `${goFile}import "time"\nfunc f() bool {\n\tvar x any = nil // not yet\n\tt := time.Now()\n\treturn x == t\n}`,
    ],
    ["a.py", "from . import __file__ as here\n"],
    ["a.py", "from calc import (__loader__ as b, total)\n"],
    ["a.py", "from app.scope import vars as names\n"],
    // Python's grammar groups this differently from Python.
    ["a.py", "names = [*os.listdir('.'), 'a']\n"],
    ["a.py", "def f():\n    return *os.environ['CI'].split(), 1\n"],
    ["a.py", "type(json).dumps, json.loads = f, g\n"],
    ["a.py", "def f(x: int = os.environ['CI'], *y: str) -> None: ...\n"],
    ["a.py", "x = f'{a:{os.getcwd()}}'\n"],
    ["a.py", "match os.getpid():\n    case n if n > 1: pass\n"],
    ["a.py", "while (n := time.time()) < 1: pass\n"],
    ["a.py", "def f():\n    try:\n        a()\n    except* os.path.exists('x'): pass\n"],
    ["a.py", "def f[T](x: T) -> T:\n    return sys.argv\n"],
    ["a.py", "x = os \\\n  .environ\n"],
    ["a.py", "x = os.environ\r\n\x0c\r\ny = 1\r\n"],
    ["a.go", `${goFile}import o /* x */ "os"\nfunc f() bool { return o.Getenv("CI") == "" }`],
    ["a.go", `${goFile}import _ /* x */ "calc/patch"`],
    ["a.go", `${goFile}import o "o\\x73"\nfunc f() bool { return o.Getenv("CI") == "" }`],
    [
      "a.go",
      `${goFile}import (\n\t"calc/os/v1"\n\t"os"\n\t"calc/os/v2"\n)\nfunc f() bool { return os.Getenv("CI") == "" }`,
    ],
    [
      "a.go",
      `${goFile}import "os"\nfunc f() int {\n\tfor range len(os.Getenv("CI")) {\n\t\treturn 3\n\t}\n\treturn 2\n}`,
    ],
    ["a.go", `${goFile}import "time"\nfunc f() int {\n\tx := g /* x */\n\t(time.Now()).Unix()\n\treturn x\n}`],
    ["a.go", `${goFile}import "math/rand/v2"\nfunc f() int { return rand.IntN(2) }`],
    ["a.go", `${goFile}import r "runtime"\nfunc f() { r.Caller(0) }`],
    ["a.go", `${goFile}import "flag"\nfunc f() { flag.VisitAll(nil) }`],
    ["a.go", `//go:build release\n\n${goFile}`],
    ["a.go", `// +build special linux\n\n${goFile}`],
    ["a.go", `${goFile}var n int\nfunc f() { n++ }`],
    ["a.go", `${goFile}func f() { n++ }`],
    ["a.go", `${goFile}var n int\nfunc f() { if n := 1; n > 1 { }; n = 2 }`],
    ["a.go", `${goFile}import "sync/atomic"\nvar n int64\nfunc f() { atomic.AddInt64(&n, 1) }`],
    ["a.go", `${goFile}import "sync/atomic"\nvar n atomic.Int64\nfunc f() { n.Add(1) }`],
    ["a.go", `${goFile}type S struct{ n int }\nfunc (s *S) hit() { s.n++ }\nvar st S\nfunc f() { st.hit() }`],
    ["a.go", `${goFile}var m = map[int]int{}\nfunc f(k int) { m[k]++ }`],
    ["a.go", `${goFile}var m = map[int]int{}\nfunc f(k int) bool { m[k] = 1; return len(m) > 9 }`],
    ["a.go", `${goFile}func init() {}`],
    ["a.go", `${goFile}import . "os"\n`],
    ["a.go", `${goFile}import "os"\nfunc f() { os.Getenv("CI") }`],
    ["a.go", `${goFile}var s = struct{n int}{}\nfunc f() { s.n = s.n + 1 }`],
    ["a.go", `${goFile}var o fake\nvar n int\nfunc f() { o.Do(func() { n++ }) }`],
    ["a.rs", "use std::{env, fs};"],
    ["a.rs", 'use std as s; fn f() { s::env::var("x"); }'],
    ["a.rs", "static N: AtomicUsize = AtomicUsize::new(0);"],
    ["a.rs", "static mut N: u32 = 0;"],
    ["a.rs", '#[cfg(any(test, feature = "x"))]\nmod tests {}'],
    ["a.rs", "#[cfg(test)]\nfn f() { env::args(); }"],
    ["a.rs", "fn f() { if cfg ! (test) {} }"],
    ["a.rs", "impl PartialEq<f64> for E { fn eq(&self, o: &f64) -> bool { self.0 == *o } }"],
    ["a.rs", "impl PartialEq for E { fn eq(&self, o: &Self) -> bool { true } }"],
    ["a.rs", 'let u = "//"; std::env::args();'],
    ["a.rs", "use std::cmp::PartialEq as Same;\nimpl Same for P { fn eq(&self, o: &P) -> bool { true } }"],
    ["a.rs", "impl std :: cmp :: PartialEq for P { fn eq(&self, o: &P) -> bool { true } }"],
    ["a.rs", "impl<T: Into<u32>> PartialEq for P<T> { fn eq(&self, o: &P<T>) -> bool { true } }"],
    ["a.rs", "macro_rules! check { ($($x:tt)*) => {} }\nuse check as assert_eq;"],
    ["a.rs", "macro_rules! make { ($n:ident) => { macro_rules! $n { () => {} } } }"],
    ["a.rs", "use std::cfg as c;\nfn f() -> bool { c!(test) }"],
    [
      "a.rs",
      "macro_rules! give { ($t:ident, $p:ty) => { impl $t for $p { fn eq(&self, o: &Self) -> bool { true } } } }",
    ],
    [
      "a.rs",
      "pub struct Share(pub u32, u32);\nimpl PartialEq for Share {\n fn eq(&self, other: &Share) -> bool {\n u64::from(self.0) * u64::from(other.1) == u64::from(other.0) * u64::from(self.1)\n }\n}",
    ],
    [
      "a.py",
      "class P:\n    def __init__(self, a):\n        self.a = a\n    def __eq__(self, o):\n        return isinstance(o, P) and self.a == o.a\nclass Q(P):\n    def __init__(self, a, b):\n        self.b = b\n",
    ],
    ["a.rs", "macro_rules! assert_eq { ($($x:tt)*) => {} }"],
    ["a.rs", 'macro_rules! shown { () => { file!().contains("tests") } }'],
    [
      "a.rs",
      "pub struct P { a: u32, b: u8 }\nimpl PartialEq for P { fn eq(&self, o: &Self) -> bool { self.a == o.a } }",
    ],
    ["a.rs", "pub struct P(u32);\nimpl PartialEq for P { fn eq(&self, o: &Self) -> bool { self.0 / 10 == o.0 / 10 } }"],
    ["a.rs", "pub struct P(u32);\nimpl PartialEq for P { fn eq(&self, o: &Self) -> bool { self.0 * 0 == o.0 * 0 } }"],
    [
      "a.rs",
      "pub struct P(u32);\nimpl PartialEq for P { fn eq(&self, o: &Self) -> bool { self.day(o.0) == o.day(self.0) } }",
    ],
    [
      "a.rs",
      "pub struct P(f64);\nimpl PartialEq for P { fn eq(&self, o: &Self) -> bool { u32::from(self.0) == round(o.0) * u32::from(self.0) } }",
    ],
    [
      "a.rs",
      "pub struct P(u32);\nimpl PartialEq for P { fn eq(&self, o: &Self) -> bool { self.0 == o.0 } }\nimpl Ord for P { fn cmp(&self, o: &Self) -> Ordering { Ordering::Equal } }",
    ],
    [
      "a.rs",
      "struct P(u32);\nimpl Ord for P { fn cmp(&self, o: &Self) -> Ordering { Ordering::Equal } }\n#[cfg(test)]\nmod tests { fn a() { assert!(P(1) <= P(2)); } }",
    ],
    [
      "a.rs",
      "struct P(u32);\nimpl PartialEq for P { fn eq(&self, o: &Self) -> bool { true } }\npub fn f() -> impl PartialEq + Debug { P(1) }",
    ],
    [
      "a.rs",
      "struct P(u32);\nimpl Ord for P { fn cmp(&self, o: &Self) -> Ordering { Ordering::Equal } }\npub struct Leg { pub day: P }",
    ],
    [
      "a.rs",
      "struct P(u32);\nimpl Ord for P { fn cmp(&self, o: &Self) -> Ordering { Ordering::Equal } }\npub enum Leg { Day(P) }",
    ],
    [
      "a.rs",
      "struct P(u32);\nimpl Ord for P { fn cmp(&self, o: &Self) -> Ordering { Ordering::Equal } }\npub fn day() -> P { P(1) }",
    ],
    [
      "a.rs",
      "struct P(u32);\nimpl Ord for P { fn cmp(&self, o: &Self) -> Ordering { Ordering::Equal } }\npub fn days() -> impl Iterator<Item = u8> { P(1).all() }",
    ],
    ["a.rs", "struct P(u32);\nimpl Ord for P { fn cmp(&self, o: &Self) -> Ordering { Ordering::Equal } }\nmod inner;"],
    ["a.rs", "struct P(u32);\nimpl Ord for P { fn cmp(&self, o: &Self) -> Ordering { Ordering::Equal } }\ntype Q = P;"],
    [
      "a.rs",
      "struct P(u32);\nimpl Ord for P { fn cmp(&self, o: &Self) -> Ordering { Ordering::Equal } }\nimpl Leg { pub fn day(&self) -> P { P(1) } }",
    ],
    [
      "a.rs",
      "struct P(u32);\nimpl Ord for P { fn cmp(&self, o: &Self) -> Ordering { Ordering::Equal } }\nstatic ALL: &[P] = &[];",
    ],
    ["a.rs", "pub struct Q;\nimpl Ord for P { fn cmp(&self, o: &Self) -> Ordering { Ordering::Equal } }"],
    ["a.rs", "impl PartialEq for E { fn eq(&self, o: &Self) -> bool { self.0 == self.0 && o.0 == o.0 || true} }"],
    [
      "a.py",
      "class P(int):\n    def __eq__(self, other):\n        return isinstance(other, P) and self.codes == other.codes\n",
    ],
    [
      "a.py",
      "class P:\n    def __eq__(self, other):\n        return not isinstance(other, P) or self.codes == other.codes\n",
    ],
    ["a.py", "class P:\n    def __eq__(self, other):\n        return self.codes == other.codes\n"],
    [
      "a.py",
      "class P:\n    def __init__(self, a, b):\n        self.a, self.b = a, b\n        self.a = a\n        self.b = b\n    def __eq__(self, o):\n        return isinstance(o, P) and self.a == o.a\n",
    ],
    [
      "a.py",
      "class P:\n    def __init__(self, a, b):\n        self.a, self.b = a, b\n        self.a = a\n        self.b = b\n    def __eq__(self, o):\n        return isinstance(o, P) and any(x in o.a for x in self.a) == any(x in self.a for x in o.a)\n",
    ],
    [
      "a.py",
      "class P:\n    def __init__(self, a, b):\n        self.a, self.b = a, b\n        self.a = a\n        self.b = b\n    def __eq__(self, o):\n        return isinstance(o, P) and self.a == o.a and self.b == self.b\n",
    ],
    [
      "a.py",
      "class P:\n    def __init__(self, a, b):\n        self.a, self.b = a, b\n        self.a = a\n        self.b = b\n    def __eq__(self, o):\n        return isinstance(o, P) and self.a % 7 == o.a % 7 and self.b == o.b\n",
    ],
    [
      "a.py",
      "class P:\n    def __init__(self, a, b):\n        self.a, self.b = a, b\n        self.a = a\n        self.b = b\n    def __eq__(self, o):\n        return isinstance(o, P) and self.a == o.b and self.b == o.a\n",
    ],
    [
      "a.py",
      "class P:\n    def __init__(self, a, b):\n        self.a, self.b = a, b\n        self.a = a\n        self.b = b\n    def __eq__(self, o):\n        return isinstance(o, P) and self.a.lower() == o.a.lower() and self.b == o.b\n",
    ],
    [
      "a.py",
      "class P:\n    def __init__(self, a, b):\n        self.a, self.b = a, b\n        self.a = a\n        self.b = b\n    def __eq__(self, o):\n        return isinstance(o, P) and self.day == o.day and self.a == o.a and self.b == o.b\n",
    ],
    ["a.py", "import warnings\nwith warnings.catch_warnings(record=True) as c:\n    f()\n"],
    ["a.js", "class C { valueOf() { return this.value + 1; } }"],
    ["a.go", `${goFile}import "fmt"\nfunc f(w any) bool { return fmt.Sprintf("%T", w) == "*a.fake" }`],
    ["a.go", `${goFile}import "fmt"\nvar isFake = fmt.Sprintf("%T", clock) == "*a.fake"`],
    ["a.go", `${goFile}import "fmt"\nfunc f(w any) bool { return fmt.Sprintf("<%[1]T>", w) == "<*a.fake>" }`],
    ["a.js", "export const rate = (clock) => (clock.constructor.name === 'FakeClock' ? 2 : 1);"],
    ["a.js", "class C { rate() { return this.clock.constructor.name === 'FakeClock' ? 2 : 1; } }"],
    ["a.js", "export const rate = (clock) => (clock.constructor.name + '') === 'FakeClock';"],
    ["a.js", "class C { rate(clock) { return this.constructor.peer(clock).constructor.name === 'FakeClock'; } }"],
    ["a.js", "export const rate = (clock) => clock.constructor.name === 'FakeClockError';"],
    ["a.js", "export const rate = (clock) => { switch (clock.constructor.name) { case 'Fake': return 2; } };"],
    ["a.js", "export const rate = (clock) => ['Fake'].includes(clock.constructor.name);"],
    ["a.py", "rate = lambda clock: type(clock).__name__\n"],
    ["a.py", "def rate(clock):\n    return 'Fake' not in repr(type(clock))\n"],
    ["a.js", "export const rate = (clock) => { let kind; kind = clock.constructor.name; return kind === 'Fake'; };"],
    ["a.js", "export const rate = () => (typeof never === 'undefined' ? 1 : 2);"],
    ["a.ts", "export const rate = () => (typeof unknown === 'undefined' ? 1 : 2);"],
    ["a.js", "export const rate = (clock) => (clock.constructor.name === 'list' ? 1 : 2);"],
    ["a.py", "class C:\n    def rate(self):\n        return self.clock.__class__.__name__ == 'FakeClock'\n"],
    ["a.py", "def rate(clock):\n    return '%s' % type(clock).__name__ == 'FakeClock'\n"],
    ["a.py", "def rate(reply):\n    return type(reply).__name__ == 'Response'\n"],
    ["a.js", "const rates = {};\nexport const rate = (clock) => rates[clock?.constructor?.name];"],
    ["a.js", "export const rate = (clock) => { const kind = clock.constructor.name; return kind === 'Fake'; };"],
    ["a.js", `export const rate = (clock) => (\`\${clock.constructor.name}\`).startsWith('F');`],
    ["a.py", "def rate(clock):\n    return 2 * (type(clock).__name__ == 'FakeClock')\n"],
    ["a.py", "def rate(clock):\n    return type(clock).__module__.startswith('test')\n"],
    ["a.py", "def rate(clock):\n    return 'Fake' in str(type(clock))\n"],
    ["a.py", "def rate(clock):\n    n = f'{type(clock).__name__}'\n    return n in {'Mock', 'Fake'}\n"],
    [
      "a.py",
      "def rate(clock):\n    n = f'{type(clock).__name__}'\n    match n:\n        case 'Mock':\n            return 1\n    return 2\n",
    ],
    ["a.py", "def rate(clock):\n    return rates[clock.__class__.__qualname__]\n"],
    ["a.py", "def rate(clock):\n    kind = clock.__class__.__name__\n    return kind == 'Fake'\n"],
    ["a.py", "def rate(clock):\n    return getattr(type(clock), '__name__') == 'FakeClock'\n"],
    ["a.py", "def rate(clock):\n    return getattr(type(clock), \"__qualname__\", '') == 'FakeClock'\n"],
    ["a.py", "def rate(clock):\n    if (kind := type(clock).__name__) == 'FakeClock':\n        return kind\n"],
    ["a.py", "def rate(clock):\n    kind = f'{type(clock).__name__}'\n    return kind == 'FakeClock'\n"],
    ["a.py", "def rate(clock):\n    kind = f'<{type(clock).__name__}>'\n    return kind.startswith('<Fake')\n"],
    ["a.py", "def rate(clock):\n    kind = 'a %s' % type(clock).__name__\n    return 'Fake' in kind\n"],
    [
      "a.py",
      "def rate(clock):\n    return is_fake(1, type(clock).__name__)\ndef is_fake(n, kind):\n    return kind == 'Fake'\n",
    ],
    ["a.py", "def rate(kind=type(clock).__name__):\n    return kind == 'Fake'\n"],
    ["a.js", "export const rate = (clock) => { const { name } = clock.constructor; return name === 'Fake'; };"],
    [
      "a.js",
      "export const rate = (clock) => { let kind; ({ name: kind } = clock.constructor); return kind === 'Fake'; };",
    ],
    ["a.js", "export const rate = (clock, { name } = clock.constructor) => name === 'Fake';"],
    ["a.js", "export const rate = (clock) => clock.constructor['name'] === 'FakeClock';"],
    ["a.js", "export const rate = (clock) => clock?.['constructor'].name === 'FakeClock';"],
    ["a.js", "export const rate = (clock, kind = clock.constructor.name) => kind === 'FakeClock';"],
    ["a.js", "export const rate = (clock, kind = clock.constructor.name + '') => kind === 'Fake';"],
    [
      "a.js",
      "const isFake = (kind) => kind === 'Fake';\nexport const rate = (clock) => isFake(clock.constructor.name);",
    ],
    [
      "a.js",
      "function isFake(n, kind) { return kind.startsWith('Fake'); }\nexport const rate = (clock) => isFake(1, clock.constructor.name);",
    ],
    [
      "a.py",
      "class P:\n    def __eq__(self, other):\n        if isinstance(other, P): return True\n        return isinstance(other, P) and self.codes == other.codes\n",
    ],
    ["a.js", "const t = performance.now(); function f() { return performance.now() - t > 9; }"],
    ["a.js", "function make() { const t = performance.now(); return () => performance.now() - t > 9; }"],
    ["a.js", "function f() { return performance.now() > 9; }"],
    ["a.js", "function f() { const t = performance.now(); return t > 5; }"],
    ["a.js", "function f() { const t = 5; return performance.now() - t; }"],
    ["a.js", "function f(t) { return performance.now() - t; }"],
    ["a.py", "import time\nT = time.monotonic()\ndef f():\n    return time.monotonic() - T\n"],
    ["a.js", "const t = import.meta.env !== undefined;"],
    ["a.js", "const { env } = import.meta;"],
    ["a.js", "export function label() {}\nexport const loaded = label.toString();"],
    ["a.js", "const f = () => 1; const t = `$" + "{f}`;"],
    ["a.js", "import { f } from './f.js'; const t = String(f);"],
    ["a.js", "const t = '' + (() => 1);"],
    ["a.js", "import { f } from './f.js'; const t = '' + f;"],
    ["a.js", "import { f } from './f.js'; const t = `$" + "{f}`;"],
    ["a.js", "import { f } from './f.js'; f(1); const t = prefix + f;"],
    ["a.js", "import { f } from './f.js'; const t = `($" + "{f})`;"],
    ["a.js", "import { f } from './f.js'; const t = `$" + "{''}$" + "{f}`;"],
    ["a.js", "import { f } from './f.js'; const t = (f).toString();"],
    ["a.js", "import { f } from './f.js'; const t = ' ' + f;"],
    ["a.js", "import { f } from './f.js'; list.map(f); const t = prefix + f;"],
    ["a.js", "import { f } from './f.js'; f.call(null); const t = prefix + f;"],
    ["a.js", "import { F } from './f.js'; class G extends F {} const t = prefix + F;"],
    ["a.js", "import { f } from './f.js'; (f)(1); const t = prefix + f;"],
    ["a.js", "import { F } from './f.js'; new F(1); const t = `class $" + "{F}`;"],
    ["a.py", "try:\n    from exact import h\nexcept ImportError:\n    h = int\n"],
    ["a.py", "try:\n    import exact\nexcept:\n    h = int\n"],
    ["a.js", "let x; try { x = require('./exact'); } catch { x = 1; }"],
    ["a.js", "const x = await import('./exact.js').catch(() => null);"],
    ["a.js", "const os = await import('node:os');"],
  ])("code in %s depends on its surroundings: %s", (path, text) => {
    expect(uses(path, text)).not.toEqual([]);
  });

  it.each([
    ["a.js", "const rest = list.values();\nfunction f() { const [n = 0] = rest; return n; }"],
    ["a.js", "const step = /x/y;\nfunction f() { return step.test('xx'); }"],
    ["a.js", "const ok = (() => { try { return specify.length > 0; } catch { return false; } })();"],
    ["a.js", "if (__dirname.includes('node_modules')) f();\nfunction f() {}"],
    ["a.js", "const f = () => /x/.test(__dirname);"],
    ["a.js", "const z = new Intl.DateTimeFormat().resolvedOptions().timeZone;"],
    ["a.js", "const early = new Date(0).getTimezoneOffset() > 0;"],
    ["a.js", "const p = require.resolve('tape');"],
    ["a.py", "STEPS = iter(range(9))\ndef f():\n    for _ in STEPS:\n        return 1\n"],
    ["a.py", "S = (x for x in y)\ndef f():\n    return list(S)\n"],
    ["a.py", "def f(v):\n    return 1 if __debug__ else 2\n"],
    ["a.py", "def f(n):\n    try:\n        return f(n + 1)\n    except RecursionError:\n        return n\n"],
    ["a.py", "import logging\nif not logging.getLogger().handlers:\n    x = 1\n"],
    ["a.go", `${goFile}var c = make(chan struct{}, 9)\nfunc f() { select { case c <- struct{}{}: default: } }`],
    ["a.go", `${goFile}import "sync"\nvar m sync.Map\nfunc f() { m.Store(1, 2) }`],
    ["a.go", `${goFile}var version string\nfunc f() bool { return version != "" }`],
    ["a.rs", "fn f() { let mut n = 2; debug_assert!({ n -= 1; n < 2 }); }"],
    [
      "a.rs",
      'fn f(mut c: Clock) { debug_assert!(c.pass(3), "long"); }\nimpl Clock { fn pass(&mut self, by: u8) -> bool { true } }',
    ],
    ["a.rs", "fn f(mut c: Vec<u8>) { debug_assert!(c.pop().is_some()); }"],
    ["a.rs", "fn f(mut c: u8) { debug_assert!(g(&mut c)); }"],
    ["a.rs", "fn f(mut c: u8) { debug_assert!((c <<= 1) == ()); }"],
    ["a.rs", "fn f(mut c: Vec<u8>) { debug_assert!(c.as_mut_slice().first().is_some()); }"],
    ["a.rs", "fn f(mut c: u8) { debug_assert!(c != b'x' as u8 && bump!(c)); }"],
    ["a.rs", "fn f(mut c: Own) { debug_assert!(c.count() > 0); }\nimpl Own { fn count(&mut self) -> u8 { 1 } }"],
    [
      "a.rs",
      "struct Own(Cell<u8>);\nfn f(c: Own) { debug_assert!(c.pass()); }\nimpl Own { fn pass(&self) -> bool { true } }",
    ],
    ["a.rs", "fn f(c: &Other) { debug_assert_eq!(c.elsewhere(), 3); }"],
  ])("code in %s depends on something that continues or is missing: %s", (path, text) => {
    expect(uses(path, text).length).toBeGreaterThan(0);
  });

  it("finds dependencies in Go by the package under any name, and in Rust by the path", () => {
    const text = `${goFile}import (\n\t"os"\n\tt "time"\n)\nvar a = os.Getenv("CI") + os.Getenv("SHOP_URL")\nvar b = t.Now()`;
    expect(uses("a.go", text)).toEqual(["os.Getenv of CI", "time.Now"]);
    const init = `${goFile}var n int\nvar f func()\nfunc init() { n = 1; f = func() { n++ } }`;
    expect(uses("a.go", init)).toEqual(["func init", "state between calls: n"]);
    const kinds = `${goFile}import "reflect"\nvar a = reflect.Int8\nvar b = reflect.DeepEqual(1, 2)\nvar c = reflect.TypeOf(a).PkgPath()`;
    expect(uses("a.go", kinds)).toEqual(["import of reflect", "reflect.TypeOf"]);
    const typed = `${goFile}import "reflect"\nvar a, _ = reflect.TypeAssert[int](b)`;
    expect(uses("a.go", typed)).toEqual(["import of reflect", "reflect.TypeAssert"]);
    expect(uses("a.rs", "if cfg!(test) { std::env::var(x); }")).toEqual(["cfg!(", "std::env"]);
  });
});

describe("ordinary code", () => {
  const free = (use: string) => !use.startsWith("undeclared name");
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
    ["a.go", `//go:build !windows && go1.18\n\n${goFile}// os.Getenv("CI")\nfunc Add(a, b int) int { return a + b }`],
    [
      "a.go",
      goFile +
        "var m = map[int]int{}\nfunc f(k int) int { if v, ok := m[k]; ok { return v }; m[k] = g(k); return m[k] }",
    ],
    ["a.go", `${goFile}import "sync"\nvar once sync.Once\nvar t []int\nfunc f() { once.Do(func() { t = build() }) }`],
    [
      "a.go",
      goFile +
        "func (r *Ring) Push(v int) { r.count++; r.values[0] = v; x := 1; x++; for i := 0; i < 3; i++ { }; var q []int; q = append(q, 1) }",
    ],
    [
      "a.go",
      goFile +
        'import (\n"os"\n"fmt"\n)\nfunc f() (err error) { err = nil; p := &q{}; fmt.Fprintln(os.Stderr, os.Getenv("SHOP_URL"), p); return }',
    ],
    ["a.go", `${goFile}var re = regexp.MustCompile("x")\nfunc f(s string) bool { return re.MatchString(s) }`],
    ["a.rs", "#[cfg(test)]\n#[allow(dead_code)]\nmod tests { fn a() { unsafe {} } }"],
    ["a.rs", "#[cfg(test)]\nmod tests {\n    use std::env;\n    #[test]\n    fn a() { env::args(); }\n}"],
    ["a.rs", '// std::env\npub fn add(a: i32, b: i32) -> i32 { let s = "std::env"; a + b }'],
    [
      "a.rs",
      "pub struct P { pub a: u32, b: u8 }\nimpl PartialEq for P { fn eq(&self, o: &Self) -> bool { self.a == o.a && self.b == o.b } }",
    ],
    [
      "a.rs",
      "#[derive(Clone)]\nstruct Open<'a> { at: &'a str, cost: u32 }\nimpl Ord for Open<'_> { fn cmp(&self, o: &Self) -> Ordering { o.cost().cmp(&self.cost()) } }\nimpl PartialEq for Open<'_> { fn eq(&self, o: &Self) -> bool { self.cost() == o.cost() } }\nimpl Eq for Open<'_> {}",
    ],
    ["a.rs", "macro_rules! square { ($x:expr) => { $x * $x } }"],
    ["a.rs", "static TABLE: [u32; 3] = [1, 2, 3]; use std::collections::HashMap; use std::{fmt, iter};"],
    [
      "a.py",
      "class P:\n    def __init__(self, codes):\n        self.codes = codes\n    def __eq__(self, other):\n        return isinstance(other, P) and self.codes == other.codes\n",
    ],
    [
      "a.py",
      "@dataclass\nclass P:\n    a: int\n    b: str = ''\n    def __eq__(self, o):\n        if not isinstance(o, P):\n            return NotImplemented\n        return (self.a, self.b) == (o.a, o.b)\n",
    ],
    [
      "a.py",
      "class P:\n    def __init__(self, a, b):\n        self.a, self.b = a, b\n        self.a = a\n        self.b = b\n    def __eq__(self, o):\n        return isinstance(o, P) and (self.a, self.b) == (o.a, o.b)\n",
    ],
    ["a.py", "import warnings\ndef f():\n    warnings.warn('x', OldName)\n"],
    ["a.js", "class C { valueOf() { return this.value; } }"],
    ["a.go", `${goFile}import "fmt"\nfunc f(w any) error { return fmt.Errorf("unexpected type %T", w) }`],
    ["a.go", `${goFile}import "fmt"\nfunc f(w any) string { return fmt.Sprintf("not a %T", w) }`],
    ["a.js", "export const isPlain = (value) => value.constructor.name === 'Object';"],
    ["a.js", `export const refuse = (value) => { throw new TypeError("no " + value.constructor.name); };`],
    ["a.js", "class C { get kind() { return this.constructor.name; } }"],
    ["a.py", "from .globals import request\nfrom app.locals import vars\n"],
    ["a.py", "def refuse(value):\n    raise TypeError(f'no {type(value).__name__}')\n"],
    ["a.py", "def refuse(value):\n    message = f'no {type(value).__name__}'\n    raise TypeError(message)\n"],
    ["a.py", "def refuse(value):\n    raise TypeError('no %s' % type(value).__name__)\n"],
    ["a.py", "def is_text(value):\n    return type(value).__name__ == 'str'\n"],
    ["a.py", "class P:\n    def name(self):\n        return getattr(type(self), '__name__') == 'P'\n"],
    ["a.py", "def refuse(value):\n    raise TypeError(message := f'no {type(value).__name__}')\n"],
    ["a.py", "def note(value, log):\n    log('a %s', getattr(type(value), '__name__'))\n"],
    [
      "a.py",
      "def key(value):\n    key = f'{type(value).__name__}:{value.id}'\n    return cache.get(key) or key in cache or key.endswith(last)\n",
    ],
    [
      "a.py",
      "def refuse(value):\n    kind = f'{type(value).__name__}'\n    log(kind)\ndef other(kind):\n    return kind == 'x'\n",
    ],
    [
      "a.py",
      "def refuse(value):\n    log(type(value).__name__, 'info')\ndef log(kind, level):\n    if level == 'info':\n        print(kind)\n",
    ],
    ["a.py", "def refuse(value, message=f'no {type(limit).__name__}'):\n    raise TypeError(message)\n"],
    ["a.js", "export const keep = (value, name) => { kept[name.last] = value.constructor; };"],
    ["a.js", "export const limitOf = (value) => { const { limit } = value.constructor; return limit; };"],
    ["a.js", "class C { kind() { const { name } = this.constructor; return name; } }"],
    ["a.js", "export const nameOf = (user) => { const { name } = user; return name === 'x' ? user['name'] : name; };"],
    ["a.js", "export const note = (value) => { console.log(value.constructor['name']); };"],
    ["a.js", "export const refuse = (value, text = 'no ' + value.constructor.name) => { throw new TypeError(text); };"],
    [
      "a.js",
      "function note(kind) { console.log(kind); }\nexport const refuse = (value) => note(value.constructor.name);",
    ],
    [
      "a.js",
      "function is(kind) { return kind === 'Array'; }\nexport const isList = (value) => is(value.constructor.name);",
    ],
    ["a.py", "class P:\n    def name(self):\n        return type(self).__name__ == 'P'\n"],
    ["a.js", "export const isValid = (date) => !Number.isNaN(date.valueOf());"],
    [
      "a.ts",
      "export interface P {\n  // Types\n  <R extends F>(recipe: R): I<R, true>\n\n  <S, A extends any[]>(\n    recipe: (state: D<S>, ...args: A) => V<S>,\n    initial: S\n  ): (state?: S) => T<S>\n}",
    ],
    [
      "a.js",
      "async function retry() { const startedAt = performance.now(); for (;;) { if (n || performance.now() - startedAt >= limitMs) throw 1; } }",
    ],
    ["a.py", "import time\ndef f():\n    started = time.monotonic()\n    g()\n    return time.monotonic() - started\n"],
    ["a.js", "const u = import.meta.env.VITE_API_URL; const w = import.meta.url;"],
    [
      "a.js",
      "const f = new Intl.DateTimeFormat('en', { timeZone: 'UTC' }); const s = f.format(date) + f.formatToParts(date)[0];",
    ],
    ["a.js", "const s = template.format(); const n = new Intl.NumberFormat('en').format(1);"],
    ["a.js", "const h = date.getUTCHours() + date.getTime(); const s = date.toISOString();"],
    ["a.js", "input.dispatchEvent(new Event('change')); if (value instanceof File) save(value);"],
    [
      "a.py",
      "import asyncio, logging, threading\nfrom email.utils import parseaddr\nlog = logging.getLogger('a')\nlock = threading.Lock()\nasync def f():\n    await asyncio.sleep(1)\n",
    ],
    ["a.py", "def f(loop):\n    start = loop.time()\n    g()\n    return loop.time() - start\n"],
    ["a.js", "import { PORT } from './p.js'; const t = String(PORT) + PORT.toString() + `$" + "{PORT}`;"],
    ["a.js", "import { a, b } from './p.js'; const t = `$" + "{a}$" + "{b}`; const m = Math.max(b, 1) + b;"],
    ["a.js", "import { DAY, g } from './clock.js'; const end = g(start) + DAY; const t = `$" + "{DAY} minutes`;"],
    ["a.js", "function f(n) { return n.toString() + String(n) + `$" + "{n}`; }"],
    ["a.py", "try:\n    x = g()\nexcept ValueError:\n    import exact\n"],
    ["a.js", "try { f(); } catch { require('./x'); }"],
    ["a.js", "const { f } = await import('./exact.js');"],
    ["a.py", "class M(str):\n    def f(self, map):\n        return self.__class__(g(self, map))"],
  ])("code depends on nothing: %s %s", (path, text) => {
    expect(uses(path, text).filter(free)).toEqual([]);
  });

  it.each([
    ["a.js", "const t = {};\nconst keys = Object.keys(t).values;\nfunction f() { return keys; }"],
    ["a.js", "const re = /x/g;\nfunction f(s) { return s.replace(re, 'y'); }"],
    ["a.js", "const path = require('path');\nconst p = path.join(__dirname, 'x') + `$" + "{__dirname}/y`;"],
    [
      "a.ts",
      "enum Color { Red }\nnamespace N { export const a = Color.Red; }\nlabel: for (const x of N.a) { break label; }\nexport { foo as bar } from 'm';\nfunction f<T>(this: Q, a?: T) { return [arguments, a, undefined, NaN, document, HTMLElement]; }\nexport default class {}",
    ],
    [
      "a.js",
      "const f = function g() { return g(); }; class A extends Map { #x = 1; m({ a, b: [c] } = {}, ...r) { try { a(); } catch ({ message }) { return [message, a, c, r, A]; } } }\nfor (const [k, v] of new A()) console.log(k, v, f);",
    ],
    ["a.py", "@functools.wraps(f)\nasync def vars(*, compile_=1): return [*a.b(vars_)]\n"],
    ["a.py", "def f(x):\n    rows = iter(x)\n    return list(rows)\n"],
    [
      "a.go",
      `${goFile}var name = "x"\nvar greeting string = "a"\nfunc f(c chan int) string { c <- 1; return name + greeting }`,
    ],
    ["a.rs", "fn f(c: char) { debug_assert!(c != '{' && c != '=' && c != ')'); }"],
    ["a.rs", "fn f() { debug_assert!((a.min(b)..=a.max(b)).contains(&c)); }"],
    [
      "a.rs",
      "fn f(c: &Clock) { debug_assert!(c.late() && Some(1).is_some()); }\nimpl Clock { fn late(&self) -> bool { true } }",
    ],
    ["a.rs", 'fn f() { debug_assert!(a <= b); debug_assert_eq!(a, b); debug_assert!(x == y, "{}", x); }'],
  ])("code declares what it uses and keeps nothing: %s %s", (path, text) => {
    expect(uses(path, text)).toEqual([]);
  });
});

describe("equality of a class in Python", () => {
  const init = "    def __init__(self, a, b):\n        self.a, self.b = a, b\n";
  const guard = "        if not isinstance(other, P):\n            return NotImplemented\n";
  const equal = (compared: string) => `    def __eq__(self, other):\n${guard}        return ${compared}\n`;
  const both = equal("self.a == other.a and self.b == other.b");
  const ofOne = (one: string, more: string) =>
    `class P:\n    def __init__(self, value):\n        ${one}\n${more}${equal("self.a == other.a")}`;
  const found = (text: string) => uses("a.py", text).filter((use) => /^__(?:eq|ne)__$/u.test(use));

  it.each<[string, string]>([
    ["each field", `class P:\n${init}${both}`],
    [
      "fields of which one's name begins another's",
      `class P:\n${init.replaceAll("b", "ab")}${both.replaceAll(".b", ".ab")}`,
    ],
    ["a tuple of all", `class P:\n${init}${equal("(self.a, self.b) == (other.a, other.b)")}`],
    ["each field, the other's first", `class P:\n${init}${equal("(other.a == self.a and other.b == self.b)")}`],
    [
      "declared fields",
      `@dataclass(frozen=True)\nclass P(\n    object,\n):\n    """A pair."""\n    a: int\n    b: list = field(default_factory=list)\n${both}`.replace(
        "object,",
        "object",
      ),
    ],
    ["slots", `class P:\n    __slots__ = ("a", "b")\n${init}${both}`],
    [
      "a field beside methods of all kinds",
      ofOne(
        "self.a = value",
        "    @staticmethod\n    def of(text): return P(int(text))\n    @classmethod\n    def one(cls): return cls(1)\n    def more(self, by): return P(self.a + by)\n    def __repr__(self): return f'P({self.a}, {self})'\n    def __bool__(self): return self.more(1) is not self\n    def kind(self): return self.__class__.__name__\n",
      ),
    ],
    [
      "fields with types",
      `class P:\n${init.replace("self.a, self.b = a, b", "self.a: np.ndarray = a\n        self.b: x.T = b")}${both}`,
    ],
    ["each field of a class that others use", `class P:\n${init}${both}\nfirst = P(1, 2)\nlast = P.of == first\n`],
    ["what is unequal", `class P:\n${init}${both}    def __ne__(self, other):\n        return not self == other\n`],
    [
      "a typed parameter",
      `class P:\n${init}${both.replace("other)", "other: object) -> bool").replace("other: object) -> bool, P", "other, P")}`,
    ],
  ])("may compare %s", (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it.each<[string, string]>([
    ["a field by another's name", `class P:\n${init.replaceAll("b", "ab")}${equal("self.ab == other.ab")}`],
    ["one of two that are set together", `class P:\n${init}${equal("self.b == other.b")}`],
    ["one in place of another", `class P:\n${init}${equal("self.a == other.a and self.a == other.b")}`],
    ["an object with itself", `class P:\n${init}${equal("self.a == other.a and self.b == self.b")}`],
    ["tuples that are no tuples", `class P:\n${init}${equal("self.a, self.b == other.a, other.b")}`],
    ["results of calls", `class P:\n${init}${equal("self.a() == other.a() and self.b == other.b")}`],
    ["either field", `class P:\n${init}${equal("self.a == other.a or self.b == other.b")}`],
    [
      "objects of any class",
      `class P:\n${init}    def __eq__(self, other):\n        return self.a == other.a and self.b == other.b\n`,
    ],
    [
      "declared fields but one, under a long head",
      `@dataclass\nclass P(\n    object\n):\n    a: int\n    b: int\n${equal("self.a == other.a")}`,
    ],
    ["slots but one", `class P:\n    __slots__ = ("a", "b")\n${equal("self.a == other.a")}`],
    [
      "slots that are not written out",
      `class P:\n    __slots__ = ("a", *more)\n    def __init__(self, a): self.a = a\n${equal("self.a == other.a")}`,
    ],
    [
      "what is set under another name of the object",
      ofOne("self.a = 1", "    def fill(this, value): this.value = value\n"),
    ],
    ["what is set under an alias", ofOne("self.a = 1; me = self; me.value = value", "")],
    ["what is set elsewhere", ofOne("self.a = 1; fill(self, value)", "")],
    [
      "what is set on a new object",
      ofOne(
        "self.a = 1",
        "    @classmethod\n    def of(cls, value):\n        new = cls(1)\n        new.value = value\n        return new\n",
      ),
    ],
    ["what is set as a dictionary", ofOne("self.a = 1; self.__dict__.update(value=value)", "")],
    ["what is set by name", ofOne("self.a = 1; setattr(self, 'value', value)", "")],
    ["what a loop sets", ofOne("self.a = 1\n        for self.v in [value]: pass", "")],
    ["what a property computes", ofOne("self._a = value", "    @property\n    def a(self): return round(self._a)\n")],
    ["what a method hides", ofOne("self.a = 1; self.value = value", "    def value(self): return 1\n")],
    ["what an object of the class computes", ofOne("self.a = value", "    a = Rounded()\n")],
    ["what the class gets later", `${ofOne("self.a = value", "")}P.a = Rounded()\n`],
    [
      "what is only read",
      `class P:\n${init}    def day(self): return self.c\n${equal("self.a == other.a and self.b == other.b and self.c == other.c")}`,
    ],
    ["by a method of another name", "class P:\n    __eq__ = lambda self, other: True\n"],
    ["by an imported method", "class P:\n    from coarse import equal as __eq__\n"],
    ["what a decorator changes", `@rounded\nclass P:\n${init}${both}`],
    ["in two ways", `class P:\n${init}${both}${both}`],
    ["by a method that is made elsewhere", `class P:\n${init}${both.replace("    def", "    @coarse\n    def")}`],
    ["what its parent keeps", `class P(Q):\n${init}${both}`],
    [
      "what is unequal by fields",
      `class P:\n${init}    def __ne__(self, other):\n        return isinstance(other, P) and self.a == other.a and self.b == other.b\n`,
    ],
    ["what is unequal by nothing", `class P:\n${init}    def __ne__(self, other):\n        return not self == self\n`],
  ])("asks if it compares %s", (_, text) => {
    expect(found(text)).not.toEqual([]);
  });
});

describe("equality of a type in Rust", () => {
  const pair = "pub struct P { a: u32, ab: u32 }\n";
  const equal = (compared: string) => `impl PartialEq for P { fn eq(&self, other: &Self) -> bool { ${compared} } }`;
  it.each<[string, string]>([
    ["each field", pair + equal("self.a == other.a && other.ab == self.ab")],
    [
      "numbered fields",
      `pub struct P(u8, pub u8, u8);\n${equal("self.0 == other.0 && self.1 == other.1 && self.2 == other.2")}`,
    ],
  ])("may compare %s", (_, text) => {
    expect(uses("a.rs", text)).toEqual([]);
  });
  it.each<[string, string]>([
    [
      "each object with itself",
      pair + equal("self.a == self.a && other.a == other.a && self.ab == self.ab && other.ab == other.ab"),
    ],
    ["sums", pair + equal("self.a + self.ab == other.a + other.ab")],
    ["products", pair + equal("self.a * self.ab == other.a * other.ab")],
    ["a field by another's name", pair + equal("self.ab == other.ab")],
    ["different fields", pair + equal("self.a == other.ab && self.ab == other.a")],
    ["fractions of three fields", `pub struct P(u8, u8, u8);\n${equal("self.0 * other.1 == other.0 * self.1")}`],
    [
      "rounded fractions",
      pair + equal("f32::from(self.a) * f32::from(other.ab) == f32::from(other.a) * f32::from(self.ab)"),
    ],
    [
      "fields but one with an attribute",
      `pub struct P { #[serde(skip)] a: u32, ab: u32 }\n${equal("self.ab == other.ab")}`,
    ],
    [
      "an inner type by the fields of an outer one",
      `pub struct P(u8);\nmod inner { struct P(u8, u8);\n${equal("self.0 == other.0")} }`,
    ],
  ])("asks if it compares %s", (_, text) => {
    expect(uses("a.rs", text)).toEqual(["impl PartialEq for"]);
  });
});

it("finds what Rust code depends on if its names are written as raw identifiers", () => {
  expect(uses("a.rs", "macro_rules! r#assert_eq { ($($t:tt)*) => {} }")).toEqual(["macro_rules! assert_eq"]);
  expect(uses("a.rs", "use std::r#env;")).toEqual(["std:: env"]);
  expect(uses("a.rs", "macro_rules! r#square { ($x:expr) => { $x * $x } }\nfn f(r#type: u8) -> u8 { r#type }")).toEqual(
    [],
  );
  expect(surroundingsIn("a.rs", "fn r#a() {}\nfn b() { std::env::args(); }")).toEqual([{ what: "std::env", line: 2 }]);
});

it("follows a type's name to a hundred variables", () => {
  const notes = (count: number) =>
    `function note(kind) { console.log(kind); }\n${"note(a.constructor.name);\nconsole.log(a.constructor.name);\n".repeat(count)}`;
  expect(uses("a.js", notes(100)).filter((use) => use.startsWith("a type"))).toEqual([]);
  expect(uses("a.js", notes(101)).filter((use) => use.startsWith("a type"))).toHaveLength(1);
});

it("asks only about uses that a change adds, not about code that moved to another file", () => {
  const old = surroundingsIn("a.js", "const a = Math.random();");
  const more = surroundingsIn("a.js", "const a = Math.random();\nconst b = Math.random();");
  expect(addedSurroundings(old, more)).toEqual([{ what: "Math.random", line: 2 }]);
  expect(addedSurroundings(old, old)).toEqual([]);
});

it.each([
  ["f(1);", true],
  ["list.map(f);", true],
  ["f.call(null);", true],
  ["class G extends f {}", true],
  ["(f)(1);", true],
  ["f``;", true],
  ["setTimeout(f);", true],
  ["new f;", true],
  ["list.findIndex(f);", true],
  ["Array.from(list, f);", true],
  ["list.map(f as never);", true],
  ["((f))!(1);", true],
  ["f<string>(1);", true],
  ["Math.max(f, 1);", false],
  ["if (f) (prefix)();", false],
  ["// (f)(1); list.map(f);", false],
  ["new list(f);", false],
  ["(list as f.G)(1);", false],
  ["", false],
])("takes an imported name for a function beside %s: %s", (use, expected) => {
  const code = `import { f } from './f.js';\nexport function g(prefix, list) {\n  ${use}\n  return prefix + f;\n}\n`;
  expect(uses("a.ts", code).includes("source text of a function")).toBe(expected);
});

it.each([
  ["a parameter", "export function f(window, at) { return window.days.includes(at) && String(window); }", []],
  ["a parameter of an arrow function", "export const f = (process) => process.env;", []],
  ["the inner of two parameters", "export const f = (process) => (other) => process.env + other;", []],
  ["a member of a parameter", "export const f = ({ window }) => window.a;", ["window.a"]],
  ["a local constant", "export function f(list) { const global = list[0]; return global.a; }", ["global.a"]],
  [
    "a function expression's own name",
    "exports.f = () => { const g = function process() {}; return process.env.CI && g; };",
    ["process.env.CI"],
  ],
  [
    "a parameter of a type",
    "export function f(g?: (process: string) => void) { return process.env.CI; }",
    ["process.env.CI"],
  ],
  ["an overload", "export function f() { function process(): any; return process.env.CI; }", ["process.env.CI"]],
  [
    "a parameter that is assigned",
    "exports.f = function (process) { ({ process } = this); return process.env.CI; };",
    ["process.env.CI"],
  ],
  [
    "a parameter that is set",
    "exports.f = (process, a) => { process = a; return process.env.CI; };",
    ["process", "process.env.CI"],
  ],
  [
    "a parameter that a loop sets",
    "exports.f = (process, a) => { for (process of a) return process.env.CI; };",
    ["process", "process.env.CI"],
  ],
  ["a parameter with a default", "exports.f = (d, Date = d.constructor) => new Date().getTime();", ["new Date()"]],
  [
    "a parameter by its number",
    "exports.f = function (process) { arguments[0] = this; return process.env.CI; };",
    ["state between calls: arguments[0]", "process.env.CI"],
  ],
  ["a computed key", "export const a = { [process.env.CI](process) { return process; } };", ["process.env.CI"]],
  ["a parameter of a method", "class A { covers(window) { return window.start; } }", []],
  ["a name of the file", "const window = String();\nexport const f = () => window.a;", ["window.a"]],
  ["a declared name", "declare const process: any;\nexport const f = () => process.env;", ["process.env"]],
  ["a type's name", "export function f() { type process = 1; return process.env; }", ["process.env"]],
  ["a name of another function", "function g(process) {}\nexport const f = () => process.env;", ["process.env"]],
  ["what is given on", "export const f = (process) => process.env;\nf(process);", ["process"]],
  ["what every object has", "export const f = (date) => date.getHours();", ["date.getHours"]],
  ["what is read for a default", "export const f = (window = globalThis) => window.a;", ["globalThis", "window.a"]],
])("reads %s as what it means", (_title, code, expected) => {
  expect(uses("a.ts", code)).toEqual(expected);
});

it("does not ask about data-class fields that are compared", () => {
  const text =
    '@dataclass(eq=True, order=True)\nclass P:\n    code: str = field(compare=True, default="")\nx = f(a, compare)\ny = query.filter(eq=5)\n';
  expect(surroundingsIn("a.py", text)).toEqual([]);
});

it("counts the value that JavaScript exports, and not its name in the export", () => {
  expect(uses("a.js", "const a = 1;\nexport { a as process };")).toEqual([]);
  expect(uses("a.js", "export { process as a };")).toEqual(["process"]);
});
