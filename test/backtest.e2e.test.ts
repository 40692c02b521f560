/** Past commits of a real repository go through the real gate in containers: prose merges, code without a test asks, and a later fix is told. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeEach(async () => {
  laboratory = await Laboratory.open();
});
afterEach(() => laboratory[Symbol.asyncDispose]());

const author = ["-c", "user.name=a", "-c", "user.email=a@example.invalid"];

it("decides about past commits, says which were fixed later, and leaves nothing behind", async () => {
  await laboratory.must("daemon", "start");
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith("aedev-backtest-"));
  const before = left();
  const bare = await laboratory.remote("small", {
    "package.json": '{ "name": "small", "type": "module", "scripts": { "test": "node --test" } }\n',
    "lib/add.js": "export const add = (a, b) => a + b;\n",
    "test/add.test.js":
      'import assert from "node:assert";\nimport test from "node:test";\nimport { add } from "../lib/add.js";\n\ntest("adds", () => assert.equal(add(1, 2), 3));\n',
    "README.md": "# Small\n",
  });
  const folder = join(laboratory.folder, "clone");
  await execa("git", ["clone", "--quiet", bare, folder]);
  const commit = async (path: string, text: string, message: string) => {
    writeFileSync(join(folder, path), text);
    await execa("git", ["add", "."], { cwd: folder });
    await execa("git", [...author, "commit", "--quiet", "-m", message], { cwd: folder });
  };
  await commit("README.md", "# Small\n\nIt adds numbers.\n", "Say what it does");
  await commit("lib/half.js", "export const half = (one) => one / 3;\n", "Add half");
  await commit("lib/half.js", "export const half = (one) => one / 2;\n", "Fix half");
  await execa("git", ["push", "--quiet"], { cwd: folder });
  await registerSmallProject(laboratory, "other", []);
  await laboratory.must("repo", "add", bare, "--name", "small", "--yes");

  const { stdout } = await laboratory.runLong("risk", "backtest", "small", "--json");
  const found = JSON.parse(stdout) as { decisions: { subject: string; answer: string; outcome: string | null }[] };
  expect(found).toMatchObject({ repository: "small", profile: "balanced", left_out: [] });
  expect(found.decisions.map(({ subject, answer, outcome }) => [subject, answer, outcome])).toEqual([
    ["Say what it does", "merge", null],
    ["Add half", "ask", "fixed"],
    ["Fix half", "ask", null],
  ]);
  expect(left()).toEqual(before);
  expect(existsSync(join(laboratory.home, "run", "past.git"))).toBe(false);
  const one = await laboratory.run("risk", "backtest", "other");
  expect(one).toMatchObject({ exitCode: 1 });
  expect(one.stderr).toContain("other has no past commit with a parent");
}, 240_000);
