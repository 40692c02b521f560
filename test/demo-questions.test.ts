/** The demonstrations show questions. By day this tests that their vague texts are still asked about, and that the scripts answer the questions. */
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { clarifyMission } from "../packages/clarify/src/index.ts";
import { shippedRules } from "../packages/clarify/test/shipped-rules.ts";
import { readScripts } from "../packages/demo/src/setup/missions-file.ts";

const questionsOf = (text: string) =>
  clarifyMission({ text, criteria: [] }, shippedRules).clarity.questions.map(({ id }) => id);

it.each(["", "github"])(
  "the first mission of config/demo/%s is asked about, and each question has an answer",
  (folder) => {
    const place = fileURLToPath(new URL(`../config/demo/${folder}`, import.meta.url));
    const [mission] = readScripts(place).missions;
    const questions = questionsOf(mission?.text ?? "");
    expect(questions).not.toEqual([]);
    expect(Object.keys(mission?.answers ?? {})).toEqual(expect.arrayContaining(questions));
  },
);

it("a clear text leads to no question", () => {
  expect(questionsOf("Let add() in lib/add.js take a negative first number: add(-1, 2) must return 1")).toEqual([]);
});
