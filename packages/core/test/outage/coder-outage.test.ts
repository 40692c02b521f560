/** Outages of the coder's model vendor: what waits for it, when it is probed, that other runs wait too, and that a probe releases all of them to continue from their work. */
import { describe, expect, it } from "vitest";
import { decide } from "../../src/decide.ts";
import { evolve } from "../../src/evolve.ts";
import { openHolds } from "../../src/mission/status-summary.ts";
import type { CommandBody } from "../../src/model/command.ts";
import { initialState, type State } from "../../src/model/state.ts";
import { pendingNotices } from "../../src/notice/notices.ts";
import { isCoderDown, tasksWaitingForCoder } from "../../src/outage/coder-outage.ts";
import { nextDueAt, pendingWork } from "../../src/pending-work.ts";
import { waitingTask } from "../../src/schedule/waiting.ts";
import { runToContinue } from "../../src/task/repair.ts";
import {
  blob,
  captured,
  given,
  ids,
  sampleHeldReport,
  startRun,
  stateAfter,
  storyCommand,
} from "../../src/testing/index.ts";

const began = Date.parse("2026-01-02T04:00:00.000Z");
const at = (seconds: number) => new Date(began + seconds * 1000).toISOString();
const probed: CommandBody = { kind: "RecordCoderVendorProbe" };
const [second, third] = ["t-b", "t-c"];

function after(state: State, body: CommandBody, seconds: number): State {
  const decision = decide(storyCommand(body, "control"), state);
  if (decision.kind === "refused") throw new Error(decision.reason);
  return decision.events.reduce((next, event) => evolve(next, { ...event, recorded_at: at(seconds) }), state);
}
let holds = 0;
function ended(code: "HOLD-CODER-UNAVAILABLE" | "HOLD-CODER-FAILED", task_id: string = ids.task, run_id?: string) {
  holds += 1;
  const result = sampleHeldReport(code, { detail: "api_529", patch: blob("5"), exit_code: 1 });
  const hold_id = `h-${String(holds).padStart(16, "0")}`;
  return {
    ...{ kind: "RecordCoderResult", task_id, run_id: run_id ?? ids.run, result, hold_id },
    repair: { max_runs: 2, task_tokens: 1_000 },
  } as CommandBody;
}
const running = () => stateAfter("started", initialState);
const taskOf = (state: State, id: string = ids.task) => {
  const task = state.tasks[id];
  if (task === undefined) throw new Error(`there is no task ${id}`);
  return task;
};
function withMore(state: State, ...more: string[]): State {
  const copies = more.map((task_id) => [task_id, { ...taskOf(state), task_id: task_id as never }]);
  return { ...state, tasks: { ...state.tasks, ...Object.fromEntries(copies) } };
}
const probes = (state: State, seconds: number) =>
  pendingWork(state, at(seconds)).filter(({ kind }) => kind === "ProbeCoderVendor");
/** A next run of the task, which ends as the previous run did. */
function failAgain(state: State, runId: string, seconds: number): State {
  const lifted = after(state, probed, seconds);
  const started = after(lifted, { ...startRun, run_id: runId } as CommandBody, seconds);
  return after(started, ended("HOLD-CODER-UNAVAILABLE", ids.task, runId), seconds);
}

describe("a run whose model's vendor did not answer", () => {
  it("holds a task whose model did not answer until a probe reaches the vendor, and its next run continues from its work", () => {
    const state = after(running(), ended("HOLD-CODER-UNAVAILABLE"), 0);
    expect(taskOf(state)).toMatchObject({ status: "held", hold: { detail: "api_529", back_to: "planned" } });
    expect([probes(state, 14), nextDueAt(state, at(14))]).toEqual([[], at(15)]);
    expect(probes(state, 15)).toMatchObject([{ task_id: null, plane: "execution" }]);
    given([], state).when(storyCommand(probed, "control")).then("HoldReleased");
    const lifted = after(state, probed, 20);
    expect(pendingWork(lifted, at(20))).toMatchObject([{ kind: "PrepareRun", task_id: ids.task }]);
    expect(runToContinue(taskOf(lifted))).toMatchObject({ code: "HOLD-CODER-UNAVAILABLE", run: { patch: blob("5") } });
    // The attempt does not count as failed.
    expect(taskOf(lifted)).toMatchObject({ repairs: 0, next_cause: null });
    expect(taskOf(lifted)).not.toHaveProperty("lifted");
  });

  it("does not probe a plain failure of the coder, which waits for a person", () => {
    const state = after(running(), ended("HOLD-CODER-FAILED"), 0);
    expect([pendingWork(state, at(100_000)), nextDueAt(state, at(0))]).toEqual([[], null]);
    given([], state).when(storyCommand(probed, "control")).then();
    expect(taskOf(state).hold?.code).toBe("HOLD-CODER-FAILED");
  });

  it("probes later each time that the endpoint answered and the run then failed again, up to half an hour", () => {
    let state = after(running(), ended("HOLD-CODER-UNAVAILABLE"), 0);
    const pauses = [15];
    for (const index of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      expect(taskOf(state).vendor_lifts).toBe(index === 1 ? undefined : index - 1);
      state = failAgain(state, `r-${String(index).repeat(16)}`, index * 10_000);
      const due = nextDueAt(state, at(index * 10_000));
      pauses.push((Date.parse(due ?? "") - began) / 1000 - index * 10_000);
      expect(taskOf(state).hold).not.toHaveProperty("stays");
    }
    expect(pauses).toEqual([15, 30, 60, 120, 240, 480, 960, 1800, 1800, 1800]);
  });
});

describe("a task that its vendor always refuses", () => {
  const [first, another] = ["r-1111111111111111", "r-2222222222222222"];
  const refusedTimes = (times: number): State => {
    let state = after(running(), ended("HOLD-CODER-UNAVAILABLE"), 0);
    for (let time = 1; time <= times; time += 1)
      state = failAgain(state, `r-${String(time).padStart(16, "0")}`, time * 10_000);
    return state;
  };
  const release = (state: State, actor: "control" | "operator") => {
    const hold_id = taskOf(state).hold?.hold_id ?? "";
    const decision = decide(storyCommand({ kind: "ReleaseHold", hold_id }, actor), state);
    if (decision.kind === "refused") throw new Error(decision.reason);
    return decision.events.reduce((next, event) => evolve(next, { ...event, recorded_at: at(400_000) }), state);
  };

  it("continues a task that its vendor always refuses thirty times, then leaves it to a person with the reason", () => {
    const [last, spent] = [refusedTimes(29), refusedTimes(30)];
    expect(openHolds(last)).toMatchObject([{ resumes: "probe", detail: "api_529" }]);
    expect(openHolds(spent)).toMatchObject([
      {
        resumes: "never",
        detail: "api_529; a probe has ended such a hold 30 times without progress",
        help: expect.stringMatching(/^aedev doctor && aedev hold release h-/),
      },
    ]);
    expect([probes(last, 400_000).length, probes(spent, 400_000)]).toEqual([1, []]);
    given([], spent).when(storyCommand(probed, "control")).then();
    const told = { ...spent, system: { ...spent.system, notifier: { since: at(-1) } as never } };
    expect(pendingNotices(told, at(300_001))).toMatchObject([{ notice_id: `hold/${taskOf(spent).hold?.hold_id}` }]);
  });

  it("counts the releases from zero after a change or a person's release", () => {
    const spent = refusedTimes(30);
    const byPerson = release(spent, "operator");
    expect(taskOf(byPerson)).not.toHaveProperty("vendor_lifts");
    const begun = after(byPerson, { ...startRun, run_id: first } as CommandBody, 400_001);
    expect(openHolds(after(begun, ended("HOLD-CODER-UNAVAILABLE", ids.task, first), 400_002))).toMatchObject([
      { resumes: "probe", detail: "api_529" },
    ]);
    const lifted = after(refusedTimes(29), probed, 400_000);
    const next = after(lifted, { ...startRun, run_id: another } as CommandBody, 400_001);
    expect(taskOf(next).vendor_lifts).toBe(30);
    const change = after(next, { ...captured, run_id: another } as CommandBody, 400_002);
    expect(taskOf(change)).not.toHaveProperty("vendor_lifts");
  });

  it("does not count a task as part of an outage once it waits for a person", () => {
    const spent = refusedTimes(30);
    const both = withMore(spent, second);
    expect(isCoderDown(both)).toBe(false);
    expect(isCoderDown(withMore(refusedTimes(29), second))).toBe(true);
  });

  it("counts no releases in a log that did not record what ended its holds", () => {
    const held = refusedTimes(0);
    const data = { hold_id: taskOf(held).hold?.hold_id as never, by: "control" };
    const folded = (more: object) =>
      given([{ stream: `task/${ids.task}`, type: "HoldReleased", data: { ...data, ...more } }], held).state;
    expect(taskOf(folded({}))).not.toHaveProperty("vendor_lifts");
    expect(taskOf(folded({ vendor: true })).vendor_lifts).toBe(1);
  });
});

describe("a vendor that is down for all", () => {
  const parked = () => {
    const one = after(withMore(running(), second, third), ended("HOLD-CODER-UNAVAILABLE"), 0);
    return after(one, ended("HOLD-CODER-UNAVAILABLE", second), 40);
  };

  it("lets no other run start once two tasks wait for the vendor, and says so; one task alone stops nobody", () => {
    const planned = (state: State): State => ({
      ...state,
      tasks: { ...state.tasks, [third]: { ...taskOf(state, third), status: "planned" } },
    });
    const prepares = (state: State) =>
      pendingWork(state, at(41)).flatMap(({ kind, task_id }) => (kind === "PrepareRun" ? [task_id] : []));
    const schedule = { concurrentRuns: 5, opensAt: null };
    const both = planned(parked());
    expect([isCoderDown(both), prepares(both)]).toEqual([true, []]);
    expect(waitingTask(both, taskOf(both, third), schedule)).toEqual([
      { text: "waits until the coder's model vendor answers", help: null },
    ]);
    const alone = planned(after(withMore(running(), second, third), ended("HOLD-CODER-UNAVAILABLE"), 0));
    expect([isCoderDown(alone), prepares(alone)]).toEqual([false, [third]]);
    expect(waitingTask(alone, taskOf(alone, third), schedule)).toEqual([]);
    // A revert calls no model.
    const reverts = { task_id: ids.task, commit: "a".repeat(40) } as never;
    const takingBack = { ...both, tasks: { ...both.tasks, [third]: { ...taskOf(both, third), reverts } } };
    expect(prepares(takingBack)).toEqual([third]);
  });

  it("probes the vendor by one piece of work, whose success releases every task that waits for it", () => {
    const state = parked();
    expect(tasksWaitingForCoder(state).map(({ task_id }) => task_id)).toEqual([ids.task, second]);
    const [probe, ...others] = probes(state, 41);
    expect([others, probe?.work_id]).toEqual([[], probes(state, 4_000)[0]?.work_id]);
    given([], state).when(storyCommand(probed, "control")).then("HoldReleased", "HoldReleased");
    const lifted = after(state, probed, 60);
    expect([isCoderDown(lifted), probes(lifted, 100_000)]).toEqual([false, []]);
    expect(pendingWork(lifted, at(60)).filter(({ kind }) => kind === "PrepareRun")).toHaveLength(2);
  });

  it("tells a person once about an outage, ten minutes after it began, even if runs failed again meanwhile", () => {
    const told = (state: State): State => ({
      ...state,
      system: { ...state.system, notifier: { since: at(-1) } as never },
    });
    const messages = (state: State, seconds: number) => pendingNotices(told(state), at(seconds));
    const state = parked();
    expect([messages(state, 599), nextDueAt(told(state), at(300))]).toEqual([[], at(600)]);
    const [message, ...others] = messages(state, 600);
    expect([message, others]).toMatchObject([{ priority: 4, about: { kind: "hold", task_id: ids.task } }, []]);
    if (message === undefined) throw new Error("nothing is told");
    const { stream, notice_id, key } = message;
    const sent = after(told(state), { kind: "RecordPush", stream, notice_id, key, folded: false }, 601);
    expect(messages(sent, 100_000)).toEqual([]);
    expect(messages(failAgain(sent, "r-dddddddddddddddd", 700), 100_000)).toEqual([]);
    // A later outage has a new message.
    const ended_ = after(sent, probed, 900);
    expect(messages(ended_, 100_000)).toEqual([]);
  });
});
