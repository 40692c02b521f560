/** With `second_implementation`, another run writes tests first. A right change then merges; one that fails them is corrected and faces new ones. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isNight } from "./support/is-night.ts";
import { Laboratory, registerSmallProject, type TaskView } from "./support/laboratory.ts";
import { tagOf, turnsOf, write } from "./support/scripted-change.ts";

interface Details extends TaskView {
  readonly run_details: {
    readonly cause: string | null;
    readonly status: string;
    readonly outcome: { answer: string; code: string | null } | null;
  }[];
}

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open({ policies: "second_implementation: always\n" });
  await laboratory.must("daemon", "start");
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const code = (name: string, condition: string) =>
  write(`lib/${name}.js`, `exports.${name} = (days) => days * 3 + 10 * Number(${condition});\n`);
const testsOf = (name: string, file: string, ...cases: [days: number, cents: number][]) =>
  write(
    `test/${file}.test.js`,
    `const { test } = require("node:test");\nconst assert = require("node:assert");\nconst { ${name} } = require("../lib/${name}.js");\n` +
      cases
        .map(([days, cents]) => `test("${file} of ${days}", () => assert.strictEqual(${name}(${days}), ${cents}));\n`)
        .join(""),
  );
/** Found only in the prompts of the other run. */
const sees = (name: string) => `lib/${name}.js ${tagOf(name)}`;
const isOther = "Another engineer does the same mission";
const other = (name: string) =>
  turnsOf(code(name, "days > 14"), testsOf(name, `other-${name}`, [14, 42], [15, 55], [1, 3]));

/** A run's change depends on its prompt: the first word that occurs in it decides. */
async function start(name: string, condition: string): Promise<string> {
  const own = turnsOf(code(name, condition), testsOf(name, name, [2, 6], [20, 70]));
  laboratory.models.coder[sees(name)] = own;
  await registerSmallProject(laboratory, name, ["--profile", "balanced", "--allow-writes"]);
  const text = `Add ${name}() in ${sees(name)}: 3 cents a day, and 10 more if it is later than 14 days`;
  return laboratory.submit(name, text, `${name}(15) gives 55`);
}
const outcomes = async ({ task_id }: TaskView) => {
  const { run_details } = (await laboratory.must("task", "show", task_id, "--json")).json<Details>();
  return run_details.map(({ cause, status, outcome }) => [
    cause,
    status,
    outcome?.answer ?? null,
    outcome?.code ?? null,
  ]);
};
const tests = async ({ task_id }: TaskView) =>
  (await laboratory.must("evidence", "show", task_id, "--entry", "independent-tests", "--json")).json<{
    content: { passed: number; failed: string[]; sources?: { path: string }[] };
  }>().content;
const landed = (name: string, path: string) =>
  laboratory.git(laboratory.folder, "--git-dir", `${name}.git`, "show", `main:${path}`);

describe("tests of another run", () => {
  it("let a right change merge, and are not part of it", async () => {
    laboratory.models.coder = { [isOther]: other("right"), ...laboratory.models.coder };
    const { exitCode, mission, task } = await laboratory.wait(await start("right", "days >= 15"));
    expect([exitCode, mission.status, task.decision]).toEqual([0, "landed", "merge"]);
    expect(await outcomes(task)).toEqual([
      [null, "captured", "merge", null],
      ["independent-tests", "captured", null, null],
    ]);
    expect(await tests(task)).toMatchObject({ passed: 3, failed: [] });
    expect(await landed("right", "lib/right.js")).toContain("days >= 15");
    await expect(landed("right", "test/other-right.test.js")).rejects.toThrow();
    const prompts = laboratory.models.requests.filter(({ body }) => body.includes(isOther));
    expect(prompts.length).toBeGreaterThan(0);
    expect(prompts.some(({ body }) => body.includes("days >= 15"))).toBe(false);
    expect((await laboratory.must("task", "explain", task.task_id)).stdout).toContain(
      "to write tests from the mission alone",
    );
  });

  it("stop a wrong change that its own tests accept, until a next run has corrected it", async () => {
    laboratory.models.coder = {
      "What another engineer made differently": turnsOf(
        code("wrong", "days > 14"),
        testsOf("wrong", "wrong", [2, 6], [14, 42], [20, 70]),
      ),
      ...laboratory.models.coder,
      [isOther]: other("wrong"),
    };
    const { exitCode, task } = await laboratory.wait(await start("wrong", "days >= 14"));
    expect(await outcomes(task)).toEqual([
      [null, "captured", "ask", null],
      ["independent-tests", "captured", null, null],
      ["tests", "captured", "merge", null],
      ["independent-tests", "captured", null, null],
    ]);
    expect([exitCode, task.decision]).toEqual([0, "merge"]);
    expect(await tests(task)).toMatchObject({ passed: 3, failed: [] });
    expect(await landed("wrong", "lib/wrong.js")).toContain("days > 14");
    const prompts = laboratory.models.requests.filter(({ body }) =>
      body.includes("What another engineer made differently"),
    );
    expect(prompts[0]?.body).toContain("other-wrong of 14");
  });

  it.runIf(isNight)("another run's tests that could not be written leave the change to a person", async () => {
    laboratory.models.coder = { ...laboratory.models.coder, [isOther]: [{ text: "I did nothing." }] };
    const { task } = await laboratory.wait(await start("alone", "days >= 15"));
    expect(task.decision).toBe("ask");
    expect((await outcomes(task)).map(([cause, , answer]) => [cause, answer])).toEqual([
      [null, "ask"],
      ["independent-tests", "hold"],
    ]);
    const { reasons } = (await laboratory.must("task", "show", task.task_id, "--json")).json<{ reasons: string[] }>();
    expect(reasons).toEqual([
      expect.stringContaining("another run was to write tests from the mission alone, but could not finish"),
      expect.stringContaining("the estimated chance of harm is"),
    ]);
  });
});
