/**
 * Twelve missions each add a file to a repository where one unrelated test fails by chance in a third of its runs: nearly all land, and the others wait for a
 * true reason. A change that makes a test of its code fail by chance still asks.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Laboratory } from "./support/laboratory.ts";
import { addFunction, turnsOf, write } from "./support/scripted-change.ts";

const test = (name: string, body: string) =>
  `const { test } = require("node:test");\nconst assert = require("node:assert");\ntest("${name}", () => {\n  ${body}\n});\n`;
const files = {
  "package.json": '{"name":"dice","version":"1.0.0"}\n',
  "lib/add.js": "exports.add = (a, b) => a + b;\n",
  "test/add.test.js": test("adds", 'assert.strictEqual(require("../lib/add.js").add(1, 2), 3);'),
  "test/dice.test.js": test("is lucky", "assert.ok(Math.random() > 1 / 3);"),
};
const names = Array.from({ length: 12 }, (_, at) => `f${at}x`);
const chance = turnsOf(
  write("lib/add.js", "exports.add = (a, b) => (Math.random() > 1 / 3 ? a + b : 0);\n"),
  write("test/more.test.js", test("adds more", 'assert.ok(require("../lib/add.js").add(0, 0) === 0);')),
);

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open({});
  laboratory.models.coder = {
    ...Object.fromEntries(names.map((name) => [`# Mission: Add ${name}()`, addFunction(name)])),
    "# Mission: Rewrite add()": chance,
  };
  await laboratory.must("daemon", "start");
  const bare = await laboratory.remote("dice", files);
  const how = ["--name", "dice", "--verify", "node --test", "--tests", "test/**", "--profile", "balanced"];
  await laboratory.must("repo", "add", bare, ...how, "--no-try", "--allow-writes");
}, 120_000);
afterAll(() => laboratory[Symbol.asyncDispose]());

interface Shown {
  mission_id: string;
  status: string;
  tasks: unknown;
}

async function end(title: string, criterion: string): Promise<Shown> {
  const file = join(laboratory.folder, "mission.json");
  // JSON is valid YAML.
  writeFileSync(file, JSON.stringify([{ key: "it", text: title, repo: "dice", criteria: [criterion] }]));
  const submitted = (await laboratory.must("intake", "--file", file, "--json")).json<{
    missions: { mission_id: string }[];
  }>();
  const id = submitted.missions[0]?.mission_id ?? "";
  await laboratory.must("mission", "approve", id);
  const show = async () => (await laboratory.must("mission", "show", id, "--json")).json<Shown>();
  await laboratory.until(async () => {
    if (["landed", "held", "asked", "failed"].includes((await show()).status)) return true;
    await delay(1000);
    return false;
  });
  return show();
}

it("aedev lands at least ten of twelve changes that are unrelated to a flaky test", async () => {
  const ends: Shown[] = [];
  for (const name of names)
    ends.push(await end(`Add ${name}() in lib/${name}.js`, `${name}(8) is 4, shown by a new test`));
  expect(ends.filter(({ status }) => status === "landed").length, JSON.stringify(ends)).toBeGreaterThanOrEqual(10);
}, 1_800_000);

it("aedev asks about a change that makes a test of its own code fail by chance", async () => {
  expect((await end("Rewrite add() in lib/add.js", "add(1, 2) is 3")).status).not.toBe("landed");
}, 600_000);
