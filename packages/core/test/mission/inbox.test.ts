/** What waits for a person, in order, and which of it is clear. */
import type { MissionId } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { inboxItems, initialState, type State } from "../../src/index.ts";
import { gated, ids, stateAfter, stateAfterCommands } from "../../src/testing/index.ts";

const asked = (change: Parameters<typeof gated>[1] = {}) =>
  stateAfterCommands(stateAfter("gemini", initialState), [gated("ask", change)]);
const list = (state: State, limit = 10) => inboxItems(state, { limit, placeOf: () => "main of /r" });

function mapTask({ tasks }: State, change: Partial<State["tasks"][string]>): State["tasks"] {
  return Object.fromEntries(Object.entries(tasks).map(([id, task]) => [id, { ...task, ...change }]));
}

describe("the inbox", () => {
  it("has a change with what its approval names", () => {
    expect(list(asked({ reasons: ["why"] }))).toMatchObject({
      items: [{ kind: "landing", task_id: ids.task, digest: "d".repeat(64), lands: "main of /r", reasons: ["why"] }],
      omitted: 0,
    });
  });

  it("calls a change clear only if just the permission to push is missing", () => {
    const isClear = (change: Parameters<typeof gated>[1]) => list(asked(change)).items[0]?.is_clear;
    const permission = { kind: "branch-only" } as const;
    expect(isClear({ level: "low", reasons: [permission] })).toBe(true);
    expect(isClear({ level: "medium", reasons: [permission] })).toBe(false);
    expect(isClear({ level: "low", reasons: [permission, "why"] })).toBe(false);
    expect(isClear({ level: "low", reasons: [permission, { kind: "would", answer: "merge" }] })).toBe(false);
    expect(isClear({ level: "low", reasons: [] })).toBe(false);
  });

  it("calls no change clear whose judges have not all passed it, or whose risk counts a run that never ran", () => {
    const state = asked({ level: "low", reasons: [{ kind: "branch-only" }] });
    const withTask = (change: Partial<State["tasks"][string]>) =>
      list({ ...state, tasks: mapTask(state, change) }).items[0]?.is_clear;
    const task = Object.values(state.tasks)[0];
    const [verdict] = task?.verdicts ?? [];
    if (task === undefined || verdict === undefined) throw new Error("the story has no verdict");
    expect(withTask({})).toBe(true);
    expect(withTask({ verdicts: [] })).toBe(false);
    expect(withTask({ verdicts: [...task.verdicts, { ...verdict, verdict: "fail" }] })).toBe(false);
    const awaited = { factor: "independent_tests_pass", points: -9 };
    const gate = { ...task.gate, shares: [...(task.gate?.shares ?? []), awaited] } as never;
    expect(withTask({ gate })).toBe(false);
    expect(withTask({ gate, independent: {} as never })).toBe(true);
  });

  it("lists changes first and the oldest next, and says how many it leaves out", () => {
    const state = asked();
    const [submitted] = Object.values(stateAfter("submitted", initialState).missions);
    if (submitted === undefined) throw new Error("the story has no mission");
    const others = ["2030", "2020", "2025"].map((year, at) => ({
      ...submitted,
      mission_id: `m-${at}`.padEnd(18, "0") as MissionId,
      submitted_at: `${year}-01-01T00:00:00.000Z`,
    }));
    const missions = { ...Object.fromEntries(others.map((each) => [each.mission_id, each])), ...state.missions };
    const { items, omitted } = list({ ...state, missions }, 3);
    expect(items.map(({ kind, mission }) => [kind, mission.submitted_at.slice(0, 4)])).toEqual([
      ["landing", expect.any(String)],
      ["specification", "2020"],
      ["specification", "2025"],
    ]);
    expect(omitted).toBe(1);
    expect(items[1]).toMatchObject({ task_id: null, is_clear: false, digest: submitted.specification.digest });
  });

  it("has no work that goes on by itself", () => {
    const held = (code: "HOLD-STOPPED" | "HOLD-FETCH-FAILED" | "HOLD-QUESTION" | "HOLD-CODER-FAILED") =>
      list(
        stateAfterCommands(stateAfter("started", initialState), [
          { kind: "HoldTask", task_id: ids.task, code, detail: null, hold_id: ids.hold } as never,
        ]),
      ).items.map(({ kind, is_clear, hold }) => [kind, is_clear, hold?.code ?? null]);
    expect(held("HOLD-CODER-FAILED")).toEqual([["hold", false, "HOLD-CODER-FAILED"]]);
    expect(held("HOLD-QUESTION")).toEqual([["question", false, null]]);
    expect(held("HOLD-FETCH-FAILED")).toEqual([]);
    expect(list(stateAfter("started", initialState)).items).toEqual([]);
    expect(list(stateAfter("landed", initialState)).items).toEqual([]);
  });
});
