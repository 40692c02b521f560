/** Each kind of signal: once, about the oldest or worst cause, and not without one. */
import { type HoldCode, homeSignalText } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import type { CommandBody } from "../../src/model/command.ts";
import { initialState, type State } from "../../src/model/state.ts";
import { homeSignals, type UsedBudget } from "../../src/notice/home-signals.ts";
import { someInstant } from "../../src/testing/given.ts";
import { ids, life, noRepair, sampleHeldReport, stateAfter, stateAfterCommands } from "../../src/testing/index.ts";

const hours = (count: number) => new Date(Date.parse(someInstant) + count * 3_600_000).toISOString();
const kinds = (state: State, now: string) => homeSignals(state, now, {}).map(({ kind }) => kind);

describe("a signal", () => {
  it("says that a task has waited for its run for more than a day, unless its repository or everything is paused", () => {
    const planned = stateAfter("approved", initialState);
    expect(kinds(planned, hours(24))).toEqual([]);
    expect(homeSignals(planned, hours(25), {})).toEqual([
      { kind: "queue-age", severity: "warning", task_id: ids.task, since: someInstant, count: 1 },
    ]);
    const pause: CommandBody = { kind: "PauseRepository", repository: "repo" };
    expect(kinds(stateAfterCommands(planned, [pause]), hours(25))).toEqual([]);
    expect(kinds(stateAfterCommands(planned, [{ kind: "PauseWork" }]), hours(25))).toEqual([]);
  });

  it("says that a task has been held for more than a day, unless it continues at a known time", () => {
    const held = (resumes_at: string | null) =>
      stateAfter("captured", initialState, {
        captured: {
          ...(life["captured"] as Extract<CommandBody, { kind: "RecordCoderResult" }>),
          result: sampleHeldReport("HOLD-USAGE-LIMIT", { resumes_at }),
          repair: noRepair,
        } as never,
      });
    expect(kinds(held(null), hours(24))).toEqual([]);
    expect(kinds(held(null), hours(25))).toEqual(["hold-age"]);
    expect(kinds(held(hours(48)), hours(25))).toEqual([]);
  });

  it("says that the clock is behind what was recorded, and not for minutes", () => {
    const planned = stateAfter("approved", initialState);
    expect(kinds(planned, hours(-1 / 12))).toEqual([]);
    expect(homeSignals(planned, hours(-2), {})).toEqual([
      { kind: "clock-behind", severity: "critical", task_id: null, since: someInstant, count: 1 },
    ]);
  });

  it("says that the disk has less room than a run needs", () => {
    const on = (disk_free_bytes: number) =>
      homeSignals(initialState, someInstant, { machine: { disk_free_bytes, disk_needed_bytes: 1000 } }).map(
        ({ kind }) => kind,
      );
    expect([on(999), on(1000)]).toEqual([["disk-low"], []]);
  });

  it("says that more tasks were held within a day than landed, if they are many and failed", () => {
    const held = (code: HoldCode) =>
      stateAfter("captured", initialState, {
        captured: {
          ...(life["captured"] as Extract<CommandBody, { kind: "RecordCoderResult" }>),
          result: sampleHeldReport(code, {}),
          repair: noRepair,
        } as never,
      });
    const times = (state: State, count: number): State => {
      const [task] = Object.values(state.tasks);
      if (task === undefined) throw new Error("there is no task");
      const tasks = Array.from({ length: count }, (_, index) => [`t-${index}`, { ...task, task_id: `t-${index}` }]);
      return { ...state, tasks: Object.fromEntries(tasks) };
    };
    const failed = held("HOLD-CODER-FAILED");
    const said = (state: State, landed: number, now = hours(1)) =>
      homeSignals(state, now, { landed }).map(({ kind, count }) => `${kind} ${count}`);
    expect(said(times(failed, 4), 3)).toEqual(["error-rate 4"]);
    expect(said(times(failed, 4), 4)).toEqual([]);
    expect(said(times(failed, 3), 0)).toEqual([]);
    expect(said(times(held("HOLD-QUESTION"), 4), 0)).toEqual([]);
    expect(said(times(failed, 4), 0, hours(25))).toEqual(["hold-age 4"]);
    expect(homeSignals(times(failed, 4), hours(1), {})).toEqual([]);
  });

  it("says which budget of a day is nearly used up, the fullest first", () => {
    const budget = (used: number | null, limit: number | null, repository: string | null = null) => ({
      ...{ key: "limits.day_usd", repository, limit, used },
    });
    const said = (...budgets: UsedBudget[]) => homeSignals(initialState, someInstant, { budgets }).map(homeSignalText);
    expect(said(budget(79, 100), budget(null, 100), budget(5, null), budget(1, 0))).toEqual([]);
    expect(said(budget(80, 100))).toEqual(["80 % of limits.day_usd is used today: aedev budget show"]);
    expect(said(budget(80, 100), budget(95, 100, "shop"))).toEqual([
      "95 % of limits.day_usd for shop is used today: aedev budget show",
    ]);
  });

  it("names a judge that was asked often enough and found too little", () => {
    const setup = { models: { openai: "m" }, promptDigest: "p", bar: { min_canaries: 10, min_catch_permille: 500 } };
    const said = (planted: number, caught: number) =>
      homeSignals(initialState, someInstant, { judges: { count: () => ({ planted, caught }), setup } });
    expect([said(9, 0), said(20, 15)]).toEqual([[], []]);
    expect(said(20, 1)).toMatchObject([{ kind: "judges-below", count: 1, detail: "openai (1 of 20)" }]);
  });
});
