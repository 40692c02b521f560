/** The outcome that recorded operands demand; it is decided only for values without own code. */
import { describe, expect, it } from "vitest";
import { demandedOutcome, isHidden } from "../../../src/checks/record/compare.ts";
import type { Operand } from "../../../src/checks/record/operand.ts";

const number = (value: number): Operand => ({ t: "d", v: Object.is(value, -0) ? "-0" : String(value) });
const text = (v: string): Operand => ({ t: "s", v });
const plain = (i: number, e: Record<string, Operand>, more = {}): Operand => ({
  t: "o",
  i,
  p: 1,
  c: "object",
  w: true,
  e,
  ...more,
});
const list = (i: number, ...items: Operand[]): Operand =>
  plain(i, Object.fromEntries(items.map((item, index) => [index, item])), { p: 9, c: "array", n: items.length });

describe("operands of primitive values", () => {
  it.each([
    ["strictEqual", number(1), number(1), "pass"],
    ["strictEqual", number(1), text("1"), "fail"],
    ["strictEqual", number(0), number(-0), "fail"],
    ["notStrictEqual", number(0), number(-0), "pass"],
    ["is", number(0), number(-0), "unknown"],
    ["is", number(Number.NaN), number(Number.NaN), "unknown"],
    ["is", number(1), number(2), "fail"],
    ["isNot", number(1), number(1), "fail"],
    ["equal", number(1), text("1"), "pass"],
    ["equal", { t: "n" }, { t: "u" }, "pass"],
    ["equal", number(1), plain(1, {}), "unknown"],
    ["notEqual", number(1), text("1"), "fail"],
    ["strictEqual", { t: "s", v: "a", n: 900, h: 1 }, { t: "s", v: "a", n: 900, h: 2 }, "fail"],
    ["match", text("a"), text("b"), "unknown"],
    ["constructor", text("a"), text("b"), "unknown"],
  ] as const)("%s of %j and %j: %s", (kind, one, other, verdict) => {
    expect(demandedOutcome(kind, [one, other])).toBe(verdict);
  });

  it("the operand of ok is true or false", () => {
    expect(demandedOutcome("ok", [number(0)])).toBe("fail");
    expect(demandedOutcome("notOk", [number(0)])).toBe("pass");
    expect(demandedOutcome("ok", [{ t: "x", i: 1 }])).toBe("pass");
    expect(demandedOutcome("ok", [{ t: "c" }])).toBe("unknown");
  });
});

describe("operands of Python", () => {
  const whole = (value: number): Operand => ({ t: "i", v: String(value) });
  const tuple = (i: number, ...items: Operand[]): Operand => ({ ...list(i, ...items), p: 3 }) as Operand;
  it.each([
    ["pythonEqual", whole(1), { t: "b", v: true }, "pass"],
    ["pythonEqual", whole(1), number(1), "pass"],
    ["pythonEqual", whole(1), number(1.5), "fail"],
    ["pythonEqual", whole(1), text("1"), "fail"],
    ["pythonEqual", { t: "n" }, whole(0), "fail"],
    ["pythonEqual", number(Number.NaN), number(Number.NaN), "unknown"],
    ["pythonNotEqual", whole(1), whole(1), "fail"],
    ["pythonEqual", list(1, whole(1)), list(2, { t: "b", v: true }), "pass"],
    ["pythonEqual", list(1, whole(1)), list(2, whole(2)), "fail"],
    ["pythonEqual", list(1, whole(1)), tuple(2, whole(1)), "fail"],
    ["pythonEqual", list(1, { t: "x", i: 5 }), list(2, whole(2)), "unknown"],
    ["pythonEqual", { t: "x", i: 5 }, whole(2), "unknown"],
    ["pythonEqual", { t: "f", i: 5 }, whole(2), "fail"],
  ] as const)("%s of %j and %j: %s", (kind, one, other, outcome) => {
    expect(demandedOutcome(kind, [one, other])).toBe(outcome);
  });

  it("are hidden if one compares by its own code, even inside a list", () => {
    expect(isHidden(list(1, { t: "x", i: 5 }), "pythonEqual")).toBe(true);
    expect(isHidden(list(1, whole(1)), "pythonEqual")).toBe(false);
    expect(isHidden(plain(1, {}), "equal")).toBe(true);
    expect(isHidden(plain(1, {}), "strictEqual")).toBe(false);
  });
});

describe("operands that are objects", () => {
  it.each([
    ["strictEqual", plain(1, {}), plain(2, {}), "fail"],
    ["strictEqual", plain(1, {}), plain(1, {}), "pass"],
    ["deepStrictEqual", plain(1, { a: number(1) }), plain(2, { a: number(1) }), "pass"],
    ["deepStrictEqual", plain(1, { a: number(1) }), plain(2, { a: number(2) }), "fail"],
    ["deepStrictEqual", plain(1, { a: number(1) }), plain(2, {}), "fail"],
    ["deepStrictEqual", plain(1, {}), plain(2, {}, { p: 0 }), "fail"],
    ["deepStrictEqual", plain(1, {}, { p: 4 }), plain(2, {}, { p: 5 }), "unknown"],
    ["deepStrictEqual", list(1, number(1)), list(2, number(1), number(2)), "fail"],
    ["deepStrictEqual", plain(1, { a: { t: "g" } }), plain(2, { a: number(1) }), "unknown"],
    ["deepStrictEqual", plain(1, { a: { t: "g" }, b: number(1) }), plain(2, { a: number(1), b: number(2) }), "fail"],
    ["deepStrictEqual", { t: "x", i: 1 }, plain(2, {}), "unknown"],
    ["deepStrictEqual", plain(1, {}, { w: false }), plain(2, { a: number(1) }), "unknown"],
    ["deepEqual", plain(1, { a: number(1) }), plain(2, { a: text("1") }), "pass"],
    ["deepEqual", plain(1, { a: number(1) }), plain(2, { a: text("2") }), "fail"],
    ["same", list(1, number(1)), list(2, number(2)), "fail"],
    ["same", plain(1, { a: number(1) }, { p: 7 }), plain(2, { a: number(2) }, { p: 7 }), "unknown"],
    ["notDeepStrictEqual", list(1, text("a")), list(2, text("a")), "fail"],
  ] as const)("%s of %j and %j: %s", (kind, one, other, verdict) => {
    expect(demandedOutcome(kind, [one, other])).toBe(verdict);
  });
});
