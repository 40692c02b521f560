/** The board from the state to the page: small, deterministic, harmless whatever foreign text says, and complete about what waits. */
import { type MissionId, type MissionStatus, statusText, type TaskId } from "@aedev/contracts";
import { statusBoardSchema } from "@aedev/contracts/api";
import { initialState, type MissionState, type State, type TaskState } from "@aedev/core";
import { gated, given, ids, someInstant, stateAfter, storyCommand } from "@aedev/core/testing";
import { renderStatusBoard } from "@aedev/dashboard";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { statusBoardDocument } from "../../src/reader/status-board-document.ts";
import { sourceOf } from "./whole-state.ts";

const options = { now: "2026-01-02T05:04:05.678Z", daemon: "running" } as const;
const documentOf = (state: State, now: string = options.now) => statusBoardDocument(sourceOf(state), now);
const boardOf = (state: State, of: Parameters<typeof renderStatusBoard>[1] = options) =>
  renderStatusBoard(documentOf(state, of.now), of);
const judged = stateAfter("gemini", initialState);
const asked = given([], judged)
  .when(storyCommand(gated("ask")))
  .then("GateDecided").state;
const held = given([], judged)
  .when(storyCommand(gated("hold", { hold_code: "HOLD-CHECKS-FAILED", hold_detail: "test/a.js" })))
  .then("GateDecided", "TaskHeld").state;
const landed = stateAfter("landed", initialState);

/** Many missions like that of `state`, each with its own title and detail. */
function multiplied(state: State, count: number, text: string): State {
  const missions: Record<string, MissionState> = {};
  const tasks: Record<string, TaskState> = {};
  for (let at = 0; at < count; at += 1) {
    const number = String(at).padStart(16, "0");
    const [mission_id, task_id] = [`m-${number}` as MissionId, `t-${number}` as TaskId];
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
  it("the board shows what waits for a person, with the command that helps", () => {
    const page = boardOf(asked);
    expect(page).toContain("Waiting for you");
    expect(page).toContain(`aedev task approve ${ids.task}`);
    expect(boardOf(stateAfter("submitted", initialState))).toContain(`aedev mission approve ${ids.mission}`);
  });

  it("the board says how many push messages were not delivered, and nothing if none is pending", () => {
    const told = given([], held)
      .when(storyCommand({ kind: "ConfigureNotifier", digest: "a".repeat(64) }))
      .then("NotifierConfigured").state;
    expect(boardOf(told)).toContain("1 push not delivered");
    expect(boardOf(held)).not.toContain("not delivered");
  });

  it("the board shows holds with code, detail and help, what is under way, and what landed", () => {
    const page = boardOf(held);
    for (const words of ["HOLD-CHECKS-FAILED", "test/a.js", `aedev task retry ${ids.task}`, "2 h ago"])
      expect(page).toContain(words);
    expect(boardOf(stateAfter("started", initialState))).toContain("<h2>Running</h2>");
    expect(boardOf(landed)).toContain("9".repeat(12));
    expect(boardOf(initialState, { ...options, daemon: "down" })).toMatch(/down.*no missions yet/s);
  });

  it("the board shows signals, with foreign text as text, and no list if there are none", () => {
    const at = options.now;
    const observed = { containers: { count: 3, since: at, seen_at: at }, clock: null };
    const board = statusBoardDocument(sourceOf(landed), at, null, { observed, unread: ["<b>config.yaml"] });
    expect(statusBoardSchema.parse(board).signals?.map(({ kind }) => kind)).toEqual(["containers-left", "unread"]);
    const page = renderStatusBoard(board, options);
    expect(page).toContain("<h2>Signals</h2>");
    expect(page).toContain("3 containers of this home without a run");
    expect(page).toContain("&lt;b&gt;config.yaml");
    expect(boardOf(landed)).not.toContain("Signals");
  });

  it("the board is the same bytes for the same input", () => {
    expect(boardOf(held)).toBe(boardOf(structuredClone(held)));
  });

  it("the board stays within 25 KB with 500 missions of the longest text in every status, and says how many more there are", () => {
    for (const text of [
      "ordinary words ".repeat(20),
      '"'.repeat(300),
      "\u202e".repeat(300),
      "字".repeat(300),
      "😀".repeat(300),
    ]) {
      const parts = [asked, held, landed, stateAfter("started", initialState), stateAfter("submitted", initialState)];
      const state = merged(...parts.map((part) => multiplied(stateWithTask(part), 100, text)));
      const page = boardOf(state);
      expect(Buffer.byteLength(page)).toBeLessThanOrEqual(25_000);
      expect(page).toMatch(/\+\d+ more/);
      expect(Object.values(documentOf(state).missions).reduce((sum, count) => sum + count)).toBe(500);
    }
  });

  it("the board lets no text become markup or act on the reader", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        const page = boardOf(multiplied(held, 1, `<script>${text}</script>`));
        expect(page).not.toContain("<script");
        expect(page).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(page.match(/<li/g)).toHaveLength(4);
      }),
    );
  });

  it("the board needs nothing from elsewhere and runs nothing", () => {
    expect(boardOf(held)).not.toMatch(/<script|<link|<img|\ssrc=|href=|@import|url\(/);
  });
});

describe("the board's document", () => {
  it("the board's document lists a task under its own status, like the page and the counts, in every phase", () => {
    const phases = ["approved", "started", "captured", "checked", "sealed", "openai", "gemini", "landing"] as const;
    const seen = new Map<MissionStatus, string[]>();
    for (const step of phases) {
      const state = stateAfter(step, initialState);
      const board = statusBoardSchema.parse(documentOf(state));
      const counted = Object.entries(board.missions).flatMap(([status, count]) => (count === 1 ? [status] : []));
      const lists = { approved: board.approved, running: board.running, judging: board.judging };
      const filled = Object.entries(lists).filter(([, { shown }]) => shown.length > 0);
      expect({ step, lists: filled.map(([name]) => name) }).toEqual({ step, lists: counted });
      for (const [name, { shown }] of filled) {
        expect(shown).toMatchObject([{ task_id: ids.task, status: name }]);
        expect(boardOf(state)).toMatch(
          new RegExp(`<h2>${name}</h2><ul><li><b>${statusText(name as MissionStatus)}</b>`, "i"),
        );
        expect(boardOf(state)).toContain(`<li>1 ${statusText(name as MissionStatus)}</li>`);
        seen.set(name as MissionStatus, [...(seen.get(name as MissionStatus) ?? []), step]);
      }
    }
    expect([...seen.keys()]).toEqual(["approved", "running", "judging"]);
  });

  it("the board's document caps its lists and keeps the counts", () => {
    const board = documentOf(multiplied(held, 500, "t"));
    expect(board.holds).toMatchObject({ more: 450 });
    expect(board.missions.held).toBe(500);
    expect(board.holds.shown[0]).toMatchObject({ code: "HOLD-CHECKS-FAILED", held_at: someInstant });
  });
});

/** Adds a task that nobody counts to a mission that awaits its approval and has none yet. */
function stateWithTask(state: State): State {
  if (state.tasks[ids.task] !== undefined) return state;
  const task = held.tasks[ids.task];
  if (task === undefined) throw new Error("the held story has a task");
  return { ...state, tasks: { [ids.task]: { ...task, status: "planned", hold: null, runs: [] } } };
}
