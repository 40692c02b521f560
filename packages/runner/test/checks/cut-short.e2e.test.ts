/** A command whose output is incomplete (lost by the engine, its shell killed, a full disk) runs again if that helps, and never counts as complete. */
import { summarizeChecks } from "@aedev/core";
import { afterEach, expect, it } from "vitest";
import { isNight } from "../../../../test/support/is-night.ts";
import { type Laboratory, limits, openLaboratory } from "./laboratory.ts";

let laboratory: Laboratory | undefined;
afterEach(() => laboratory?.close());

const impatient = { ...limits, docker_deadline_ms: 700 };
const lostEnd = "the engine lost the end of its output";

const withoutEnd = (text: string) => text.slice(0, text.indexOf("last"));
const withoutStart = (text: string) => text.slice(text.indexOf("last"));

/** Runs the base's own check, dropping the end of the first `losses` containers' output. Returns its result and the number of containers. */
async function checked(verify: string, losses: number, limits = impatient, lose = withoutEnd, kills = 0) {
  const opened = openLaboratory();
  laboratory = opened;
  const { docker } = opened.context;
  const containers = new Set<string>();
  const started: string[] = [];
  opened.context.docker = {
    ...docker,
    async start(id) {
      await docker.start(id);
      if (started.push(id) <= kills) await docker.kill(id);
    },
    async output(id, tailBytes) {
      containers.add(id);
      const whole = await docker.output(id, tailBytes);
      if ([...containers].indexOf(id) >= losses) return whole;
      return { ...whole, text: lose(whole.text) };
    },
  };
  const base = opened.repository("small", { "code.txt": "old\n" });
  const settings = { verify: [verify], tests: [] };
  const { cells } = await opened.matrix({ name: "small", base, change: {}, settings, limits });
  return { command: cells["old-tests-old-code"].commands[0], containers: containers.size };
}

it("a check runs again if the engine lost the end of its output, and says so if that happens every time", async () => {
  const print = "echo first; echo last";
  const whole = await checked(print, 0);
  expect(whole).toMatchObject({ command: { incomplete: null, output_tail: "first\nlast\n" }, containers: 1 });
  const once = await checked(print, 2);
  expect(once).toMatchObject({ command: { incomplete: null, output_tail: "first\nlast\n" }, containers: 3 });
  const always = await checked(print, 100);
  expect(always).toMatchObject({
    command: { exit_code: 0, incomplete: lostEnd, output_tail: "first\n" },
    containers: 3,
  });
});

it("a check says that the start of an output is missing, which does not count against the command", async () => {
  const print = "echo first; echo last";
  const dropped = await checked(print, 100, impatient, withoutStart);
  expect(dropped).toMatchObject({
    command: { exit_code: 0, incomplete: null, output_tail: "last\n", omitted_bytes: 1 },
    containers: 1,
  });
  const whole = await checked(print, 0);
  expect(whole).toMatchObject({ command: { output_tail: "first\nlast\n", omitted_bytes: 0 } });
});

it("a command runs again if its container was killed from outside", async () => {
  const once = await checked("sleep 1; echo last", 0, impatient, withoutEnd, 2);
  expect(once).toMatchObject({ command: { exit_code: 0, incomplete: null, output_tail: "last\n" }, containers: 3 });
});

it.runIf(isNight)("a command that kills the shell around it each time is not trusted to have ended", async () => {
  const killed = await checked("echo first; kill -9 $$; sleep 5", 0);
  expect(killed).toMatchObject({
    command: { exit_code: 137, incomplete: "its shell was killed before it finished" },
    containers: 3,
  });
  const ended = await checked("echo first; exit 137", 0);
  expect(ended).toMatchObject({ command: { exit_code: 137, incomplete: null, output_tail: "first\n" } });
});

it("a command is stopped when the disk is almost full, which does not count against the change", async () => {
  const low = checked("sleep 2; echo last", 0, { ...impatient, disk_free_bytes: Number.MAX_SAFE_INTEGER });
  await expect(low).rejects.toThrow(/HOLD-DISK-LOW.*"retry_free":true/);
  const enough = await checked("sleep 2; echo last", 0);
  expect(enough).toMatchObject({ command: { exit_code: 0, incomplete: null } });
});

const lean = { ...limits, memory_bytes: 256 * 1024 * 1024 };
const greedy =
  "exports.sum = (n) => { const all = []; while (n > 9) all.push(Buffer.alloc(1 << 24, 1)); return n; };\n";
const modest = "exports.sum = (n) => n;\n";
const oldTest =
  "const { sum } = require('../sum.js');\nconst test = require('node:test');\nconst assert = require('node:assert');\ntest('one', () => assert.equal(sum(1), 1));\n";
const newTest = `${oldTest}test('ten', () => assert.equal(sum(10), 10));\n`;

async function withMemory(before: string, after: string) {
  const opened = openLaboratory();
  laboratory = opened;
  const base = opened.repository("greedy", { "sum.js": before, "test/sum.test.js": oldTest });
  const change = { "sum.js": after, "test/sum.test.js": newTest };
  const settings = { verify: ["node --test"], tests: ["test/**"] };
  return opened.matrix({ name: "greedy", base, change, settings, limits: lean });
}

it("a new test that runs out of memory counts as failing only on the old code", async () => {
  const fixed = summarizeChecks(await withMemory(greedy, modest));
  expect(fixed).toMatchObject({ status: "green", new_tests: "red-on-base" });
  laboratory?.close();
  const broken = summarizeChecks(await withMemory(modest, greedy));
  expect(broken).toMatchObject({ status: "red" });
});
