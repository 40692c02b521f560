/** Which lines of a mission's own text are criteria, and which only look like criteria. */
import { describe, expect, it } from "vitest";
import { growsWithLength } from "../../../test/support/growth.ts";
import { findCriteria } from "../src/find-criteria.ts";
import { criterionOf } from "../src/given-evidence.ts";
import { shippedRules as rules } from "./shipped-rules.ts";

const found = (text: string) => findCriteria(text, rules).criteria;

describe("a list under a heading", () => {
  it.each([
    ["Fix it.\n\nAcceptance criteria:\n- add(-1, 2) returns 1\n- all existing tests pass\n\nThanks, see you soon"],
    ["Fix it.\n\n## Acceptance Criteria\n\n1. add(-1, 2) returns 1\n2) all existing tests pass"],
    ["Fix it.\n**Done when:**\nadd(-1, 2) returns 1\nall existing tests pass\n\nThanks, see you soon"],
    ["Fix it.\nAcceptance criteria: the following\n* add(-1, 2)\n  returns 1\n* all existing tests pass\nThanks"],
    ["- [ ] add(-1, 2) returns 1\n- [x] all existing tests pass\n- a note about something else"],
  ])("finds the criteria in a list under a heading: %j", (text) => {
    expect(found(text)).toEqual(["add(-1, 2) returns 1", "all existing tests pass"]);
  });

  it("finds criteria under a Chinese heading, and on the heading's own line", () => {
    expect(found("修复加法\n\n验收标准：\n- add(-1, 2) 返回 1\n- 现有测试仍然通过")).toEqual([
      "add(-1, 2) 返回 1",
      "现有测试仍然通过",
    ]);
    expect(found("Fix it. \nAcceptance criteria: add(-1, 2) returns 1")).toEqual(["add(-1, 2) returns 1"]);
  });

  it("removes a list of criteria from the mission's description, so that its words do not count against it", () => {
    const text = "Fix lib/a.js\nAcceptance criteria:\n- all the existing tests pass";
    expect(findCriteria(text, rules).description).toBe("Fix lib/a.js");
  });

  it.each([
    ["Acceptance criteria:\n- it works\n- TBD\n- done"],
    ["Acceptance tests are slow"],
    ["The criteria were discussed in the meeting"],
    ["Steps:\n- open the page\n- press the button"],
    ["Acceptance criteria:\n\n"],
  ])("finds no list of criteria in %j", (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("a sentence", () => {
  it.each([
    "lib/cart.js should refuse negative quantities.",
    "The command must exit 1.",
    "A new test fails before the change and passes after it.",
    "`parse()` has to keep its signature.",
    "空输入必须报错并以 1 退出。",
    "`parse('')` muss eine leere Liste liefern.",
    "`parse('')` doit renvoyer une liste vide.",
    "`parse('')` debe devolver una lista vacía.",
    "`parse('')` deve retornar uma lista vazia.",
    "`parse('')` は空の配列を返すべきです。",
    "`parse('')` 는 빈 배열을 반환해야 합니다.",
  ])("finds a criterion in a sentence that says what must hold: %s", (text) => {
    expect(found(`Please help. ${text}`)).toEqual([text]);
  });

  it.each([
    "It should be fast.",
    "The app should look better and show nicer colours.",
    "Everything must pass.",
    "We should talk about it.",
    "应用应该更好看",
    "Die App soll schöner sein.",
    "Ça doit être plus joli.",
    "もっと使いやすくするべき",
    "把整个应用变得更好",
  ])("finds no criterion in a sentence that can't be observed: %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("evidence of a fault", () => {
  it("rewrites evidence of a fault into what is true once the fault is fixed", () => {
    expect(found('The test "adds negatives" fails on main.')[0]).toMatch(
      /now passes after the change.*"adds negatives"/,
    );
    expect(found("test/add.test.js fails since yesterday")[0]).toMatch(/now passes/);
    expect(found("It crashes. To reproduce: `node cli.js --list`")[0]).toMatch(/no longer shows.*node cli\.js --list$/);
    expect(found("It crashes:\n\n$ node cli.js --list\nTypeError")[0]).toMatch(/no longer shows.*node cli\.js --list$/);
    expect(found("测试“负数相加”失败了")[0]).toMatch(/^现在失败的测试在改动后通过/);
  });

  it("rewrites evidence that was given as a criterion too, but not a criterion that says more", () => {
    expect(criterionOf("`node cli.js --list`")).toMatch(/no longer shows.*node cli\.js --list$/);
    expect(criterionOf("test/add.test.js fails")).toMatch(/now passes/);
    for (const line of [
      'a new test "adds negatives" fails before the change and passes after it',
      "`node cli.js --list` prints an empty line",
      "the message links https://github.com/o/r/issues/12",
      "all existing tests pass",
    ])
      expect(criterionOf(line)).toBe(line);
  });

  it("finds no evidence in a mere link or number, which can't be read here", () => {
    for (const text of ["See https://github.com/o/r/issues/12.", "Fixes #12", "Implement SHOP-331"])
      expect([text, found(text)]).toEqual([text, []]);
    expect(found("Fixes #12: `parse('')` must return []")).toEqual(["Fixes #12: `parse('')` must return []"]);
  });

  it("finds no evidence of a fault if nothing is named", () => {
    for (const text of [
      "the tests fail sometimes",
      "I can reproduce it",
      "see https://example.org/blog/12",
      "item #12",
    ])
      expect([text, found(text)]).toEqual([text, []]);
  });
});

describe("an endless demand", () => {
  it.each([
    ["Fix lib/a.js\nAcceptance criteria: Rewrite it from scratch"],
    ["Fix lib/a.js\nAcceptance criteria:\n\nRewrite it from scratch"],
  ])("treats an endless demand under a heading as description, not as a criterion: %j", (text) => {
    const { criteria, description } = findCriteria(text, rules);
    expect(criteria).toEqual([]);
    expect(description).toContain("Rewrite it from scratch");
    expect(found(text.replace("it from scratch", "add() so that it returns 1"))).toEqual([
      "Rewrite add() so that it returns 1",
    ]);
  });
});

describe("a line made to be slow", () => {
  it("reads a line made to be slow as fast as any other, and still finds a heading with spaces around its marks", () => {
    for (const end of ["x\u2028y", "x\ry"]) {
      const line = (spaces: number) => `acceptance${" ".repeat(spaces)}${end}`;
      expect(growsWithLength(20_000, (length) => () => found(line(length)))).toBe(true);
    }
    expect(found("**Acceptance criteria** :  \n- add(1, 2) returns 3")).toEqual(["add(1, 2) returns 3"]);
    expect(found("Acceptance: add(1, 2) returns 3")).toEqual(["add(1, 2) returns 3"]);
  });
});
