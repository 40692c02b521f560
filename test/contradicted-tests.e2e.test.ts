/** A request that breaks a test of the base is noticed after one run: a person is asked once, and only the tests that they allow may change. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { isNight } from "./support/is-night.ts";
import { Laboratory, type TaskView } from "./support/laboratory.ts";
import { tagOf, turnsOf, write } from "./support/scripted-change.ts";

const opening =
  'const { test } = require("node:test");\nconst assert = require("node:assert");\nconst { split } = require("../lib/split.js");\n';
const commas = `test("splits at commas", () => {\n  assert.deepStrictEqual(split("a,b"), ["a", "b"]);\n});\n`;
const trims = `test("trims each part", () => assert.deepStrictEqual(split(" a "), ["a"]));\n`;
const files = {
  "package.json": '{ "name": "splitter", "version": "1.0.0", "private": true }\n',
  "lib/split.js": 'exports.split = (text) => text.split(",").map((part) => part.trim());\n',
  "test/split.test.js": opening + commas + trims,
};
const atSemicolons = write("lib/split.js", 'exports.split = (text) => text.split(";").map((part) => part.trim());\n');
const ownTest = write(
  "test/semicolon.test.js",
  `${opening}test("splits at semicolons", () => assert.deepStrictEqual(split("a;b"), ["a", "b"]));\n`,
);
const request = (name: string) => `Split at semicolons in split() in lib/split.js, and nowhere else ${tagOf(name)}`;
const criterion = 'split("a;b") must return ["a", "b"]';
const question = "Your request breaks `splits at commas`; allow that test to change?";

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
});
afterAll(() => laboratory[Symbol.asyncDispose]());

async function start(name: string, mission = { text: request(name), criterion }): Promise<string> {
  const bare = await laboratory.remote(name, files);
  const settings = [
    "--verify",
    "node --test",
    "--tests",
    "test/**",
    "--no-try",
    "--profile",
    "balanced",
    "--allow-writes",
  ];
  await laboratory.must("repo", "add", bare, "--name", name, ...settings);
  return laboratory.submit(name, mission.text, mission.criterion);
}
const show = async ({ task_id }: TaskView) => (await laboratory.must("task", "show", task_id)).stdout;
const promptsOf = (name: string) =>
  laboratory.models.requests
    .filter(({ vendor, body }) => vendor === "anthropic" && body.includes(tagOf(name)))
    .map(({ body }) => body);

it.runIf(isNight)(
  "asks after the first run whether the test may change, and after a yes lands a change of exactly that test for approval",
  async () => {
    const semicolonTest = commas.replace('"a,b"', '"a;b"').replace("commas", "semicolons");
    laboratory.models.coder["Existing tests that may change"] = turnsOf(
      atSemicolons,
      ownTest,
      write("test/split.test.js", opening + semicolonTest.replace("splits at semicolons", "splits at commas") + trims),
    );
    laboratory.models.coder[tagOf("allowed")] = turnsOf(atSemicolons, ownTest);
    const id = await start("allowed");
    const first = await laboratory.wait(id);
    expect([first.exitCode, first.mission.status, first.task.hold_code, first.task.runs.length]).toEqual([
      4,
      "clarifying",
      "HOLD-QUESTION",
      1,
    ]);
    const shown = (await laboratory.must("mission", "show", id)).stdout;
    expect(shown).toContain(question);
    expect(shown).not.toContain("task retry");
    const { questions } = (await laboratory.must("mission", "show", id, "--json")).json<{
      questions: { id: string; choices: string[]; default: string }[];
    }>();
    expect(questions).toMatchObject([
      { id: "tests-1", choices: ["Yes, that test may change", "No, keep the test"], default: "" },
    ]);
    await laboratory.must("mission", "answer", id, "--answer", "tests-1=1");
    const second = await laboratory.wait(id);
    expect([second.mission.status, second.task.hold_detail, second.task.runs.length]).toEqual(["asked", null, 2]);
    expect(await show(second.task)).toContain("splits at commas");
    const told = promptsOf("allowed").at(-1) ?? "";
    expect(told).toContain("test/split.test.js > splits at commas");
    const specification = (await laboratory.must("evidence", "show", second.task.task_id, "--entry", "specification"))
      .stdout;
    expect(specification).toMatch(/allowed_tests[\s\S]*test\/split\.test\.js > splits at commas/);
    const log = (await laboratory.must("events", "export")).stdout;
    expect(log).toMatch(/"type":"QuestionAnswered".*"tests":"allowed"|"tests":"allowed".*"type":"QuestionAnswered"/);
    expect(first.mission.spec_digest).not.toBe(second.mission.spec_digest);
  },
);

it.runIf(isNight)("after a yes, a change of nothing but what that test expects lands by itself", async () => {
  const unsplit = commas.replace('["a", "b"]', '["a,b"]');
  laboratory.models.coder["Existing tests that may change"] = turnsOf(
    atSemicolons,
    ownTest,
    write("test/split.test.js", opening + unsplit + trims),
  );
  laboratory.models.coder[tagOf("agreed")] = turnsOf(atSemicolons, ownTest);
  const id = await start("agreed");
  await laboratory.wait(id);
  await laboratory.must("mission", "answer", id, "--answer", "tests-1=1");
  const { mission, task } = await laboratory.wait(id);
  expect([mission.status, task.hold_detail, task.runs.length]).toEqual(["landed", null, 2]);
});

it("a no holds the task with its reason, without another run", async () => {
  laboratory.models.coder[tagOf("kept")] = turnsOf(atSemicolons, ownTest);
  const id = await start("kept");
  const asked = await laboratory.wait(id);
  expect([asked.exitCode, asked.mission.status, asked.task.hold_code, asked.task.runs.length]).toEqual([
    4,
    "clarifying",
    "HOLD-QUESTION",
    1,
  ]);
  expect((await laboratory.must("mission", "show", id)).stdout).toContain(question);
  await laboratory.must("mission", "answer", id, "--answer", "tests-1=no");
  const { mission, task } = await laboratory.wait(id);
  expect([mission.status, task.hold_code, task.runs.length]).toEqual(["held", "HOLD-CHECKS-FAILED", 1]);
  expect(task.hold_detail).toBe("you kept a test that the request breaks: test/split.test.js > splits at commas");
  const held = (await laboratory.must("hold", "show", await laboratory.holdOf(id))).stdout;
  expect(held).toContain(`aedev task send-back ${task.task_id}`);
  expect(held).not.toContain("task retry");
});

it.runIf(isNight)("a mistake in code that the request does not mention is repaired without a question", async () => {
  const untrimmed = write(
    "lib/split.js",
    'exports.split = (text) => text.split(",");\nexports.join = (parts) => parts.join(";");\n',
  );
  const join = 'test("joins", () => assert.strictEqual(require("../lib/split.js").join(["a", "b"]), "a;b"));\n';
  const joins = write("test/join.test.js", opening + join);
  const right = write("lib/split.js", `${files["lib/split.js"]}exports.join = (parts) => parts.join(";");\n`);
  laboratory.models.coder["failing test: test/split.test.js > trims each part"] = turnsOf(right, joins);
  laboratory.models.coder[tagOf("mistake")] = turnsOf(untrimmed, joins);
  const text = `Add join() in lib/split.js ${tagOf("mistake")}`;
  const { mission, task } = await laboratory.wait(
    await start("mistake", { text, criterion: 'join(["a", "b"]) must return "a;b"' }),
  );
  expect([mission.status, task.runs.length]).toEqual(["landed", 2]);
});
