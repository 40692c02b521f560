/** A change that only lacks tests gets one run that adds some before a person is asked; if that run achieves nothing, the change is asked about unchanged. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isNight } from "./support/is-night.ts";
import { Laboratory, registerSmallProject, type TaskView } from "./support/laboratory.ts";
import { tagOf, turnsOf, write } from "./support/scripted-change.ts";

interface Details extends TaskView {
  readonly run_details: {
    readonly run_id: string;
    readonly cause: string | null;
    readonly outcome: { answer: string; code: string | null; detail: string | null } | null;
  }[];
}

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const source = (name: string) => `exports.${name} = (a) => {\n  if (a > 1000) return 1000;\n  return a / 2;\n};\n`;
const testOf = (name: string, ...lines: string[]) =>
  write(
    `test/${name}.test.js`,
    'const { test } = require("node:test");\nconst assert = require("node:assert");\n' +
      `test("${name} halves", () => {\n  const { ${name} } = require("../lib/${name}.js");\n` +
      `${lines.map((line) => `  ${line}\n`).join("")}});\n`,
  );
const halves = (name: string) => `assert.strictEqual(${name}(8), 4);`;
const limits = (name: string) => `assert.strictEqual(${name}(2000), 1000);`;
/** Found only in the second run's prompt. */
const openWay = (name: string) => `open: no test runs lib/${name}.js:2`;

async function start(name: string): Promise<string> {
  laboratory.models.coder[tagOf(name)] = turnsOf(write(`lib/${name}.js`, source(name)), testOf(name, halves(name)));
  await registerSmallProject(laboratory, name, ["--profile", "balanced", "--allow-writes"]);
  return laboratory.submit(name, `Add ${name}() in lib/${name}.js ${tagOf(name)}`, `${name}(8) gives 4`);
}
const details = async (task: TaskView) =>
  (await laboratory.must("task", "show", task.task_id, "--json")).json<Details>();
const outcomes = ({ run_details }: Details) =>
  run_details.map(({ cause, outcome }) => [cause, outcome?.answer, outcome?.code]);
const landed = (name: string, path: string) =>
  laboratory.git(laboratory.folder, "--git-dir", `${name}.git`, "show", `main:${path}`);

describe("a run for tests", () => {
  it("starts from the change, is told what no test runs, and lets it merge without a person", async () => {
    laboratory.models.coder[openWay("covered")] = turnsOf(testOf("covered", halves("covered"), limits("covered")));
    const { exitCode, mission, task } = await laboratory.wait(await start("covered"));
    expect([exitCode, mission.status, task.decision]).toEqual([0, "landed", "merge"]);
    expect(outcomes(await details(task))).toEqual([
      [null, "ask", null],
      ["tests", "merge", null],
    ]);
    expect(await landed("covered", "lib/covered.js")).toContain("return 1000");
    expect(await landed("covered", "test/covered.test.js")).toContain("2000");
    const prompts = laboratory.models.requests.filter(({ body }) => body.includes("What the tests leave open"));
    expect(prompts[0]?.body).toContain("lib/covered.js (+4 -0)");
    expect((await laboratory.must("task", "explain", task.task_id)).stdout).toContain("to add the tests");
  });

  it("a run that adds no tests leaves the change to a person, who lands it unchanged", async () => {
    laboratory.models.coder[openWay("uncovered")] = [{ text: "I have nothing to add." }];
    const asked = await laboratory.wait(await start("uncovered"));
    expect([asked.exitCode, asked.mission.status, asked.task.decision]).toEqual([4, "asked", "ask"]);
    const shown = await details(asked.task);
    expect(outcomes(shown)).toEqual([
      [null, "ask", null],
      ["tests", "hold", "HOLD-NO-PROGRESS"],
    ]);
    const evidence = await laboratory.must("evidence", "show", asked.task.task_id, "--json");
    expect(evidence.json<{ bundle_digest: string }>().bundle_digest).toBe(asked.task.evidence_digest);
    await laboratory.must("evidence", "verify", asked.task.task_id);
    await laboratory.must("task", "approve", asked.task.task_id, "--digest", asked.task.change_digest ?? "");
    const { exitCode, mission } = await laboratory.wait(asked.mission.mission_id);
    expect([exitCode, mission.status]).toEqual([0, "landed"]);
    expect(await landed("uncovered", "test/uncovered.test.js")).not.toContain("2000");
  });

  it.runIf(isNight)("a run that breaks the change, in all its attempts, leaves it to a person", async () => {
    const broken = turnsOf(write("lib/add.js", "exports.add = () => 0;\nexports.twice = () => 0;\n"));
    laboratory.models.coder[openWay("broken")] = broken;
    laboratory.models.coder["failing test: "] = broken;
    const { exitCode, task } = await laboratory.wait(await start("broken"));
    expect([exitCode, task.decision]).toEqual([4, "ask"]);
    const shown = await details(task);
    expect(outcomes(shown)).toEqual([
      [null, "ask", null],
      ["tests", "hold", "HOLD-CHECKS-FAILED"],
      ["checks", "hold", "HOLD-CHECKS-FAILED"],
    ]);
    await laboratory.must("task", "approve", task.task_id);
    expect(await landed("broken", "lib/add.js")).not.toContain("=> 0");
  });
});
