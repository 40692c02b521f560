/** A draft must pass the same gate as a person's own answers, and its parts that count are marked. */
import { describe, expect, it } from "vitest";
import { clarifyAnswers, clarifyMission } from "../src/clarify.ts";
import { type AcceptedPart, clarifyDraft } from "../src/clarify-draft.ts";
import { wordingOf } from "../src/wording/wording.ts";
import { shippedRules as rules } from "./shipped-rules.ts";

const missionOf = (text: string, ...criteria: string[]) => {
  const { clarity, criteria: own } = clarifyMission({ text, criteria }, rules);
  return { text, clarity, criteria: own, answers: [] };
};
const drafted = (of: AcceptedPart["of"], text: string): AcceptedPart => ({ of, text, drafted: true });
const whole = [
  drafted("title", "an empty password is refused at login"),
  drafted("place", "lib/login.js"),
  drafted("criterion", "login('bob', '') returns 401, in a new test"),
  drafted("criterion", "all existing tests pass"),
  drafted("test", "test/login.test.js posts an empty password and expects 401"),
];
const accept = (text: string, parts: readonly AcceptedPart[]) => clarifyDraft(missionOf(text), parts, rules);

describe("an accepted draft", () => {
  it("settles the questions with an accepted draft, and marks each of its parts as drafted", () => {
    expect(missionOf("fix the login bug").clarity.questions).toHaveLength(2);
    const { clarity, criteria, clarifications, notTaken } = accept("fix the login bug", whole);
    expect({ questions: clarity.questions, score: clarity.score, notTaken }).toEqual({
      questions: [],
      score: 0,
      notTaken: [],
    });
    expect(criteria).toEqual([
      { id: "c1", text: "drafted: login('bob', '') returns 401, in a new test", drafted: true },
      { id: "c2", text: "drafted: all existing tests pass", drafted: true },
    ]);
    expect(clarifications).toHaveLength(4);
    for (const { answer } of clarifications) expect(answer).toMatch(/^drafted: /);
  });

  it("marks an accepted draft in the language of the request", () => {
    const { criteria } = accept("Behebe den Fehler beim Anmelden", whole);
    expect(criteria[0]?.text).toBe(wordingOf("german").drafted("login('bob', '') returns 401, in a new test"));
    expect(criteria[0]?.text).not.toContain("drafted:");
  });

  it("does not mark a part of a draft that the person changed", () => {
    const own = { of: "criterion", text: "login('bob', '') prints an error, in a new test", drafted: false } as const;
    const { criteria } = accept("fix the login bug", [own, ...whole.slice(0, 2)]);
    expect(criteria).toEqual([{ id: "c1", text: own.text }]);
  });

  it("keeps the person's own criteria before those of a draft", () => {
    const mission = missionOf("improve everything in the app", "login(null) throws a TypeError");
    const { criteria } = clarifyDraft(mission, whole, rules);
    expect(criteria.map(({ drafted: mark = false }) => mark)).toEqual([false, true, true]);
  });

  it.each<[string, AcceptedPart, string]>([
    ["a vague criterion", drafted("criterion", "the login is much better"), "criteria"],
    ["an empty phrase as criterion", drafted("criterion", "it works"), "criteria"],
    ["aedev's own usual criterion", drafted("criterion", wordingOf("english").kinds.fix.usual), "criteria"],
    ["a place that is none", drafted("place", "the part with the login"), "target"],
  ])("does not count an accepted draft with %s: the ordinary question stays", (_what, part, question) => {
    const rest = whole.filter(({ of }) => of !== part.of);
    const { clarity, notTaken } = accept("fix the login bug", [part, ...rest]);
    expect(notTaken).toMatchObject([{ of: part.of, text: part.text }]);
    expect(clarity.questions.map(({ id }) => id)).toEqual([question]);
    expect(accept("fix the login bug", whole).clarity.questions).toEqual([]);
  });

  it("leaves a vague request unclear after a draft with a vague title", () => {
    const parts = (title: string) => [drafted("title", title), ...whole.slice(1)];
    expect(accept("make it nice", parts("improve the page")).clarity.questions.map(({ id }) => id)).toEqual([
      "outcome",
    ]);
    expect(accept("make it nice", whole).clarity.questions).toEqual([]);
  });

  it("changes nothing with a draft of which no part counts", () => {
    const before = missionOf("fix the login bug");
    const { answers, clarity, criteria } = accept("fix the login bug", [drafted("criterion", "works")]);
    expect(answers).toEqual([]);
    expect(clarity).toEqual(before.clarity);
    expect(criteria).toEqual(before.criteria);
  });

  it("keeps the marks of a draft when the person answers the remaining questions", () => {
    const before = missionOf("make it nice");
    const first = clarifyDraft(before, whole.slice(1), rules);
    const now = { text: before.text, clarity: first.clarity, criteria: first.criteria, answers: first.answers };
    const answered = clarifyAnswers(
      now,
      [{ question_id: "outcome", text: "negative totals are printed in red" }],
      rules,
    );
    expect(answered.clarity.questions).toEqual([]);
    expect(answered.criteria.filter((criterion) => criterion.drafted === true)).toHaveLength(2);
  });

  it("settles a mission with a draft after its questions did not help", () => {
    const before = missionOf("make it nice");
    const stuck = { ...before, clarity: { ...before.clarity, round: 2, questions: [], stuck: true } };
    expect(clarifyDraft(stuck, whole, rules).clarity).toMatchObject({ stuck: false, questions: [] });
    expect(clarifyDraft(stuck, whole.slice(1, 2), rules).clarity).toMatchObject({ stuck: true });
  });
});
