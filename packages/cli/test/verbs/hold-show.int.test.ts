/** `aedev hold show`: the code in words, the facts behind it, what each run tried, and a help that can be pasted. */
import { holdReason } from "@aedev/contracts";
import { type CommandBody, initialState, type State } from "@aedev/core";
import { captured, gated, ids, life, sealed, startRun, stateAfter, stateAfterCommands } from "@aedev/core/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeHome, run, type TestHome } from "../outside.ts";

let home: TestHome;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

const failing = holdReason("HOLD-CHECKS-FAILED", [
  { kind: "test-broken", how: "newly failing", test: "test/add.test.js > adds \u001b[31mred" },
  { kind: "test-broken", how: "vanished", test: "test/add.test.js > adds zero" },
  { kind: "lost-assertions", path: "test/add.test.js", before: 4, after: 2, named: false },
]);
const holding = (max_runs: number, run_id: string): CommandBody => ({
  ...(gated("hold", {
    hold_code: "HOLD-CHECKS-FAILED",
    hold_detail: `newly failing in ${run_id}`,
    reasons: [failing],
  }) as Extract<CommandBody, { kind: "DecideGate" }>),
  repair: { max_runs, task_tokens: 1000 },
});
const second = "r-bbbbbbbbbbbbbbbb";
const patchOf = (path: string, added: number) =>
  `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1,1 +1,${added} @@\n-old\n${"+new\n".repeat(added)}`;
const blobs = { ["3".repeat(64)]: patchOf("lib/add.js", 2), ["7".repeat(64)]: patchOf("lib/other.js", 1) };

/** A task with two runs, both held by the same gate; the first was repaired. */
function heldTwice(): State {
  const next = (body: CommandBody) => JSON.parse(JSON.stringify(body).replaceAll(ids.run, second)) as CommandBody;
  const steps = [
    holding(1, ids.run),
    next(startRun),
    JSON.parse(JSON.stringify(next(captured)).replaceAll("3".repeat(64), "7".repeat(64))) as CommandBody,
    next(life["checked"] as CommandBody),
    next(sealed()),
    life["openai"] as CommandBody,
    life["gemini"] as CommandBody,
    holding(1, second),
  ];
  return stateAfterCommands(stateAfter("gemini", initialState), steps);
}
const show = (columns?: number) =>
  run(["hold", "show", ids.hold], { home: home.home, state: heldTwice(), blobs, ...(columns ? { columns } : {}) });

it("explains a hold by its code's meaning, the findings, what each run tried and what helps", async () => {
  const { exit, out } = await show();
  expect(exit).toBe(0);
  expect(out).toContain("Tests that passed on the base fail or vanished");
  expect(out).toContain("test-broken: A test that passes without the change fails, is gone or is skipped with it.");
  expect(out).toContain("newly failing: test/add.test.js > adds \\u{1b}[31mred");
  expect(out).toContain("tests check less: test/add.test.js (4 assertions, now 2)");
  expect(out).not.toContain("\u001b");
  expect(out).toContain(`run 1 ${ids.run}, first run: lib/add.js +2 -1`);
  expect(out).toContain(`run 2 ${second}, after red checks: lib/other.js +1 -1`);
  expect(out).toMatch(new RegExp(`HOLD-CHECKS-FAILED newly failing in ${ids.run}`));
  expect(out).toContain(
    `  In this order:\n    aedev evidence show ${ids.task} --entry checks\n    aedev task retry ${ids.task}`,
  );
  expect(out).not.toMatch(/<\w+>|`/);
});

it("wraps a hold's text between words on a terminal and breaks no command", async () => {
  const { out } = await show(60);
  const lines = out.split("\n");
  expect(lines).toContain(`    aedev evidence show ${ids.task} --entry checks`);
  const wide = lines.filter((line) => line.length > 60);
  expect(wide.filter((line) => !/^(\s+aedev|\s+run|mission:|next:|\s{4})/.test(line))).toEqual([]);
});

it("prints the same hold for a program", async () => {
  const { out } = await run(["hold", "show", ids.hold, "--json"], { home: home.home, state: heldTwice(), blobs });
  expect(JSON.parse(out)).toMatchObject({
    hold_id: ids.hold,
    findings: [{ code: "test-broken" }, { code: "test-broken" }, { code: "lost-assertions" }],
    tried: [
      { attempt: 1, files: [{ path: "lib/add.js", added_lines: 2, deleted_lines: 1 }] },
      { attempt: 2, files: [{ path: "lib/other.js" }] },
    ],
  });
});

it("shows a hold even if a run's patch is no longer kept", async () => {
  const ran = await run(["hold", "show", ids.hold], { home: home.home, state: heldTwice() });
  expect(ran).toMatchObject({ exit: 0, out: expect.stringContaining("first run: no change to show") });
});
