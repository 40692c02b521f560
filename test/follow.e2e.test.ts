/** A coder's steps as they happen, in `task logs --follow` and `watch`; with the daemon down, the steps so far. */

import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { callApi } from "./support/api.ts";
import { isNight } from "./support/is-night.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { honestSource, honestTest, shell, write } from "./support/scripted-change.ts";

const planted = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;
const program = join(dirname(dirname(fileURLToPath(import.meta.url))), "bin/aedev");

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

function open(...args: string[]) {
  const child = spawn(program, args, { env: laboratory.environment as NodeJS.ProcessEnv });
  const seen = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    seen.out += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    seen.err += chunk;
  });
  return { child, seen, ended: new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code))) };
}

it.runIf(isNight)("task logs --follow prints each step, then the result, and ends with the task", async () => {
  let goOn: (value?: unknown) => void = () => undefined;
  const held = new Promise((resolve) => {
    goOn = resolve;
  });
  laboratory.models.coder = {
    "": [
      { text: "I look first.", calls: [{ tool: "Read", input: { file_path: "/workspace/repo/lib/add.js" } }] },
      { calls: [shell("node --test && exit 3")], text: "Then I test." },
      { calls: [write("lib/add.js", honestSource), honestTest], until: held },
      { text: "Fixed." },
    ],
  };
  const id = await laboratory.submit("small", "Make add() right for negative numbers in lib/add.js");
  const taskId = (await laboratory.mission(id)).tasks[0]?.task_id ?? "";
  const follow = open("task", "logs", taskId, "--follow");
  const lines = open("task", "logs", taskId, "--follow", "--json");
  const watch = open("watch", "--json");
  const has = (text: string) => () => Promise.resolve(follow.seen.out.includes(text));
  await laboratory.until(has("failed: runs node --test"));
  // The coder waits for its model here: its steps so far are shown, and no later ones.
  for (const step of [
    "says: I look first.",
    " reads lib/add.js\n",
    "ok: reads lib/add.js",
    "says: Then I test.",
    "Exit code 3",
  ])
    expect(follow.seen.out).toContain(step);
  expect(follow.seen.out).not.toContain("writes lib/add.js");
  expect(follow.seen.out).not.toContain("\u001b");
  expect((await laboratory.mission(id)).status).toBe("running");
  await laboratory.until(() => Promise.resolve(/"step":"failed: runs node --test/.test(watch.seen.out)));
  expect(watch.seen.out).toMatch(/"attempt":1,"step":"[^"]*","input_tokens":[1-9]/);
  goOn();

  expect(await follow.ended).toBe(0);
  expect(follow.seen.out).toContain(" writes lib/add.js (2 lines)\n");
  expect(follow.seen.out).toContain("checks: ");
  expect(follow.seen.out).toContain("the coder's own words (not evidence):\nFixed.");
  expect(follow.seen.err).toBe(`aedev: ${taskId} is landed: aedev task show ${taskId}\n`);
  expect(await lines.ended).toBe(0);
  const documents = lines.seen.out
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { text: string; at: string | null });
  expect(documents.find(({ text }) => text === "reads lib/add.js")).toMatchObject({
    task_id: taskId,
    attempt: 1,
    at: expect.any(String),
  });
  watch.child.kill("SIGTERM");
  expect(await watch.ended).toBe(0);
  expect(watch.seen.out).toContain('"status":"landed"');

  // None of it is evidence, and all of it is still there with the daemon down.
  await laboratory.must("daemon", "stop");
  const whole = (await laboratory.must("task", "logs", taskId)).stdout;
  const again = await laboratory.must("task", "logs", taskId, "--follow");
  for (const { text } of documents) {
    expect(whole).toContain(text);
    expect(again.stdout).toContain(text);
  }
});

it("task logs --follow prints the steps so far and ends if the daemon is down, even if the task continues", async () => {
  await laboratory.must("daemon", "start");
  laboratory.models.coder = {
    "": [
      { text: `I use ${planted} for it.`, calls: [honestTest] },
      { calls: [honestTest], until: new Promise((resolve) => setTimeout(resolve, 60_000)) },
    ],
  };
  const id = await laboratory.submit("small", "Make twice() right for negative numbers in lib/add.js");
  const taskId = (await laboratory.mission(id)).tasks[0]?.task_id ?? "";
  await laboratory.until(async () => (await laboratory.must("task", "logs", taskId)).stdout.includes("the coder runs"));
  // A secret in a step of the coder reaches neither the file nor the page; the rest of the step does.
  const activity = async () => JSON.stringify((await callApi(laboratory.home, "/api/activity")).document);
  await laboratory.until(async () => (await activity()).includes("says: I use [redacted]"));
  expect(await activity()).toContain(`"task_id":"${taskId}"`);
  expect(await activity()).not.toContain(planted);
  expect((await laboratory.must("task", "logs", taskId)).stdout).not.toContain(planted);
  await laboratory.must("daemon", "stop");
  const { exitCode, stdout, stderr } = await laboratory.run("task", "logs", taskId, "--follow");
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: `aedev: ${taskId} is running, and the daemon is not running: aedev daemon start`,
  });
  expect(stdout).toContain("the coder runs in container");
  await laboratory.must("daemon", "start");
  await laboratory.must("task", "cancel", taskId);
});
