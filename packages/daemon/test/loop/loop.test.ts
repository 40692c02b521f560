/** The loop's patience: work that can't be recorded or that kills its plane is tried a few times and then held, never spun on. */

import { setImmediate } from "node:timers/promises";
import { Fault } from "@aedev/contracts";
import { type Command, decide, evolve, initialState, type State } from "@aedev/core";
import { ids, life, stateAfter } from "@aedev/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import { type Loop, type Perform, startLoop } from "../../src/loop/loop.ts";
import { PlaneEnded } from "../../src/planes/plane.ts";

let loop: Loop | undefined;
afterEach(() => loop?.stop());

/** A loop over real decisions: every answer of `perform` is decided and folded. */
function open(from: State, perform: Perform) {
  let state = from;
  const performed: string[] = [];
  const submit = (command: Command) => {
    const decision = decide(command, state);
    if (decision.kind === "events")
      for (const event of decision.events) state = evolve(state, { ...event, recorded_at: command.at });
    return Promise.resolve({ kind: decision.kind === "refused" ? "refused" : "accepted" });
  };
  loop = startLoop({
    state: () => state,
    submit,
    perform: (work, now) => {
      performed.push(work.kind);
      return perform(work, now);
    },
    bounds: { concurrentRuns: 2, reminders: 0 },
  });
  return { performed, task: () => state.tasks[ids.task], set: (next: State) => (state = next) };
}

const after = (step: string) => stateAfter(step, initialState);

it("the loop says when the work of its first pass has ended, even if there was none", async () => {
  const { promise, resolve } = Promise.withResolvers<null>();
  const busy = open(after("landing"), () => promise);
  let isOver = false;
  const over = loop?.firstWorkDone.then(() => {
    isOver = true;
  });
  await expect.poll(() => busy.performed).toEqual(["LandChange"]);
  await setImmediate();
  expect(isOver).toBe(false);
  resolve(null);
  await over;
  loop?.stop();

  open(initialState, () => Promise.reject(new Error("nothing is pending")));
  await loop?.firstWorkDone;
});

describe("work that gets nowhere", () => {
  it("a task whose result the log refuses again and again is held, and a result that it takes is recorded", async () => {
    const { landed } = life;
    if (landed === undefined) throw new Error("the story has no landing");
    const good = open(after("landing"), () => Promise.resolve(landed));
    await expect.poll(() => good.task()?.status).toBe("landed");
    expect(good.performed).toEqual(["LandChange"]);
    loop?.stop();

    // A verdict on a bundle that nobody asked about.
    const foreign = { family: "openai", verdict: "pass", bundle_digest: "0".repeat(64) } as never;
    const bad = open(after("sealed"), () =>
      Promise.resolve({ kind: "RecordVerdict", task_id: ids.task, verdict: foreign }),
    );
    await expect.poll(() => bad.task()?.status).toBe("held");
    expect(bad.task()?.hold).toMatchObject({ code: "HOLD-EVIDENCE-INCOMPLETE" });
    expect(bad.performed.length).toBeLessThanOrEqual(4);
  });

  it("work that ends its plane each time is held, but work waits for a plane that is merely away", async () => {
    const poison = open(after("sealed"), () => Promise.reject(new PlaneEnded("it ended", { duringWork: true })));
    await expect.poll(() => poison.task()?.status).toBe("held");
    expect(poison.task()?.hold?.detail).toContain("it ended, 5 times");
    loop?.stop();

    let tries = 0;
    const away = open(after("sealed"), () => {
      tries += 1;
      return Promise.reject(new PlaneEnded("it is not running"));
    });
    for (let times = 1; times <= 12; times += 1) {
      await expect.poll(() => tries).toBeGreaterThanOrEqual(times);
      loop?.wakeNow();
    }
    expect(away.task()?.status).toBe("judging");
  });

  it("paused work does not wait for hours if the clock is set back", async () => {
    const realNow = Date.now;
    try {
      let tries = 0;
      const late = open(after("sealed"), () => {
        tries += 1;
        return Promise.reject(new PlaneEnded("it is away", { duringWork: false }));
      });
      await expect.poll(() => late.performed.length).toBeGreaterThan(0);
      const before = tries;
      // Unless the clock is set it pauses, for half a second.
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(tries).toBe(before);
      Date.now = () => realNow() - 3_600_000;
      await expect.poll(() => tries, { timeout: 5_000 }).toBeGreaterThan(before);
    } finally {
      Date.now = realNow;
    }
  });

  it("the loop does not spin on a work item of a held task, which can't be held again", async () => {
    const running = after("started");
    const stopped = decide(
      {
        kind: "HoldTask",
        task_id: ids.task,
        code: "HOLD-DOCKER-UNAVAILABLE",
        detail: null,
        hold_id: ids.hold,
        command_id: "held",
        actor: "control",
        at: new Date().toISOString(),
      },
      running,
    );
    if (stopped.kind === "refused") throw new Error(stopped.reason);
    const held = stopped.events.reduce(
      (state, event) => evolve(state, { ...event, recorded_at: new Date().toISOString() }),
      running,
    );
    const probing = open(held, () => Promise.reject(new Fault("report-mismatch", "another report came back")));
    await expect.poll(() => probing.performed.length).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(probing.performed).toEqual(["ProbeEngine"]);
    expect(probing.task()?.status).toBe("held");
  });

  it("a task's current work is not held for an earlier failure", async () => {
    let release: (() => void) | undefined;
    const late = open(after("sealed"), (work) =>
      work.kind === "JudgeEvidence" && release === undefined
        ? new Promise((_resolve, reject) => {
            release = () => reject(new Fault("git-timeout", "too late"));
          })
        : new Promise(() => undefined),
    );
    await expect.poll(() => release).toBeDefined();
    late.set(after("started"));
    release?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(late.task()?.status).toBe("running");
  });
});

describe("passes of the loop", () => {
  it("passes are completed with nothing to do, and none once the loop is stopped", async () => {
    let passes = 0;
    loop = startLoop({
      state: () => initialState,
      submit: () => Promise.resolve({ kind: "accepted" }),
      perform: () => Promise.resolve(null),
      bounds: { concurrentRuns: 2, reminders: 0 },
      passes: { everyMs: 5, completed: () => (passes += 1) },
    });
    await expect.poll(() => passes).toBeGreaterThan(3);
    loop.stop();
    const atStop = passes;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(passes).toBe(atStop);
  });

  it("a pass reads nothing of an unchanged state, and gives out what a new one has", async () => {
    let passes = 0;
    let reads = 0;
    const counted = (state: State): State =>
      new Proxy(state, {
        get(target, key) {
          reads += 1;
          return Reflect.get(target, key);
        },
      });
    let state = counted(initialState);
    const performed: string[] = [];
    loop = startLoop({
      state: () => state,
      submit: () => Promise.resolve({ kind: "accepted" }),
      perform: (work) => {
        performed.push(work.kind);
        return new Promise(() => undefined);
      },
      bounds: { concurrentRuns: 2, reminders: 0 },
      passes: { everyMs: 5, completed: () => (passes += 1) },
    });
    await expect.poll(() => passes).toBeGreaterThan(0);
    const atRest = reads;
    expect(atRest).toBeGreaterThan(0);
    const before = passes;
    await expect.poll(() => passes).toBeGreaterThan(before + 3);
    expect(reads).toBe(atRest);
    state = counted(after("landing"));
    await expect.poll(() => performed).toEqual(["LandChange"]);
  });

  it("passes are completed while the log is not trusted, but give out no work", async () => {
    let passes = 0;
    const performed: string[] = [];
    const { landed } = life;
    const open = (mayWork: boolean) =>
      startLoop({
        state: () => after("sealed"),
        submit: () => Promise.resolve({ kind: "accepted" }),
        perform: (work) => {
          performed.push(work.kind);
          return Promise.resolve(landed ?? null);
        },
        bounds: { concurrentRuns: 2, reminders: 0 },
        mayWork: () => mayWork,
        passes: { everyMs: 5, completed: () => (passes += 1) },
      });
    loop = open(false);
    await expect.poll(() => passes).toBeGreaterThan(0);
    expect(performed).toEqual([]);
    loop.stop();
    loop = open(true);
    await expect.poll(() => performed.length).toBeGreaterThan(0);
  });
});
