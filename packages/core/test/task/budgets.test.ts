/** Budgets: the tightest counts, and the amount reserved for one run is not given to another. */
import { type MissionId, noUsage, type TaskId, type Usage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/decide.ts";
import { evolve } from "../../src/evolve.ts";
import type { CommandBody, RunRoom } from "../../src/model/command.ts";
import { initialState, type State, type TaskState } from "../../src/model/state.ts";
import {
  type BudgetGrant,
  type BudgetLimits,
  grantBudget,
  isReserved,
  isRoomLeft,
  runRoom,
  type UsedAmounts,
} from "../../src/task/budgets.ts";
import { tokensUsed } from "../../src/task/repair.ts";
import { given, ids, someInstant, startRun, stateAfter, storyCommand } from "../../src/testing/index.ts";
import { stubLimits } from "./stub-limits.ts";

const limits = { run_tokens: 100, task_tokens: 1000, mission_tokens: 1000, day_tokens: 1000 };
const story = stateAfter("started", initialState).tasks[ids.task] as TaskState;

interface Told {
  readonly id: string;
  readonly mission?: string;
  readonly status?: TaskState["status"];
  readonly runs?: readonly { readonly tokens?: number; readonly surcharge?: number; readonly at?: string }[];
}
function stateOf(...tasks: Told[]): State {
  const made = tasks.map(
    ({ id, mission = "m1", status = "running", runs = [{}] }): TaskState => ({
      ...story,
      task_id: id as TaskId,
      mission_id: mission as MissionId,
      status,
      runs: runs.map(({ tokens = 0, surcharge, at = "2026-01-02T11:00:00.000Z" }) => {
        const usage: Usage = { ...noUsage, input_tokens: tokens, cache_read_tokens: 7 };
        const all = surcharge === undefined ? usage : { ...usage, surcharge_tokens: surcharge };
        return { ...(story.runs[0] as TaskState["runs"][number]), usage: all, started_at: at };
      }),
    }),
  );
  return { ...initialState, tasks: Object.fromEntries(made.map((task) => [task.task_id, task])) };
}
const nothing = { tokens: 0, usd: 0, minutes: 0, runs: 0 };
const budgetsOf = ({ run_tokens, mission_tokens, day_tokens }: typeof limits) =>
  stubLimits({ tokens: { run: run_tokens, mission: mission_tokens, day: day_tokens } });
/** The usage in the log, with every run ended today. */
function usedIn(state: State, task: TaskState): UsedAmounts {
  const tokens = (tasks: readonly TaskState[]) => tasks.reduce((sum, one) => sum + tokensUsed(one), 0);
  const all = Object.values(state.tasks);
  return {
    mission: { ...nothing, tokens: tokens(all.filter(({ mission_id }) => mission_id === task.mission_id)) },
    repository_day: { ...nothing, tokens: tokens(all) },
    day: { ...nothing, tokens: tokens(all) },
  };
}
function grant(state: State, id: string, other: Partial<typeof limits> = {}): BudgetGrant {
  const task = state.tasks[id] as TaskState;
  const all = { ...limits, ...other };
  const figures = { limits: budgetsOf(all), used: usedIn(state, task), taskTokens: all.task_tokens, asked: 0 };
  const granted = grantBudget(state, task, "tokens", figures);
  if (granted === null) throw new Error("tokens have a budget");
  return granted;
}

describe("what a run may use", () => {
  it("gives a run its own limit if every budget has room", () => {
    expect(grant(stateOf({ id: "a" }), "a")).toMatchObject({ amount: 100, budget: "limits.run_tokens" });
  });

  it.each([
    ["task_tokens", "repair.task_tokens"],
    ["mission_tokens", "limits.mission_tokens"],
    ["day_tokens", "limits.day_tokens"],
  ] as const)("gives a run the rest under %s, and names that budget", (key, budget) => {
    const state = stateOf({ id: "a", runs: [{ tokens: 250, surcharge: 50 }, {}] });
    expect(grant(state, "a", { [key]: 350 })).toMatchObject({
      amount: 50,
      budget,
      used: 300,
      limit: 350,
      reserved: 0,
    });
    expect(grant(state, "a", { [key]: 300 }).amount).toBe(0);
    expect(grant(state, "a", { [key]: 400 })).toMatchObject({ amount: 100, budget: "limits.run_tokens" });
  });

  it("counts a mission's other tasks, but no other mission's", () => {
    const spent = { status: "landed", runs: [{ tokens: 300 }] } as const;
    const state = stateOf({ id: "a" }, { id: "b", ...spent }, { id: "c", mission: "m2", ...spent });
    expect(grant(state, "a", { mission_tokens: 350 })).toMatchObject({ amount: 50, used: 300 });
    expect(grant(state, "a", { day_tokens: 650 })).toMatchObject({ amount: 50, used: 600 });
  });

  it("never gives two runs the same remainder, in any order of requests", () => {
    const at = (second: number) => `2026-01-02T11:00:0${second}.000Z`;
    for (let spent = 0; spent <= 400; spent += 30) {
      const state = stateOf(
        { id: "old", status: "landed", runs: [{ tokens: spent }] },
        ...["d", "b", "a", "c"].map((id, second) => ({
          id,
          mission: second % 2 === 0 ? "m1" : "m2",
          runs: [{ at: at(second) }],
        })),
      );
      for (const budget of ["day_tokens", "mission_tokens"] as const) {
        const limit = 350;
        const granted = ["a", "b", "c", "d"].map((id) => Math.max(0, grant(state, id, { [budget]: limit }).amount));
        const own = budget === "day_tokens" ? granted : [granted[0], granted[3]].map((tokens) => tokens ?? 0);
        const sum = own.reduce((total, tokens) => total + tokens, 0);
        expect(sum).toBeLessThanOrEqual(Math.max(0, limit - spent));
        expect(granted[3]).toBe(Math.max(0, Math.min(100, limit - spent)));
      }
    }
  });

  it("waits only for runs that have reserved the tokens that this run lacks", () => {
    const wants = { id: "a", status: "planned", runs: [] } as const;
    const under = grant(stateOf({ id: "b", runs: [{}] }, wants), "a", { day_tokens: 150 });
    const waits = (granted: BudgetGrant) => isReserved(granted, budgetsOf(limits));
    expect(under).toMatchObject({ amount: 50, reserved: 100 });
    expect(waits(under)).toBe(true);
    expect(waits(grant(stateOf({ id: "b", runs: [{}] }, wants), "a", { day_tokens: 200 }))).toBe(false);
    const after = grant(stateOf({ id: "b", status: "landed", runs: [{ tokens: 100 }] }, wants), "a", {
      day_tokens: 150,
    });
    expect(waits(after)).toBe(false);
    expect(after.amount).toBe(50);
  });
});

describe("budgets of dollars, minutes and runs", () => {
  const state = stateOf({ id: "b", mission: "m2", runs: [{}] }, { id: "a", status: "planned", runs: [] });
  const of = (unit: "usd" | "minutes" | "runs", given: Parameters<typeof stubLimits>[0], day: number) => {
    const used = { mission: nothing, repository_day: nothing, day: { ...nothing, [unit]: day } };
    const figures = { limits: stubLimits(given), used, taskTokens: 1000, asked: 0 };
    return grantBudget(state, state.tasks["a"] as TaskState, unit, figures);
  };

  it.each(["usd", "minutes"] as const)(
    "reserves what a run under way may use of %s, or all of it without an own limit",
    (unit) => {
      expect(of(unit, { [unit]: { run: 10, day: 100 } }, 70)).toMatchObject({ amount: 10, budget: expect.any(String) });
      expect(of(unit, { [unit]: { run: 10, day: 100 } }, 85)).toMatchObject({
        ...{ amount: 5, reserved: 10, budget: `limits.day_${unit}`, isDaily: true },
      });
      expect(of(unit, { [unit]: { day: 100 } }, 70)).toMatchObject({ amount: 0, reserved: 30 });
      expect(of(unit, {}, 70)).toBeNull();
    },
  );

  it("counts runs when they start, in a repository's budget and the day's", () => {
    expect(of("runs", { runs: { day: 3 } }, 2)).toMatchObject({ amount: 1, reserved: 0, budget: "limits.day_runs" });
    expect(of("runs", { runs: { day: 3 } }, 3)).toMatchObject({ amount: 0 });
    const both: Partial<BudgetLimits["runs"]> = { day: 9, repository_day: 0 };
    expect(of("runs", { runs: both }, 3)).toMatchObject({ amount: 0, budget: "limits.repository_day_runs" });
  });
});

describe("two runs that are prepared at once", () => {
  const prepared = stateOf(
    { id: "t-1", status: "planned", runs: [] },
    { id: "t-2", mission: "m2", status: "planned", runs: [] },
  );
  /** The answers to both starts, one after the other. */
  function answers(left: RunRoom["left"]): string[] {
    let state = prepared;
    return ["t-1", "t-2"].map((task_id) => {
      const room = runRoom(prepared, left);
      const decided = decide(
        storyCommand({ ...startRun, task_id, run_id: `r-${task_id}`, room } as CommandBody),
        state,
      );
      if (decided.kind === "refused") return decided.code;
      for (const event of decided.events) state = evolve(state, { ...event, recorded_at: someInstant });
      return decided.kind;
    });
  }

  it("lets only one of two runs start if a budget of runs has room for one", () => {
    expect(answers({ day: 1 })).toEqual(["events", "stale"]);
    expect(answers({ repository_day: 1 })).toEqual(["events", "stale"]);
    expect(answers({ day: 2 })).toEqual(["events", "events"]);
    expect(answers({ mission: 1 })).toEqual(["events", "events"]);
    expect(answers({})).toEqual(["events", "events"]);
  });

  it("does not count a task that has ended but is in the state because a command needed it", () => {
    const other = (status: "landed" | "running") =>
      stateOf({ id: "t-1", status: "planned", runs: [] }, { id: "t-2", mission: "m2", status, runs: [{}] });
    const isLeft = (state: State) =>
      isRoomLeft(state, state.tasks["t-1"] as TaskState, { left: { day: 1 }, newest: [] });
    expect(isLeft(other("landed"))).toBe(true);
    expect(isLeft(other("running"))).toBe(false);
  });
});

it("keeps the change of a task held for a budget before judging: released, it is judged, and no run starts", () => {
  const holdTask = (resumes_at?: string) =>
    storyCommand({
      ...{
        kind: "HoldTask",
        task_id: ids.task,
        code: "HOLD-BUDGET",
        detail: "usd (limits.day_usd)",
        hold_id: ids.hold,
      },
      ...(resumes_at === undefined ? {} : { resumes_at }),
    });
  const midnight = "2026-01-03T00:00:00.000Z";
  const judging = given([], stateAfter("sealed", initialState)).when(holdTask(midnight)).then("TaskHeld");
  expect(judging.state.tasks[ids.task]?.hold).toMatchObject({ back_to: "judging", resumes_at: midnight });
  judging
    .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }))
    .then("HoldReleased")
    .owes("JudgeEvidence", "JudgeEvidence");
  const running = given([], stateAfter("started", initialState)).when(holdTask()).then("TaskHeld");
  expect(running.state.tasks[ids.task]?.hold).toMatchObject({ back_to: "planned", resumes_at: null });
});
