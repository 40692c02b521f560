/** Each kind of signal: once, about the oldest or worst cause, and never without a cause. */
import { type HoldCode, homeSignalText, localTime } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import type { CommandBody } from "../../src/model/command.ts";
import { initialState, type State } from "../../src/model/state.ts";
import { homeSignals, type UsedBudget } from "../../src/notice/home-signals.ts";
import type { ClockJumps, LeftContainers } from "../../src/notice/observed-signals.ts";
import { someInstant } from "../../src/testing/given.ts";
import { ids, life, noRepair, sampleHeldReport, stateAfter, stateAfterCommands } from "../../src/testing/index.ts";

const hours = (count: number) => new Date(Date.parse(someInstant) + count * 3_600_000).toISOString();
const kinds = (state: State, now: string) => homeSignals(state, now, {}).map(({ kind }) => kind);

describe("a signal", () => {
  it("signals a task that has waited for its run for more than a day, unless its repository or everything is paused", () => {
    const planned = stateAfter("approved", initialState);
    expect(kinds(planned, hours(24))).toEqual([]);
    expect(homeSignals(planned, hours(25), {})).toEqual([
      { kind: "queue-age", severity: "warning", task_id: ids.task, since: someInstant, count: 1 },
    ]);
    const pause: CommandBody = { kind: "PauseRepository", repository: "repo" };
    expect(kinds(stateAfterCommands(planned, [pause]), hours(25))).toEqual([]);
    expect(kinds(stateAfterCommands(planned, [{ kind: "PauseWork" }]), hours(25))).toEqual([]);
  });

  it("signals a task that has been held for more than a day, unless it continues at a known time", () => {
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

  it("signals a clock that is behind a recorded instant, but not by minutes", () => {
    const planned = stateAfter("approved", initialState);
    expect(kinds(planned, hours(-1 / 12))).toEqual([]);
    expect(homeSignals(planned, hours(-2), {})).toEqual([
      { kind: "clock-behind", severity: "critical", task_id: null, since: someInstant, count: 1 },
    ]);
  });

  it("signals a disk with less room than a run needs", () => {
    const on = (disk_free_bytes: number) =>
      homeSignals(initialState, someInstant, { machine: { disk_free_bytes, disk_needed_bytes: 1000 } }).map(
        ({ kind }) => kind,
      );
    expect([on(999), on(1000)]).toEqual([["disk-low"], []]);
  });

  it("signals that more tasks were held within a day than landed, if they are many and failed", () => {
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

  it("signals the budgets of a day that are nearly used up, the fullest first", () => {
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

  it("signals a check that a landing turned red, until it passes, the landing is taken back, or two weeks have passed", () => {
    const day = (count: number) => hours(24 * count);
    const landing = { ...life["landed"], watch_until: day(60) } as never;
    const landed = stateAfter("landed", initialState, { landed: landing });
    const commit = landed.tasks[ids.task]?.landed_commit;
    const red = (name: string, before: "passed" | "absent") =>
      ({ task_id: ids.task, commit, outcome: "red", evidence: { kind: "check", name, url: null, before } }) as never;
    const observe = (...outcomes: never[]): CommandBody => ({ kind: "RecordOutcomes", repository: "repo", outcomes });
    const said = (state: State, now = day(2)) =>
      homeSignals(state, now, {}).filter(({ kind }) => kind === "branch-red");
    const broken = stateAfterCommands(landed, [observe(red("test", "passed"), red("lint", "passed"))], day(1));
    const [signal] = said(broken);
    expect(signal).toMatchObject({ severity: "critical", task_id: ids.task, since: day(1), count: 1 });
    expect(signal && homeSignalText(signal)).toBe(
      `check test and 1 other of repo, main: green before a landing, red since: aedev task show ${ids.task}, or take it back: aedev task revert ${ids.task}`,
    );
    expect([said(landed), said(stateAfterCommands(landed, [observe(red("test", "absent"))], day(1)))]).toEqual([
      [],
      [],
    ]);
    const passed = (check: string): CommandBody => ({ ...observe(), passed: [{ task_id: ids.task, check }] }) as never;
    expect(said(stateAfterCommands(broken, [passed("test")]))).toMatchObject([
      { detail: "check lint of repo, main: green before a landing, red since" },
    ]);
    expect(said(stateAfterCommands(broken, [passed("test"), passed("lint")]))).toEqual([]);
    const evidence = {
      kind: "commit",
      commit: "1".repeat(40),
      subject: "s",
      says_revert: true,
      lines: 1,
      task_id: null,
    };
    const reverted = { task_id: ids.task, commit, outcome: "reverted", evidence } as never;
    expect(said(stateAfterCommands(broken, [observe(reverted)]))).toEqual([]);
    expect([said(broken, day(15)).length, said(broken, hours(24 * 15 + 1)).length]).toEqual([1, 0]);
    const short = stateAfter("landed", initialState, { landed: { ...life["landed"], watch_until: day(3) } as never });
    const shortly = stateAfterCommands(short, [observe(red("test", "passed"))], day(1));
    expect([said(shortly, day(2)).length, said(shortly, day(3)).length]).toEqual([1, 0]);
    const foreign = stateAfterCommands(landed, [observe(red("a\u001b[2Jb\nc", "passed"))], day(1));
    expect(said(foreign).map(homeSignalText).join()).not.toMatch(/\p{Cc}/u);
  });

  it("signals for half a day that the clock jumped, and how it was noticed", () => {
    const jump = { count: 1, first_at: hours(0), at: hours(0), moved_ms: 7_200_000, how: "jumped" } as const;
    const said = (clock: ClockJumps | null, now = hours(1)) =>
      homeSignals(initialState, now, { observed: { containers: null, clock } });
    expect(said(jump)).toMatchObject([{ kind: "clock-jumped", severity: "critical", since: hours(0), count: 1 }]);
    expect([said(null), said(jump, hours(12)).length, said(jump, hours(13))]).toEqual([[], 1, []]);
    // If the clock was since set back by days, the observation says nothing.
    expect([said(jump, hours(-1)).length, said(jump, hours(-48))]).toEqual([1, []]);
    const textOf = (clock: Partial<ClockJumps>) => said({ ...jump, ...clock }).map(homeSignalText)[0];
    const at = localTime(someInstant);
    expect(textOf({})).toBe(`this machine's clock jumped forward by 2 h: times around it are wrong, at ${at}: date`);
    expect(textOf({ moved_ms: -600_000, count: 3 })).toBe(
      `this machine's clock jumped back by 10 min: times around it are wrong, the last of 3 times since ${at}: date`,
    );
    expect(textOf({ how: "slept" })).toBe(`this machine slept for 2 h, and nothing ran, at ${at}: aedev digest`);
    expect(textOf({ how: "unclear" })).toBe(
      `this machine's clock jumped forward by 2 h, or it slept, at ${at}: aedev digest`,
    );
    expect(said({ ...jump, how: "slept" })[0]?.severity).toBe("warning");
  });

  it("signals containers left without a run, as long as they were seen within a day", () => {
    const left = { count: 2, since: hours(0), seen_at: hours(1) };
    const said = (containers: LeftContainers | null, now = hours(2)) =>
      homeSignals(initialState, now, { observed: { containers, clock: null } });
    expect(said(left)).toEqual([
      { kind: "containers-left", severity: "warning", task_id: null, since: hours(0), count: 2 },
    ]);
    expect(said(left).map(homeSignalText)[0]).toMatch(
      /^2 containers of this home without a run .*aedev daemon restart$/,
    );
    expect([said(null), said(left, hours(26))]).toEqual([[], []]);
  });

  it("signals a judge that was asked often enough and caught too little", () => {
    const setup = { models: { openai: "m" }, promptDigest: "p", bar: { min_canaries: 10, min_catch_permille: 500 } };
    const said = (planted: number, caught: number) =>
      homeSignals(initialState, someInstant, { judges: { count: () => ({ planted, caught }), setup } });
    expect([said(9, 0), said(20, 15)]).toEqual([[], []]);
    expect(said(20, 1)).toMatchObject([{ kind: "judges-below", count: 1, detail: "openai (1 of 20)" }]);
  });
});
