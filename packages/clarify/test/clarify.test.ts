/** The questions about a mission and the effect of its answers, with the shipped words and weights. */

import type { Clarity } from "@aedev/contracts/events";
import { describe, expect, it } from "vitest";
import { clarifyAnswers, clarifyMission } from "../src/clarify.ts";
import { shippedRules } from "./shipped-rules.ts";

const rules = shippedRules;
const ask = (text: string, ...criteria: string[]) => clarifyMission({ text, criteria }, rules);
const namesOf = ({ signals }: Clarity) => signals.map(({ name, weight }) => `${name} ${weight}`).join(", ");
const idsOf = ({ questions }: Clarity) => questions.map(({ id }) => id).join(" ");
const two = ["add(-1, 2) returns 1, in a new test", "all existing tests pass"];
const placeless = ["a wrong sum is refused with an error, in a new test", "all existing tests pass"];

describe("the score", () => {
  it.each([
    [
      "improve everything and make the whole app better",
      100,
      "no_acceptance_criteria 60, vague_description 25, unbounded_scope 25, no_target_surface 20",
    ],
    ["make it nice", 100, "no_acceptance_criteria 60, vague_description 25, no_target_surface 20"],
    ["fix the login bug", 80, "no_acceptance_criteria 60, no_target_surface 20"],
    [
      "把整个应用变得更好",
      100,
      "no_acceptance_criteria 60, vague_description 25, unbounded_scope 25, no_target_surface 20",
    ],
    ["修复登录问题", 80, "no_acceptance_criteria 60, no_target_surface 20"],
    ["Fix add() in lib/add.js", 60, "no_acceptance_criteria 60"],
  ])("scores %s at %i", (text, score, signals) => {
    const { clarity } = ask(text);
    expect([clarity.score, namesOf(clarity)]).toEqual([score, signals]);
  });

  it("scores a precise mission at 0, and at most at 25 with a vague word in it", () => {
    expect(ask("Make add() in lib/add.js right for negative numbers", ...two).clarity).toEqual({
      round: 0,
      score: 0,
      signals: [],
      questions: [],
      stuck: false,
      not_checked: ["Make add() in lib/add.js right for negative numbers"],
    });
    expect(ask("Some calls of add() in lib/add.js need a better message", ...two).clarity).toMatchObject({
      score: 25,
      questions: [],
    });
    expect(ask("修复 lib/add.js 里 add() 的负数相加", ...two).clarity.score).toBe(0);
  });

  it("finds words in any case: English words only as whole words, Chinese words inside a sentence, none in code or paths", () => {
    const vague = (text: string) => namesOf(ask(text, ...two).clarity).includes("vague");
    expect([vague("IMPROVE lib/a.js"), vague("Clean  up\tlib/a.js"), vague("请帮忙优化lib/a.js")]).toEqual([
      true,
      true,
      true,
    ]);
    expect([vague("Improvise in lib/a.js"), vague("Read /etc/hosts"), vague("Call `improve()`")]).toEqual([
      false,
      false,
      false,
    ]);
    expect(vague("make it nice/better in lib/a.js")).toBe(true);
    const unbounded = (text: string) => namesOf(ask(text, ...two).clarity).includes("unbounded");
    expect([unbounded("Rename it everywhere in lib/"), unbounded("重写 lib/a.js")]).toEqual([true, true]);
    expect([unbounded("Do not rewrite lib/a.js"), unbounded("不要重写 lib/a.js，只改 add()")]).toEqual([false, false]);
  });

  it.each([
    "lib/cart.js",
    "the file cart.ts",
    "`total`",
    "add()",
    "parseLine",
    "parse_line",
    "CartService",
    "--json",
    "/users/me",
    "src/",
    "the README",
    "修复src/里的问题",
    "修复parseLine函数",
    "修改 Dockerfile",
    "handlers/ and nothing else",
  ])("finds a place in %s", (text) => {
    expect(namesOf(ask(text, ...placeless).clarity)).not.toContain("no_target_surface");
  });

  it.each(["the login page", "GitHub and JavaScript", "and/or", "登录页面", "see https://example.org/x", "e.g. this"])(
    "finds no place in %s",
    (text) => {
      expect(namesOf(ask(text, ...placeless).clarity)).toContain("no_target_surface");
      expect(namesOf(ask(text, ...two).clarity)).not.toContain("no_target_surface");
    },
  );

  it("drops a signal whose weight is 0", () => {
    const { signals } = rules;
    const without = { ...rules, signals: { ...signals, no_target_surface: { weight: 0, words: [] } } };
    expect(clarifyMission({ text: "fix the login bug", criteria: [] }, without).clarity).toMatchObject({ score: 60 });
  });
});

describe("questions", () => {
  it("asks the heaviest questions first, at most as many as the policy allows, in the mission's language, with a default among the choices if it has one", () => {
    const { clarity } = ask("improve everything");
    expect(idsOf(clarity)).toBe("criteria outcome scope target");
    const fewer = clarifyMission({ text: "improve everything", criteria: [] }, { ...rules, max_questions: 2 });
    expect(idsOf(fewer.clarity)).toBe("criteria outcome");
    const chinese = ask("优化整个应用").clarity.questions;
    for (const { text, choices, default: usual } of [...clarity.questions, ...chinese])
      expect([text.length > 10, usual === "" || choices.includes(usual)]).toEqual([true, true]);
    expect(chinese.every(({ text }) => /\p{Script=Han}/u.test(text))).toBe(true);
    expect(clarity.questions.some(({ text }) => /\p{Script=Han}/u.test(text))).toBe(false);
    expect(clarity.questions[1]?.text).toContain('"improve"');
  });

  it("asks in Chinese if the text is mainly Chinese, however many identifiers it contains", () => {
    const language = (text: string) =>
      /\p{Script=Han}/u.test(ask(text).clarity.questions[0]?.text ?? "") ? "zh" : "en";
    expect(language("修复 packages/core/src/clarification/clarify.ts")).toBe("zh");
    expect(language("Fix the label 登录 on the sign-in page")).toBe("en");
  });

  it("asks questions from the threshold on, not below it", () => {
    const at = (trigger_threshold: number) =>
      clarifyMission({ text: "fix the login bug", criteria: [] }, { ...rules, trigger_threshold }).clarity;
    expect([at(79).round, at(80).round, at(81).round]).toEqual([1, 1, 0]);
    expect(idsOf(at(81))).toBe("");
  });
});

describe("the default criterion", () => {
  it("writes in the marked default criterion, in the mission's language, only if the person gave none", () => {
    const lax = { ...rules, trigger_threshold: 90 };
    const criteriaOf = (text: string, ...criteria: string[]) => clarifyMission({ text, criteria }, lax).criteria;
    expect(criteriaOf("fix the login bug")).toEqual([
      {
        id: "c1",
        default: true,
        text: "a new test fails before the change and passes after it; all existing tests pass",
      },
    ]);
    expect(criteriaOf("修复登录问题")[0]).toMatchObject({
      default: true,
      text: expect.stringContaining("新增一个测试"),
    });
    expect(criteriaOf("fix the login bug", "a wrong password shows an error")).toEqual([
      { id: "c1", text: "a wrong password shows an error" },
    ]);
  });
});

describe("answers", () => {
  const mission = (text: string, before = rules) => {
    const { clarity, criteria } = clarifyMission({ text, criteria: [] }, before);
    return { mission_id: "m-1", text, clarity, criteria, answers: [] };
  };
  const criteria = { question_id: "criteria", text: "a wrong password shows an error, in a new test" };

  it("leaves unanswered questions open in the same round, and settles the mission when all are answered", () => {
    const first = mission("fix the login bug");
    const partly = clarifyAnswers(first, [criteria], rules);
    expect(partly.clarity).toMatchObject({ round: 1, score: 20, stuck: false });
    expect(idsOf(partly.clarity)).toBe("target");
    expect(partly.criteria).toEqual([{ id: "c1", text: criteria.text }]);
    const answers = [{ ...criteria, question: "how?" }];
    const whole = clarifyAnswers(
      { ...first, ...partly, answers },
      [{ question_id: "target", text: "lib/login.js" }],
      rules,
    );
    expect(whole.clarity).toMatchObject({ round: 1, score: 0, questions: [], stuck: false });
    expect(whole.criteria).toEqual(partly.criteria);
    expect(whole.clarifications.map(({ answer }) => answer)).toEqual([criteria.text, "lib/login.js"]);
  });

  it("turns each line of an answer into a numbered criterion, once", () => {
    const text = "- `login()` returns null\n- all existing tests pass\n* All existing tests pass.";
    const { criteria: made } = clarifyAnswers(mission("fix login()"), [{ question_id: "criteria", text }], rules);
    expect(made).toEqual([
      { id: "c1", text: "`login()` returns null" },
      { id: "c2", text: "all existing tests pass" },
    ]);
  });

  it("starts a second round if an answer raises a new signal, but no third: the mission stays unclear", () => {
    const first = mission("fix the login bug");
    const given = [criteria, { question_id: "target", text: "lib/login.js, polish everything there" }];
    const second = clarifyAnswers(first, given, rules);
    expect(second.clarity).toMatchObject({ round: 2, score: 50, stuck: false });
    expect(idsOf(second.clarity)).toBe("outcome scope");

    const strict = { ...rules, max_questions: 1, trigger_threshold: 20 };
    const narrow = mission("make everything nice", strict);
    const once = clarifyAnswers(narrow, [criteria], strict);
    const answers = [{ ...criteria, question: "how?" }];
    const outcome = { question_id: "outcome", text: "the title is shown in bold" };
    const twice = clarifyAnswers({ ...narrow, ...once, answers }, [outcome], strict);
    expect(twice.clarity).toMatchObject({ round: 2, score: 45, questions: [], stuck: true });
    const enough = { ...strict, trigger_threshold: 46 };
    expect(clarifyAnswers({ ...narrow, ...once, answers }, [outcome], enough).clarity.stuck).toBe(false);
  });
});
