/** Which calls count as the same in two implementations, and which are shown as a case. */
import { describe, expect, it } from "vitest";
import type { Outcomes } from "../../../src/checks/replay/call-outcomes.ts";
import { nowhere } from "../../../src/checks/replay/call-trees.ts";
import {
  compareImplementations,
  summarize,
} from "../../../src/checks/second-implementation/compare-implementations.ts";

const none = { varied: [], explored: [] };
const call = (name: string, input = '["a",[1]]') => ({ path: "lib/a.js", name, input });

/** Outcomes of the tests' calls, the same in two equal processes. */
const gives = (...outcomes: (string | null)[]): Outcomes => {
  const once = new Map(outcomes.flatMap((one, index) => (one === null ? [] : [[index, one] as const])));
  return { ...nowhere.base, once: new Map([["usual", once] as const, ["again", once] as const]) };
};

function compare(change: string | null, other: string | null, base: string | null, name = "parse") {
  const outcomes = { candidate: gives(change), other: gives(other), base: gives(base) };
  const { compared, agreed, cases } = summarize(compareImplementations([call(name)], none, outcomes), new Map());
  return { compared, agreed, by: cases.map(({ changed_by }) => changed_by) };
}

describe("two implementations of one mission", () => {
  it.each([
    ["the same new result", "v2", "v2", "v1", { compared: 1, agreed: 1, by: [] }],
    ["the base's result in both", "v1", "v1", "v1", { compared: 1, agreed: 0, by: [] }],
    ["two new results", "v2", "v3", "v1", { compared: 1, agreed: 0, by: ["both"] }],
    ["a result that only the change has", "v2", "v1", "v1", { compared: 1, agreed: 0, by: ["change"] }],
    ["a result that only the other version has", "v1", "v2", "v1", { compared: 1, agreed: 0, by: ["other"] }],
    ["a new function with one result", "v2", "v2", null, { compared: 1, agreed: 1, by: [] }],
    ["an error in one version", "eTypeError: a", "v2", "v1", { compared: 1, agreed: 0, by: ["both"] }],
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
      { compared: 0, agreed: 0, by: [] },
    ],
  ] as const)("compares %s", (_what, change, other, base, expected) => {
    expect(compare(change, other, base)).toEqual(expected);
  });

  it("leaves the difference of a private function out, and counts its agreement", () => {
    expect(compare("v2", "v3", "v1", "Parser._read")).toEqual({ compared: 1, agreed: 0, by: [] });
    expect(compare("v2", "v2", "v1", "Parser._read")).toEqual({ compared: 1, agreed: 1, by: [] });
    expect(compare("v2", "v3", "v1", "Parser.__len__")).toEqual({ compared: 1, agreed: 0, by: ["both"] });
  });

  it("leaves a call out whose two equal runs differ", () => {
    const unsteady = {
      ...nowhere.base,
      once: new Map([["usual", new Map([[0, "v1"]])] as const, ["again", new Map([[0, "v2"]])] as const]),
    };
    const outcomes = { candidate: unsteady, other: gives("v1"), base: gives("v1") };
    expect(compareImplementations([call("parse")], none, outcomes)).toEqual([]);
    const steady = { ...outcomes, candidate: gives("v2") };
    expect(compareImplementations([call("parse")], none, steady)).toMatchObject([{ compared: 1 }]);
  });

  it("shows three cases of a function, those of tests first, and counts the others", () => {
    const inputs = Array.from({ length: 5 }, (_, index) => call("parse", `["a",[${index}]]`));
    const near = { ...call("parse", '["a",[9]]'), origin: 0, isForOrder: false };
    const explored = new Map(["explored", "explored-reversed"].map((where) => [where, new Map([[0, "v8"]])])) as never;
    const withNear = (of: Outcomes) => ({ ...of, once: new Map([...explored, ...of.once]) as Outcomes["once"] });
    const all = (text: string) => withNear(gives(...inputs.map(() => text)));
    const outcomes = { candidate: all("v1"), other: all("v2"), base: all("v0") };
    const { cases, more } = summarize(
      compareImplementations(inputs, { varied: [], explored: [near] }, outcomes),
      new Map(),
    );
    expect([cases.map(({ input, in_tests }) => [input, in_tests]), more]).toEqual([
      [
        ["(0)", true],
        ["(1)", true],
        ["(2)", true],
      ],
      2,
    ]);
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
      const found = compareImplementations([call("parse"), call("expand")], none, { candidate, other, base });
      return summarize(found, new Map([["lib/a.js\nparse", new Set(["lib/a.js\nexpand"])]])).cases.map(
        ({ name }) => name,
      );
    };
    expect(shown({ change: "v5", other: "v5", base: "v4" })).toEqual([]);
    expect(shown({ change: "v5", other: "v6", base: "v4" })).toEqual(["parse", "expand"]);
    expect(shown({ change: "v4", other: "v4", base: "v4" })).toEqual(["parse"]);
  });

  it("leaves calls near to the tests' out whose numbers are of a kind that no test uses", () => {
    const near = (input: string) => ({ ...call("parse", input), origin: 0, isForOrder: false });
    const explored = ['["a",[2]]', '["a",[-2]]', '["a",[2.5]]', '["a",["-2.5"]]'].map(near);
    const withNear = (text: string): Outcomes => {
      const all = new Map(explored.map((_, index) => [index, text]));
      return {
        ...nowhere.base,
        once: new Map(["explored", "explored-reversed"].map((where) => [where as "explored", all])),
      };
    };
    const outcomes = { candidate: withNear("v1"), other: withNear("v2"), base: withNear("v0") };
    const differing = (tests: string) =>
      compareImplementations([call("parse", tests)], { varied: [], explored }, outcomes)[0]?.differing;
    expect([differing('["a",[1]]'), differing('["a",[-1]]'), differing('["a",[-1.5]]')]).toEqual([2, 3, 4]);
  });
});
