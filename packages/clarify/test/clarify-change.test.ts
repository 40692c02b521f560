/** Words about a specification that waits for its approval: they are read like an answer, kept as they are, and never bypass clarification. */
import { describe, expect, it } from "vitest";
import { clarifyMission } from "../src/clarify.ts";
import { clarifyChange } from "../src/clarify-change.ts";
import { shippedRules as rules } from "./shipped-rules.ts";

const text = "Refuse negative ages in lib/age.js";
const criteria = ["age(-1) throws a RangeError, shown by a new test"];
const mission = { text, answers: [], ...clarifyMission({ text, criteria }, rules) };

describe("words about a specification", () => {
  it("keeps a person's words about a specification, and adds the criteria in them", () => {
    const changed = clarifyChange(
      mission,
      "Done when:\n- age(200) throws a RangeError too, shown by a new test",
      rules,
    );
    expect(changed.criteria.map((criterion) => criterion.text)).toEqual([
      ...criteria,
      "age(200) throws a RangeError too, shown by a new test",
    ]);
    expect(changed.clarifications).toEqual([
      { question: "What should change before work starts?", answer: changed.answers[0]?.text },
    ]);
    expect(changed.clarity).toMatchObject({ questions: [], stuck: false });
    const twice = clarifyChange({ ...mission, ...changed }, "leave test/old.test.js as it is", rules);
    expect(twice.clarifications).toHaveLength(2);
  });

  it("raises questions if a person's words make the mission unclear", () => {
    const vague = clarifyChange(mission, "improve everything", rules);
    expect(vague.clarity.questions.length).toBeGreaterThan(0);
  });
});
