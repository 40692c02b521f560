/** What agreeing with the default answers settles: nothing for a request that says nothing, and enough if the usual answer of the kind says everything. */
import { isClear } from "@aedev/contracts/events";
import { describe, expect, it } from "vitest";
import { type AnsweredMission, clarifyAnswers, clarifyMission } from "../src/clarify.ts";
import { judgeAnswers } from "../src/judge-answers.ts";
import { shippedRules as rules } from "./shipped-rules.ts";

type Asked = AnsweredMission & Parameters<typeof judgeAnswers>[0];

/** The dialogue with a person who takes every offered default, gives `own` for the questions in it, and leaves the other questions open. */
function takeDefaults(text: string, own: Readonly<Record<string, string>> = {}): Asked {
  let state: Asked = {
    mission_id: "m-1",
    answers: [],
    text,
    ...clarifyMission({ text, criteria: [] }, rules),
  };
  for (;;) {
    const question = state.clarity.questions.find(({ id, default: usual }) => own[id] !== undefined || usual !== "");
    if (question === undefined) return state;
    const given = [{ question_id: question.id, text: own[question.id] ?? question.default }];
    expect(judgeAnswers(state, given, rules)).toBeNull();
    const answers = [...(state.answers ?? []), ...given.map((answer) => ({ ...answer, question: question.text }))];
    state = { ...state, ...clarifyAnswers(state, given, rules), answers };
  }
}

describe("all default answers", () => {
  it.each([
    ["make it nice", 'For example, for "make it nice"'],
    ["improve everything", 'for "improve everything"'],
    ["fix the login bug", 'for "fix the login bug"'],
    ["Fix add() in lib/add.js", 'For example: "add(…) returns … instead of …'],
    ["add authentication", 'for "add authentication"'],
    ["refactor src/api.ts", 'for "refactor src/api.ts"'],
    ["把整个应用变得更好", "“把整个应用变得更好”"],
    ["Login ist kaputt", "„Login ist kaputt“"],
    ["rendre l'interface plus moderne", "« rendre l'interface plus moderne »"],
    ["el login no funciona", "«el login no funciona»"],
    ["o login está quebrado", "“o login está quebrado”"],
    ["ログインが壊れています", "「ログインが壊れています」"],
    ["로그인이 안 돼요", '"로그인이 안 돼요"'],
  ])(
    "leaves open what %s does not say if all defaults are taken, and shows an example made from it",
    (text, example) => {
      const { clarity } = takeDefaults(text);
      expect([isClear(clarity), clarity.stuck, clarity.round]).toEqual([false, false, 1]);
      const [criteria] = clarity.questions;
      expect(criteria).toMatchObject({ id: "criteria", default: "", text: expect.stringContaining(example) });
      expect(clarity.questions.every(({ text: asked }) => asked.length <= 500)).toBe(true);
    },
  );

  it("accepts all defaults if the usual answer of the kind says what must hold of the named things", () => {
    const { clarity, criteria } = takeDefaults("upgrade `left-pad`");
    expect(isClear(clarity)).toBe(true);
    expect(criteria[0]).toEqual({ id: "c1", text: expect.stringMatching(/newest release of the same major/) });
    expect(isClear(takeDefaults("upgrade the libraries").clarity)).toBe(false);
  });
});

describe("one own answer", () => {
  it.each([
    ["criteria", "a wrong password shows an error, in a new test"],
    ["criteria", "an existing test that fails now passes; all other tests pass as before"],
  ])("accepts an own answer about %s beside defaults: %s", (id, text) => {
    const { clarity, criteria } = takeDefaults("fix the login bug", { [id]: text });
    expect(isClear(clarity)).toBe(true);
    expect(criteria).toEqual([{ id: "c1", text }]);
  });

  it("offers the usual criterion as a default only after an own answer about the outcome", () => {
    const text = "make it nice";
    const asked = clarifyMission({ text, criteria: [] }, rules);
    const before = { mission_id: "m-1", answers: [], text, ...asked };
    const next = clarifyAnswers(before, [{ question_id: "outcome", text: "the title is shown in bold" }], rules);
    const [was, is] = [asked, next].map(({ clarity }) => clarity.questions.find(({ id }) => id === "criteria"));
    expect([was?.default, is?.default]).toEqual(["", expect.stringContaining("a new test fails before")]);
    expect(is?.choices).toContain(is?.default);
  });

  it("counts the default criterion after an own answer about the outcome, but not about the place alone", () => {
    const outcome = { outcome: "the title of the page is shown in bold" };
    const settled = takeDefaults("make it nice", outcome);
    expect([isClear(settled.clarity), settled.criteria[0]?.default]).toEqual([true, undefined]);
    expect(isClear(takeDefaults("make it nice", { target: "lib/page.js" }).clarity)).toBe(false);
  });
});

describe("the question about criteria", () => {
  it.each([
    ["Make render() faster", "What is measured", "at least 20 % less time"],
    ["refactor src/db.js", "Which structure", "behaviour stays as it is"],
    ["fix the login bug", "What happens now", "a new test fails before"],
    ["improve the docs", "Which page", "names each option"],
  ])("asks about criteria with the words for the kind of %s", (text, asks, usual) => {
    // A request that does not say what it wants gets no usual answer of its kind.
    const [question] = clarifyMission({ text, criteria: [] }, rules).clarity.questions;
    expect(question?.text).toContain(asks);
    expect([question?.default, question?.choices.some((choice) => choice.includes(usual))]).toEqual(["", false]);
  });
});
