/** Token budgets: the tightest counts, and tokens reserved for one run are not given to another. */
import { type MissionId, noUsage, type TaskId, type Usage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { initialState, type State, type TaskState } from "../../src/model/state.ts";
import { dayStart, grantTokens, isReserved, tokensSince, usesByRuns } from "../../src/task/token-budgets.ts";
import { ids, stateAfter } from "../../src/testing/story.ts";

const now = "2026-01-02T12:00:00.000Z";
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
const grant = (state: State, id: string, other: Partial<typeof limits> = {}) =>
  grantTokens(state, state.tasks[id] as TaskState, {
    limits: { ...limits, ...other },
    dayTokens: tokensSince(Object.values(state.tasks).flatMap(usesByRuns), dayStart(now)),
  });

describe("what a run may use", () => {
  it("is its own share if every budget has room", () => {
    expect(grant(stateOf({ id: "a" }), "a")).toMatchObject({ tokens: 100, budget: "limits.run_tokens" });
  });

  it.each([
    ["task_tokens", "repair.task_tokens"],
    ["mission_tokens", "limits.mission_tokens"],
    ["day_tokens", "limits.day_tokens"],
  ] as const)("is what is left under %s, which is named", (key, budget) => {
    const state = stateOf({ id: "a", runs: [{ tokens: 250, surcharge: 50 }, {}] });
    expect(grant(state, "a", { [key]: 350 })).toMatchObject({
      tokens: 50,
      budget,
      used: 300,
      limit: 350,
      reserved: 0,
    });
    expect(grant(state, "a", { [key]: 300 }).tokens).toBe(0);
    expect(grant(state, "a", { [key]: 400 })).toMatchObject({ tokens: 100, budget: "limits.run_tokens" });
  });

  it("counts a mission's other tasks, and no other mission's", () => {
    const spent = { status: "landed", runs: [{ tokens: 300 }] } as const;
    const state = stateOf({ id: "a" }, { id: "b", ...spent }, { id: "c", mission: "m2", ...spent });
    expect(grant(state, "a", { mission_tokens: 350 })).toMatchObject({ tokens: 50, used: 300 });
    expect(grant(state, "a", { day_tokens: 650 })).toMatchObject({ tokens: 50, used: 600 });
  });

  it("counts a run by its start: runs older than 24 hours belong to another day", () => {
    const run = (at: string) =>
      stateOf({ id: "a" }, { id: "b", mission: "m2", status: "landed", runs: [{ tokens: 950, at }] });
    expect(grant(run("2026-01-01T12:00:00.001Z"), "a")).toMatchObject({ tokens: 50, budget: "limits.day_tokens" });
    expect(grant(run("2026-01-01T12:00:00.000Z"), "a")).toMatchObject({ tokens: 100 });
  });

  it("is never the same remainder for two runs, whatever they are and in which order they are asked for", () => {
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
        const granted = ["a", "b", "c", "d"].map((id) => Math.max(0, grant(state, id, { [budget]: limit }).tokens));
        const own = budget === "day_tokens" ? granted : [granted[0], granted[3]].map((tokens) => tokens ?? 0);
        const sum = own.reduce((total, tokens) => total + tokens, 0);
        expect(sum).toBeLessThanOrEqual(Math.max(0, limit - spent));
        expect(granted[3]).toBe(Math.max(0, Math.min(100, limit - spent)));
      }
    }
  });

  it("waits only for runs that have reserved the tokens it lacks", () => {
    const wants = { id: "a", status: "planned", runs: [] } as const;
    const under = grant(stateOf({ id: "b", runs: [{}] }, wants), "a", { day_tokens: 150 });
    expect(under).toMatchObject({ tokens: 50, reserved: 100 });
    expect(isReserved(under, limits)).toBe(true);
    expect(isReserved(grant(stateOf({ id: "b", runs: [{}] }, wants), "a", { day_tokens: 200 }), limits)).toBe(false);
    const after = grant(stateOf({ id: "b", status: "landed", runs: [{ tokens: 100 }] }, wants), "a", {
      day_tokens: 150,
    });
    expect(isReserved(after, limits)).toBe(false);
    expect(after.tokens).toBe(50);
  });
});
