/** A draft counts only by the gate that a person's own answers pass, and what counts of it is marked. */
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
  it("settles what was asked, and each part of it is marked as drafted", () => {
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

  it("is marked in the language of the request", () => {
    const { criteria } = accept("Behebe den Fehler beim Anmelden", whole);
    expect(criteria[0]?.text).toBe(wordingOf("german").drafted("login('bob', '') returns 401, in a new test"));
    expect(criteria[0]?.text).not.toContain("drafted:");
  });

  it("is the person's own where they changed it", () => {
    const own = { of: "criterion", text: "login('bob', '') prints an error, in a new test", drafted: false } as const;
    const { criteria } = accept("fix the login bug", [own, ...whole.slice(0, 2)]);
    expect(criteria).toEqual([{ id: "c1", text: own.text }]);
  });

  it("keeps the person's own criteria before it", () => {
    const mission = missionOf("improve everything in the app", "login(null) throws a TypeError");
    const { criteria } = clarifyDraft(mission, whole, rules);
    expect(criteria.map(({ drafted: mark = false }) => mark)).toEqual([false, true, true]);
  });

  it.each<[string, AcceptedPart, string]>([
    ["a vague criterion", drafted("criterion", "the login is much better"), "criteria"],
    ["an empty phrase as criterion", drafted("criterion", "it works"), "criteria"],
    ["aedev's own usual criterion", drafted("criterion", wordingOf("english").kinds.fix.usual), "criteria"],
    ["a place that is none", drafted("place", "the part with the login"), "target"],
  ])("does not count with %s: the ordinary question stays", (_what, part, question) => {
    const rest = whole.filter(({ of }) => of !== part.of);
    const { clarity, notTaken } = accept("fix the login bug", [part, ...rest]);
    expect(notTaken).toMatchObject([{ of: part.of, text: part.text }]);
    expect(clarity.questions.map(({ id }) => id)).toEqual([question]);
    expect(accept("fix the login bug", whole).clarity.questions).toEqual([]);
  });

  it("with a vague title leaves a vague request unclear", () => {
    const parts = (title: string) => [drafted("title", title), ...whole.slice(1)];
    expect(accept("make it nice", parts("improve the page")).clarity.questions.map(({ id }) => id)).toEqual([
      "outcome",
    ]);
    expect(accept("make it nice", whole).clarity.questions).toEqual([]);
  });

  it("of which nothing counts changes nothing", () => {
    const before = missionOf("fix the login bug");
    const { answers, clarity, criteria } = accept("fix the login bug", [drafted("criterion", "works")]);
    expect(answers).toEqual([]);
    expect(clarity).toEqual(before.clarity);
    expect(criteria).toEqual(before.criteria);
  });

  it("keeps its marks when the person answers what remains", () => {
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

  it("helps a mission that its questions did not", () => {
    const before = missionOf("make it nice");
    const stuck = { ...before, clarity: { ...before.clarity, round: 2, questions: [], stuck: true } };
    expect(clarifyDraft(stuck, whole, rules).clarity).toMatchObject({ stuck: false, questions: [] });
    expect(clarifyDraft(stuck, whole.slice(1, 2), rules).clarity).toMatchObject({ stuck: true });
  });
});
