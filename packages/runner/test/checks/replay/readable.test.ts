/** Calls are written for people in a readable form, with the part in which two results differ. */
import { shortenedPair } from "@aedev/contracts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { readableArguments, readableOutcome, readableValue } from "../../../src/checks/replay/readable.ts";

it.each([
  [
    "numbers and texts",
    '["a",[1,"b",null,true,["d","-0"],["n","12"],["i","7"],["u"]]]',
    '[1, "b", null, true, -0, 12, 7, undefined]',
  ],
  ["tuples and sets", '["t",[1,["S",[2]],["F",[3]]]]', "(1, set(2), set(3))"],
  ["objects", '["o",[["name","x"],["two words",1],[5,2]]]', '{name: "x", "two words": 1, 5: 2}'],
  ["objects of classes", '["I","src/cart.js","Cart",[["total",1]]]', "Cart {total: 1}"],
  ["objects of Python's classes", '["i","shop.py","Cart",[["total",["d","0.5"]]]]', "Cart {total: 0.5}"],
  ["objects that are only shown", '["c","Cart",null,[["total",1]]]', "Cart(null) {total: 1}"],
  ["maps", '["M",[["a",["a",[]]]]]', 'map("a" => [])'],
  ["dates", '["D",0]', "date(1970-01-01T00:00:00.000Z)"],
  ["dates that are none", '["D",["d","NaN"]]', "date(invalid)"],
  ["values of libraries", '["k","datetime.date","2020-01-02"]', 'datetime.date("2020-01-02")'],
  ["values of interfaces", '["y","int",5]', "5"],
  ["patterns", '["r","a+","g"]', "/a+/g"],
  ["bytes", '["a",[["b","00ff"],["b",[1,2]]]]', "[bytes(00ff), bytes(1, 2)]"],
  ["what can't be told", '["x","Socket","more"]', "<Socket more>"],
  ["an object again", '["R",1]', "the same object again"],
])("%s is written for people", (_, text, expected) => {
  expect(readableValue(text)).toBe(expected);
});

it("arguments and outcomes are written for people, and an unreadable text stays as it is", () => {
  expect(readableArguments('["a",[1,["a",[2]]]]')).toBe("(1, [2])");
  expect(readableArguments('["a",[]]')).toBe("()");
  expect(readableOutcome('v["a",[1]]')).toBe("[1]");
  expect(readableOutcome("eTypeError: no")).toBe("the error TypeError: no");
  for (const text of ["no answer", "vnothing to read", "lnot exported"])
    expect(readableOutcome(text)).toContain(text.slice(1));
});

it("a shortened text is read up to its last whole part", () => {
  const whole = '["a",[["o",[["name","a, ] \\"b"],["count",12]]],["o",[["name","c"]]]]]';
  const reads = [readableValue(whole)];
  for (let length = whole.length - 1; length > 0; length -= 1) {
    const read = readableValue(`${whole.slice(0, length)}… 0f3a`);
    if (read !== reads.at(-1)) reads.push(read);
  }
  expect(reads.slice(0, 3)).toEqual([
    '[{name: "a, ] \\"b", count: 12}, {name: "c"}]',
    '[{name: "a, ] \\"b", count: 12}, {name: "c"}] …',
    expect.stringMatching(/^\[\{name: "a, \] \\"b", count: 12\}, \{.*\}\] …$/),
  ]);
});

it("writing a value for people never throws", () => {
  const plain = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue(),
      fc.array(tie("value")),
      fc.tuple(fc.constantFrom(..."atSFoMiIckDrbydnuRx"), tie("value"), tie("value")),
    ),
  })).value;
  fc.assert(fc.property(plain, (value) => typeof readableValue(JSON.stringify(value)) === "string"));
});

it("two texts that differ only in a part left out before are reported as such", () => {
  expect(shortenedPair("[1] …", "[1] …")).toEqual(["[1] …", "[1] … (further on)"]);
});

it("two texts are cut to start shortly before they differ", () => {
  expect(shortenedPair("1", "2")).toEqual(["1", "2"]);
  const long = "a".repeat(500);
  const [one, other] = shortenedPair(`${long}1${long}`, `${long}2${long}`);
  expect([one.length, other.length]).toEqual([120, 120]);
  expect(one.slice(0, 42)).toBe(`…${"a".repeat(40)}1`);
  expect(other.slice(0, 42)).toBe(`…${"a".repeat(40)}2`);
  // If the end differs, as much as fits stands before it.
  const before = `…${"a".repeat(118)}`;
  expect(shortenedPair(`${long}1`, `${long}2`)).toEqual([`${before}1`, `${before}2`]);
});
