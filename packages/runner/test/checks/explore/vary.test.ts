/** Varied arguments of the same shape as those of the tests, in both languages' form: bounded, and none that a test uses. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { varyCalls } from "../../../src/checks/explore/vary.ts";

const call = (input: string, name = "add") => ({
  group: 1,
  path: "lib/add.js",
  name,
  input,
  seen: "v1",
  isSetUp: false,
});
const inputs = (...given: string[]) => varyCalls(given.map((input) => call(input))).map(({ input }) => input);

it("makes numbers larger, negative and one more, and keeps whole numbers whole", () => {
  const found = inputs('["a",[3]]');
  expect(found).toEqual(expect.arrayContaining(['["a",[4]]', '["a",[307]]', '["a",[-3]]', '["a",[15003]]']));
  expect(inputs('["a",[["d","2.5"]]]')).toContain('["a",[["d","3.5"]]]');
});

it("makes texts longer, reversed and of another case, and changes a number in them", () => {
  const found = inputs('["a",["ab 09"]]');
  expect(found).toEqual(expect.arrayContaining(['["a",["90 ba"]]', '["a",["AB 09"]]', '["a",["ab 10"]]']));
  expect(Math.max(...found.map(({ length }) => length))).toBeGreaterThan(100);
});

it("makes lists longer, shorter and reversed, except the list of the arguments", () => {
  const found = inputs('["a",[["a",["x","y"]],true]]');
  expect(found).toContain('["a",[["a",["y","x"]],true]]');
  expect(found).toContain('["a",[["a",["x","y"]],false]]');
  for (const one of found) expect(JSON.parse(one)[1]).toHaveLength(2);
  expect(Math.max(...found.map((one) => JSON.parse(one)[1][0][1].length))).toBe(24);
});

it("keeps the length and order of lists where an object is held twice", () => {
  const items = (found: readonly string[]) => found.map((one) => JSON.parse(one)[1][0][1].length);
  const listed = (last: string) => `["a",[["a",[["I","a.js","A",[["n",1]]],${last}]],"x"]]`;
  expect(new Set(items(inputs(listed('["R",0]'))))).toEqual(new Set([2]));
  expect(inputs(listed('["R",0]')).every((one) => one.includes('["R",0]]]'))).toBe(true);
  expect(Math.max(...items(inputs(listed("2"))))).toBeGreaterThan(2);
  // Such a text as a value is not a reference.
  expect(Math.max(...items(inputs(listed(JSON.stringify('["R",0]')))))).toBeGreaterThan(2);
});

it("changes the values of objects, all at once or one, but not their keys", () => {
  const found = inputs('["a",[["o",[["n",1],["m",5]]]]]');
  expect(found).toEqual(
    expect.arrayContaining([
      '["a",[["o",[["n",2],["m",6]]]]]',
      '["a",[["o",[["n",2],["m",5]]]]]',
      '["a",[["o",[["n",1],["m",6]]]]]',
    ]),
  );
});

it("makes no arguments that a test uses, and each only once", () => {
  const found = inputs('["a",[1]]', '["a",[2]]');
  expect(found).not.toContain('["a",[2]]');
  expect(new Set(found).size).toBe(found.length);
});

it("varies every call once before it varies one again, and is bounded", () => {
  const calls = Array.from({ length: 30 }, (_, index) => call(`["a",[${1000 + index * 7}]]`));
  const found = varyCalls(calls);
  expect(found).toHaveLength(40);
  expect(
    varyCalls(Array.from({ length: 100 }, (_, index) => calls.map(({ input }) => call(input, `f${index}`))).flat()),
  ).toHaveLength(400);
});

it("varies lists in lists, but never makes a value that is larger than memory", () => {
  const nested = (depth: number) => `["a",[${'["a",['.repeat(depth)}"x"${"]]".repeat(depth)}]]`;
  for (const depth of [2, 9, 25]) {
    const found = inputs(nested(depth));
    expect(found).toContain(nested(depth).replace("x", "xa"));
    expect(found.every((one) => one.length <= 30_000)).toBe(true);
  }
});

it("makes nothing of text that is not plain data, and never throws", () => {
  expect(inputs("no JSON", '{"a":1}', '["a",[]]', '["a",[null]]')).toEqual([]);
  fc.assert(fc.property(fc.json(), (text) => inputs(text).every((one) => one.length <= 30_000)));
});

it("puts texts of removed lines in place of each text, or of a constant in it, after all other variations", () => {
  const constants = {
    removed: { texts: ["kWh", "MWh"], limits: [], numbers: [7] },
    added: { texts: ["GWh"], limits: [], numbers: [] },
  };
  const given = [call('["a",["2 kWh",5]]'), call('["a",["3 Wh",5]]')];
  const plain = varyCalls(given).map(({ input }) => input);
  const found = varyCalls(given, constants).map(({ input }) => input);
  expect(found.slice(0, plain.length)).toEqual(plain);
  expect(found.slice(plain.length)).toEqual(["2 MWh", "kWh", "MWh"].map((text) => `["a",["${text}",5]]`));
});

it("makes at most 24 calls of a function with named texts, and 200 in total", () => {
  const texts = Array.from({ length: 16 }, (_, index) => `c${index}`);
  const constants = { removed: { texts, limits: [], numbers: [] }, added: { texts: [], limits: [], numbers: [] } };
  const named = (calls: Parameters<typeof varyCalls>[0]) =>
    varyCalls(calls, constants).filter(({ input }) => /"c\d+"/u.test(input)).length;
  const own = (name: string) => ["x", "y", "z"].map((text) => call(`["a",["${text}",["a",["${text}"]]]]`, name));
  expect(named(own("f"))).toBe(24);
  expect(named(Array.from({ length: 30 }, (_, index) => own(`f${index}`)).flat())).toBe(200);
});

it("stops after a bounded number of variations, even if all are dropped", () => {
  const withSilent = (count: number) =>
    varyCalls([...Array.from({ length: count }, () => call('["a",[null]]')), call('["a",[false]]')]);
  expect(withSilent(500)).toHaveLength(1);
  expect(withSilent(600)).toHaveLength(0);
});
