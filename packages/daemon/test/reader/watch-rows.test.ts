/** What a live view shows of the missions of a state, and in which order. */
import { noUsage, tokensOf, type Usage } from "@aedev/contracts";
import { type CommandBody, decide, evolve, initialState, missionDocument, type State } from "@aedev/core";
import { captured, gated, ids, life, startRun, stateAfter, storyCommand } from "@aedev/core/testing";
import { describe, expect, it } from "vitest";
import { type WatchInput, watchRows } from "../../src/reader/watch-rows.ts";

const input: WatchInput = {
  activity: () => ({ lines: [{ at: null, text: "edits lib/add.js" }], input_tokens: 10, output_tokens: 5 }),
  waiting: new Map(),
  now: "2026-01-03T00:00:00.000Z",
  endedAfter: "2026-01-01T00:00:00.000Z",
};
const at = (step: string) => stateAfter(step, initialState);

function after(state: State, ...bodies: CommandBody[]): State {
  return bodies.reduce((before, body) => {
    const decision = decide(storyCommand(body), before);
    if (decision.kind === "refused") throw new Error(decision.reason);
    return decision.events.reduce(
      (now, event) => evolve(now, { ...event, recorded_at: "2026-01-02T04:00:00.000Z" }),
      before,
    );
  }, state);
}

function withUsage(usage: Usage): CommandBody {
  if (captured.kind !== "RecordCoderResult") throw new Error("captured is another command");
  return { ...captured, result: { ...captured.result, usage } };
}

describe("the rows of a live view", () => {
  it("a row shows the step and live tokens of a running run, and the final count of one that has ended", () => {
    expect(watchRows(at("started"), input)).toMatchObject([
      { status: "running", attempt: 1, step: "edits lib/add.js", input_tokens: 10, output_tokens: 5, help: null },
    ]);
    expect(watchRows(at("captured"), input)).toMatchObject([
      { status: "running", step: "edits lib/add.js", input_tokens: 0, tokens: 0 },
    ]);
    const usage = { ...noUsage, input_tokens: 100, output_tokens: 20, cache_read_tokens: 900, cache_write_tokens: 30 };
    const cached = after(at("started"), withUsage(usage));
    expect(watchRows(cached, input)).toMatchObject([{ input_tokens: 100, tokens: 150 }]);
    const [task] = missionDocument(cached, ids.mission)?.tasks ?? [];
    expect(task === undefined ? 0 : tokensOf(task.usage)).toBe(150);
    expect(watchRows(at("sealed"), input)).toMatchObject([{ status: "judging", step: null }]);
  });

  it("a row names the command if a person is needed, and otherwise what the mission waits for", () => {
    expect(watchRows(at("submitted"), input)).toMatchObject([
      { status: "awaiting_approval", help: `aedev mission approve ${ids.mission}`, task_id: null, attempt: null },
    ]);
    const held = after(at("approved"), {
      kind: "HoldTask",
      task_id: ids.task,
      code: "HOLD-CLAUDE-DOCKER-IMAGE",
      detail: null,
      hold_id: ids.hold,
    });
    expect(watchRows(held, input)).toMatchObject([
      { status: "held", hold_code: "HOLD-CLAUDE-DOCKER-IMAGE", help: expect.stringContaining("hold release") },
    ]);
    const waiting = new Map([
      [ids.mission as string, [{ text: "repository paused: repo", help: "aedev repo resume repo" }]],
    ]);
    expect(watchRows(at("approved"), { ...input, waiting })).toMatchObject([
      { status: "approved", waits_for: ["repository paused: repo"], help: "aedev repo resume repo" },
    ]);
  });

  it("a row of a restored change shows the run that made it", () => {
    const request = { ...gated("ask"), missing_tests: "a way", repair: { max_runs: 2, task_tokens: 1_000 } };
    const started = after(
      at("gemini"),
      request as CommandBody,
      { ...startRun, run_id: "r-bbbbbbbbbbbbbbbb" } as CommandBody,
    );
    expect(watchRows(started, input)).toMatchObject([{ attempt: 2, status: "running" }]);
    const hold = { kind: "HoldTask", task_id: ids.task, code: "HOLD-CODER-FAILED", detail: null, hold_id: ids.hold };
    const restored = after(started, hold as CommandBody);
    expect(watchRows(restored, input)).toMatchObject([{ attempt: 1, status: "asked", step: null }]);
  });

  it("rows put what needs a person first and what has ended last, and leave out what ended long ago", () => {
    const other = "m-bbbbbbbbbbbbbbbb";
    const both = after(at("landed"), { ...life["submitted"], mission_id: other } as CommandBody);
    expect(watchRows(both, input).map(({ status }) => status)).toEqual(["awaiting_approval", "landed"]);
    expect(
      watchRows(both, { ...input, endedAfter: "2026-01-02T03:30:00.000Z" }).map(({ mission_id }) => mission_id),
    ).toEqual([other]);
  });
});
