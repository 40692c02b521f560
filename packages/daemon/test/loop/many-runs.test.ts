/** The loop with many missions: never more runs than places, even if urgent work comes during a preparation, and none outside their hours. */
import { setTimeout as delay } from "node:timers/promises";
import type { Priority } from "@aedev/contracts";
import { type Command, type CommandBody, decide, evolve, initialState, type State, type Work } from "@aedev/core";
import { captured, checked, clear, life, startRun, storyCommand } from "@aedev/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import { type Loop, startLoop } from "../../src/loop/loop.ts";

let loop: Loop | undefined;
afterEach(() => loop?.stop());

/** A loop over real decisions with slow performers; it counts what runs at once. */
function open(options: { concurrentRuns: number; closedUntilMs?: number }) {
  let state: State = initialState;
  let running = 0;
  const seen = { runs: 0, underWay: 0, started: [] as string[], startedAtMs: [] as number[] };
  const apply = (item: Command) => {
    const decision = decide(item, state);
    if (decision.kind === "events")
      for (const event of decision.events) {
        state = evolve(state, { ...event, recorded_at: new Date().toISOString() });
        if (event.type !== "RunStarted") continue;
        seen.started.push(event.stream);
        seen.startedAtMs.push(Date.now());
      }
    const underWay = Object.values(state.tasks).filter(({ status }) => status === "running" || status === "captured");
    seen.underWay = Math.max(seen.underWay, underWay.length);
    return { kind: decision.kind === "refused" ? "refused" : "accepted" };
  };
  const perform = async (work: Work): Promise<CommandBody | { kind: "Deferred"; atMs: number } | null> => {
    const task_id = work.task_id ?? "";
    const run_id = `r-${task_id}`;
    if (work.kind === "PrepareRun") {
      if (Date.now() < (options.closedUntilMs ?? 0)) return { kind: "Deferred", atMs: options.closedUntilMs ?? 0 };
      await delay(20);
      return { ...startRun, task_id, run_id } as CommandBody;
    }
    if (work.kind !== "RunCoder" && work.kind !== "RunChecks") return null;
    running += 1;
    seen.runs = Math.max(seen.runs, running);
    await delay(10);
    running -= 1;
    return { ...(work.kind === "RunCoder" ? captured : checked), task_id, run_id } as CommandBody;
  };
  loop = startLoop({
    state: () => state,
    submit: (item) => Promise.resolve(apply(item)),
    perform,
    bounds: { concurrentRuns: options.concurrentRuns, reminders: 0 },
  });
  const submit = (id: string, repository: string, priority: Priority = "normal") => {
    for (const body of [
      { ...life["registered"], name: repository },
      { ...life["submitted"], mission_id: id, repository, priority, clarity: clear },
      { ...life["approved"], mission_id: id, task_id: `t-${id}` },
    ])
      apply(storyCommand(body as CommandBody));
    loop?.wake();
  };
  return { seen, submit, tasks: () => Object.values(state.tasks) };
}

describe("many missions", () => {
  it("there are never more concurrent runs than places, and every mission gets its run", async () => {
    const { seen, submit, tasks } = open({ concurrentRuns: 2 });
    for (let index = 0; index < 9; index += 1) submit(`m${index}`, `repository-${index % 3}`);
    await expect.poll(() => tasks().filter(({ status }) => status === "checked").length).toBe(9);
    expect(seen).toMatchObject({ runs: 2, underWay: 2 });
  });

  it("a run in preparation keeps its place when urgent work comes", async () => {
    const { seen, submit, tasks } = open({ concurrentRuns: 1 });
    submit("calm", "a");
    await delay(5);
    submit("urgent", "b", "high");
    await expect.poll(() => tasks().filter(({ status }) => status === "checked").length).toBe(2);
    expect(seen.underWay).toBe(1);
    expect(seen.started).toEqual(["task/t-calm", "task/t-urgent"]);
  });

  it("runs begin in their hours, and not before", async () => {
    const closedUntilMs = Date.now() + 400;
    const { seen, submit } = open({ concurrentRuns: 1, closedUntilMs });
    submit("night", "a");
    await expect.poll(() => seen.started).toEqual(["task/t-night"]);
    expect(seen.startedAtMs[0]).toBeGreaterThanOrEqual(closedUntilMs);
  });
});
