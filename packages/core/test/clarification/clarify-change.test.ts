/** Words about a specification that waits for its approval: read like an answer, kept as they are, and never a way around clarification. */
import { describe, expect, it } from "vitest";
import { clarifyMission } from "../../src/clarification/clarify.ts";
import { clarifyChange } from "../../src/clarification/clarify-change.ts";
import { policySourceSchema } from "../../src/gate/policy/policy-schema.ts";
import type { CommandBody } from "../../src/model/command.ts";
import { initialState } from "../../src/model/state.ts";
import { blob, clear, given, stateAfter } from "../../src/testing/index.ts";
import { asking, at, sendBackMission } from "../approval/asked.ts";
import { policyDocument } from "../gate/sample-policy.ts";

const rules = policySourceSchema.parse(policyDocument).clarification;
const text = "Refuse negative ages in lib/age.js";
const criteria = ["age(-1) throws a RangeError, shown by a new test"];
const mission = { text, answers: [], ...clarifyMission({ text, criteria }, rules) };

describe("words about a specification", () => {
  it("are kept, and add the criteria that they name", () => {
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

  it("that make the mission unclear raise questions", () => {
    const vague = clarifyChange(mission, "improve everything", rules);
    expect(vague.clarity.questions.length).toBeGreaterThan(0);
  });

  it("change only the specification that was read, while it waits for its approval", () => {
    const waiting = given([], stateAfter("submitted", initialState));
    waiting.when(at(sendBackMission)).then("MissionSentBack").owes();
    waiting.when(at({ ...sendBackMission, spec_digest: blob("9").digest } as CommandBody)).thenRefused("wrong-digest");
    const stuck = { ...sendBackMission, clarity: { ...clear, stuck: true } } as CommandBody;
    waiting.when(at(stuck)).thenRefused("unclear");
    given([], stateAfter("approved", initialState)).when(at(sendBackMission)).thenRefused("not-awaiting");
    given([], asking.question).when(at(sendBackMission)).thenRefused("questions-open");
  });
});
