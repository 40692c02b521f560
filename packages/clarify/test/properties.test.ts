/** What no mission and no answer can do, and that the rules stay fast on hostile text. */

import { criterionSchema, specificationSchema } from "@aedev/contracts";
import { claritySchema, isClear } from "@aedev/contracts/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { growsWithLength } from "../../../test/support/growth.ts";
import { clarifiedSpecification } from "../src/clarified-specification.ts";
import { type AnsweredMission, clarifyAnswers, clarifyMission } from "../src/clarify.ts";
import { answerProblem, judgeAnswers } from "../src/judge-answers.ts";
import { anchorsOf } from "../src/reading/anchors.ts";
import { likelyLanguages } from "../src/reading/language.ts";
import { findWords, wordsOf } from "../src/reading/words.ts";
import { shippedRules } from "./shipped-rules.ts";

const phrases = Object.values(shippedRules.signals).flatMap(({ words }) => words);
const piece = fc.oneof(
  fc.constantFrom(
    ...phrases,
    "lib/cart.js",
    "add()",
    "should return 1",
    "- [ ] exits 0",
    "Acceptance criteria:",
    "\n",
    "必须报错",
    "soll 404 liefern",
    "sans changer le comportement",
    "¿por qué?",
    "ainda não decidimos",
    "変更してください",
    "로 바꿔 주세요",
    "`a` -> `b`",
    "1.2.3",
  ),
  fc.string({ maxLength: 12, unit: "grapheme" }),
);
const text = fc.array(piece, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(" ").toWellFormed());
const rules = fc
  .record({ trigger_threshold: fc.integer({ min: 1, max: 100 }), max_questions: fc.integer({ min: 1, max: 4 }) })
  .map((bounds) => ({ ...shippedRules, ...bounds }));
const submitted = fc.record({ text, criteria: fc.array(text, { maxLength: 2 }) });

describe("any mission", () => {
  it("asks about any mission exactly from the threshold on, within the bounds, in a form that the log accepts", () => {
    fc.assert(
      fc.property(submitted, rules, (mission, bounds) => {
        const { clarity, criteria, notCounted } = clarifyMission(mission, bounds);
        claritySchema.parse(clarity);
        for (const criterion of criteria) criterionSchema.parse(criterion);
        expect(clarity.questions.length > 0).toBe(clarity.score >= bounds.trigger_threshold);
        expect(clarity.questions.length).toBeLessThanOrEqual(bounds.max_questions);
        expect(clarity.score).toBe(
          Math.min(
            100,
            clarity.signals.reduce((sum, { weight }) => sum + weight, 0),
          ),
        );
        expect(criteria.some((one) => one.default === true)).toBe(
          clarity.signals.some(({ name }) => name === "no_acceptance_criteria"),
        );
        expect(clarifyMission(mission, bounds)).toEqual({ clarity, criteria, clarifications: [], notCounted });
      }),
      { numRuns: 500 },
    );
  });

  it("treats any mission with an unbounded word as unclear, whatever comes before the word", () => {
    fc.assert(
      fc.property(text, (before) => {
        const { clarity } = clarifyMission(
          { text: `${before}\n\nRewrite it from scratch`, criteria: [] },
          shippedRules,
        );
        expect(clarity.signals.map(({ name }) => name)).toContain("unbounded_scope");
      }),
    );
  });

  it("clears any mission with all defaults, or leaves open the questions without a default, within any bounds", () => {
    fc.assert(
      fc.property(submitted, rules, fc.boolean(), (mission, bounds, oneByOne) => {
        let state: AnsweredMission & Parameters<typeof judgeAnswers>[0] = {
          mission_id: "m-1",
          answers: [],
          ...mission,
          ...clarifyMission(mission, bounds),
        };
        for (let steps = 0; ; steps += 1) {
          expect(steps).toBeLessThan(8);
          const open = state.clarity.questions.filter((question) => question.default !== "");
          if (open.length === 0) break;
          const asked = open.slice(0, oneByOne ? 1 : 4);
          const given = asked.map((question) => ({ question_id: question.id, text: question.default }));
          expect(judgeAnswers(state, given, bounds)).toBeNull();
          const next = clarifyAnswers(state, given, bounds);
          claritySchema.parse(next.clarity);
          if (oneByOne && state.clarity.questions.length > 1) {
            expect(next.clarity.round).toBe(state.clarity.round);
            const ids = state.clarity.questions.map(({ id }) => id).filter((id) => id !== asked[0]?.id);
            expect(next.clarity.questions.map(({ id }) => id)).toEqual(ids);
          }
          const answers = given.map((answer, place) => ({ ...answer, question: asked[place]?.text ?? "" }));
          state = { ...state, ...next, answers: [...state.answers, ...answers] };
        }
        if (state.clarity.questions.length === 0)
          expect(isClear(state.clarity)).toBe(state.clarity.score < bounds.trigger_threshold);
        const specification = specificationSchema.parse({
          schema: 1,
          mission_id: "m-0123456789abcdef",
          repository: "r",
          title: "t",
          text: mission.text,
          criteria: state.criteria,
          clarifications: state.answers.map((answer) => ({ question: answer.question, answer: answer.text })),
        });
        const markdown = clarifiedSpecification(specification, state.clarity);
        for (const { text: answer } of state.answers) expect(markdown).toContain(answer);
        for (const { id } of state.criteria) expect(markdown).toContain(`- ${id}: `);
      }),
      { numRuns: 300 },
    );
  });
});

describe("placeholders", () => {
  const noise = fc.stringMatching(/^[ .!?…。！_*~-]{0,6}$/);
  const placeholder = fc.constantFrom("it works", "TBD", "works as expected", "todo", "能用", "没问题", "待定", "done");
  const upper = fc.boolean();
  it("accepts no spelling of a placeholder as an answer to any question", () => {
    const { questions } = clarifyMission({ text: "improve everything", criteria: [] }, shippedRules).clarity;
    fc.assert(
      fc.property(noise, placeholder, noise, upper, (before, words, after, loud) => {
        for (const question of questions)
          expect(
            answerProblem(question, `${before}${loud ? words.toUpperCase() : words}${after}`, shippedRules),
          ).not.toBeNull();
      }),
    );
    const offers = questions.map((question) => ({ question, offer: question.choices[0] ?? "" }));
    expect(offers.every(({ question, offer }) => answerProblem(question, offer, shippedRules) === null)).toBe(true);
  });
});

describe("hostile text", () => {
  it.each([
    "a",
    "-",
    ".",
    "a.",
    "`",
    "``` ",
    "/",
    "a/",
    "https://",
    "new test ",
    "( ",
    " ",
    "a_",
    "A",
    "not the ",
    "$ ",
    "# ",
    '"',
    "整",
    "\n- ",
    "x.x",
    "「",
    "1.",
    "-> ",
    "→",
    "a → ",
    "가 ",
    "ど",
    "no sé ",
    "a-",
    "Error: ",
    "s/a",
    "remove unused ",
    "still to decide ",
    "가? ",
    "まだ決",
    "a, ",
    "the team wants ",
    "change it or 3 to ",
    "팀 원하는 ",
    "财务想要或者改一下",
  ])("reads hostile text of 20,000 characters made of %j in linear time", (unit) => {
    const made = (length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
    const clarify = (text: string) => clarifyMission({ text, criteria: [text.slice(0, 2000)] }, shippedRules);
    expect(growsWithLength(20_000, (length) => () => clarify(made(length)))).toBe(true);
  });
});

describe("a text of 100,000 characters", () => {
  it.each(["a. ", "src/a.ts ", "wenn nicht ", "変更 ", "`x` -> "])(
    "reads 100,000 characters made of %j in time that grows with the length",
    (unit) => {
      const made = (length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
      const read = (text: string) => [anchorsOf(text), findWords("german", wordsOf(text)), likelyLanguages(text)];
      expect(growsWithLength(100_000, (length) => () => read(made(length)))).toBe(true);
    },
  );
});
