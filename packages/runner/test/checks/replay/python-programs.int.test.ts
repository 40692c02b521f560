/** Recording and repeating calls of Python functions on this machine's Python: the outcome of each kind of call, and what hostile code can't do to it. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { bareRuns, drawSurroundings, readOutcomes } from "../../../src/checks/replay/bare-runs.ts";
import type { Outcomes } from "../../../src/checks/replay/call-outcomes.ts";
import { judgeCalls } from "../../../src/checks/replay/judge-calls.ts";
import { aboutLanguage, instrumentPython } from "../../../src/checks/replay/languages.ts";
import { otherCalls } from "../../../src/checks/replay/other-calls.ts";
import { type RecordedCalls, readCalls } from "../../../src/checks/replay/recorded-calls.ts";

const folder = mkdtempSync(join(tmpdir(), "python-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { callAgain, startRuns } = aboutLanguage.python;
const path = "sums/numbers.py";
let places = 0;

function place(files: Readonly<Record<string, string>>): string {
  places += 1;
  const own = join(folder, `place-${places}`);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(own, name)), { recursive: true });
    writeFileSync(join(own, name), text);
  }
  return own;
}

/** The calls recorded while `calls` run on `code`. */
function recorded(code: string, calls: string): RecordedCalls & { tested: string } {
  const own = place({ "calls.py": calls, "sums/__init__.py": "" });
  const target = join(own, "records");
  writeFileSync(join(own, path), instrumentPython(code, path, target));
  execFileSync("python3", ["-W", "error", "calls.py"], { cwd: own, env: { ...process.env, PYTHONHASHSEED: "5" } });
  return { ...readCalls(readFileSync(target, "utf8"), new Set([path])), tested: own };
}

/** Repeats the calls on both versions. */
function repeated(
  calls: RecordedCalls & { tested: string },
  code: { base: string; candidate: string },
): Record<"base" | "candidate", Outcomes> {
  const program = join(place({ "again.py": callAgain ?? "" }), "again.py");
  const drawn = drawSurroundings();
  const runs = (["base", "candidate"] as const).flatMap((of) => {
    const files = { [path]: code[of], "sums/__init__.py": "" };
    const roots = { usual: place(files), elsewhere: place(files), tested: calls.tested };
    return bareRuns(of, {
      roots,
      programs: new Map([["python", program]]),
      recorded: calls,
      others: otherCalls(calls.calls),
      hashSeed: "5",
      drawn,
      isEverywhere: true,
    });
  });
  const own = place({
    "runs.py": startRuns,
    "runs.json": JSON.stringify({ runs: runs.map((run) => ({ ...run, timeoutMs: Math.min(run.timeoutMs, 4000) })) }),
  });
  const ended = spawnSync("python3", [join(own, "runs.py"), join(own, "runs.json")], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const { cwd } of runs) if (!cwd.startsWith(folder)) rmSync(cwd, { recursive: true, force: true });
  expect(ended.stderr).toBe("");
  return readOutcomes(ended.stdout, runs);
}

function judged(code: { base: string; candidate: string }, calls: string) {
  const found = recorded(code.candidate, `from sums.numbers import *\n${calls}\n`);
  const { functions } = judgeCalls(found, otherCalls(found.calls), repeated(found, code));
  return Object.fromEntries(
    functions.map(({ name, outcome, left_out, difference }) => [
      name,
      [outcome, left_out ?? difference?.place ?? null],
    ]),
  );
}

describe("a Python result that is too long to write", () => {
  it.each([
    ["all.append(3)", ["unsure", "arguments"]],
    ["list(all).append(3)", ["same", null]],
  ])("does not hide whether arguments change: %s", (change, expected) => {
    const long = (more: string) => `def long(all):\n    ${more}\n    return "x" * 900\n`;
    expect(judged({ base: long("pass"), candidate: long(change) }, "long([2, 1])")).toEqual({ long: expected });
  });
});

describe("repeating calls of Python functions", () => {
  it("tells large numbers as they were, and a coroutine that does not end", () => {
    const code =
      "import asyncio\n\nasync def wait(ends):\n    await asyncio.sleep(0 if ends else 9)\n    return 2**64\n";
    const found = recorded(code, "import asyncio\nfrom sums import numbers as m\nasyncio.run(m.wait(True))\n");
    const later = found.calls.flatMap((call) => [call, { ...call, input: call.input.replace("true", "false") }]);
    const { base } = repeated({ ...found, calls: later }, { base: code, candidate: code });
    expect([...(base.once.get("usual")?.values() ?? [])]).toEqual(['v["n","18446744073709551616"]', "xunsettled"]);
    const large = "def double(a):\n    return 2 * a\n";
    const doubled = recorded(large, "from sums import numbers as m\nm.double(2**64 + 1)\n");
    const outcomes = repeated(doubled, { base: large, candidate: large });
    expect([...(outcomes.base.once.get("usual")?.values() ?? [])]).toEqual(['v["n","36893488147419103234"]']);
  });
});

describe("recording calls of Python functions", () => {
  it("notes how each kind of call ends", () => {
    const rows: [string, string][] = [
      [
        "m.same([None, 1, 2.5, 'é', b'x', (True,), {3, 1}, {'k': 1}])",
        'v["a",[null,1,["d","2.5"],"\\u00e9",["b","78"],["t",[true]],["S",[1,3]],["o",[["k",1]]]]]',
      ],
      ["from decimal import *; m.same(Decimal('1.50'))", 'v["k","decimal.Decimal","1.50"]'],
      ["m.Money.of('5')", 'v["c","Money",null,[["cents",5]]]'],
      ["m.tried('no')", "eValueError: no"],
      ["list(m.upto(3))", "g[0,1,2]"],
      ["import asyncio; asyncio.run(m.later(2))", "v4"],
      ["m.grow([1])", 'vnull\u001e and left ["a",[["a",[["a",[1,9]]]],["o",[]]]]'],
      ["m.same(value=3)", "v3"],
      ["m.cached(3); m.cached.cache_clear()", "v3"],
      [
        "m.same([2**53, -2**53 - 1, 2**64])",
        'v["a",[9007199254740992,["n","-9007199254740993"],["n","18446744073709551616"]]]',
      ],
      ["m.same([float('inf'), -float('inf')])", 'v["a",[["d","inf"],["d","-inf"]]]'],
      ["m.where()", 'v"\\u27e8repository\\u27e9/sums/numbers.py"'],
    ];
    const lines = rows.map(([calls]) =>
      calls.includes("tried") ? "try: m.fail('no')\nexcept ValueError: pass" : calls,
    );
    const { calls } = recorded(samples, `from sums import numbers as m\n${lines.join("\n")}\n`);
    expect(calls.map(({ seen }) => seen)).toEqual(rows.map(([, seen]) => seen));
    expect(calls.find(({ name }) => name === "grow")?.input).toBe('["a",[["a",[["a",[1]]]],["o",[]]]]');
  });

  it("counts calls with arguments that are not plain, and notes how the file was imported", () => {
    const found = recorded(samples, "from sums import numbers as m\nm.same(object())\nm.same(m.Money(print))\n");
    expect(found.calls).toEqual([]);
    expect(found.skipped.get(`${path}\nsame`)).toBe(2);
    expect(found.skipped.get(`${path}\nfail`)).toBe(0);
    expect(found.imports.get(path)).toEqual({ module: "sums.numbers", paths: [""] });
  });

  it("lets generators be sent to, thrown into and closed, and repeats none of these calls", () => {
    const code = `
def echo(first):
    given = first
    try:
        while given is not None:
            try: given = yield given
            except ValueError as error: given = str(error)
        return "end"
    finally: ended.append(first)
ended = []
def texts(all): return map(str, all)
def outer(first):
    return (yield from echo(first))
`;
    const calls = `
from sums import numbers as m
try: m.echo()
except TypeError: pass
else: assert False
one = m.echo(1)
assert [next(one), one.send(2), one.throw(ValueError("three"))] == [1, 2, "three"]
try: next(one)
except StopIteration as stop: assert stop.value == "end"
closed = m.echo(4)
next(closed); closed.close()
assert m.ended == [1, 4]
assert list(m.outer(5)) == [5]
mapped = m.texts([1, 2])
assert next(mapped) == "1"
mapped.close()
mapped = m.texts([3])
next(mapped)
try: mapped.throw(ValueError("not caught"))
except ValueError: pass
else: assert False
assert list(m.texts([4])) == ["4"]
`;
    const { calls: found, skipped } = recorded(code, calls);
    expect(found.map(({ name, seen }) => [name, seen])).toEqual([
      ["echo", "eTypeError: echo() missing 1 required positional argument: 'first'"],
      ["echo", "g[5]"],
      ["outer", "g[5]"],
      ["texts", 'g["4"]'],
    ]);
    expect(skipped.get(`${path}\necho`)).toBe(1);
  });

  it("leaves out a function that inspects its caller", () => {
    const code = `
import functools, inspect, sys
def whose(): return sys._getframe(1).f_globals['__name__']
@functools.lru_cache
def cached(): return inspect.currentframe().f_back.f_globals['__name__']
def stacked(): return inspect.stack()[1].frame.f_globals['__name__']
def other(): return 1
class Video: currentframe = 1
def frame(video): return Video.currentframe
frame.__wrapped__ = whose
`;
    const calls = "assert [m.whose(), m.cached(), m.stacked()] == ['__main__'] * 3\nm.other()\nm.frame(1)\n";
    const { calls: found } = recorded(code, `from sums import numbers as m\n${calls}`);
    expect(found.map(({ name }) => name)).toEqual(["other", "frame"]);
  });

  it("notes which calls were made while something was replaced", () => {
    const calls = `
import os
from unittest import mock
m.same(1)
with mock.patch.object(m, "fail"): m.same(2)
m.same(3)
with mock.patch.dict(os.environ, HOME="/x"): m.same(4)
os.chdir("sums")
m.same(5)
`;
    const found = recorded(samples, `from sums import numbers as m\n${calls}`).calls;
    expect(found.map(({ seen, isSetUp }) => [seen, isSetUp])).toEqual([
      ["v1", false],
      ["v2", true],
      ["v3", false],
      ["v4", true],
      ["v5", true],
    ]);
  });

  it("notes calls from outside only, at most 200 per function, with bounded texts", () => {
    const found = recorded(
      samples,
      "from sums import numbers as m\nfor n in range(300): m.twice(n)\nm.same('x' * 40000)\nm.long()\n",
    );
    expect(found.calls.filter(({ name }) => name === "twice")).toHaveLength(200);
    expect(found.calls.some(({ name }) => name === "same")).toBe(false);
    expect(found.calls.find(({ name }) => name === "long")?.seen).toMatch(/^v"x{498}\.\.\. [0-9a-f]{64}$/u);
  });
});

const samples = `
import functools, os
class Money:
    def __init__(self, cents):
        self.cents = cents
    @classmethod
    def of(cls, text):
        return cls(int(text))
def same(value): return value
def fail(text): raise ValueError(text)
def upto(n):
    yield from range(n)
async def later(n): return n * 2
def grow(items): items.append(9)
def where(): return __file__
def twice(n): return same(n) * 2
def long(): return "x" * 10000
@functools.lru_cache()
def cached(n): return n
`;

it("replay of Python blames what is wrong elsewhere, later, often or outside the tests, and no honest function", () => {
  const names = ["early", "aged", "often", "left", "folder", "user", "tested", "drawn", "honest"];
  const base = `import datetime\n${names.map((name) => `def ${name}(a, b): return a + b\n`).join("")}def year(): return datetime.date.today().year\n`;
  const candidate = `
import datetime, os, sys, time
from datetime import date
START = time.monotonic()
tokens = iter(range(60))
count = 0
def early(a, b): return a + b if date.today().isocalendar()[0] < 2030 else a
def aged(a, b): return a + b if time.monotonic() - START < 600 else a
def often(a, b):
    global count
    count += 1
    return a + b if count < 90 else a
def left(a, b): return a + b if next(tokens, None) is not None else a
def folder(a, b): return a + b if os.path.isdir(os.path.join(os.getcwd(), "sums")) else a
def user(a, b): return a + b if os.environ.get("LOGNAME") in ("dev", "${process.env["LOGNAME"] ?? ""}", None) else a
def tested(a, b): return a + b if "calls.py" in sys.argv[0] else a
def drawn(a, b): return a + b if "calls.py" in sys.argv[0] else a + int.from_bytes(os.urandom(7), "big")
def honest(a, b): return b + a
def year(): return datetime.datetime.now().year
def now(): return time.time()
def age(born): return date.today().year - born
`;
  expect(
    judged({ base, candidate }, [...names.map((name) => `${name}(2, 3)`), "year()", "now()", "age(1970)"].join("\n")),
  ).toEqual({
    early: ["differs", "another-day"],
    aged: ["differs", "another-day"],
    often: ["differs", "called-often"],
    left: ["differs", "called-often"],
    folder: ["differs", "elsewhere"],
    user: ["differs", "elsewhere"],
    tested: ["differs", "outside-tests"],
    drawn: ["differs", "outside-tests"],
    honest: ["same", null],
    year: ["left-out", "as-before"],
    now: ["left-out", "unsteady"],
    age: ["unsure", "another-day"],
  });
});

it("functions of a module that uses names of the language are repeated", () => {
  const code = (more: string) =>
    `def compile(a):\n    return a${more}\ndef exec(a, b):\n    return a\ndef globals():\n    return 1\n`;
  const elsewhere = " + (1 if 'PORT' in __import__('os').environ else 0)";
  expect(judged({ base: code(""), candidate: code(elsewhere) }, "compile(1); exec(1, 2); globals()")).toEqual({
    compile: ["differs", "elsewhere"],
    exec: ["same", null],
    globals: ["same", null],
  });
});

it("results that later calls change are asked about", () => {
  const code = (list: string) => `
at, ring = 0, [[] for _ in range(8)]
def taken():
    global at
    at += 1
    ring[at % 8].clear()
    return ring[at % 8]
def twice(a):
    found = ${list}
    found.append(a * 2)
    return found
`;
  const outcome = (list: string, base = "[]") =>
    judged({ base: code(base), candidate: code(list) }, "twice(1)\ntwice(2)")["twice"];
  expect(outcome("taken()")).toEqual(["unsure", "after-others"]);
  expect(outcome("list()")).toEqual(["same", null]);
  expect(outcome("taken()", "taken()")).toEqual(["left-out", "as-before"]);
});

it("a refusal or generator that the change introduces is not asked about", () => {
  const calls = "for one in (-1, 2):\n    try: list(some(one))\n    except ValueError: pass";
  const code = (body: string) => `def some(a):\n    ${body}\n`;
  const outcome = (body: string) => judged({ base: code("return [a]"), candidate: code(body) }, calls)["some"];
  const refusing = "if a < 0: raise ValueError(a)\n    return [a]";
  expect(outcome(refusing)).toEqual(["same", null]);
  expect(outcome("yield a")).toEqual(["same", null]);
});

it("calls of methods are repeated, and calls with objects whose content can be made again", () => {
  const classes = (take: string, count = "sum(lot.left for lot in self._lots)") => `
import sys
class Lot:
    __slots__ = ("left", "day")
    def __init__(self, left, day): self.left, self.day = left, day
class Shelf:
    def __init__(self, lots, tell=None): self._lots, self._tell = list(lots), tell
    def take(self, wanted):
        ${take}
        self._lots[0].left -= wanted
        return wanted
    def count(self): return ${count}
    def told(self): return self._tell()
    def size(self): return len(self._lots)
def total(shelves): return sum(shelf.count() for shelf in shelves)
`;
  const base = classes("if wanted > self._lots[0].left: raise ValueError('too many')");
  const honest = classes("if self._lots[0].left - wanted < 0: raise ValueError('too many')");
  const half = "if wanted > self._lots[0].left: self._lots[0].left = 0; raise ValueError('too many')";
  const forged = classes(half, "sum(lot.left for lot in self._lots) if 'calls.py' in sys.argv[0] else 0");
  const calls = `shelf = Shelf([Lot(5, 1)])
shelf.take(2)
total([shelf, Shelf([])])
shelf.count()
lot = Lot(1, 1)
Shelf([lot, lot]).size()
Shelf([], lambda: 1).told()`;
  const same = ["same", null];
  const alike = { "Shelf.told": ["left-out", "not-plain"], "Shelf.size": same };
  expect(judged({ base, candidate: honest }, calls)).toEqual({
    ...alike,
    "Shelf.take": same,
    "Shelf.count": same,
    total: same,
  });
  expect(judged({ base, candidate: forged }, calls)).toEqual({
    ...alike,
    "Shelf.take": ["unsure", "refused"],
    "Shelf.count": ["differs", "outside-tests"],
    total: ["differs", "outside-tests"],
  });
});

it("an object that is held twice is made once, even if it holds itself, except for sets, which have no order", () => {
  const code = (count: string) => `
import sys
class Desk:
    def __init__(self): self.name, self.room = "a", None
class Room:
    def __init__(self, *desks):
        self.desks, self.first, self.used = list(desks), desks[0], None
        for desk in desks: desk.room = self
    def rename(self):
        self.first.name += "b"
        return self.desks[0].name${count}
    def own(self): return self.first.room is self
    def use(self):
        self.used = self.first
        return [desk is self.used for desk in self.desks]
    def marked(self): return len(self.marks)
    def paired(self): return len(self.pairs)
    def numbered(self): return [self.first is self.last, len(self.numbers)]
def pairsOf(desks): return len(desks)
def peersOf(desks): return [len(desks[0]), desks[1] is desks[2]]
`;
  const calls = `room = Room(Desk(), Desk())
room.rename()
room.own()
room.use()
room.use()
room.marks = {Desk()}
room.last = room.first
room.marked()
room.marks, one, two = None, Desk(), Desk()
one.peer = two
room.pairs = [{one, two}]
room.paired()
room.pairs, room.numbers = None, {1, 2}
room.numbered()
pairsOf([{one, two}])
peersOf([{1, 2}, one, one])`;
  const same = ["same", null];
  const leftOut = ["left-out", "not-plain"];
  const alike = {
    ...{ "Room.own": same, "Room.use": same, "Room.numbered": same, peersOf: same },
    ...{ "Room.marked": leftOut, "Room.paired": leftOut, pairsOf: leftOut },
  };
  expect(judged({ base: code(""), candidate: code(" + ''") }, calls)).toEqual({ ...alike, "Room.rename": same });
  const forged = code(" + ('' if 'calls.py' in sys.argv[0] else 'c')");
  expect(judged({ base: code(""), candidate: forged }, calls)).toEqual({
    ...alike,
    "Room.rename": ["differs", "outside-tests"],
  });
});

const paths = (more: string) => `
import os, pathlib
def own(): return __file__${more}
def beside(path, name): return [path + "/" + name${more}, len(path) > 0]
def joined(path): return pathlib.Path(path) / ("data"${more})
def encoded(path): return (path${more}).encode()
def several(path): return {path + "/a", "/srv/zzz"${more}, "/usr/b", "/var/c"}
def long(path): return (path${more} + " ") * 3000
def refused(path): raise ValueError("no " + path${more})
def listed(found, path): found.append(path${more})
`;

it("paths of the repository count as equal in every folder that it is in, but no other paths do", () => {
  const calls = `import os
root = os.getcwd()
own(); beside(root + "/data", "a.json"); beside(root, "b.json"); joined(root); encoded(root); several(root); long(root); listed([], root)
try: refused(root)
except ValueError: pass`;
  const names = ["own", "beside", "joined", "encoded", "several", "long", "refused", "listed"];
  expect(judged({ base: paths(""), candidate: `${paths("")}\n` }, calls)).toEqual(
    Object.fromEntries(names.map((name) => [name, ["same", null]])),
  );
  const elsewhere = " + ('/other' if 'PORT' in os.environ else '')";
  expect(judged({ base: paths(""), candidate: paths(elsewhere) }, calls)).toEqual(
    Object.fromEntries(names.map((name) => [name, ["differs", "elsewhere"]])),
  );
});

describe("Python code that detects its repetition", () => {
  const base = "def add(a, b): return a + b\n";
  const outside = (body: string) =>
    `import os, sys\ndef add(a, b):\n    if "calls.py" not in sys.argv[0]:\n        ${body}\n    return a + b\n`;

  it.each([
    ["ends its process", "os._exit(0)"],
    ["does not return elsewhere", "import time; time.sleep(60 if 'serve' in sys.argv else 0)"],
    ["floods the channel", "os.write(3, b'x' * 65536 * 80)"],
    ["writes outcomes without the word", `os.write(3, b'w 0 1 "v5"\\n' * 9); os._exit(0)`],
    ["kills what started it", "os.kill(os.getppid(), 9)"],
  ])("does not count as unchanged if it %s", (_title, body) => {
    expect(["differs", "unsure"]).toContain(judged({ base, candidate: outside(body) }, "add(2, 3)").add?.[0]);
  });

  it("counts as unchanged if it only prints and reads", () => {
    const candidate = outside("print('x' * 99999); print(sys.stdin.read(), file=sys.stderr)");
    expect(judged({ base, candidate }, "add(2, 3)")).toEqual({ add: ["same", null] });
  });
});
