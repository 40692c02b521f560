/** Judging a function by its repeated calls, measured against the base's function under the same repetition. */
import { expect, it } from "vitest";
import { exploreCalls } from "../../../src/checks/explore/neighbours.ts";
import { varyCalls } from "../../../src/checks/explore/vary.ts";
import { bareRuns, drawSurroundings } from "../../../src/checks/replay/bare-runs.ts";
import {
  type Outcomes,
  outcomeCharactersMax,
  type Surroundings,
  shortened,
  surroundings,
} from "../../../src/checks/replay/call-outcomes.ts";
import {
  callKey,
  differsAlike,
  isExplainedByTests,
  needsSetUp,
  variesOnBase,
} from "../../../src/checks/replay/explained-by-tests.ts";
import { judgeCalls } from "../../../src/checks/replay/judge-calls.ts";
import { otherCalls } from "../../../src/checks/replay/other-calls.ts";
import { readCalls } from "../../../src/checks/replay/recorded-calls.ts";
import type { DeclaredNames } from "../../../src/checks/replay/unchanged-callers.ts";

const call = { group: 1, path: "lib/add.js", name: "add", input: '["a",[2,3]]', seen: "v5", isSetUp: false };
/** One call's outcomes: the same everywhere, except where `other` has another. */
function outcomes(
  usual: string | undefined,
  other: Partial<Record<Surroundings, string>> = {},
  often?: string,
): Outcomes {
  const at = (where: Surroundings) => other[where] ?? usual;
  const entries = surroundings.flatMap((where) => {
    const found = at(where);
    return found === undefined ? [] : [[where, new Map([[0, found]])] as const];
  });
  return {
    once: new Map(entries),
    often: new Map(often === undefined ? [] : [[0, often]]),
    repeated: new Set([0]),
    afterwards: new Map<number, string | null>(),
    endedEarly: new Set(),
    stopped: new Map(),
  };
}
function judged(candidate: Outcomes, base: Outcomes, isSetUp = false, path = call.path) {
  const recorded = { calls: [{ ...call, path, isSetUp }], skipped: new Map<string, number>() };
  const [found] = judgeCalls(recorded, otherCalls(recorded.calls), { candidate, base }).functions;
  return [found?.outcome, found?.left_out ?? found?.difference?.place ?? null];
}
/** The outcomes of a process that ended before it wrote any. */
function without(told: Outcomes, where: Surroundings): Outcomes {
  return { ...told, once: new Map([...told.once].filter(([name]) => name !== where)) };
}
const steady = outcomes("v5");
const longResult = `v${"x".repeat(outcomeCharactersMax)}`;
const absent = outcomes("lnot exported");

it.each<[string, Outcomes, Outcomes, (string | null)[]]>([
  ["the same everywhere", steady, steady, ["same", null]],
  ["the same everywhere, and new", steady, absent, ["same", null]],
  ["other elsewhere", outcomes("v5", { elsewhere: "v6" }), steady, ["differs", "elsewhere"]],
  ["other on a day", outcomes("v5", { "next-decade": "v6" }), steady, ["differs", "another-day"]],
  [
    "other on a day, as the base",
    outcomes("v5", { "next-year": "v6" }),
    outcomes("v5", { "next-year": "v7" }),
    ["left-out", "as-before"],
  ],
  [
    "other on a day where the base is other elsewhere",
    outcomes("v5", { "next-year": "v6" }),
    outcomes("v5", { elsewhere: "v7" }),
    ["differs", "another-day"],
  ],
  ["other the second time", outcomes("v5", { again: "v6" }), steady, ["differs", "outside-tests"]],
  ["too slow for a second time", without(steady, "again"), steady, ["unsure", "outside-tests"]],
  ["other, and too slow for a second time", without(outcomes("v6"), "again"), steady, ["differs", "outside-tests"]],
  [
    "too slow for a second time, as the base",
    without(steady, "again"),
    without(steady, "again"),
    ["left-out", "unsteady"],
  ],
  ["other on a day, and new", outcomes("v5", { "next-year": "v6" }), absent, ["unsure", "another-day"]],
  ["other among a hundred calls", outcomes("v5", {}, "v6"), steady, ["differs", "called-often"]],
  [
    "other among a hundred calls, as the base",
    outcomes("v5", {}, "v6"),
    outcomes("v5", {}, "v9"),
    ["left-out", "as-before"],
  ],
  ["other outside the tests, where the base is as in the tests", outcomes("v6"), steady, ["differs", "outside-tests"]],
  ["other outside the tests, as the base", outcomes("v6"), outcomes("v6"), ["unsure", "outside-tests"]],
  [
    "failing outside the tests, as the base",
    outcomes("eError: no"),
    outcomes("eError: no"),
    ["left-out", "needs-tests"],
  ],
  ["failing outside the tests, unlike the base", outcomes("eError: no"), steady, ["unsure", "outside-tests"]],
  [
    "other outside the tests, where the base depends on the day",
    outcomes("v6"),
    outcomes("v7", { "next-year": "v8" }),
    ["left-out", "as-before"],
  ],
  ["other in two equal runs, and new", outcomes("v5", { again: "v6" }), absent, ["left-out", "unsteady"]],
  [
    "other in two equal runs, as the base",
    outcomes("v5", { again: "v6" }),
    outcomes("v5", { again: "v7" }),
    ["left-out", "unsteady"],
  ],
  [
    "other in two equal runs, where the base is as in the tests",
    outcomes("v5", { again: "v6" }),
    steady,
    ["differs", "outside-tests"],
  ],
  ["not loadable, unlike the base", outcomes("lError: no"), steady, ["unsure", "outside-tests"]],
  ["not loadable, as the base", outcomes("lError: no"), outcomes("lError: no"), ["left-out", "not-loadable"]],
  ["without an answer, unlike the base", outcomes(undefined), steady, ["unsure", "outside-tests"]],
  ["without an answer, as the base", outcomes(undefined), outcomes(undefined), ["left-out", "not-loadable"]],
])("a function is judged when it is %s", (_title, candidate, base, expected) => {
  expect(judged(candidate, base)).toEqual(expected);
});

const slow = { repeated: new Set<number>() };
const ended = { ...slow, endedEarly: new Set([0]) };
it.each<[string, Outcomes, Outcomes, (string | null)[]]>([
  ["asks if only the base was called a hundred times", { ...steady, ...slow }, steady, ["unsure", "called-often"]],
  ["asks if a new function ended its process", { ...steady, ...ended }, absent, ["unsure", "called-often"]],
  ["says it of a new function that is slow", { ...steady, ...slow }, absent, ["left-out", "not-repeated"]],
  ["says it if the base was as slow", { ...steady, ...slow }, { ...steady, ...slow }, ["left-out", "not-repeated"]],
  ["says it if both ended", { ...steady, ...ended }, { ...steady, ...ended }, ["left-out", "not-repeated"]],
])("a function is not judged by a hundred calls that were not made: %s", (_title, candidate, base, expected) => {
  expect(judged(candidate, base)).toEqual(expected);
});

it.each<[string, string | null | undefined, string | null | undefined, (string | null)[]]>([
  ["still the same", null, null, ["same", null]],
  ["another one now", "v9", null, ["unsure", "after-others"]],
  ["another one now, as the base's", "v9", "v8", ["left-out", "as-before"]],
  ["another one now, where the base was not looked at", "v9", undefined, ["left-out", "not-repeated"]],
  ["not looked at, although the base was", undefined, null, ["unsure", "after-others"]],
  ["not looked at on both", undefined, undefined, ["same", null]],
])("a call's value is compared with itself after other calls: %s", (_title, now, before, expected) => {
  const given = (late: string | null | undefined): Outcomes => ({
    ...steady,
    afterwards: new Map(late === undefined ? [] : [[0, late]]),
  });
  expect(judged(given(now), given(before))).toEqual(expected);
  if (typeof now === "string") expect(judged(given(now), absent)).toEqual(["unsure", "after-others"]);
});

it("a call with a text of removed lines has the same index as in the processes that make it", () => {
  const texts = { texts: ["kWh", "MWh"], limits: [], numbers: [] };
  const constants = { removed: texts, added: { texts: [], limits: [], numbers: [] } };
  const own = { ...call, input: '["a",["kWh"]]' };
  const varied = varyCalls([own], constants);
  const at = varied.findIndex(({ input }) => input === '["a",["MWh"]]');
  const roots = { usual: "/a", elsewhere: "/b", tested: "/a" };
  const recorded = {
    calls: [own],
    skipped: new Map([[`${own.path}\n${own.name}`, 0]]),
    imports: new Map(),
    loaded: new Set([own.path]),
    unlisted: 0,
    classFiles: [],
  };
  const others = otherCalls(recorded.calls, constants);
  const runs = bareRuns("base", {
    roots,
    programs: new Map(),
    recorded,
    others,
    hashSeed: "1",
    drawn: drawSurroundings(),
    isEverywhere: true,
  });
  const made = runs.find(({ where }) => where === "varied")?.job.calls.find(({ id }) => id === at);
  expect(made).toMatchObject({ input: '["a",["MWh"]]' });
  const told = (outcome: string): Outcomes => {
    const own = new Map(varied.map((_, index) => [index, index === at ? outcome : "v1"]));
    const once = new Map<Surroundings, ReadonlyMap<number, string>>([...steady.once]);
    for (const where of ["varied", "varied-again", "varied-reversed"] as const) once.set(where, own);
    return { ...steady, once };
  };
  const [found] = judgeCalls(recorded, others, { candidate: told("v3"), base: told("v2") }).functions;
  expect(found?.difference).toMatchObject({ place: "other-inputs", input: '("MWh")' });
});

/** Outcomes of the varied calls: `usual` for each in order, or none from `end` on; `reversed` for each in reverse order. */
function orders(reversed: string | undefined, { usual = "v5", end = Number.POSITIVE_INFINITY } = {}): Outcomes {
  const places = varyCalls([call]).map((_, index) => index);
  const first = new Map(places.flatMap((index) => (index < end ? [[index, "v1"] as const] : [])));
  const other = new Map(reversed === undefined ? [] : places.map((index) => [index, reversed]));
  const told = outcomes(usual);
  const varied = [["varied", first] as const, ["varied-again", first] as const, ["varied-reversed", other] as const];
  return { ...told, once: new Map([...told.once, ...varied]) };
}
const absentOrders = orders(undefined, { usual: "lnot exported", end: 0 });

it.each<[string, Outcomes, Outcomes, (string | null)[]]>([
  ["the same in both orders", orders("v1"), orders("v1"), ["same", null]],
  ["other in the other order", orders("v2"), orders("v1"), ["unsure", "other-order"]],
  ["other in the other order, as the base", orders("v2"), orders("v2"), ["same", null]],
  ["other in the other order, and new", orders("v2"), absentOrders, ["unsure", "other-order"]],
  ["without an answer in the other order", orders(undefined), orders("v1"), ["unsure", "other-order"]],
  ["not loadable in the other order", orders("lError: no"), orders("v1"), ["unsure", "other-order"]],
  ["without an answer in the other order, as the base", orders(undefined), orders(undefined), ["same", null]],
  ["without an answer in the other order, and new", orders(undefined), absentOrders, ["unsure", "other-order"]],
  [
    "without an answer in the other order, and some take too long",
    orders(undefined, { end: 3 }),
    orders("v1"),
    ["same", null],
  ],
  [
    "other in the other order, and some take too long",
    orders("v2", { end: 3 }),
    orders("v1"),
    ["unsure", "other-order"],
  ],
  ["new, and ends or hangs at some of them in any order", orders(undefined, { end: 3 }), absentOrders, ["same", null]],
])("a function is judged when with other inputs it is %s", (_title, candidate, base, expected) => {
  expect(judged(candidate, base)).toEqual(expected);
});

it.each([
  ["changes what it leaves", "eE: no\u001e and left [2]", "eE: no", ["unsure", "refused"]],
  ["changes it as the base", "eE: no\u001e and left [2]", "eE: no\u001e and left [1]", ["same", null]],
  ["is another one", "eF: no\u001e and left [2]", "eE: no", ["same", null]],
  ["is new", "eE: no\u001e and left [2]", "v5", ["same", null]],
  ["leaves everything as it was", "eE: no", "eE: no", ["same", null]],
])("a refusal is asked about that newly %s", (_title, now, before, expected) => {
  const told = outcomes(now);
  const recorded = { calls: [{ ...call, seen: now }], skipped: new Map<string, number>() };
  const [found] = judgeCalls(recorded, otherCalls(recorded.calls), {
    candidate: told,
    base: outcomes(before),
  }).functions;
  expect([found?.outcome, found?.difference?.place ?? null]).toEqual(expected);
});

const long = "1".repeat(outcomeCharactersMax);
it.each([
  ["changes its arguments", "v5\u001e and left [2]", "v5", ["unsure", "arguments"]],
  ["changes its arguments and gives something else", "v6\u001e and left [2]", "v5", ["unsure", "arguments"]],
  ["changes its arguments behind a long result", `v${long}\u001e and left [2]`, `v${long}`, ["unsure", "arguments"]],
  ["gives something else", "v6", "v5", ["same", null]],
  ["changes its arguments otherwise", "v5\u001e and left [2]", "v5\u001e and left [1]", ["same", null]],
  ["no longer changes its arguments", "v5", "v5\u001e and left [1]", ["same", null]],
  ["changes its arguments where the base refused", "v5\u001e and left [2]", "eE: no", ["same", null]],
  ["changes its arguments, but is new", "v5\u001e and left [2]", "lnot exported", ["same", null]],
])("a function that newly %s is judged", (_title, now, before, expected) => {
  const recorded = { calls: [{ ...call, seen: now }], skipped: new Map<string, number>() };
  const both = { candidate: outcomes(shortened(now)), base: outcomes(shortened(before)) };
  const [found] = judgeCalls(recorded, otherCalls(recorded.calls), both).functions;
  expect([found?.outcome, found?.difference?.place ?? null]).toEqual(expected);
});

it.each<[string, string, string, string, string | null]>([
  [
    "puts a list into another order",
    "highest",
    'v3\u001e and left 15 ["a",[["a",[1,3]]]]',
    "lnot exported",
    "reordered",
  ],
  ["does so in Python or Go", "highest", 'v3\u001e and left ["a",[["a",[1,3]]]]', "lnot exported", "reordered"],
  [
    "does so as the base",
    "highest",
    'v3\u001e and left ["a",[["a",[1,3]]]]',
    'v2\u001e and left ["a",[["a",[1,3]]]]',
    null,
  ],
  ["changes it otherwise", "highest", 'v3\u001e and left ["a",[["a",[3,1,3]]]]', "lnot exported", null],
  ["changes an element", "highest", 'v3\u001e and left ["a",[["a",[3,2]]]]', "lnot exported", null],
  ["leaves it", "highest", "v3", "lnot exported", null],
  ["gives nothing", "highest", 'v["u"]\u001e and left 15 ["a",[["a",[1,3]]]]', "lnot exported", null],
  ["gives nothing in Python", "highest", 'vnull\u001e and left ["a",[["a",[1,3]]]]', "lnot exported", null],
  ["says so by its name", "sortedTop", 'v3\u001e and left ["a",[["a",[1,3]]]]', "lnot exported", null],
  ["refuses the call", "highest", 'eE: no\u001e and left ["a",[["a",[1,3]]]]', "lnot exported", null],
])("a new function that %s is judged", (_title, name, now, before, expected) => {
  const own = { ...call, name, input: '["a",[["a",[3,1]]]]', seen: now };
  const recorded = { calls: [own], skipped: new Map<string, number>() };
  const both = { candidate: outcomes(now), base: outcomes(before) };
  const [found] = judgeCalls(recorded, otherCalls([]), both).functions;
  expect(found?.difference?.place ?? null).toBe(expected);
});

it.each([
  ["only puts a list into another order", '["o",[["top",null]]]', null],
  ["also puts something in", '["o",[["top",3]]]', "reordered"],
])("a new function that returns nothing and %s is judged", (_title, left, expected) => {
  const now = `v["u"]\u001e and left 40 ["a",[["a",[1,3]],${left}]]`;
  const own = { ...call, name: "highest", input: '["a",[["a",[3,1]],["o",[["top",null]]]]]', seen: now };
  const recorded = { calls: [own], skipped: new Map<string, number>() };
  const both = { candidate: outcomes(now), base: outcomes("lnot exported") };
  const [found] = judgeCalls(recorded, otherCalls([]), both).functions;
  expect(found?.difference?.place ?? null).toBe(expected);
});

const given = '["a",[["I","lib/box.js","Box",[["list",["a",[3,1]]],["at",1]]]]]';
const boxed = (list: string, more = '["at",1]') =>
  `\u001e and left 60 ["a",[["I","lib/box.js","Box",[["list",["a",[${list}]]],${more}]]]]`;
it.each<[string, string, string, string | null]>([
  ["a list of an object", `v3${boxed("3")}`, "v3", "arguments"],
  ["a list, where the base only remembers something", `v3${boxed("3")}`, `v3${boxed("3,1", '["at",2]')}`, "arguments"],
  ["what the base changes too", `v3${boxed("3,1", '["at",3]')}`, `v3${boxed("3,1", '["at",2]')}`, null],
  ["another item of a list than the base", `v3${boxed("3,2")}`, `v3${boxed("4,1")}`, null],
  ["the length of a list of which the base changes an item", `v3${boxed("3")}`, `v3${boxed("4,1")}`, null],
  ["nothing, and remembers something on it", `v3${boxed("3,1", '["at",1],["_sum",4]')}`, "v3", null],
  ["what the base would, but refuses the call half-way", `v3${boxed("3")}`, `eE: no${boxed("3")}`, null],
  ["nothing, but its result says so", 'v"3 bought and left 2"', 'v"3 bought, 2 left"', null],
])("a function that newly changes %s is judged", (_title, now, before, expected) => {
  const recorded = { calls: [{ ...call, input: given, seen: now }], skipped: new Map<string, number>() };
  const both = { candidate: outcomes(now), base: outcomes(before) };
  const [found] = judgeCalls(recorded, otherCalls([]), both).functions;
  expect(found?.difference?.place ?? null).toBe(expected);
});

const lists = '["a",[["a",[1]],["a",[4]]]]';
const ofPython = (positional: string, by = 1) => `["a",[["a",[${positional}]],["o",[["by",${by}]]]]]`;
const box = (fields: string) => `["a",[["I","lib/box.js","Box",[${fields}]]]]`;
const plain = (one: number, other: number) => `["a",[["o",[["x",["a",[${one}]]],["y",["a",[${other}]]]]]]]`;
it.each<[string, string, string, string, string | null]>([
  [
    "another argument than the base",
    lists,
    '["a",[["a",[1]],["a",[4,5]]]]',
    '["a",[["a",[2]],["a",[4]]]]',
    "arguments",
  ],
  ["the argument that the base changes", lists, '["a",[["a",[2,3]],["a",[4]]]]', '["a",[["a",[2]],["a",[4]]]]', null],
  [
    "another argument in Python",
    ofPython('["a",[1]],["a",[4]]'),
    ofPython('["a",[1]],["a",[5]]'),
    ofPython('["a",[2]],["a",[4]]'),
    "arguments",
  ],
  ["a named argument in Python", ofPython('["a",[1]]'), ofPython('["a",[1]]', 2), ofPython('["a",[2]]'), "arguments"],
  ["another field than the base", box('["x",1],["y",1]'), box('["x",1],["y",2]'), box('["x",2],["y",1]'), "arguments"],
  ["another entry of a plain object than the base", plain(1, 1), plain(1, 2), plain(2, 1), null],
  [
    "an entry of a map",
    box('["x",["M",[[1,2]]]]'),
    box('["x",["M",[[1,3]]]]'),
    box('["x",["M",[[1,2]]]]'),
    "arguments",
  ],
  [
    "a map that had an entry",
    box('["x",["M",[[1,2]]]]'),
    box('["x",["M",[]]]'),
    box('["x",["M",[[1,2]]]]'),
    "arguments",
  ],
  [
    "the first of two entries of a map",
    box('["x",["M",[[1,2],[3,4]]]]'),
    box('["x",["M",[[1,9],[3,4]]]]'),
    box('["x",["M",[[1,2],[3,4]]]]'),
    "arguments",
  ],
  [
    "nothing of a map but that it gets entries",
    box('["x",["M",[]]]'),
    box('["x",["M",[[1,2]]]]'),
    box('["x",["M",[]]]'),
    null,
  ],
  [
    "a whole object of which the base changes a field",
    box('["x",1]'),
    '["a",["something else"]]',
    box('["x",2]'),
    null,
  ],
  [
    "a field of an object that the base changes as a whole",
    box('["x",1]'),
    box('["x",2]'),
    '["a",["something else"]]',
    null,
  ],
])("a function that changes %s is judged", (_title, input, now, before, expected) => {
  const own = { ...call, input, seen: `v1\u001e and left ${now}` };
  const both = { candidate: outcomes(own.seen), base: outcomes(`v1\u001e and left ${before}`) };
  const [found] = judgeCalls({ calls: [own], skipped: new Map() }, otherCalls([]), both).functions;
  expect(found?.difference?.place ?? null).toBe(expected);
});

it("changed arguments are asked about even if another call can't be judged", () => {
  const failing = "eTypeError: no set-up";
  const calls = [
    { ...call, seen: "v5\u001e and left [2]" },
    { ...call, input: '["a",[7]]', seen: "v7" },
  ];
  const told = (...texts: string[]): Outcomes => {
    const own = new Map(texts.entries());
    return { ...steady, once: new Map(surroundings.map((where) => [where, own])) };
  };
  const judge = (first: string) => {
    const both = { candidate: told(first, failing), base: told("v5", failing) };
    const [found] = judgeCalls(
      { calls: [{ ...call, seen: first }, ...calls.slice(1)], skipped: new Map() },
      otherCalls([]),
      both,
    ).functions;
    return found?.difference?.place ?? found?.left_out;
  };
  expect(judge("v5\u001e and left [2]")).toBe("arguments");
  expect(judge("v5")).toBe("needs-tests");
});

it("a function is not asked about that on the base changes arguments in another call", () => {
  const calls = [
    { ...call, seen: "v5\u001e and left [2]" },
    { ...call, input: '["a",[7]]', seen: "v5\u001e and left [3]" },
  ];
  const told = (...texts: string[]): Outcomes => {
    const own = new Map(texts.entries());
    return { ...steady, once: new Map(surroundings.map((where) => [where, own])) };
  };
  const placeWith = (second: string) => {
    const both = { candidate: told("v5\u001e and left [2]", "v5\u001e and left [3]"), base: told("v5", second) };
    const [found] = judgeCalls({ calls, skipped: new Map() }, otherCalls([]), both).functions;
    return found?.difference?.place;
  };
  expect(placeWith("v5")).toBe("arguments");
  expect(placeWith("v5\u001e and left [3]")).toBeUndefined();
});

it.each([
  ["tests/fakes.py", 0],
  ["stock/shelf.py", 1],
])("no call with an object of a test's class is repeated: one of %s, %i call", (file, count) => {
  const input = `["a",[["a",[["i","${file}","Shelf",[]]]],["o",[]]]]`;
  const isTest = (path: string) => path.startsWith("tests/");
  const found = readCalls(JSON.stringify(["1", call.path, "add", input, "v5"]), new Set([call.path]), isTest);
  expect(found.calls).toHaveLength(count);
});

it("the files of classes among arguments and results are named if they were loaded and are not tests", () => {
  const object = (file: string) => `["I","${file}","Shelf",[]]`;
  const line = (path: string, input: string, seen: string) => JSON.stringify(["1", path, "add", input, seen]);
  const paths = ["a.js", "given.js", "returned.js", "tests/fake.js", "absent.js"];
  const lines = [
    ...paths.slice(0, -1).map((path) => JSON.stringify(["1", path, { module: null, paths: [] }])),
    line("a.js", `["a",[${object("given.js")}]]`, "v1"),
    line("a.js", '["a",[]]', `v${object("returned.js")}`),
    line("a.js", '["a",[1]]', `v${object("tests/fake.js")}`),
    line("a.js", '["a",[2]]', `v${object("absent.js")}`),
  ];
  const found = readCalls(lines.join("\n"), new Set(paths), (path) => path.startsWith("tests/"));
  expect(found.classFiles).toEqual(["given.js", "returned.js"]);
});

it("a call with an object is asked about only if outside the tests it does what the base does", () => {
  const input = '["a",[["a",[["i","stock/shelf.py","Shelf",[]]]],["o",[]]]]';
  const recorded = { calls: [{ ...call, input }], skipped: new Map<string, number>() };
  const of = (now: string, before: string) => {
    const [found] = judgeCalls(recorded, otherCalls(recorded.calls), {
      candidate: outcomes(now),
      base: outcomes(before),
    }).functions;
    return [found?.outcome, found?.left_out ?? found?.difference?.place];
  };
  expect(of("v6", "v6")).toEqual(["unsure", "outside-tests"]);
  expect(of("v6", "v7")).toEqual(["left-out", "needs-tests"]);
  expect(of("v6", "v5")).toEqual(["differs", "outside-tests"]);
});

it.each<[string, string[], Outcomes, (string | null)[]]>([
  ["what it gives in the tests", ["v5"], outcomes("v6"), ["left-out", "as-before"]],
  ["something else in the tests", ["v6"], outcomes("v6"), ["unsure", "outside-tests"]],
  ["both in the tests", ["v5", "v6"], outcomes("v6"), ["unsure", "outside-tests"]],
  ["nothing in the tests", [], outcomes("v6"), ["unsure", "outside-tests"]],
  ["what it gives in the tests, and something else outside", ["v5"], outcomes("v7"), ["unsure", "outside-tests"]],
  ["what it gives in the tests, and the same outside", ["v5"], steady, ["differs", "outside-tests"]],
])("another result outside the tests is asked about unless the base gives %s", (_title, inTests, base, expected) => {
  const recorded = { calls: [call], skipped: new Map<string, number>() };
  const inTestsOfBase = new Map([[callKey(call), new Set(inTests)]]);
  const given = { candidate: outcomes("v6"), base, inTestsOfBase };
  const [found] = judgeCalls(recorded, otherCalls(recorded.calls), given).functions;
  expect([found?.outcome, found?.left_out ?? found?.difference?.place]).toEqual(expected);
});

it.each<[string, Outcomes, Outcomes, string, boolean]>([
  ["both give the same outside the tests", outcomes("v6"), outcomes("v6"), "v5", true],
  ["the base gives something else there", outcomes("v6"), outcomes("v7"), "v5", false],
  ["nothing is known there", outcomes("lno"), outcomes("lno"), "v5", false],
  ["two equal runs differ there", outcomes("v6", { again: "v7" }), outcomes("v6"), "v5", false],
  ["nothing differs there", steady, steady, "v5", false],
])("the tests' set-up explains a call, or not, if %s", (_title, candidate, base, seen, expected) => {
  const own = { ...call, seen, index: 0 };
  const of = (key: string) =>
    isExplainedByTests(own, { candidate, base, inTestsOfBase: new Map([[key, new Set([seen])]]) });
  expect(of(callKey(own))).toBe(expected);
  expect(of(callKey({ ...own, name: "other" }))).toBe(false);
  expect(differsAlike(own, { candidate, base })).toBe(expected);
});

it.each<[string, Outcomes, Outcomes, string, boolean]>([
  ["neither version gives outside the tests what they saw", outcomes("v6"), outcomes("v7"), "v5", true],
  ["the base has no such function", outcomes("v6"), absent, "v5", true],
  ["the new code gives it there, too", outcomes("v5", { "next-year": "v6" }), outcomes("v7"), "v5", false],
  ["the base gives it there", outcomes("v6"), steady, "v5", false],
  ["nothing is known there", outcomes("lno"), outcomes("v7"), "v5", false],
  ["two equal runs differ there", outcomes("v6", { again: "v7" }), outcomes("v7"), "v5", false],
  ["a long result is the same there", outcomes(shortened(longResult)), outcomes("v7"), longResult, false],
])("a JavaScript call that needs set-up is left out, or not, if %s", (_title, candidate, base, seen, expected) => {
  const own = { ...call, seen, index: 0, isSetUp: true };
  expect(needsSetUp(own, { candidate, base })).toBe(expected);
  expect(needsSetUp({ ...own, isSetUp: false }, { candidate, base })).toBe(false);
  expect(needsSetUp({ ...own, path: "lib/add.py" }, { candidate, base })).toBe(false);
  const { functions } = judgeCalls({ calls: [own], skipped: new Map() }, otherCalls([own]), { candidate, base });
  expect([functions[0]?.left_out === "needs-tests", functions[0]?.calls]).toEqual([expected, 1]);
});

it("a function's other calls are still judged if the tests' set-up explains one", () => {
  const other = { ...call, input: '["a",[2,9]]' };
  const recorded = { calls: [other, call], skipped: new Map<string, number>() };
  const others = otherCalls(recorded.calls);
  const given = (reversed: string): Outcomes => {
    const told = new Map<Surroundings, ReadonlyMap<number, string>>();
    for (const where of surroundings)
      told.set(
        where,
        new Map([
          [0, "v5"],
          [1, "v6"],
        ]),
      );
    const varied = (outcome: string) => new Map(others.varied.map((_, index) => [index, outcome]));
    for (const where of ["varied", "varied-again"] as const) told.set(where, varied("v1"));
    told.set("varied-reversed", varied(reversed));
    return { ...steady, once: told, repeated: new Set([0]) };
  };
  const inTestsOfBase = new Map([[callKey(call), new Set(["v5"])]]);
  const place = (candidate: Outcomes) => {
    const [found] = judgeCalls(recorded, others, { candidate, base: given("v1"), inTestsOfBase }).functions;
    return [found?.outcome, found?.difference?.place ?? null];
  };
  expect(place(given("v2"))).toEqual(["unsure", "other-order"]);
  expect(place(given("v1"))).toEqual(["same", null]);
});

it("a function is left out if equal calls differ in the tests", () => {
  const calls = [call, { ...call, seen: "v5" }, { ...call, seen: "v6" }];
  const recorded = { calls, skipped: new Map<string, number>() };
  const once = new Map(surroundings.map((where) => [where, new Map(calls.map(({ seen }, index) => [index, seen]))]));
  const candidate = { ...steady, once, often: new Map([[0, "v6"]]) };
  const [found] = judgeCalls(recorded, otherCalls(recorded.calls), { candidate, base: absent }).functions;
  expect(found).toMatchObject({ outcome: "left-out", left_out: "has-state", calls: 3 });
});

it.each<[string, string, string, string[], string]>([
  ["says nothing if the base's own tests see them too", "v6", "v6", ["v5", "eError"], "left-out"],
  ["asks if the base's own tests see one result only", "v6", "v6", ["v5"], "unsure"],
  ["asks if the base's own tests see other results", "v6", "v6", ["v6", "eError"], "unsure"],
  ["is blamed if the change gives something else outside", "v6", "v5", ["v5", "eError"], "differs"],
])("a call that gives different results in the tests %s", (_title, now, before, inOwnTests, expected) => {
  const calls = [call, { ...call, seen: "eError" }];
  const recorded = { calls, skipped: new Map<string, number>() };
  const version = (outcome: string): Outcomes => ({
    ...steady,
    once: new Map(surroundings.map((where) => [where, new Map(calls.map((_, index) => [index, outcome]))])),
  });
  const inOwnTestsOfBase = new Map([[callKey(call), new Set(inOwnTests)]]);
  // Set-up of the base by the change's own tests is ignored.
  const inTestsOfBase = new Map([[callKey(call), new Set(["v5", "eError"])]]);
  const given = { candidate: version(now), base: version(before), inTestsOfBase, inOwnTestsOfBase };
  expect(judgeCalls(recorded, otherCalls(calls), given).functions[0]?.outcome).toBe(expected);
});

it.each<[string, Outcomes, Outcomes, string[], boolean]>([
  ["both give the same outside the tests", outcomes("v6"), outcomes("v6"), ["v5", "eError"], true],
  ["the base's own tests see this result only", outcomes("v6"), outcomes("v6"), ["v5"], false],
  ["the base's own tests see other results", outcomes("v6"), outcomes("v6"), ["v6", "eError"], false],
  ["the versions differ outside the tests", outcomes("v6"), outcomes("v7"), ["v5", "eError"], false],
  ["nothing is known there", outcomes("lno"), outcomes("lno"), ["v5", "eError"], false],
  ["no process wrote an outcome there", outcomes(undefined), outcomes(undefined), ["v5", "eError"], false],
  ["only the change differs on a day", outcomes("v6", { "next-year": "v9" }), outcomes("v6"), ["v5", "eError"], false],
  ["only the change differs among a hundred calls", outcomes("v6", {}, "v9"), outcomes("v6"), ["v5", "eError"], false],
  ["only the base differs among a hundred calls", outcomes("v6"), outcomes("v6", {}, "v9"), ["v5", "eError"], false],
  [
    "both differ alike among a hundred calls",
    outcomes("v6", {}, "v9"),
    outcomes("v6", {}, "v9"),
    ["v5", "eError"],
    true,
  ],
])("a call varies on the base, or not, if %s", (_title, candidate, base, inOwnTests, expected) => {
  const of = (key: string) =>
    variesOnBase({ ...call, index: 0 }, { candidate, base, inOwnTestsOfBase: new Map([[key, new Set(inOwnTests)]]) });
  expect(of(callKey(call))).toBe(expected);
  expect(of(callKey({ ...call, name: "other" }))).toBe(false);
});

it("the tests' set-up does not explain a call that differs on another day only with the change", () => {
  const given = (base: Outcomes) => {
    const inTestsOfBase = new Map([[callKey(call), new Set(["v5"])]]);
    return isExplainedByTests(
      { ...call, index: 0 },
      { candidate: outcomes("v6", { "next-year": "v9" }), base, inTestsOfBase },
    );
  };
  expect(given(outcomes("v6"))).toBe(false);
  expect(given(outcomes("v6", { "next-year": "v9" }))).toBe(true);
  // Go has no other days.
  const inTestsOfBase = new Map([[callKey(call), new Set(["v5"])]]);
  const go = {
    ...steady,
    once: new Map((["usual", "again", "elsewhere"] as const).map((where) => [where, new Map([[0, "v6"]])])),
  };
  expect(isExplainedByTests({ ...call, index: 0 }, { candidate: go, base: go, inTestsOfBase })).toBe(true);
});

it("a function with chance results on the base is not blamed, even if one of its calls looks equal", () => {
  const calls = [call, { ...call, input: '["a",[2,4]]', seen: "v6" }];
  const recorded = { calls, skipped: new Map<string, number>() };
  const given = (usual: string[], again = usual): Outcomes => {
    const at = (where: Surroundings) => (where === "again" ? again : usual);
    const once = surroundings.map((where) => [where, new Map(at(where).map((one, index) => [index, one]))] as const);
    return { ...steady, once: new Map(once) };
  };
  const judge = (base: Outcomes) =>
    judgeCalls(recorded, otherCalls(recorded.calls), { candidate: given(["v7", "v6"]), base }).functions[0];
  expect(judge(given(["v5", "v6"], ["v5", "v8"]))).toMatchObject({ outcome: "left-out", left_out: "unsteady" });
  expect(judge(given(["v5", "v6"]))).toMatchObject({ outcome: "differs" });
});

it("a result is blamed on the tests' own set-up unless it depends on the day", () => {
  for (const path of ["lib/add.py", "lib/add.js"]) {
    expect(judged(outcomes("v6"), outcomes("v6"), true, path)).toEqual(["left-out", "needs-tests"]);
    expect(judged(outcomes("v5", { "next-year": "v6" }), steady, true, path)).toEqual(["differs", "another-day"]);
  }
  expect(judged(outcomes("v6", { again: "v7" }), steady, true, "lib/add.py")).toEqual(["left-out", "unsteady"]);
  // In JavaScript no set-up is needed if the base's function needs none.
  expect(judged(outcomes("v6"), steady, true, "lib/add.py")).toEqual(["left-out", "needs-tests"]);
  expect(judged(outcomes("v6"), steady, true, "lib/add.js")).toEqual(["differs", "outside-tests"]);
});

it("a function that no test calls is listed", () => {
  const recorded = { calls: [], skipped: new Map([["lib/add.py\nadd", 0]]) };
  const [found] = judgeCalls(recorded, otherCalls(recorded.calls), { candidate: steady, base: steady }).functions;
  expect(found).toMatchObject({ name: "add", calls: 0, skipped: 0, outcome: "left-out", left_out: "not-called" });
});

it("a function whose calls can't be repeated is listed", () => {
  const recorded = { calls: [], skipped: new Map([["lib/add.js\nadd", 4]]) };
  const [found] = judgeCalls(recorded, otherCalls(recorded.calls), { candidate: steady, base: steady }).functions;
  expect(found).toMatchObject({ name: "add", calls: 0, skipped: 4, outcome: "left-out", left_out: "not-plain" });
});

it("recorded calls are read by process, without malformed lines", () => {
  const line = (...fields: unknown[]) => JSON.stringify(fields);
  const text = [
    line("7", "lib/add.js", "add", "[1]", "v1"),
    line("8", "lib/add.js", "add", "[2]", "v2"),
    line("7", "lib/add.js", "add", "[3]", "v3"),
    line("7", "lib/add.js", "add", null, "v3"),
    line("7", "lib/other.js", "add", "[1]", "v1"),
    line("7", "lib/add.js", "add"),
    line(7, "lib/add.js", "add", "[1]", "v1"),
    "not JSON",
  ].join("\n");
  const { calls, skipped } = readCalls(text, new Set(["lib/add.js"]));
  expect(calls.map(({ group, input }) => [group, input])).toEqual([
    [1, "[1]"],
    [1, "[3]"],
    [2, "[2]"],
  ]);
  expect([...skipped]).toEqual([["lib/add.js\nadd", 1]]);
});

it("the functions of a file, and the import of a Python file, are read once", () => {
  const line = (...fields: unknown[]) => JSON.stringify(["7", "lib/add.py", ...fields]);
  const text = [
    line({ module: "lib.add", paths: ["", "src"] }),
    line({ module: "other", paths: [] }),
    line({ module: "lib.add", paths: [], more: 1 }),
    line("add"),
    line("add", '["a",[]]', "v1", true),
    line("add", '["a",[]]', "v1", "true"),
    line("Sum.of"),
  ].join("\n");
  const { calls, skipped, imports, loaded } = readCalls(text, new Set(["lib/add.py", "lib/more.py"]));
  expect(calls.map(({ isSetUp }) => isSetUp)).toEqual([true]);
  expect([...skipped]).toEqual([
    ["lib/add.py\nadd", 0],
    ["lib/add.py\nSum.of", 0],
  ]);
  expect([...imports]).toEqual([["lib/add.py", { module: "lib.add", paths: ["", "src"] }]]);
  expect([...loaded]).toEqual(["lib/add.py"]);
});

it("an unchanged function is not asked about if its result differs because it calls a fixed one", () => {
  const fixed = { ...call, name: "Sum.total" };
  const recorded = { calls: [call, fixed], skipped: new Map<string, number>() };
  const others = otherCalls(recorded.calls);
  const varied = (of: string) => new Map(others.varied.map((one, index) => [index, one.name === "add" ? of : "v1"]));
  /** The base gives results for the fixed function's call that are no longer seen. */
  const told = (ofAdd: string, ofFixed: string): Outcomes => {
    const once = new Map<Surroundings, ReadonlyMap<number, string>>();
    for (const where of surroundings)
      once.set(
        where,
        new Map([
          [0, "v5"],
          [1, ofFixed],
        ]),
      );
    for (const where of ["varied", "varied-again", "varied-reversed"] as const) once.set(where, varied(ofAdd));
    return { ...steady, repeated: new Set([0, 1]), once };
  };
  const path = call.path;
  const one = (name: string, mentions: string[], isSame = true) => ({
    name,
    mentions,
    isSame,
    path,
    isFunction: true,
    digest: "",
  });
  const placeOf = (ofFixed: string, declared: DeclaredNames | null) => {
    const given = { candidate: told("v3", "v5"), base: told("v2", ofFixed), declared };
    const found = judgeCalls(recorded, others, given).functions.find(({ name }) => name === "add");
    return found?.difference?.place ?? null;
  };
  const of = (...all: ReturnType<typeof one>[]) => Map.groupBy(all, ({ name }) => name);
  expect(placeOf("v4", of(one("add", ["total"])))).toBeNull();
  expect(placeOf("v4", of(one("add", ["sum"]), one("sum", ["total"])))).toBeNull();
  // Functions that a fixed function calls are judged by themselves.
  expect(
    placeOf("v4", of(one("add", ["total"]), one("total", ["special"], false), one("special", [], false))),
  ).toBeNull();
  for (const [, declared] of [
    ["not known", null],
    ["changed itself", of(one("add", ["total"], false))],
    ["of another name", of(one("add", ["other"]))],
    ["with another changed function", of(one("add", ["total", "special"]), one("special", [], false))],
    [
      "with one by way of an unchanged one",
      of(one("add", ["total", "sum"]), one("sum", ["special"]), one("special", [], false)),
    ],
    [
      "with a name of two files",
      of(one("add", ["total"]), one("total", [], false), { ...one("total", [], false), path: "lib/other.js" }),
    ],
    ["declared twice", of(one("add", ["total"]), one("add", ["total"]))],
  ] as const)
    expect(placeOf("v4", declared)).toBe("other-inputs");
  // The tests show no change of the called function, or the base lacks it.
  expect(placeOf("v5", of(one("add", ["total"])))).toBe("other-inputs");
  expect(placeOf("lnot exported", of(one("add", ["total"])))).toBe("other-inputs");
});

it("a near call that never returns, and so leaves most without outcome, is asked about unless the base gave none either", () => {
  const all = exploreCalls([call]).map((_, index) => [index, "v5"] as const);
  const half = Math.floor(all.length / 2);
  const near = (forward: typeof all, backward: typeof all): Outcomes => ({
    ...steady,
    once: new Map([...steady.once, ["explored", new Map(forward)], ["explored-reversed", new Map(backward)]]),
  });
  const whole = near(all, all);
  const hung = near(all.slice(0, half), all.slice(half + 1));
  expect(judged(hung, whole)).toEqual(["unsure", "other-inputs"]);
  expect(judged(whole, whole)).toEqual(["same", null]);
  expect(judged(hung, hung)).toEqual(["same", null]);
});

it.each([
  ["sum.go", "v5", ["unsure", "outside-tests"]],
  ["sum.go", "v4", ["left-out", "needs-tests"]],
  ["sum.py", "v5", ["left-out", "needs-tests"]],
])(
  "asks about a difference that a guessed set-up does not explain: %s, the base gives %s",
  (path, before, expected) => {
    expect(judged(outcomes("v6"), outcomes(before), true, path)).toEqual(expected);
  },
);
