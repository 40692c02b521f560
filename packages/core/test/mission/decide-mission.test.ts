/** What a person may do with a mission: answer its questions, send it back, and name it from outside. */
import { describe, expect, it } from "vitest";
import { type CommandBody, initialState, missionDocument } from "../../src/index.ts";
import { blob, clear, given, life, stateAfter, storyCommand } from "../../src/testing/index.ts";
import { answerMission, asking, at, sendBackMission } from "../approval/asked.ts";

describe("a name that every record inherits", () => {
  const registered = given([], stateAfter("registered", initialState));

  it("treats names that every record inherits as unknown repositories and missions", () => {
    for (const name of ["constructor", "toString", "__proto__"]) {
      registered
        .when(storyCommand({ ...life["submitted"], repository: name } as never))
        .thenRefused("unknown-repository");
      registered
        .when(storyCommand({ kind: "RejectMission", mission_id: name, reason: null }))
        .thenRefused("unknown-mission");
      registered.when(storyCommand({ kind: "CancelTask", task_id: name })).thenRefused("unknown-task");
      expect(missionDocument(registered.state, name)).toBeUndefined();
    }
    registered.when(storyCommand({ ...life["submitted"] } as never)).then("MissionSubmitted");
  });
});

describe("words about a specification", () => {
  it("sends back only the specification that was read, while it waits for approval", () => {
    const waiting = given([], stateAfter("submitted", initialState));
    waiting.when(at(sendBackMission)).then("MissionSentBack").owes();
    waiting.when(at({ ...sendBackMission, spec_digest: blob("9").digest } as CommandBody)).thenRefused("wrong-digest");
    const stuck = { ...sendBackMission, clarity: { ...clear, stuck: true } } as CommandBody;
    waiting.when(at(stuck)).thenRefused("unclear");
    given([], stateAfter("approved", initialState)).when(at(sendBackMission)).thenRefused("not-awaiting");
    given([], asking.question).when(at(sendBackMission)).thenRefused("questions-open");
  });
});

describe("answers", () => {
  const open = given([], asking.question);
  const questions = Object.values(asking.question.missions).flatMap(({ clarity }) =>
    clarity.questions.map(({ id }) => id),
  );

  it("takes each answer once, for open questions of the round that was read", () => {
    const [first = ""] = questions;
    open
      .when(at(answerMission([first])))
      .then("ClarificationAnswered")
      .owes();
    for (const [answers, code] of [
      [[], "no-answer"],
      [["nobody"], "unknown-question"],
      [[first, first], "answered-twice"],
    ] as const)
      open.when(at(answerMission(answers))).thenRefused(code);
    open.when(at(answerMission([first], 2))).thenRefused("stale");
    const older = { ...answerMission([first]), spec_digest: blob("6").digest } as CommandBody;
    open.when(at(older)).thenRefused("stale");
    const closing = { ...answerMission([first]), clarity: { ...clear, questions: [] } } as CommandBody;
    if (questions.length > 1) open.when(at(closing)).thenRefused("stale");
  });

  it("refuses answers if no question is open, or if the questions did not help", () => {
    given([], stateAfter("approved", initialState))
      .when(at(answerMission(["criteria"])))
      .thenRefused("no-questions");
    const submitted = { ...life.submitted, clarity: { ...clear, stuck: true } } as CommandBody;
    const unclear = given([], stateAfter("submitted", initialState, { submitted }));
    unclear.when(at(answerMission(["criteria"]))).thenRefused("unclear");
    unclear.when(at({ ...life.approved, spec_digest: null } as CommandBody)).thenRefused("unclear");
  });
});
