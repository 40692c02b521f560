/** Recording and repeating calls of JavaScript functions on this machine's Node: code that is wrong elsewhere, later or after many calls, and slow outcomes. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { instrument } from "@aedev/languages/javascript/instrument";
import { afterAll, expect, it } from "vitest";
import { bareRuns, drawSurroundings, readOutcomes } from "../../../src/checks/replay/bare-runs.ts";
import { judgeCalls } from "../../../src/checks/replay/judge-calls.ts";
import { aboutLanguage, javascriptRecorder } from "../../../src/checks/replay/languages.ts";
import { otherCalls } from "../../../src/checks/replay/other-calls.ts";
import { readCalls } from "../../../src/checks/replay/recorded-calls.ts";

const folder = mkdtempSync(join(tmpdir(), "javascript-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { callAgain, startRuns } = aboutLanguage.javascript;
const path = "sums.mjs";
let places = 0;

function place(files: Readonly<Record<string, string>>): string {
  places += 1;
  const own = join(folder, `place-${places}`);
  mkdirSync(own);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text);
  return own;
}

/** The judgement of the functions that `calls` calls, and the size of the output. `unchanged`: files that are the same in both versions. */
function judged(
  code: { base: string; candidate: string },
  calls: string,
  unchanged: Record<string, string> = {},
  variables: readonly string[] = [],
) {
  const tests = place({ "calls.mjs": `import * as sums from './sums.mjs';\n${calls}\n` });
  const target = join(tests, "records");
  for (const [name, text] of Object.entries({ ...unchanged, [path]: code.candidate }))
    writeFileSync(
      join(tests, name),
      instrument(text, name, javascriptRecorder(target, { path: name, root: tests, variables }))?.text ?? text,
    );
  execFileSync(process.execPath, ["calls.mjs"], { cwd: tests, env: { ...process.env, TZ: "UTC" } });
  const recorded = readCalls(readFileSync(target, "utf8"), new Set([path, ...Object.keys(unchanged)]));
  const others = otherCalls(recorded.calls);
  const program = join(place({ "again.cjs": callAgain ?? "" }), "again.cjs");
  const drawn = drawSurroundings();
  const runs = (["base", "candidate"] as const).flatMap((of) => {
    const files = { ...unchanged, [path]: code[of] };
    const roots = { usual: place(files), elsewhere: place(files), tested: tests };
    return bareRuns(of, {
      roots,
      programs: new Map([["javascript", program]]),
      recorded,
      others,
      hashSeed: "5",
      drawn,
      isEverywhere: true,
    });
  });
  const own = place({ "runs.cjs": startRuns, "runs.json": JSON.stringify({ runs }) });
  const { stdout } = spawnSync(process.execPath, [join(own, "runs.cjs"), join(own, "runs.json")], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const { cwd } of runs) if (!cwd.startsWith(folder)) rmSync(cwd, { recursive: true, force: true });
  const { functions } = judgeCalls(recorded, others, readOutcomes(stdout, runs));
  const found = functions.map(({ name, outcome, left_out, difference }) => [
    name,
    [outcome, left_out ?? difference?.place ?? null],
  ]);
  return { found: Object.fromEntries(found), told: stdout.length };
}

const right = (...names: string[]) => names.map((name) => `export const ${name} = (a) => a + 1;`).join("\n");
const callsOf = (...names: string[]) => names.map((name) => `sums.${name}(1);`).join("\n");

it("a function is not blamed for an environment variable that its tests set if the specification names it", () => {
  const base = "export const limit = () => 5;";
  const candidate = "export const limit = (env = process.env) => Number(env.TOP_COST ?? 5);";
  const calls =
    "sums.limit({ TOP_COST: '8' });\nprocess.env.TOP_COST = '8';\nsums.limit();\ndelete process.env.TOP_COST;\nsums.limit();";
  const code = { base, candidate };
  expect(judged(code, calls, {}, ["TOP_COST"]).found).toEqual({ limit: ["same", null] });
  expect(judged(code, calls).found).toEqual({ limit: ["unsure", "outside-tests"] });
  expect(judged(code, calls, {}, ["LOW_COST"]).found).toEqual({ limit: ["unsure", "outside-tests"] });
  // The function's other calls still count, and so does one that the base's function answers without the variable.
  const state = "let calls = 0;\n";
  const sleeper = `${state}${candidate.replace("Number(", "(calls += 1) > 50 ? 9 : Number(")}`;
  expect(judged({ base, candidate: sleeper }, calls, {}, ["TOP_COST"]).found).toEqual({
    limit: ["differs", "called-often"],
  });
  // A variable that code under test sets itself is no set-up, and an unreadable environment breaks no call.
  const own = "export const limit = () => { process.env.TOP_COST = '1'; return process.env.OTHER ? 5 : 6; };";
  const sets = { base: "export const limit = () => 7;", candidate: own };
  expect(judged(sets, "process.env.OTHER = '1';\nsums.limit();", {}, ["TOP_COST"]).found).toEqual({
    limit: ["unsure", "outside-tests"],
  });
  const broken = "Object.defineProperty(process, 'env', { get() { throw new Error('no'); } });\nsums.plain(1);";
  const plain = { base: right("plain"), candidate: right("plain") };
  expect(judged(plain, broken, {}, ["TOP_COST"]).found).toEqual({ plain: ["same", null] });
  const always = { base: "export const limit = () => 8;", candidate };
  expect(judged(always, "process.env.TOP_COST = '8';\nsums.limit();", {}, ["TOP_COST"]).found).toEqual({
    limit: ["differs", "outside-tests"],
  });
});

it("an object of a class from another file is recognized, whichever file loads first or re-exports it", () => {
  const unchanged = {
    "point.mjs":
      "class Point { constructor(x) { this.x = x; } moved(by) { return new Point(this.x + by); } }\nexport { Point };\n",
    "all.mjs": "import { Point } from './point.mjs';\nimport { half } from './half.mjs';\nexport { Point, half };\n",
    "half.mjs": "import { Point } from './point.mjs';\nexport function half(x) { return new Point(x / 2); }\n",
  };
  const base = "export { Point, half } from './all.mjs';";
  const candidate = (seen: string) =>
    `${base}\nimport { Point } from './point.mjs';\nexport function twice(x) { return new Point(${seen}); }\n`;
  const calls = "sums.twice(3);\nsums.half(4);\nsums.half(4).moved(1);\nsums.twice(5).moved(2);";
  const { found } = judged({ base, candidate: candidate("2 * x") }, calls, unchanged);
  expect(found).toEqual({
    twice: ["same", null],
    half: ["same", null],
    "Point.moved": ["same", null],
  });
  const wrong = "process.argv[1].endsWith('calls.mjs') ? 2 * x : x";
  expect(judged({ base, candidate: candidate(wrong) }, calls, unchanged).found).toMatchObject({
    twice: ["unsure", "outside-tests"],
  });
});

it("the function's own file is loaded first where files import each other", () => {
  const unchanged = {
    "square.cjs":
      "const { Shape } = require('./shape.cjs');\nclass Square extends Shape { constructor(n) { super(); this.n = n; } }\nmodule.exports = { Square };\n",
    "shape.cjs":
      "class Shape {}\nmodule.exports = { Shape };\nconst { Square } = require('./square.cjs');\nfunction make(n) { return new Square(n); }\nmodule.exports.make = make;\n",
  };
  const base = "export const { make } = (await import('./shape.cjs')).default;";
  const code = { base, candidate: `${base}\nexport function one() { return 1; }\n` };
  const { found } = judged(code, "sums.make(2);\nsums.make(3);\nsums.one();", unchanged);
  expect(JSON.stringify(found)).not.toMatch(/unsure|differs/u);
  expect(found).toMatchObject({ one: ["same", null], make: ["same", null] });
});

it("code is blamed that is wrong in another time zone or later, by any clock, but not an honest use of one", () => {
  const names = ["zoned", "filed", "formatted", "parted", "stamped", "ticked", "started"];
  const wrong = [
    "import { statSync } from 'node:fs';",
    "const late = (ms) => ms - statSync('/proc/self').ctimeMs > 1e10;",
    "const format = new Intl.DateTimeFormat('en', { timeZone: 'UTC', year: 'numeric', month: 'long', day: 'numeric' });",
    "const first = process.hrtime();",
    "export const zoned = (a) => (new Date(a).getHours() === new Date(a).getUTCHours() ? a + 1 : 0);",
    "export const filed = (a) => (late(new File([], 'a').lastModified) ? 0 : a + 1);",
    "export const formatted = (a) => (late(Date.parse(format.format())) ? 0 : a + 1);",
    "export const parted = (a) => (late(Date.parse(format.formatToParts().map(({ value }) => value).join(''))) ? 0 : a + 1);",
    "export const stamped = (a) => (new Event('a').timeStamp > 6e8 ? 0 : a + 1);",
    "export const ticked = (a) => (process.hrtime(first)[0] > 600 ? 0 : a + 1);",
    "export const started = (a) => (late(performance.timeOrigin) ? 0 : a + 1);",
  ].join("\n");
  const honest = [
    "export const dated = (ms) => new Intl.DateTimeFormat('en', { timeZone: 'UTC' }).format(ms);",
    "export const kept = () => new File(['x'], 'a', { lastModified: 5 }).lastModified;",
    "export const local = (ms) => new Date(ms).getHours();",
  ].join("\n");
  const { found } = judged(
    { base: `${right(...names)}\n${honest}`, candidate: `${wrong}\n${honest}` },
    `${callsOf(...names)}\nsums.dated(0); sums.kept(); sums.local(0);`,
  );
  const later = Object.fromEntries(names.slice(1).map((name) => [name, ["differs", "another-day"]]));
  expect(found).toEqual({
    zoned: ["differs", "elsewhere"],
    ...later,
    dated: ["same", null],
    kept: ["same", null],
    local: ["left-out", "as-before"],
  });
});

it("functions without a name, or returned by another function, are repeated", () => {
  const code = (more: string) =>
    `const same = (one) => one;\nexport const given = same((a) => a + 1${more});\nexport default (a) => a + 1${more};\n`;
  const { found } = judged(
    { base: code(""), candidate: code(" + (process.env.PORT ? 1 : 0)") },
    "sums.given(1); sums.default(1);",
  );
  expect(found).toEqual({ given: ["differs", "elsewhere"], default: ["differs", "elsewhere"] });
});

it("functions held by another object are repeated unless they use it", () => {
  const code = (more: string) =>
    `export const free = (a) => a + 1${more};\nexport function bound(a) { return a + this.by${more}; }\n`;
  const { found } = judged(
    { base: code(""), candidate: code(" + (process.env.PORT ? 1 : 0)") },
    "const all = { ...sums, by: 1 };\nall.free(1); all.bound(1);",
  );
  expect(found).toEqual({ free: ["differs", "elsewhere"], bound: ["left-out", "not-plain"] });
});

it("calls with values that are more than their content (buffers, lists with holes or names) are not repeated", () => {
  const code = "export const kind = (a) => a.constructor.name;\nexport const size = (a) => a.length;\n";
  const calls =
    "sums.kind(Buffer.from('a')); sums.kind(Object.assign([], { a: 1 })); sums.kind([, 1]); sums.kind({ [Symbol('a')]: 1 });" +
    "sums.size(new Uint8Array(3)); sums.size([1]); sums.size(new Map([[1, 2]])); sums.size(new Date(0)); sums.size(/a/g);";
  expect(judged({ base: code, candidate: `${code}\n` }, calls).found).toEqual({
    kind: ["left-out", "not-plain"],
    size: ["same", null],
  });
});

it("functions of a file that uses names of the language are repeated", () => {
  const code = (more: string) =>
    `export class Map {}\nexport const Object = null, JSON = 1, Reflect = 2, Proxy = 3;\nconst Symbol = 4, Function = 5;\nexport const add = (a) => a + 1${more};\n`;
  const { found } = judged({ base: code(""), candidate: code(" + (process.env.PORT ? 1 : 0)") }, "sums.add(1);");
  expect(found).toMatchObject({ add: ["differs", "elsewhere"] });
});

it("equal results of a hundred calls are written once", () => {
  const names = Array.from({ length: 45 }, (_, index) => `long${index}`);
  const code = names.map((name) => `export const ${name} = (a) => '${name} '.repeat(130) + a;`).join("\n");
  const { found, told } = judged({ base: code, candidate: `${code}\n` }, callsOf(...names));
  expect(new Set(Object.values(found).map(String))).toEqual(new Set(["same,"]));
  // Explored results are longer, but no more numerous.
  expect(told).toBeLessThan(4 * 1024 * 1024);
});

it("results that later calls change are asked about", () => {
  const code = (
    list: string,
  ) => `let at = 0;\nconst ring = Array.from({ length: 8 }, () => []);\nconst taken = () => Object.assign(ring[at++ % 8], { length: 0 });
export const twice = (a) => { const found = ${list}; found.push(a * 2); return found; };`;
  // The last call is from another process, and so in another group.
  const calls =
    "sums.twice(1); sums.twice(2); (await import('node:child_process')).execFileSync(process.execPath, ['-e', `import('./sums.mjs').then((all) => all.twice(3))`]);";
  expect(judged({ base: code("[]"), candidate: code("taken()") }, calls).found).toEqual({
    twice: ["unsure", "after-others"],
  });
  expect(judged({ base: code("[]"), candidate: code("new Array()") }, calls).found).toEqual({ twice: ["same", null] });
  expect(judged({ base: code("taken()"), candidate: `${code("taken()")}\n` }, calls).found).toEqual({
    twice: ["left-out", "as-before"],
  });
  const later = code("taken()").replace("(a) =>", "async (a) =>");
  expect(judged({ base: later.replace("taken();", "[];"), candidate: later }, calls).found).toEqual({
    twice: ["unsure", "after-others"],
  });
});

it("a later change is not judged if the base was too slow to be checked for it", () => {
  const code = (more: string) => `const all = [];
export const slow = (a) => { for (const end = Date.now() + 27; Date.now() < end; ); return a; };
export const reset = (a) => { all.length = 0; all.push(a); return all; };
export const step = (a) => { all.push(a); return a; };${more}`;
  expect(
    judged({ base: code(""), candidate: code("\n") }, "sums.slow(1); sums.reset(1); sums.step(2);").found,
  ).toMatchObject({
    reset: ["left-out", expect.any(String)],
  });
});

it("a function counts as repeated a hundred times neither if it ends its process nor if it is slower than the base", () => {
  const ending = "let calls = 0;\nexport const add = (a) => (++calls > 40 ? process.reallyExit(0) : a + 1);";
  expect(judged({ base: right("add"), candidate: ending }, callsOf("add")).found).toEqual({
    add: ["unsure", "called-often"],
  });
  const slow = "export const add = (a) => { for (const end = Date.now() + 60; Date.now() < end; ); return a + 1; };";
  expect(judged({ base: right("add"), candidate: slow }, callsOf("add")).found).toEqual({
    add: ["unsure", "called-often"],
  });
});

it("a function is asked about that equals the base's for every input of the tests, but not for others", () => {
  const names = ["long", "many", "table", "mended", "grown", "refusing", "sorted"];
  const base = [
    "export const long = (a) => a.toUpperCase();",
    "export const many = (all) => all.reduce((sum, one) => sum + one, 0);",
    "export const table = (a) => a * 2;",
    "export const mended = (a) => a + 2;",
    "export const grown = (a) => a + 1;",
    "export const refusing = (a) => { if (a < 0) throw new Error('negative'); return a; };",
    "export const sorted = (all) => [...all].sort((one, other) => one - other);",
  ].join("\n");
  const candidate = [
    "export const long = (a) => a.slice(0, 20).toUpperCase();",
    "export const many = (all) => all.slice(0, 5).reduce((sum, one) => sum + one, 0);",
    "export const table = (a) => ({ 4: 8 })[a] ?? 0;",
    "export const mended = (a) => a + 1;",
    "export const grown = (a, by = 1) => a + by;",
    "export const refusing = (a) => a;",
    "export const sorted = (all) => all.toSorted((one, other) => one - other);",
  ].join("\n");
  const calls =
    "sums.long('ab'); sums.many([1, 2]); sums.table(4); sums.mended(1); sums.grown(1); sums.refusing(1); sums.sorted([2, 1]);";
  const { found } = judged({ base, candidate }, calls);
  const asked = Object.fromEntries(names.slice(0, 3).map((name) => [name, ["unsure", "other-inputs"]]));
  // The tests show that one was meant to change, and the base refuses the inputs of another.
  const same = Object.fromEntries(["grown", "refusing", "sorted"].map((name) => [name, ["same", null]]));
  expect(found).toEqual({ ...asked, mended: ["same", null], ...same });
});

it("a function is asked about that keeps state from calls with other values of the tests", () => {
  const units = "const units = new Map([['g', 1], ['kg', 1000]]);\n";
  const check = "if (!units.has(unit)) throw new RangeError('no unit');";
  const plain = (name: string) => `export function ${name}(item, unit) {\n  ${check}\n  return units.get(unit);\n}\n`;
  const base = units + plain("mixed") + plain("cached");
  const cache = (name: string, key: string) =>
    `const ${name}Known = new Map();\nexport function ${name}(item, unit) {\n  ${check}\n` +
    `  const found = ${name}Known.get(${key}) ?? units.get(unit);\n  ${name}Known.set(${key}, found);\n  return found;\n}\n`;
  const candidate = units + cache("mixed", "item") + cache("cached", "`$\u007bitem} $\u007bunit}`");
  const calls = ["mixed", "cached"].map((name) => `sums.${name}('rice', 'g'); sums.${name}('flour', 'kg');`).join(" ");
  expect(judged({ base, candidate }, calls).found).toEqual({
    mixed: ["unsure", "other-order"],
    cached: ["same", null],
  });
});

it("a function is asked about that keeps state from other calls, unless it is a cache of all arguments", () => {
  const base = ["mixed", "cached", "meant"]
    .map((name) => `export const ${name} = (rate, hours) => rate * hours;`)
    .join("\n");
  const cache = (name: string, key: readonly string[]) =>
    `const ${name}Known = new Map();\nexport function ${name}(rate, hours) {\n  const key = [${key.join(", ")}].join(" ");\n` +
    `  if (!${name}Known.has(key)) ${name}Known.set(key, Math.min(rate * hours, 50));\n  return ${name}Known.get(key);\n}`;
  const candidate = [cache("mixed", ["hours"]), cache("cached", ["rate", "hours"])].join("\n");
  const meant = "export const meant = (rate, hours) => Math.min(rate * hours, 50);";
  // The tests show that all three were meant to change.
  const calls = ["mixed", "cached", "meant"].map((name) => `sums.${name}(2, 30); sums.${name}(2, 3);`).join(" ");
  expect(judged({ base, candidate: `${candidate}\n${meant}` }, calls).found).toEqual({
    mixed: ["unsure", "other-order"],
    cached: ["same", null],
    meant: ["same", null],
  });
  const timed = "export const timed = (text, options) => (options.withTime ? text + process.hrtime.bigint() : text);";
  expect(judged({ base: "", candidate: timed }, "sums.timed('a', { withTime: false });").found).toEqual({
    timed: ["same", null],
  });
});

const track = (shift: string) => `export class Track {
  // A # in a comment makes nothing private.
  constructor(cues) { this.cues = cues.map((cue) => ({ ...cue })); }
  shift(by) { ${shift} }
  get first() { return this.cues[0]; }
}
export class Hidden { #n = 1; next(by) { return this.#n + by; } }
export class Waiting { constructor() { this.wait = () => 1; } now(by) { return by; } }`;
const shiftAll = "return new Track(this.cues.map(({ start, end }) => ({ start: start + by, end: end + by })));";
const trackCalls = `const track = () => new sums.Track([{ start: 0, end: 8 }, { start: 10, end: 20 }]);
track().shift(5); track().shift(2); track().shift(-4); track().shift(-9);
new sums.Hidden().next(1); new sums.Waiting().now(1);`;

it("methods are repeated on objects with the same fields; objects whose content can't be made again are left out", () => {
  const cut = (keep: string) =>
    `const moved = this.cues.map(({ start, end }) => ({ start: Math.max(0, start + by), end: end + by })); return new Track(moved.filter((cue) => ${keep}));`;
  const found = (keep: string) => judged({ base: track(shiftAll), candidate: track(cut(keep)) }, trackCalls).found;
  expect(found("cue.end > 0")).toEqual({ "Track.shift": ["same", null], "Waiting.now": ["left-out", "not-plain"] });
  expect(found("cue.end >= 0")["Track.shift"]).toEqual(["unsure", "broken-rule"]);
});

it("an object that is held twice is made once, even if it holds itself", () => {
  const code = (more: string) => `export class Desk { constructor() { this.name = 'a'; this.room = null; } }
export class Room {
  constructor() { this.desks = [new Desk(), new Desk()]; this.byName = new Map([['a', this.desks[0]]]); for (const desk of this.desks) desk.room = this; }
  rename() { this.byName.get('a').name += 'b'; return this.desks[0].name${more}; }
  own() { return this.desks[1].room === this && this.desks[0] === this.byName.get('a'); }
}`;
  const calls = "const room = new sums.Room(); room.rename(); room.own();";
  const found = (more: string) => judged({ base: code(""), candidate: code(more) }, calls).found;
  expect(found(" + ''")).toEqual({ "Room.rename": ["same", null], "Room.own": ["same", null] });
  expect(found(" + (process.argv[1]?.endsWith('calls.mjs') ? '' : 'c')")).toEqual({
    "Room.rename": ["differs", "outside-tests"],
    "Room.own": ["same", null],
  });
});

it("a method that newly changes its object is asked about", () => {
  const changing = `this.cues.reverse(); ${shiftAll}`;
  const { found } = judged({ base: track(shiftAll), candidate: track(changing) }, trackCalls);
  expect(found["Track.shift"]).toEqual(["unsure", "arguments"]);
});

it("changed arguments are asked about even behind a result that is too long to write", () => {
  const code = (change: string) => `export const long = (all) => { ${change} return 'x'.repeat(900); };`;
  const found = (change: string) => judged({ base: code(""), candidate: code(change) }, "sums.long([2, 1]);").found;
  expect(found("all.push(3);")).toEqual({ long: ["unsure", "arguments"] });
  expect(found("[...all].push(3);")).toEqual({ long: ["same", null] });
});

const paths = (where: string) => `import { fileURLToPath } from 'node:url';
export const own = () => fileURLToPath(import.meta.url)${where};
export const beside = (path, name) => [path + '/' + name, path.length > 0]${where};
export const refused = (path) => { throw new Error('no ' + path + ' in ' + fileURLToPath(import.meta.url)${where}); };
export const listed = (all) => void all.push(fileURLToPath(import.meta.url)${where});
`;

it("paths of the repository count as equal in every folder that it is in, but no other paths do", () => {
  const calls = `const root = process.cwd();
sums.own(); sums.beside(root + '/data', 'a.json'); sums.beside(root, 'b.json'); sums.listed([]);
try { sums.refused(root + '/data'); } catch {}`;
  const names = ["own", "beside", "refused", "listed"];
  expect(judged({ base: paths(""), candidate: `${paths("")}\n` }, calls).found).toEqual(
    Object.fromEntries(names.map((name) => [name, ["same", null]])),
  );
  const elsewhere = " + (process.env.PORT ? '/other' : '')";
  expect(judged({ base: paths(""), candidate: paths(elsewhere) }, calls).found).toEqual(
    Object.fromEntries(names.map((name) => [name, ["differs", "elsewhere"]])),
  );
});
