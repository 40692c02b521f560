/** `aedev task approve` and `task diff` at a terminal and without one, with a fake daemon. */
import { initialState } from "@aedev/core";
import { ids, stateAfter } from "@aedev/core/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openFakeDaemon } from "../fake-daemon.ts";
import { makeHome, run, type TestHome } from "../outside.ts";

let home: TestHome;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

const state = stateAfter("gemini", initialState);
const digest = state.tasks[ids.task]?.evidence?.change_digest;
const patch = "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-old\n+new\n";
const daemon = {
  evidenceOf: async () => ({
    ...{ run_id: "r-0123456789abcdef", attempt: 1 },
    digest: "b".repeat(64),
    manifest: { schema: 1 as const, parent: null, entries: {} },
    entries: { patch },
  }),
};
const approve = ["task", "approve", ids.task];

async function approvals(line: readonly string[], answers?: readonly string[]) {
  await using fake = await openFakeDaemon(({ method, path }) =>
    method === "POST" && path.endsWith("/approve") ? { status: 200, body: { task_id: ids.task } } : undefined,
  );
  home.daemonAt({ port: fake.port });
  const ran = await run(line, { home: home.home, state, daemon, ...(answers === undefined ? {} : { answers }) });
  return { ran, bodies: fake.asked.filter(({ method }) => method === "POST").map(({ body }) => body) };
}

it("approves exactly the shown change, after a yes", async () => {
  expect(typeof digest).toBe("string");
  const { ran, bodies } = await approvals(approve, ["y"]);
  expect(ran).toMatchObject({ exit: 0, err: expect.stringContaining("Approve exactly this change?") });
  expect(bodies).toEqual([{ digest }]);
});

it("shows the diff on request, and asks again", async () => {
  const { ran, bodies } = await approvals(approve, ["d", "yes"]);
  expect(ran).toMatchObject({ exit: 0, out: expect.stringContaining("-old") });
  expect(bodies).toEqual([{ digest }]);
});

it.each([[""], ["n"], ["d", ""], ["what?"]])("approves nothing after the answer %j", async (...answers) => {
  const { ran, bodies } = await approvals(approve, answers);
  expect(ran).toMatchObject({ exit: 1, err: expect.stringContaining("nothing was approved") });
  expect(bodies).toEqual([]);
});

it("approves nothing at a terminal that it could not show", async () => {
  const early = stateAfter("started", initialState);
  expect(early.tasks[ids.task]?.evidence).toBeNull();
  await using fake = await openFakeDaemon(() => ({ status: 200, body: { task_id: ids.task } }));
  home.daemonAt({ port: fake.port });
  const ran = await run(approve, { home: home.home, state: early, daemon, answers: ["y"] });
  expect(ran).toMatchObject({ exit: 1, err: expect.stringContaining("no judged change") });
  expect(fake.asked.filter(({ method }) => method === "POST")).toEqual([]);
});

it("asks nothing with --yes, without a terminal and for a program", async () => {
  for (const [line, answers] of [
    [[...approve, "--yes"], []],
    [approve, undefined],
    [[...approve, "--json"], []],
  ] as const) {
    const { ran, bodies } = await approvals(line, answers);
    expect(ran.exit).toBe(0);
    expect(ran.err).not.toContain("Approve");
    expect(bodies).toHaveLength(1);
  }
});

it("prints the patch unchanged without a screen, so that it can be applied", async () => {
  expect(await run(["task", "diff", ids.task], { home: home.home, state, daemon })).toMatchObject({
    exit: 0,
    out: patch,
  });
  const json = await run(["task", "diff", ids.task, "--json"], { home: home.home, state, daemon });
  expect(JSON.parse(json.out)).toEqual({ task_id: ids.task, patch });
  expect((await run(["task", "diff", "t-zzzzzzzzzzzzzzzz"], { home: home.home, state, daemon })).exit).toBe(1);
});
