/** Calls near those of the tests, in both languages' form: each made once, bounded, and none that a test makes. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { exploreCalls } from "../../../src/checks/explore/neighbours.ts";
import { readPlainTree } from "../../../src/checks/explore/plain-tree.ts";

const call = (input: string, path = "lib/add.js") => ({ path, name: "add", input });
const near = (...given: string[]) => {
  const found = exploreCalls(given.map((input) => call(input)));
  return found.filter(({ origin }, index) => origin !== index).map(({ input }) => input);
};

it("lists the calls of the tests first, each once, and then their neighbours", () => {
  const found = exploreCalls([call('["a",[1]]'), call('["a",[1]]'), call('["a",[2]]')]);
  expect(found.slice(0, 2).map(({ input, origin }) => [input, origin])).toEqual([
    ['["a",[1]]', 0],
    ['["a",[2]]', 1],
  ]);
  expect(found.slice(2).every(({ origin }) => origin < 2)).toBe(true);
});

it("makes two numbers equal, and makes their sum 0", () => {
  expect(near('["a",[["o",[["from",2],["to",9]]],5]]')).toEqual(
    expect.arrayContaining(['["a",[["o",[["from",2],["to",9]]],-9]]', '["a",[["o",[["from",9],["to",9]]],5]]']),
  );
});

it("makes fractions only where a test or the kind of number has them", () => {
  expect(near('["a",[3]]', '["a",[2.5]]')).toContain('["a",[3.5]]');
  expect(near('["a",[3]]', '["a",[2]]')).not.toContain('["a",[3.5]]');
  const python = exploreCalls([
    call('["a",[["a",[3,["d","2.0"],["k","fractions.Fraction",[1,1]]]],["o",[]]]]', "a.py"),
  ]);
  const inputs = python.map(({ input }) => input);
  expect(inputs.some((input) => input.includes("3.5"))).toBe(false);
  expect(inputs).toContain('["a",[["a",[3,["d","2.5"],["k","fractions.Fraction",[1,1]]]],["o",[]]]]');
  expect(inputs).toContain('["a",[["a",[3,["d","2.0"],["k","fractions.Fraction",[3,2]]]],["o",[]]]]');
});

it("repeats a list's member, reverses the list, and adds members of other calls, but keeps the number of arguments", () => {
  const found = near('["a",[["a",["x","y"]]]]', '["a",[["a",["z"]]]]');
  expect(found).toEqual(
    expect.arrayContaining(['["a",[["a",["x","y","x"]]]]', '["a",[["a",["y","x"]]]]', '["a",[["a",["x","y","z"]]]]']),
  );
  for (const one of found) expect(JSON.parse(one)[1]).toHaveLength(1);
});

it("gives members the same name, and fields of objects other values", () => {
  const item = (name: string, count: number) => `["I","lib/item.js","Item",[["name","${name}"],["count",${count}]]]`;
  const found = near(`["a",[["a",[${item("a", 1)},${item("b", 2)}]]]]`);
  expect(found).toContain(`["a",[["a",[${item("a", 1)},${item("a", 2)}]]]]`);
  expect(found).toContain(`["a",[["a",[${item("a", 1)},${item("b", 0)}]]]]`);
});

const argumentsOf = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => `["a",[${first},["a",["x${index}","y"]],${index * 7},"t${index}"]]`);
/** The number of calls of the tests, and of their neighbours, for each function. */
function shares(functions: readonly { name: string; inputs: readonly string[] }[]) {
  const found = exploreCalls(
    functions.flatMap(({ name, inputs }) => inputs.map((input) => ({ path: "lib/add.js", name, input }))),
  );
  for (const { name, origin } of found) expect(found[origin]).toMatchObject({ name, origin });
  const count = (name: string, isOrigin: boolean) =>
    found.filter((one, index) => one.name === name && !one.isForOrder && (one.origin === index) === isOrigin).length;
  return functions.map(({ name }) => [count(name, true), count(name, false)]);
}

it("gives each of many functions the same share, including the last one", () => {
  const functions = Array.from({ length: 30 }, (_, index) => ({ name: `f${index}`, inputs: argumentsOf(index, 6) }));
  expect(shares(functions)).toEqual(functions.map(() => [6, 24]));
  const most = Array.from({ length: 200 }, (_, index) => ({ name: `f${index}`, inputs: argumentsOf(index, 5) }));
  for (const [tested, near] of shares(most)) {
    expect(tested).toBeGreaterThanOrEqual(2);
    expect(near).toBeGreaterThanOrEqual(2);
  }
});

it("gives the room that a function does not use to others, but at most 240 calls to one", () => {
  const small = Array.from({ length: 20 }, (_, index) => ({ name: `s${index}`, inputs: ['["a",[true]]'] }));
  const large = [0, 1, 2, 3].map((index) => ({ name: `l${index}`, inputs: argumentsOf(index, 10) }));
  const found = shares([...small, ...large]);
  expect(found.slice(0, 20)).toEqual(small.map(() => [1, 1]));
  expect(found.slice(20)).toEqual(large.map(() => [10, 205]));
  expect(shares([...small, ...large.slice(0, 2)]).slice(20)).toEqual([
    [10, 240],
    [10, 240],
  ]);
});

it("is bounded, and makes no neighbour of text that is not plain data", () => {
  const many = Array.from({ length: 40 }, (_, index) => `["a",[${index},${index * 7},"t${index}"]]`);
  expect(near(...many).length).toBeLessThanOrEqual(240);
  expect(near("no JSON", '{"a":1}', '["a",[]]')).toEqual([]);
  fc.assert(fc.property(fc.json(), (text) => near(text).every((one) => one !== text)));
});

it("puts texts and limits from changed lines in place of texts and numbers", () => {
  const given = [call('["a",["2 kWh",5]]')];
  const constants = {
    removed: { texts: ["kWh", "MWh"], limits: [1, 40], numbers: [30] },
    added: { texts: ["GWh"], limits: [], numbers: [60] },
  };
  const plain = new Set(exploreCalls(given).map(({ input }) => input));
  const found = exploreCalls(given, constants).filter(({ input }) => !plain.has(input));
  const texts = ["2 MWh", "2 GWh", "kWh", "MWh", "GWh"].map((text) => `["a",["${text}",5]]`);
  const numbers = [40, 41, 39, 30, 31, 29, 60, 61, 59].map((number) => `["a",["2 kWh",${number}]]`);
  expect(found.map(({ input }) => input).toSorted()).toEqual([...texts, ...numbers].toSorted());
});

it("goes beyond the largest number of the tests only to a limit that changed lines compare with", () => {
  const given = Array.from({ length: 9 }, (_, index) => call(`["a",[${index < 3 ? 100 : 10 * index},"t${index}"]]`));
  const named = {
    removed: { texts: [], limits: [2000], numbers: [3000] },
    added: { texts: [], limits: [], numbers: [] },
  };
  const found = new Set(exploreCalls(given, named).map(({ input }) => JSON.parse(input)[1][0]));
  expect([2000, 2001, 1999].every((value) => found.has(value))).toBe(true);
  expect([...found].filter((value) => value > 100 && value < 1999)).toEqual([]);
  expect(found.has(3000)).toBe(false);
});

it.each([
  ["fewer than eight numbers", 7, 100],
  ["0", 9, 0],
])("does not take the largest number for a limit: %s", (_what, count, largest) => {
  const given = Array.from({ length: count }, (_, index) =>
    call(`["a",[${index < 3 ? largest : largest - index},"t${index}"]]`),
  );
  expect(Math.max(...exploreCalls(given).map(({ input }) => JSON.parse(input)[1][0]))).toBeGreaterThan(largest);
});

it("repeats members where all lists have the same length, and lengthens lists of one member", () => {
  const lists = Array.from({ length: 8 }, (_, index) => call(`["a",[["a",[${index + 9},1,2]]]]`));
  expect(exploreCalls(lists).map(({ input }) => input)).toContain('["a",[["a",[9,1,9]]]]');
  const single = Array.from({ length: 8 }, (_, index) => call(`["a",[["a",[${index + 9}]]]]`));
  expect(exploreCalls(single).map(({ input }) => input)).toContain('["a",[["a",[9,9]]]]');
});

it("keeps the length of lists that have the same in eight or more places", () => {
  const week = (first: number) => `["a",[["a",[${[first, 1, 2].join(",")}]]]]`;
  const lengths = (count: number) =>
    new Set(
      exploreCalls(Array.from({ length: count }, (_, index) => call(week(index + 9)))).map(
        ({ input }) => JSON.parse(input)[1][0][1].length,
      ),
    );
  expect(lengths(8)).toEqual(new Set([3]));
  expect(lengths(7).size).toBeGreaterThan(2);
});

it("never exceeds a number that is the largest in three calls or more", () => {
  const most = (count: number) => {
    const given = Array.from({ length: 9 }, (_, index) =>
      call(`["a",[${index < count ? 1440 : 100 * index},"t${index}"]]`),
    );
    return Math.max(...exploreCalls(given).map(({ input }) => JSON.parse(input)[1][0]));
  };
  expect(most(3)).toBe(1440);
  expect(most(2)).toBeGreaterThan(1440);
});

it("moves one from a number to another of its role, and a letter from a text to the next, only to test the order", () => {
  const found = exploreCalls([call('["a",[["a",[3,10,2]],["a",["ab","c"]]]]')]).filter(({ isForOrder }) => isForOrder);
  expect(found.map(({ input }) => input)).toEqual([
    '["a",[["a",[4,9,2]],["a",["ab","c"]]]]',
    '["a",[["a",[3,10,2]],["a",["a","bc"]]]]',
  ]);
});

it("changes no list where an object is held twice", () => {
  const kinds = (last: string) =>
    readPlainTree(`["a",[["a",[["I","a.js","A",[["n",1]]],${last}]]]]`, 1)?.places.map(({ kind }) => kind);
  expect(kinds('["R",0]')).toEqual(["number"]);
  expect(kinds("2")).toEqual(["list", "number", "number"]);
});
