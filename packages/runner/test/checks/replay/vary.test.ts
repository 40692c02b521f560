/** Arguments of the same shape as those of the tests: in both languages' form, bounded, none that a test uses. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { varyCalls } from "../../../src/checks/replay/vary.ts";

const call = (input: string, name = "add") => ({
  group: 1,
  path: "lib/add.js",
  name,
  input,
  seen: "v1",
  isSetUp: false,
});
const inputs = (...given: string[]) => varyCalls(given.map((input) => call(input))).map(({ input }) => input);

it("makes numbers larger, negative and one more, and leaves whole numbers whole", () => {
  const found = inputs('["a",[3]]');
  expect(found).toEqual(expect.arrayContaining(['["a",[4]]', '["a",[307]]', '["a",[-3]]', '["a",[15003]]']));
  expect(inputs('["a",[["d","2.5"]]]')).toContain('["a",[["d","3.5"]]]');
});

it("makes texts longer, reversed and of another case, and changes a number in them", () => {
  const found = inputs('["a",["ab 09"]]');
  expect(found).toEqual(expect.arrayContaining(['["a",["90 ba"]]', '["a",["AB 09"]]', '["a",["ab 10"]]']));
  expect(Math.max(...found.map(({ length }) => length))).toBeGreaterThan(100);
});

it("makes lists longer, shorter and reversed, but never the list of the arguments", () => {
  const found = inputs('["a",[["a",["x","y"]],true]]');
  expect(found).toContain('["a",[["a",["y","x"]],true]]');
  expect(found).toContain('["a",[["a",["x","y"]],false]]');
  for (const one of found) expect(JSON.parse(one)[1]).toHaveLength(2);
  expect(Math.max(...found.map((one) => JSON.parse(one)[1][0][1].length))).toBe(24);
});

it("changes the values of objects and not their keys, all at once or one", () => {
  const found = inputs('["a",[["o",[["n",1],["m",5]]]]]');
  expect(found).toEqual(
    expect.arrayContaining([
      '["a",[["o",[["n",2],["m",6]]]]]',
      '["a",[["o",[["n",2],["m",5]]]]]',
      '["a",[["o",[["n",1],["m",6]]]]]',
    ]),
  );
});

it("gives no arguments that a test uses, and each only once", () => {
  const found = inputs('["a",[1]]', '["a",[2]]');
  expect(found).not.toContain('["a",[2]]');
  expect(new Set(found).size).toBe(found.length);
});

it("varies every call before it varies one again, and is bounded", () => {
  const calls = Array.from({ length: 30 }, (_, index) => call(`["a",[${1000 + index * 7}]]`));
  const found = varyCalls(calls);
  expect(found).toHaveLength(40);
  expect(
    varyCalls(Array.from({ length: 100 }, (_, index) => calls.map(({ input }) => call(input, `f${index}`))).flat()),
  ).toHaveLength(400);
});

it("makes something of lists in lists, but never what is larger than memory", () => {
  const nested = (depth: number) => `["a",[${'["a",['.repeat(depth)}"x"${"]]".repeat(depth)}]]`;
  for (const depth of [2, 9, 25]) {
    const found = inputs(nested(depth));
    expect(found).toContain(nested(depth).replace("x", "xa"));
    expect(found.every((one) => one.length <= 30_000)).toBe(true);
  }
});

it("makes nothing of a text that is no plain data, and never fails", () => {
  expect(inputs("no JSON", '{"a":1}', '["a",[]]', '["a",[null]]')).toEqual([]);
  fc.assert(fc.property(fc.json(), (text) => inputs(text).every((one) => one.length <= 30_000)));
});
