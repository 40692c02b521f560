/** Makes commands of answers to clarification or a coder, on a real log and real blobs: no answer is lost to another at the same time. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalJson, specificationSchema } from "@aedev/contracts";
import type { CommandBody, Refusal } from "@aedev/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerCommand, taskAnswer } from "../../src/clarification/answer-command.ts";
import { type Control, makeCommand, requiredTask } from "../../src/control/control.ts";
import { readDocument } from "../../src/control/read-blobs.ts";
import { askAboutTests, askCodersQuestion, askForClarity, openControl } from "../phone/approval/asked-home.ts";

let home: string;
let control: Control & AsyncDisposable;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "aedev-answers-"));
  control = await openControl(home);
});
afterAll(async () => {
  await control[Symbol.asyncDispose]();
  rmSync(home, { recursive: true });
});

const compose = (mission_id: string, answers: Record<string, string>) =>
  answerCommand(control, { mission_id, answers: Object.entries(answers).map(([id, text]) => ({ id, text })) });
const send = (body: CommandBody | Refusal) =>
  body.kind === "refused" ? Promise.resolve(body) : control.log.submit(makeCommand(body, "operator"));
const missionOf = async (text: string) => (await askForClarity(control, text))[0]?.mission_id ?? "";

it("the second of two answers made from the same state is refused, and taken when it is made again", async () => {
  const id = await missionOf("fix the login bug");
  const criteria = compose(id, { criteria: "a wrong password shows an error" });
  const target = compose(id, { target: "lib/login.js" });
  expect([criteria.kind, target.kind]).toEqual(["AnswerMission", "AnswerMission"]);
  expect((await send(criteria)).kind).not.toBe("refused");
  expect(await send(target)).toMatchObject({ kind: "refused", code: "stale" });
  expect((await send(compose(id, { target: "lib/login.js" }))).kind).not.toBe("refused");
  const mission = control.log.state.missions[id];
  expect(mission).toMatchObject({ stage: "awaiting_approval", clarity: { score: 0, questions: [] } });
  const specification = readDocument(control, mission?.specification.digest ?? "", specificationSchema);
  expect(specification.criteria).toEqual([{ id: "c1", text: "a wrong password shows an error" }]);
  expect(specification.clarifications?.map(({ answer }) => answer)).toEqual([
    "a wrong password shows an error",
    "lib/login.js",
  ]);
  expect(mission?.clarified_spec?.media_type).toBe("text/markdown");
});

it("an answer to no open question of the mission is refused, and nothing is composed", async () => {
  const id = await missionOf("fix the login bug");
  expect(compose("m-nobody", { criteria: "a wrong password shows an error" })).toMatchObject({
    code: "unknown-mission",
  });
  expect(compose("constructor", {})).toMatchObject({ code: "unknown-mission" });
  expect(compose(id, {})).toMatchObject({ code: "no-answer" });
  expect(compose(id, { "coder-1": "Yes" })).toMatchObject({ code: "unknown-question" });
  expect(compose(id, { scope: "lib/ only" })).toMatchObject({ code: "unknown-question" });
  expect(compose(id, { criteria: "it works" })).toMatchObject({ code: "bad-answer" });
  expect(compose(id, { criteria: "a wrong password shows an error" })).toMatchObject({ kind: "AnswerMission" });
});

it("an answer to a coder's question goes to the task that asks, one at a time", async () => {
  const subject = await askCodersQuestion(control, "Is a negative sum wanted?");
  if (subject.kind !== "question") throw new Error("no question is asked");
  const { mission_id: id, task_id } = subject;
  expect(compose(id, { "coder-2": "Yes" })).toMatchObject({
    code: "unknown-question",
    reason: expect.stringContaining("coder-1"),
  });
  expect(compose(id, { "coder-1": "  " })).toMatchObject({ code: "bad-answer" });
  expect(compose(id, { "coder-1": "x".repeat(2001) })).toMatchObject({ code: "bad-answer" });
  expect(compose(id, { "coder-1": "Yes", criteria: "a new test shows it" })).toMatchObject({
    code: "unknown-question",
  });
  expect(compose(id, { criteria: "a new test shows it" })).toMatchObject({ code: "no-questions" });
  const good = compose(id, { "coder-1": " Yes " });
  expect(good).toEqual({ kind: "AnswerQuestion", task_id, question_id: "coder-1", text: "Yes" });
  expect((await send(good)).kind).not.toBe("refused");
  expect(await send(good)).toMatchObject({ kind: "refused", code: "no-questions" });
});

/** A task whose coder says that it breaks `doubles`; its specification has these parts already. */
async function askedAboutDoubles(has: { allowed_tests?: string[]; instructions?: string[] }) {
  const subject = await askAboutTests(control, "doubles");
  if (subject.kind !== "question" || subject.task_id === null) throw new Error("no task asks");
  const task = requiredTask(control.log.stateWith({ tasks: [subject.task_id] }), subject.task_id);
  const before = { ...readDocument(control, task.specification.digest, specificationSchema), ...has };
  const specification = control.blobs.put(canonicalJson(before), "application/json");
  const answer = (text: string) =>
    taskAnswer(control, { ...task, specification }, { question_id: subject.question_id, text });
  const specified = (text: string) => {
    const body = answer(text);
    if (body.kind === "refused" || body.specification === undefined) return body;
    return readDocument(control, body.specification.digest, specificationSchema);
  };
  return { task, before, answer, specified };
}
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `test ${at}`);

it("a test that may change is added once to those allowed before, and other words to the instructions", async () => {
  const { before, specified } = await askedAboutDoubles({ allowed_tests: ["trims"], instructions: ["be brief"] });
  expect(specified("yes")).toEqual({ ...before, allowed_tests: ["trims", "doubles"] });
  expect(specified("only with a flag")).toEqual({ ...before, instructions: ["be brief", "only with a flag"] });
  const again = await askedAboutDoubles({ allowed_tests: ["doubles"] });
  expect(again.specified("yes")).toEqual(again.before);
});

it("a no changes no specification and holds the task under a new id", async () => {
  const { task, answer } = await askedAboutDoubles({});
  const kept = answer("no");
  expect(kept).toEqual({
    ...{ kind: "AnswerQuestion", task_id: task.task_id, question_id: "tests-1", text: "no" },
    hold_id: expect.stringMatching(/^h-/),
  });
  expect(kept).not.toMatchObject({ hold_id: task.hold?.hold_id });
  expect(answer("yes")).toMatchObject({ specification: {} });
});

it("an answer that the specification has no room for is refused; the last one that fits is taken", async () => {
  const full = await askedAboutDoubles({ allowed_tests: numbered(64), instructions: numbered(32) });
  expect(full.answer("yes")).toMatchObject({ kind: "refused", code: "too-many-words" });
  expect(full.answer("only with a flag")).toMatchObject({ kind: "refused", code: "too-many-words" });
  const almost = await askedAboutDoubles({ allowed_tests: numbered(63), instructions: numbered(31) });
  expect(almost.answer("yes")).toMatchObject({ kind: "AnswerQuestion" });
  expect(almost.answer("only with a flag")).toMatchObject({ kind: "AnswerQuestion" });
});
