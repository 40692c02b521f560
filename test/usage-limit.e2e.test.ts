/** A run cut off by a usage limit continues by itself after the reset, with its tree and its conversation: the vendor is asked nothing twice. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { isNight } from "./support/is-night.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";
import type { CoderTurn } from "./support/model-server.ts";
import { honestSource, honestTest, shell, tagOf, write } from "./support/scripted-change.ts";

/** Time until the reset: long enough to see the hold, but otherwise as short as possible. */
const resetMs = 4_000;
const tag = tagOf("limited");

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
});
afterAll(() => laboratory[Symbol.asyncDispose]());

/** The number of the coder's turns at each of its requests, in order, without the CLI's own small requests. */
const turnsBefore = () =>
  laboratory.models.requests
    .filter(({ vendor, path, body }) => vendor === "anthropic" && !path.includes("count_tokens") && body.includes(tag))
    .map(({ body }) => JSON.parse(body) as { tools?: unknown[]; messages: { role: string }[] })
    .filter(({ tools = [] }) => tools.length > 0)
    .map(({ messages }) => messages.filter(({ role }) => role === "assistant").length);

it("a limited run repeats none of the three calls before the limit, and lands its files from before and after it", async () => {
  const before: CoderTurn[] = [
    { calls: [write("lib/add.js", honestSource)] },
    { calls: [shell("echo one >> /workspace/repo/notes.txt")] },
    { calls: [shell("echo two >> /workspace/repo/notes.txt")] },
  ];
  const limit = () => ({
    status: 429,
    headers: {
      "anthropic-ratelimit-unified-status": "rejected",
      "anthropic-ratelimit-unified-reset": String(Math.ceil((Date.now() + resetMs) / 1000)),
    },
  });
  // The CLI may store its own note of the limit as a turn.
  const after: CoderTurn[] = [{ calls: [honestTest] }, { calls: [honestTest] }, { text: "Done." }];
  Object.defineProperty(laboratory.models.coder, tag, {
    enumerable: true,
    get: () => (turnsBefore().filter((turns) => turns >= 3).length > 1 ? [...before, ...after] : [...before, limit()]),
  });
  await registerSmallProject(laboratory, "small", ["--profile", "balanced", "--allow-writes"]);
  const { task } = await laboratory.wait(await laboratory.submit("small", `Make add() right in lib/add.js ${tag}`));
  const shown = (await laboratory.must("task", "show", task.task_id, "--json")).stdout;
  expect([task.runs.length, turnsBefore().filter((turns) => turns < 3)], shown).toEqual([2, [0, 1, 2]]);
  const { patch } = (await laboratory.must("task", "diff", task.task_id, "--json")).json<{ patch: string }>();
  expect(patch).toContain("+one\n+two\n");
  expect(patch).toContain("adds negative numbers");
});

it.runIf(isNight)("a limited run continues at once with a second token whose limit is not reached", async () => {
  const second = "sk-ant-oat01-second-token-of-a-test";
  const own = tagOf("two-tokens");
  await laboratory.setSecret("AEDEV_CLAUDE_OAUTH_TOKEN_2", second);
  await registerSmallProject(laboratory, "other", ["--profile", "balanced", "--allow-writes"]);
  const used = () =>
    laboratory.models.requests
      .filter(({ vendor, body }) => vendor === "anthropic" && body.includes(own) && body.includes('"tools":[{'))
      .map(({ headers }) => (String(headers["authorization"]).includes(second) ? "second" : "first"));
  const reset = String(Math.ceil(Date.now() / 1000) + 24 * 60 * 60);
  const headers = { "anthropic-ratelimit-unified-status": "rejected", "anthropic-ratelimit-unified-reset": reset };
  const written: CoderTurn = { calls: [write("lib/add.js", honestSource)] };
  Object.defineProperty(laboratory.models.coder, own, {
    enumerable: true,
    get: () =>
      used().at(-1) === "second"
        ? [written, { calls: [honestTest] }, { calls: [honestTest] }, { text: "Done." }]
        : [written, { status: 429, headers }],
  });
  const { mission, task } = await laboratory.wait(
    await laboratory.submit("other", `Make add() right in lib/add.js ${own}`),
  );
  expect([mission.status, task.runs.length]).toEqual(["landed", 2]);
  expect(new Set(used())).toEqual(new Set(["first", "second"]));
  // The first token is not tried again before its reset.
  expect(used().lastIndexOf("first")).toBeLessThan(used().indexOf("second"));
});
