/** Equal values give the same text; a value without a canonical form gives none. */
import { expect, it } from "vitest";
import { canonicalJson } from "../src/index.ts";

it("writes keys in UTF-16 order without white space, whatever their original order", () => {
  expect(canonicalJson({ b: [true, null], "10": 1, a: { "9": 0, "\ud83d\ude00": 1, "\uff5e": 2 } })).toBe(
    '{"10":1,"a":{"9":0,"\ud83d\ude00":1,"\uff5e":2},"b":[true,null]}',
  );
  expect(canonicalJson(JSON.parse('{"z": 1, "__proto__": {"a": 2}}'))).toBe('{"__proto__":{"a":2},"z":1}');
});

it("writes zero in one way, escapes as RFC 8785 does, and omits undefined values of an object", () => {
  expect(canonicalJson([-0, 0, Number.MAX_SAFE_INTEGER])).toBe("[0,0,9007199254740991]");
  expect(canonicalJson('\u0000\u001f\t\u2028\u007f"\\/')).toBe('"\\u0000\\u001f\\t\u2028\u007f\\"\\\\/"');
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
});

it.each([
  ["a fraction", { a: [0.5] }, "$.a[0]: 0.5 is not a safe integer"],
  ["a number that is too large", 1e21, "$: 1e+21 is not a safe integer"],
  ["NaN", [Number.NaN], "$[0]: NaN is not a safe integer"],
  ["half a character", { a: "x\ud800" }, "$.a: the string has an unpaired surrogate"],
  ["half a character in a key", { "\udc00": 1 }, "$: the string has an unpaired surrogate"],
  ["undefined in a list", [undefined], "$[0]: a undefined has no canonical form"],
  ["a function", { a: () => 1 }, "$.a: a function has no canonical form"],
  ["a large integer type", [1n], "$[0]: a bigint has no canonical form"],
])("refuses %s and names its path in the error", (_what, value, message) => {
  expect(() => canonicalJson(value)).toThrow(new TypeError(message));
});
