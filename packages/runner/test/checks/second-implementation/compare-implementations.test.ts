/** Which calls count as the same in two implementations, and which are shown as a case. */
import { noneLeftOut } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import type { Of } from "../../../src/checks/replay/bare-runs.ts";
import type { Outcomes } from "../../../src/checks/replay/call-outcomes.ts";
import { nowhere } from "../../../src/checks/replay/call-trees.ts";
import {
  compareImplementations,
  summarize,
} from "../../../src/checks/second-implementation/compare-implementations.ts";

const call = (name: string, input = '["a",[1]]') => ({ path: "lib/a.js", name, input });

/** Outcomes of the tests' calls, the same in two equal processes. */
const gives = (...outcomes: (string | null)[]): Outcomes => {
  const once = new Map(outcomes.flatMap((one, index) => (one === null ? [] : [[index, one] as const])));
  return { ...nowhere.base, once: new Map([["usual", once] as const, ["again", once] as const]) };
};

function compare(change: string | null, other: string | null, base: string | null, name = "parse") {
  const outcomes = { candidate: gives(change), other: gives(other), base: gives(base) };
  const { functions, left_out } = compareImplementations([call(name)], outcomes);
  const { compared, agreed, cases, unexplained } = summarize(functions, new Map());
  const left = { ...left_out, private: unexplained };
  const causes = Object.entries(left).flatMap(([cause, count]) => (count > 0 ? [cause] : []));
  return { compared, agreed, by: cases.map(({ changed_by }) => changed_by), ...(causes.length > 0 ? { causes } : {}) };
}

/** How two results of a new function compare. */
function verdict(change: string, other: string, name = "parse") {
  const { agreed, by, causes } = compare(change, other, "lnot exported", name);
  return causes?.join() ?? (agreed > 0 ? "same" : by.join());
}
const leaves = "\u001e and left ";
const function_ = '["x","function"]';

describe("two implementations of one mission", () => {
  it.each([
    ["the same new result", "v2", "v2", "v1", { compared: 1, agreed: 1, by: [] }],
    ["the base's result in both", "v1", "v1", "v1", { compared: 1, agreed: 0, by: [] }],
    ["two new results", "v2", "v3", "v1", { compared: 1, agreed: 0, by: ["both"] }],
    ["a result that only the change has", "v2", "v1", "v1", { compared: 1, agreed: 0, by: ["change"] }],
    ["a result that only the other version has", "v1", "v2", "v1", { compared: 1, agreed: 0, by: ["other"] }],
    ["a new function with one result", "v2", "v2", "lnot exported", { compared: 1, agreed: 1, by: [] }],
    ["an error in one version", "eTypeError: a", "v2", "v1", { compared: 1, agreed: 0, by: ["both"] }],
    ["a result that the base did not tell", "v2", "v2", null, { compared: 1, agreed: 0, by: [] }],
    ["two errors with other texts", "eTypeError: a", "eError: b", "v1", { compared: 1, agreed: 1, by: [] }],
    ["a function that one version lacks", "v2", "lnot exported", null, { compared: 0, agreed: 0, by: [] }],
    [
      "a fraction that differs by rounding",
      'v["d","0.30000000000000004"]',
      "v0.3",
      "v1",
      { compared: 1, agreed: 1, by: [] },
    ],
    ["a fraction that differs by more", "v0.31", "v0.3", "v1", { compared: 1, agreed: 0, by: ["both"] }],
    [
      "whole numbers that differ by one",
      "v3000000000001",
      "v3000000000000",
      "v1",
      { compared: 1, agreed: 0, by: ["both"] },
    ],
    ["zero with another sign", 'v["d","-0"]', "v0", "v1", { compared: 1, agreed: 1, by: [] }],
    [
      "objects of a class with other fields",
      'v["I","lib/a.js","A",["o",[]]]',
      'v["I","lib/a.js","A",["o",[["size",1]]]]',
      "v1",
      { compared: 0, agreed: 0, by: [], causes: ["incomparable"] },
    ],
  ] as const)("compares %s", (_what, change, other, base, expected) => {
    expect(compare(change, other, base)).toEqual(expected);
  });

  it.each([
    ["v null", "vnull", 'v["u"]', "both"],
    ["v NaN", "vnull", 'v["d","NaN"]', "both"],
    ["Infinity", 'v["d","Infinity"]', 'v["d","-Infinity"]', "both"],
    ["Infinity of Python", 'v["d","inf"]', 'v["d","-inf"]', "both"],
    ["Infinity of Go", 'v["d","+Inf"]', 'v["d","NaN"]', "both"],
    ["Infinity and a number", 'v["d","inf"]', 'v["d","1.5"]', "both"],
    ["the same Infinity", 'v["d","inf"]', 'v["d","inf"]', "same"],
    ["NaN twice", 'v["d","nan"]', 'v["d","nan"]', "same"],
    ["BigInt", 'v["i","5"]', 'v["i","6"]', "both"],
    ["BigInt and a number", 'v["i","5"]', "v5", "both"],
    ["large numbers", 'v["n","9007199254740993"]', 'v["n","9007199254740994"]', "both"],
    ["lists of texts that look like kinds", 'v["a",["i","b"]]', 'v["a",["i","d"]]', "both"],
    ["generated texts that look like kinds", 'g["x","b"]', 'g["x","d"]', "both"],
    ["entries in another order", 'v["o",[["a",1],["b",2]]]', 'v["o",[["b",2],["a",1]]]', "same"],
    ["entries", 'v["o",[["a",1]]]', 'v["o",[["a",2]]]', "both"],
    ["maps", 'v["M",[["a",1]]]', 'v["M",[["a",2]]]', "both"],
    ["functions", "xfunction", "xfunction", "incomparable"],
    ["a function and a number", "xfunction", "v1", "both"],
    ["an object that can't be written and one that can", "x[object Object]", 'v["o",[]]', "incomparable"],
    ["functions in a list", `v["a",[${function_}]]`, `v["a",[${function_}]]`, "incomparable"],
    [
      "a function in an object",
      `v["c","A",null,[["f",${function_}]]]`,
      `v["c","A",null,[["f",${function_}]]]`,
      "incomparable",
    ],
    ["equal objects", 'v["I","a.js","A",[["f",1]]]', 'v["I","a.js","A",[["f",1]]]', "same"],
    ["texts that were cut", 'v["a",[1,… 0a', 'v["a",[1,… 0a', "incomparable"],
    ["what a call leaves", `vnull${leaves}9 ["a",[2]]`, `vnull${leaves}9 ["a",[3]]`, "both"],
    ["what only one call changes", `vnull${leaves}9 ["a",[2]]`, "vnull", "both"],
    ["what both calls leave", `vnull${leaves}9 ["a",[2]]`, `vnull${leaves}9 ["a",[2]]`, "same"],
    ["what was cut of the arguments", `vnull${leaves}99 ["a",[2]]`, `vnull${leaves}99 ["a",[2]]`, "incomparable"],
    ["a call that never ends", "xunsettled", "v1", "both"],
    ["an error and no end", "eError: a", "xunsettled", "both"],
    ["two calls that never end", "xunsettled", "xunsettled", "unended"],
  ] as const)("compares %s", (_what, change, other, expected) => {
    expect(verdict(change, other)).toBe(expected);
    expect(verdict(other, change)).toBe(expected);
  });

  it("leaves the difference of a private function out, and counts its agreement", () => {
    const unexplained = { compared: 1, agreed: 0, by: [], causes: ["private"] };
    expect(compare("v2", "v3", "v1", "Parser._read")).toEqual(unexplained);
    expect(compare("v2", "v2", "v1", "Parser._read")).toEqual({ compared: 1, agreed: 1, by: [] });
    expect(compare("v2", "v3", "v1", "Parser.__len__")).toEqual({ compared: 1, agreed: 0, by: ["both"] });
  });

  it("leaves a call out whose two equal runs differ, or that no process told", () => {
    const unsteady: Outcomes = {
      ...nowhere.base,
      once: new Map([["usual", new Map([[0, "v1"]])] as const, ["again", new Map([[0, "v2"]])] as const]),
    };
    const outcomes: Record<Of, Outcomes> = { candidate: unsteady, other: gives("v1"), base: gives("v1") };
    const comparison = (change: Partial<typeof outcomes>) =>
      compareImplementations([call("parse")], { ...outcomes, ...change });
    expect(comparison({})).toEqual({ functions: [], left_out: { ...noneLeftOut, unsteady: 1 } });
    expect(comparison({ candidate: gives(null) }).left_out).toEqual({ ...noneLeftOut, unended: 1 });
    expect(comparison({ candidate: gives("lnot exported") }).left_out).toEqual(noneLeftOut);
    expect(comparison({ candidate: gives("v2") })).toMatchObject({
      functions: [{ compared: 1 }],
      left_out: noneLeftOut,
    });
  });

  it("a call at which both processes of one version stop differs from one that ends", () => {
    const stops = (...places: ("usual" | "again")[]): Outcomes => ({
      ...gives(null),
      stopped: new Map(places.map((where) => [where, new Set([0])])),
    });
    const comparison = (candidate: Outcomes) => {
      const outcomes = { candidate, other: gives("v1"), base: gives("v1") };
      const { functions, left_out } = compareImplementations([call("parse")], outcomes);
      return [functions[0]?.cases[0]?.change, left_out.unended];
    };
    expect(comparison(stops("usual", "again"))).toEqual(["no end", 0]);
    expect(comparison(stops("usual"))).toEqual([undefined, 1]);
  });

  it("compares a call once, however many tests make it", () => {
    const outcomes = { candidate: gives("v2", "v2"), other: gives("v2", "v2"), base: gives("v1", "v1") };
    const counted = (second: string) =>
      compareImplementations([call("parse"), call("parse", second)], outcomes).functions[0]?.compared;
    expect([counted('["a",[1]]'), counted('["a",[2]]')]).toEqual([1, 2]);
  });

  it("leaves out a function if the code that uses it differs only in a private part", () => {
    const names = ["parse", "Text._read", "Text.expand"];
    const shown = (part: string) => {
      const outcomes = {
        candidate: gives("v1", "v1", "v5"),
        other: gives("v2", part, "v5"),
        base: gives("v0", "v0", "v4"),
      };
      const { functions } = compareImplementations(
        names.map((name) => call(name)),
        outcomes,
      );
      return summarize(functions, new Map([["lib/a.js\nparse", new Set(["lib/a.js\nText"])]])).cases.length;
    };
    expect([shown("v2"), shown("v1")]).toEqual([0, 0]);
    names[1] = "Text.read";
    expect([shown("v2"), shown("v1")]).toEqual([2, 0]);
  });

  it("knows private names by the language's convention, and explains their difference by a public user", () => {
    const named = (path: string, name: string) => ({ path, name, input: '["a",[1]]' });
    const of = (path: string, ...names: string[]) => {
      const outcomes = { candidate: gives("v1", "v5"), other: gives("v2", "v5"), base: gives("v0", "v4") };
      const { functions } = compareImplementations(
        names.map((name) => named(path, name)),
        outcomes,
      );
      const { cases, unexplained } = summarize(functions, new Map());
      return [cases.map(({ name }) => name), unexplained];
    };
    expect(of("main.go", "sum")).toEqual([[], 1]);
    expect(of("main.go", "Sum")).toEqual([["Sum"], 0]);
    expect(of("lib/a.js", "sum")).toEqual([["sum"], 0]);
    expect(of("lib/a.js", "Parser._read")).toEqual([[], 1]);
    expect(of("lib/a.js", "Parser._read", "Parser.parse")).toEqual([[], 0]);
    expect(of("lib/a.js", "_read", "parse")).toEqual([[], 1]);
  });

  it("shows three cases of a function, and counts the others", () => {
    const inputs = Array.from({ length: 5 }, (_, index) => call("parse", `["a",[${index}]]`));
    const all = (text: string) => gives(...inputs.map(() => text));
    const outcomes = { candidate: all("v1"), other: all("v2"), base: all("v0") };
    const { cases, more } = summarize(compareImplementations(inputs, outcomes).functions, new Map());
    expect([cases.map(({ input }) => input), more]).toEqual([["(0)", "(1)", "(2)"], 2]);
    expect(cases[0]).toMatchObject({ change: "1", other: "2", base: "0", name: "parse", path: "lib/a.js" });
  });

  it("leaves a function out whose users give the same, but not if these differ or give what the base gives", () => {
    const outcomes = (parse: string, user: string) => gives(parse, user);
    const shown = (user: { change: string; other: string; base: string }) => {
      const [candidate, other, base] = [
        outcomes("v1", user.change),
        outcomes("v2", user.other),
        outcomes("v0", user.base),
      ];
      const all = { candidate, other, base };
      const { functions } = compareImplementations([call("parse"), call("expand")], all);
      return summarize(functions, new Map([["lib/a.js\nparse", new Set(["lib/a.js\nexpand"])]])).cases.map(
        ({ name }) => name,
      );
    };
    expect(shown({ change: "v5", other: "v5", base: "v4" })).toEqual([]);
    expect(shown({ change: "v5", other: "v6", base: "v4" })).toEqual(["parse", "expand"]);
    expect(shown({ change: "v4", other: "v4", base: "v4" })).toEqual(["parse"]);
  });
});
