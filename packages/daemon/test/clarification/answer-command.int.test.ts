/** What answers become, on a real log and real blobs: the command for clarification or for a coder, and no answer lost to another that came at the same time. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { specificationSchema } from "@aedev/contracts";
import type { CommandBody, Refusal } from "@aedev/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerCommand } from "../../src/clarification/answer-command.ts";
import { type Control, makeCommand } from "../../src/control/control.ts";
import { readDocument } from "../../src/control/read-blobs.ts";
import { askCodersQuestion, askForClarity, openControl } from "../phone/approval/asked-home.ts";

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

it("refuses the second of two answers that were made from the same state, and takes it when it is made again", async () => {
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

it("refuses what is no answer to an open question of that mission, and composes nothing of it", async () => {
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

it("gives an answer to a coder's question to the task that asks, one at a time", async () => {
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
