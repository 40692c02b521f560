/** Which answers are accepted, in English and Chinese, and why others are refused. */
import { describe, expect, it } from "vitest";
import { clarifyMission } from "../src/clarify.ts";
import { answerProblem, judgeAnswers } from "../src/judge-answers.ts";
import { wordingOf } from "../src/wording/wording.ts";
import { shippedRules as rules } from "./shipped-rules.ts";

const questionsOf = (text: string) => clarifyMission({ text, criteria: [] }, rules).clarity.questions;
const english = questionsOf("improve everything");
const chinese = questionsOf("优化整个应用");
const problem = (id: string, text: string, questions = english) => {
  const question = questions.find((one) => one.id === id);
  if (question === undefined) throw new Error(`no question ${id}`);
  return answerProblem(question, text, rules);
};

describe("refused answers", () => {
  it.each([
    ["criteria", "it works", /says nothing that can be checked/],
    ["criteria", "It works!!!", /says nothing/],
    ["criteria", "  everything should just WORK now, properly  ", /says nothing/],
    ["criteria", "It works 100%", /says nothing/],
    ["criteria", "it works, without any errors", /says nothing/],
    ["criteria", "behaves as intended now", /says nothing/],
    ["criteria", "it w\u043erks f\u0456ne n\u043ew", /says nothing/],
    ["criteria", "it w\u0301orks\u3164fine\u3164now", /says nothing/],
    ["scope", "\u0435v\u0435rything that is needed for it", /"everything" still has no limit/],
    ["criteria", "a test shows that everything in the whole app is better", /"better" is vague/],
    ["criteria", "TBD", /says nothing/],
    ["criteria", "t.b.d", /short/],
    ["criteria", "n/a", /says nothing/],
    ["criteria", "...........................", /says nothing/],
    ["criteria", "", /empty/],
    ["criteria", " \n ", /empty/],
    ["criteria", "no crash no", /12 characters/],
    ["criteria", "no crashes!!", /12 characters/],
    ["criteria", "the whole thing is nicer to look at", /"nicer" is vague/],
    ["criteria", "a new test shows it\nit works", /says nothing/],
    ["outcome", "todo", /says nothing/],
    ["outcome", "polished", /12 characters/],
    ["outcome", "a better and more enjoyable feeling", /vague/],
    ["target", "TBD", /says nothing/],
    ["target", "the login part", /no place/],
    ["scope", "everything that is needed for it", /"everything" still has no limit/],
    ["scope", "the whole app, of course", /"whole app" still has no limit/],
    ["scope", "lib/cart.js and everything else", /"everything" still has no limit/],
    ["scope", "done", /says nothing/],
    ["scope", "a bit", /short/],
    ["criteria", "x".repeat(2001), /longer than 2000/],
  ])("refuses an answer: %s: %j", (id, text, why) => {
    expect(problem(id, text)).toMatch(why);
  });

  it.each([
    ["criteria", "能用", /没有可以检查的内容/],
    ["criteria", "应该可以正常工作了。", /没有可以检查的内容/],
    ["criteria", "待定", /没有可以检查的内容/],
    ["criteria", "页面更好看", /太短/],
    ["criteria", "页面看起来比以前更好看", /“更好”、“好看”含糊不清/],
    ["target", "登录页面那里", /没有写出位置/],
    ["scope", "所有地方都可以改动", /“所有”仍然没有边界/],
  ])("refuses an answer in Chinese: %s: %s", (id, text, why) => {
    expect(problem(id, text, chinese)).toMatch(why);
  });
});

describe("refused answers in other languages", () => {
  it.each([
    ["Login ist kaputt", "criteria", "es funktioniert", /nichts Prüfbares/],
    ["Login ist kaputt", "criteria", "alles ist viel schöner", /unbestimmt/],
    ["Login ist kaputt", "target", "der Login-Teil", /kein Ort/],
    ["la connexion ne marche plus", "criteria", "Ça marche !", /rien de vérifiable/],
    ["el login no funciona", "criteria", "que funcione", /nada comprobable/],
    ["o login está quebrado", "criteria", "tudo funciona", /nada verificável/],
    ["ログインが壊れています", "criteria", "正しく動く", /確認できる内容がありません/],
    ["로그인이 안 돼요", "criteria", "잘 동작한다", /확인할 내용이 없습니다/],
    ["fix the login bug", "criteria", "https://example.org/issues/12", /can't be read here/],
    ["fix the login bug", "criteria", "see SHOP-331", /can't be read here/],
  ])("refuses an answer in its own language: %s, %s: %s", (mission, id, text, why) => {
    expect(problem(id, text, questionsOf(mission))).toMatch(why);
  });

  it.each([
    ["Login ist kaputt", "criteria", "ein falsches Passwort zeigt eine Fehlermeldung"],
    ["ログインが壊れています", "criteria", "誤ったパスワードでエラーが表示される"],
    ["로그인이 안 돼요", "target", "lib/login.js"],
    ["fix the login bug", "criteria", "the message links https://example.org/help"],
  ])("accepts an answer in another language that settles the question: %s, %s: %s", (mission, id, text) => {
    expect(problem(id, text, questionsOf(mission))).toBeNull();
  });
});

describe("accepted answers", () => {
  it.each([
    ["criteria", "no crash now"],
    ["criteria", "some inputs of 200 lines parse in under 100 ms"],
    ["criteria", "`npm test` exits 0"],
    ["criteria", "a better message names the field; everything else stays as it is, shown by a test"],
    ["criteria", "the answer is 404 where it works on nothing"],
    ["criteria", "the greeting for Αθήνα is printed"],
    ["outcome", "the error names the field"],
    ["target", "a.c"],
    ["target", "README"],
    ["scope", "lib/ only"],
    ["scope", "not the whole app, only the parser"],
    ["scope", "at most 2 files"],
    ["scope", "only lib/cart.js; everything else stays as it is"],
    ["scope", "one function. All the other files remain untouched"],
  ])("accepts an answer: %s: %s", (id, text) => {
    expect(problem(id, text)).toBeNull();
  });

  it("accepts a Chinese answer of six characters", () => {
    expect(problem("criteria", "空输入会报错", chinese)).toBeNull();
    expect(problem("criteria", "空输会报错", chinese)).toMatch(/太短/);
    expect(problem("scope", "不要动整个应用，只改 lib/", chinese)).toBeNull();
    expect(problem("scope", "只改 lib/，其他所有文件保持不变", chinese)).toBeNull();
    expect(problem("scope", "其他所有文件都可以改", chinese)).toMatch(/没有边界/);
  });

  it("accepts the default and the choices of the question", () => {
    for (const { id, choices, default: usual } of [...english, ...chinese])
      for (const text of [...(usual === "" ? [] : [usual]), ...choices])
        expect([
          text,
          problem(
            id,
            text,
            [...english, ...chinese].filter((one) => one.choices.includes(text)),
          ),
        ]).toEqual([text, null]);
  });
});

it("refuses the usual answer of its kind for a request that does not say what is wanted, with an example", () => {
  const say = wordingOf("english");
  const request = (text: string) => ({
    ...{ mission_id: "m-1", text },
    clarity: clarifyMission({ text, criteria: [] }, rules).clarity,
  });
  const usual = [{ question_id: "criteria", text: say.kinds.fix.usual }];
  const refused = judgeAnswers(request("fix the login bug"), usual, rules);
  expect(refused).toMatchObject({ code: "bad-answer", reason: expect.stringContaining('for "fix the login bug"') });
  expect(refused?.reason).toContain(say.again);
  const outcome = { question_id: "outcome", text: "the title of the page is shown in bold" };
  expect(judgeAnswers(request("make it nice"), [...usual, outcome], rules)).toBeNull();
});

describe("answers together", () => {
  const mission = {
    mission_id: "m-1",
    clarity: clarifyMission({ text: "improve everything", criteria: [] }, rules).clarity,
  };
  const judge = (...answers: [string, string][]) =>
    judgeAnswers(
      mission,
      answers.map(([question_id, text]) => ({ question_id, text })),
      rules,
    );

  it("refuses all answers, with every reason, if one is bad, and accepts them together if all are good", () => {
    expect(judge(["target", "lib/a.js"], ["scope", "lib/ only"])).toBeNull();
    const refused = judge(["target", "the login"], ["scope", "lib/ only"], ["criteria", "it works"]);
    expect(refused).toMatchObject({ code: "bad-answer" });
    expect(refused?.reason.split("\n")).toEqual([
      expect.stringContaining("target: it names no place"),
      expect.stringContaining("criteria: "),
    ]);
  });
});
