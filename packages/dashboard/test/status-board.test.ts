/** The board: small, deterministic, harmless whatever foreign text says, and complete about what waits. */
import { initialState, type MissionState, type State, type TaskState } from "@aedev/core";
import { command, gated, given, ids, someInstant, stateAfter } from "@aedev/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderStatusBoard, statusBoardDocument } from "../src/index.ts";

const options = { now: "2026-01-02T05:04:05.678Z", daemon: "running" } as const;
const judged = stateAfter("gemini", initialState);
const asked = given([], judged)
  .when(command(gated("ask")))
  .then("GateDecided").state;
const held = given([], judged)
  .when(command(gated("hold", { hold_code: "HOLD-CHECKS-FAILED", hold_detail: "test/a.js" })))
  .then("GateDecided", "TaskHeld").state;
const landed = stateAfter("landed", initialState);

/** Many missions like the one of `state`, each with a title and a detail of its own. */
function multiplied(state: State, count: number, text: string): State {
  const missions: Record<string, MissionState> = {};
  const tasks: Record<string, TaskState> = {};
  for (let at = 0; at < count; at += 1) {
    const [mission_id, task_id] = [`m-${String(at).padStart(16, "0")}`, `t-${String(at).padStart(16, "0")}`];
    const [mission, task] = [state.missions[ids.mission], state.tasks[ids.task]];
    if (mission === undefined || task === undefined) throw new Error("the story has one mission with one task");
    missions[mission_id] = { ...mission, mission_id, title: text, task_ids: [task_id] };
    const hold = task.hold === null ? null : { ...task.hold, detail: text };
    tasks[task_id] = { ...task, task_id, mission_id, hold };
  }
  return { ...state, missions, tasks };
}

function merged(...states: State[]): State {
  const prefixed = (record: Readonly<Record<string, unknown>>, at: number) =>
    Object.entries(record).map(([id, value]) => [`${id}${at}`, value]);
  const missions = states.flatMap((state, at) =>
    Object.entries(state.missions).map(([id, mission]) => [
      `${id}${at}`,
      { ...mission, mission_id: `${id}${at}`, task_ids: mission.task_ids.map((task) => `${task}${at}`) },
    ]),
  );
  const tasks = states.flatMap((state, at) => prefixed(state.tasks, at));
  return { ...initialState, missions: Object.fromEntries(missions), tasks: Object.fromEntries(tasks) };
}

describe("the status board", () => {
  it("shows what waits for a person with the command that helps", () => {
    const page = renderStatusBoard(asked, options);
    expect(page).toContain("Waiting for you");
    expect(page).toContain(`aedev task approve ${ids.task}`);
    expect(renderStatusBoard(stateAfter("submitted", initialState), options)).toContain(
      `aedev mission approve ${ids.mission}`,
    );
  });

  it("says how many push messages were not delivered, and nothing where none is owed", () => {
    const told = given([], held)
      .when(command({ kind: "ConfigureNotifier", digest: "a".repeat(64) }))
      .then("NotifierConfigured").state;
    expect(renderStatusBoard(told, options)).toContain("1 push not delivered");
    expect(renderStatusBoard(held, options)).not.toContain("not delivered");
  });

  it("shows holds with code, detail and help, what is under way, and what landed", () => {
    const page = renderStatusBoard(held, options);
    for (const words of ["HOLD-CHECKS-FAILED", "test/a.js", `aedev task retry ${ids.task}`, "2 h ago"])
      expect(page).toContain(words);
    expect(renderStatusBoard(stateAfter("started", initialState), options)).toContain("Under way");
    expect(renderStatusBoard(landed, options)).toContain("9".repeat(12));
    expect(renderStatusBoard(initialState, { ...options, daemon: "down" })).toMatch(/down.*no missions yet/s);
  });

  it("is the same bytes for the same input", () => {
    expect(renderStatusBoard(held, options)).toBe(renderStatusBoard(structuredClone(held), options));
  });

  it("stays within 25 KB with 500 missions of the longest text in every status, and says how many more there are", () => {
    for (const text of [
      "ordinary words ".repeat(20),
      '"'.repeat(300),
      "\u202e".repeat(300),
      "字".repeat(300),
      "😀".repeat(300),
    ]) {
      const parts = [asked, held, landed, stateAfter("started", initialState), stateAfter("submitted", initialState)];
      const state = merged(...parts.map((part) => multiplied(stateWithTask(part), 100, text)));
      const page = renderStatusBoard(state, options);
      expect(Buffer.byteLength(page)).toBeLessThanOrEqual(25_000);
      expect(page).toMatch(/\+\d+ more/);
      expect(Object.values(statusBoardDocument(state, options.now).missions).reduce((sum, count) => sum + count)).toBe(
        500,
      );
    }
  });

  it("lets no text become markup or act on the reader", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        const page = renderStatusBoard(multiplied(held, 1, `<script>${text}</script>`), options);
        expect(page).not.toContain("<script");
        expect(page).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(page.match(/<li/g)).toHaveLength(4);
      }),
    );
  });

  it("needs nothing from elsewhere and runs nothing", () => {
    expect(renderStatusBoard(held, options)).not.toMatch(/<script|<link|<img|\ssrc=|href=|@import|url\(/);
  });
});

describe("the board's document", () => {
  it("caps its lists and keeps the counts", () => {
    const board = statusBoardDocument(multiplied(held, 500, "t"), options.now);
    expect(board.holds).toMatchObject({ more: 450 });
    expect(board.missions.held).toBe(500);
    expect(board.holds.shown[0]).toMatchObject({ code: "HOLD-CHECKS-FAILED", held_at: someInstant });
  });
});

/** A mission that awaits its approval has no task yet: it gets one that nobody counts. */
function stateWithTask(state: State): State {
  if (state.tasks[ids.task] !== undefined) return state;
  const task = held.tasks[ids.task];
  if (task === undefined) throw new Error("the held story has a task");
  return { ...state, tasks: { [ids.task]: { ...task, status: "planned", hold: null, runs: [] } } };
}
