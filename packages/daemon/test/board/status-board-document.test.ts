/** The board from the state to the page: its keys, small, deterministic, harmless whatever foreign text says, and complete about what waits. */
import type { MissionId, MissionStatus, TaskId } from "@aedev/contracts";
import { statusBoardSchema } from "@aedev/contracts/api";
import { initialState, type MissionState, type State, type TaskState } from "@aedev/core";
import { gated, given, ids, someInstant, stateAfter, storyCommand } from "@aedev/core/testing";
import { renderStatusBoard } from "@aedev/dashboard";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boardNow, boardOf, logged, type sampleFacts } from "./sample-board.ts";

const pageOf = (state: State, facts: Parameters<typeof boardOf>[1] = {}) =>
  renderStatusBoard(boardOf(state, facts), { nonce: "n", language: "en" });
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

/** The keys of the document that its users know, in their order. */
const keys = [
  ...["schema_version", "generated_at", "position", "release_state", "soak", "runtime_health", "queue", "task_state"],
  ...["signals", "ga_gates", "usage", "pause", "lane", "judges", "holds"],
];

describe("the board's document", () => {
  it("has exactly its keys, in their order, and is the same bytes for the same input", () => {
    const document = boardOf(held);
    expect(Object.keys(document)).toEqual(keys);
    expect(Object.keys(statusBoardSchema.shape)).toEqual(keys);
    expect(statusBoardSchema.parse(document)).toEqual(document);
    expect(JSON.stringify(boardOf(held))).toBe(JSON.stringify(boardOf(structuredClone(held))));
  });

  it("says why what is not measured is null", () => {
    const nothing = { rows: [], more: 0 };
    const { release_state, soak, runtime_health, ga_gates, usage, judges } = boardOf(held, {
      engineAnswers: null,
      release: { version: "0.1.0", commit: null, why: "no-commit" },
      gates: { total: null, passed: null, noted: null, blocked: nothing, recommendation: null, why: "no-proofs" },
    });
    expect(release_state).toMatchObject({ commit: null, why: "no-commit" });
    expect(soak).toMatchObject({ t0: null, result: null, why: "no-start" });
    expect(runtime_health.engine).toEqual({ answers: null, why: "not-asked" });
    expect(ga_gates).toMatchObject({ total: null, why: "no-proofs" });
    expect(usage).toMatchObject({ nano_usd: null, budgets: null, why: "unreadable" });
    expect(judges).toEqual({ families: null, why: "unreadable" });
    const budget = { key: "limits.day_usd", repository: null, limit: 20e9, used: 5e9, unit: "nano_usd", unpriced: [] };
    const setup = {
      models: { openai: "gpt" },
      promptDigest: "p",
      bar: { min_canaries: 10, min_catch_permille: 900 },
    };
    const known = boardOf(held, {
      signals: { budgets: [budget as never], judges: { count: () => ({ planted: 20, caught: 2 }), setup }, unread: [] },
    });
    expect(known.usage).toMatchObject({
      nano_usd: 0,
      budgets: [{ key: "limits.day_usd", unit: "nano_usd", used: 5e9, limit: 20e9 }],
      why: null,
    });
    expect(known.judges).toMatchObject({
      families: [{ family: "openai", model: "gpt", status: "well", caught: 2, planted: 20, counts: false }],
      why: null,
    });
  });

  it("says whether the daemon works, and what is left of one that does not", () => {
    const log = [logged("DaemonStarted", "2026-01-02T03:00:00.000Z", { after_death: false })];
    const daemonOf = (daemon: (typeof sampleFacts)["daemon"]) => boardOf(held, { daemon, log }).runtime_health.daemon;
    expect(daemonOf({ status: "running", passAgeMs: 120_000 })).toEqual({
      ...{ status: "running", since: log[0]?.recorded_at, pass_age_ms: 120_000, last_event_at: log[0]?.recorded_at },
    });
    expect(daemonOf({ status: "running", passAgeMs: 120_001 })).toMatchObject({ status: "stuck" });
    expect(daemonOf({ status: "died" })).toMatchObject({ status: "died", since: null, pass_age_ms: null });
    expect(boardOf(held, { daemon: { status: "died" }, log }).soak.result).toBe("fail");
    expect(boardOf(held, { log }).soak.result).toBe("running");
  });

  it("names every pause, who paused and since when", () => {
    const at = "2026-01-02T04:00:00.000Z";
    const [name, repository] = Object.entries(held.repositories)[0] ?? [];
    if (name === undefined || repository === undefined) throw new Error("the story has a repository");
    expect(boardOf(held).pause).toEqual({ home: null, repositories: { rows: [], more: 0 } });
    const all = { ...held, system: { ...held.system, pause: { since: at, stop_runs: false } } };
    const by = { by: "operator:anna" };
    expect(boardOf(all, { log: [logged("WorkPaused", at, { stop_runs: false, ...by })] }).pause.home).toEqual({
      ...{ since: at, stop_runs: false, by: "anna" },
    });
    expect(boardOf(all).pause.home).toEqual({ since: at, stop_runs: false, by: null });
    const paused = (changed: object) => ({ ...held, repositories: { [name]: { ...repository, ...changed } } });
    const stream = `repository/${name}`;
    for (const [state, event, what] of [
      [paused({ paused: true }), "RepositoryPaused", "repository"],
      [paused({ landings_paused: true }), "LandingPaused", "landings"],
    ] as const)
      expect(boardOf(state, { log: [logged(event, at, by, stream)] }).pause.repositories.rows).toEqual([
        { name, paused: what, since: at, by: "anna" },
      ]);
  });

  it("lists a task under its own status, like the page and the counts, in every phase", () => {
    const phases = ["approved", "started", "captured", "checked", "sealed", "openai", "gemini", "landing"] as const;
    const seen = new Map<MissionStatus, string[]>();
    for (const step of phases) {
      const state = stateAfter(step, initialState);
      const { queue, task_state } = boardOf(state);
      const counted = Object.entries(queue.missions).flatMap(([status, count]) => (count === 1 ? [status] : []));
      const { landed: _landed, ...lists } = task_state;
      const filled = Object.entries(lists).filter(([, { rows }]) => rows.length > 0);
      expect({ step, lists: filled.map(([name]) => name) }).toEqual({ step, lists: counted });
      for (const [name, { rows }] of filled) {
        expect(rows).toMatchObject([{ task_id: ids.task, status: name }]);
        expect(pageOf(state)).toMatch(new RegExp(`<h2>${name}</h2><ul><li data-key="${ids.task}">`, "i"));
        seen.set(name as MissionStatus, [...(seen.get(name as MissionStatus) ?? []), step]);
      }
      expect(queue.oldest).toMatchObject({ mission_id: ids.mission, submitted_at: someInstant });
    }
    expect([...seen.keys()]).toEqual(["approved", "running", "judging"]);
    expect(boardOf(landed).queue.oldest).toBeNull();
  });

  it("caps its lists and keeps the counts", () => {
    const board = boardOf(multiplied(held, 500, "t"));
    expect(board.holds).toMatchObject({ more: 450 });
    expect(board.queue.missions.held).toBe(500);
    expect(board.holds.rows[0]).toMatchObject({ code: "HOLD-CHECKS-FAILED", held_at: someInstant });
  });

  it("makes foreign text one visible line", () => {
    const board = boardOf(multiplied(held, 1, "a\u202eb\u001b]8;;http://x\u0007\n<i>"));
    expect(board.holds.rows[0]?.title).toBe("a\\u{202e}b\\u{1b}]8;;http://x\\u{7} <i>");
    expect(JSON.stringify(board)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe("the status board", () => {
  it("the board shows what waits for a person, with the command that helps", () => {
    const page = pageOf(asked);
    expect(page).toContain("<h2>Waiting for you</h2>");
    expect(page).toContain(`aedev task approve ${ids.task}`);
    expect(pageOf(stateAfter("submitted", initialState))).toContain(`aedev mission approve ${ids.mission}`);
  });

  it("the board shows holds with code, detail and help, what is under way, and what landed", () => {
    const page = pageOf(held);
    for (const words of ["HOLD-CHECKS-FAILED", "test/a.js", `aedev task retry ${ids.task}`, "2 h ago"])
      expect(page).toContain(words);
    expect(pageOf(stateAfter("started", initialState))).toContain("<h2>Running</h2>");
    expect(pageOf(landed)).toContain("9".repeat(12));
  });

  it("the board begins with all that stops the night, and says that all is well if nothing does", () => {
    const at = boardNow;
    const undelivered = given([], held)
      .when(storyCommand({ kind: "ConfigureNotifier", digest: "a".repeat(64) }))
      .then("NotifierConfigured").state;
    const observed = { containers: { count: 3, since: at, seen_at: at }, clock: null };
    const untrusted = { reasons: ["<b>position 3"], position: 3, hash: "0".repeat(64), help: "aedev events accept" };
    const troubles: Record<string, readonly [string, string]> = {
      paused: [
        pageOf({ ...held, system: { ...held.system, pause: { since: at, stop_runs: false } } }),
        "All work is paused</b>",
      ],
      stopped: [
        pageOf({ ...held, system: { ...held.system, pause: { since: at, stop_runs: true } } }),
        "All runs are stopped</b>",
      ],
      untrusted: [pageOf(held, { untrusted }), "&lt;b&gt;position 3"],
      died: [pageOf(held, { daemon: { status: "died" } }), "The daemon died: nobody stopped it"],
      stuck: [pageOf(held, { daemon: { status: "stuck" } }), "aedev daemon restart"],
      push: [pageOf(undelivered), "1 push not delivered"],
      engine: [pageOf(held, { engineAnswers: false }), "The Docker engine does not answer"],
      containers: [pageOf(held, { signals: { observed, unread: [] } }), "3 containers of this home without a run"],
      unread: [pageOf(held, { signals: { unread: ["<b>config.yaml"] } }), "&lt;b&gt;config.yaml"],
    };
    for (const [name, [page, words]] of Object.entries(troubles)) {
      expect({ name, page: page.includes(words) }).toEqual({ name, page: true });
      expect(page).toContain("1 thing needs attention");
      expect(page.indexOf(words)).toBeLessThan(page.indexOf('class="cards"'));
      expect(pageOf(held)).not.toContain(words);
    }
    expect(pageOf(held)).toContain("All is well");
  });

  it("the board is the same bytes for the same input", () => {
    expect(pageOf(held)).toBe(pageOf(structuredClone(held)));
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
      const page = pageOf(state);
      expect(Buffer.byteLength(page)).toBeLessThanOrEqual(25_000);
      expect(page).toMatch(/\+\d+ more/);
      expect(Object.values(boardOf(state).queue.missions).reduce((sum, count) => sum + count)).toBe(500);
    }
  });

  it("the board lets no text become markup or act on the reader", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        const page = pageOf(multiplied(held, 1, `<script>${text}</script><img onerror=alert(1)>`));
        expect(page).not.toMatch(/<script>|<img/);
        expect(page).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(page.match(/<li/g)).toHaveLength(pageOf(multiplied(held, 1, "plain")).match(/<li/g)?.length ?? 0);
      }),
    );
  });

  it("the board needs nothing from elsewhere", () => {
    expect(pageOf(held)).not.toMatch(/<link|<img|\ssrc=|href=|@import|url\(/);
  });
});

/** Adds a task that nobody counts to a mission that awaits its approval and has none yet. */
function stateWithTask(state: State): State {
  if (state.tasks[ids.task] !== undefined) return state;
  const task = held.tasks[ids.task];
  if (task === undefined) throw new Error("the held story has a task");
  return { ...state, tasks: { [ids.task]: { ...task, status: "planned", hold: null, runs: [] } } };
}
