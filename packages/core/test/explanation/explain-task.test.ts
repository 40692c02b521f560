/** `task explain` in each phase: what the task waits for, what comes next, and the commands that change that; every command begins with `aedev`. */
import type { HoldCode } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { type ExplainOptions, explainTask } from "../../src/explanation/explain-task.ts";
import { taskHistory } from "../../src/explanation/task-history.ts";
import { initialState, pendingWork } from "../../src/index.ts";
import type { FoldedEvent } from "../../src/model/event.ts";
import type { HoldBounds } from "../../src/task/pending-holds.ts";
import {
  blob,
  given,
  ids,
  type life,
  someInstant,
  startLanding,
  stateAfter,
  storyCommand,
} from "../../src/testing/index.ts";

const from = (last: keyof typeof life) => given([], stateAfter(last, initialState));
const explain = (
  { state }: { state: Parameters<typeof explainTask>[0] },
  opensAt: string | null = null,
  holds?: HoldBounds,
  { events = [], ...more }: { events?: FoldedEvent[] } & Partial<Pick<ExplainOptions, "now" | "probePauses">> = {},
) => {
  const task = state.tasks[ids.task];
  if (task === undefined) throw new Error("the story has no task");
  const schedule = { concurrentRuns: 1, opensAt };
  return explainTask(state, task, { now: someInstant, schedule, holds, history: taskHistory(events), ...more });
};
const held = (code: HoldCode) =>
  from("started")
    .when(storyCommand({ kind: "HoldTask", task_id: ids.task, code, detail: "why", hold_id: "h-aaaaaaaaaaaaaaaa" }))
    .then("TaskHeld");
/** An event of the task, this many seconds after the story's instant. */
const event = (seconds: number, type: string, data: object) =>
  ({ type, data, stream: `task/${ids.task}`, recorded_at: later(seconds) }) as FoldedEvent;
const later = (seconds: number) => new Date(Date.parse(someInstant) + seconds * 1000).toISOString();

describe("an explained task", () => {
  it("explains a task's runs, verdicts and the gate's reasons, and that a landing comes next", () => {
    const told = explain(from("gated"));
    expect(told).toMatchObject({ phase: "landing", waits_for: [], next_at: null });
    const texts = told.story.map(({ text }) => text);
    expect(texts[0]).toBe("planned, from a specification that was approved");
    for (const part of [
      "run 1 started",
      "evidence sealed, checks green",
      "judge openai: pass",
      "the gate answered merge",
    ])
      expect(texts).toContain(part);
    expect(told.next).toContain("the change lands");
    expect(told.commands).toEqual([`aedev task cancel ${ids.task}`]);
  });

  it("names the checks that a task's pull request waits for, and a pause with the command that ends it", () => {
    const head_ref = `refs/heads/aedev/${ids.mission}/${ids.task}`;
    if (startLanding.kind !== "StartLanding") throw new Error("the story starts no landing");
    const { commit: head } = startLanding;
    const waits = from("gated")
      .when(storyCommand({ ...startLanding, head_ref }))
      .then("LandingStarted")
      .when(
        storyCommand({
          kind: "RecordPullRequest",
          task_id: ids.task,
          number: 7,
          url: "https://github.com/o/r/pull/7",
          head,
        }),
      )
      .then("PullRequestOpened")
      .when(
        storyCommand({
          kind: "RecordPullRequestWaits",
          task_id: ids.task,
          number: 7,
          waits_for: [{ kind: "check-missing", name: "test" }],
        }),
      )
      .then("PullRequestWaits");
    expect(explain(waits).waits_for).toEqual([
      "pull request #7 waits for the required check test, which has not reported",
    ]);
  });

  it("explains a held task by its code, since when it is held, and who can end the hold", () => {
    const automatic = explain(held("HOLD-DOCKER-UNAVAILABLE"));
    expect(automatic).toMatchObject({ waits_for: ["the end of HOLD-DOCKER-UNAVAILABLE"], since: someInstant });
    expect(automatic.next).toBe("the task continues automatically, once a probe succeeds");
    const person = explain(held("HOLD-CODER-FAILED"));
    expect(person.next).toBe("nothing, until a person acts");
    expect(person.commands).toEqual([`aedev task retry ${ids.task}`]);
    const ttlMs = 60_000;
    const at = new Date(Date.parse(someInstant) + ttlMs).toISOString();
    const limited = (onTimeout: "keep" | "reject" | "ask") =>
      explain(held("HOLD-CODER-FAILED"), null, { ttlMs, onTimeout });
    expect(limited("reject")).toMatchObject({ next: "unless a person acts, the change is given up", next_at: at });
    expect(limited("ask")).toMatchObject({ next: "unless a person acts, one more message asks about it", next_at: at });
    expect(limited("keep")).toMatchObject({ next: "nothing, until a person acts", next_at: null });
    expect(person.story.at(-1)?.text).toBe("held: HOLD-CODER-FAILED, why");
  });

  const probePauses = () => ({ firstMs: 15_000, maxMs: 300_000 });
  const dueText = (text: string) =>
    `the task continues automatically, once a probe succeeds; while the daemon runs, the next probe is due ${text}`;

  it("says within which time the next probe of a hold is due, as the pauses between probes grow", () => {
    const at = (seconds: number) =>
      explain(held("HOLD-FETCH-FAILED"), null, undefined, { probePauses, now: later(seconds) });
    for (const [seconds, within, bound] of [
      [0, "15 seconds", 15],
      [40, "55 seconds", 55],
      [60, "2 minutes", 75],
      [86_400, "5 minutes", 300],
    ] as const)
      expect(at(seconds)).toMatchObject({ next: dueText(`within ${within}`), next_at: later(seconds + bound) });
    // The loop probes at once, and then after pauses that double, each counted from the end of a probe: never later than announced.
    for (const probeSeconds of [0, 7]) {
      let [probe, pause] = [0, 15];
      for (let times = 0; times < 12; times += 1) {
        const ended = probe + probeSeconds;
        const next = ended + pause;
        for (const now of [ended, (ended + next) / 2, next - 1])
          expect(Date.parse(at(now).next_at ?? "")).toBeGreaterThanOrEqual(Date.parse(later(next)));
        [probe, pause] = [next, Math.min(300, pause * 2)];
      }
    }
    // No probe ends this hold.
    expect(explain(held("HOLD-CODER-FAILED"), null, undefined, { probePauses }).next_at).toBeNull();
  });

  it.each([
    ["HOLD-CODER-UNAVAILABLE", 0, 15],
    ["HOLD-EXTERNAL-STATE-UNKNOWN", 0, 15],
    ["HOLD-EXTERNAL-STATE-UNKNOWN", 2, 240],
  ] as const)(
    "says when the first probe is due for a task held with %s after %i releases by probes",
    (code, lifted, first) => {
      const { state } = held(code);
      const task = state.tasks[ids.task];
      if (task?.hold == null) throw new Error("the story has no held task");
      const lifts = lifted === 0 ? {} : { lifted };
      const waiting = { ...state, tasks: { ...state.tasks, [ids.task]: { ...task, ...lifts } } };
      const at = (seconds: number) =>
        explain({ state: waiting }, null, undefined, { probePauses, now: later(seconds) });
      const due = { next: dueText("by"), next_at: later(first) };
      expect([at(0), at(first - 1)]).toMatchObject([due, due]);
      expect(at(first)).toMatchObject({ next: dueText("within 15 seconds"), next_at: later(first + 15) });
      // The time at which the work is pending.
      const pending = (seconds: number) => pendingWork(waiting, later(seconds)).map(({ kind }) => kind);
      const kind = code === "HOLD-CODER-UNAVAILABLE" ? "ProbeCoderVendor" : "ProbeCause";
      expect([pending(first - 1), pending(first)]).toEqual([[], [kind]]);
    },
  );

  it("says that a pause keeps a held task from being probed, and gives no time", () => {
    const paused = held("HOLD-EXTERNAL-STATE-UNKNOWN").when(
      storyCommand({ kind: "PauseLandings", repository: "repo" } as never),
    );
    const told = explain(paused.then("LandingPaused"), null, undefined, { probePauses });
    expect(told).toMatchObject({
      waits_for: ["the end of HOLD-EXTERNAL-STATE-UNKNOWN", "landings paused: repo"],
      next: "the task continues automatically, once a probe succeeds",
      next_at: null,
    });
  });

  it("tells when runs ended, evidence was sealed and judges answered, and which holds there were and who ended them", () => {
    const hold = { code: "HOLD-FETCH-FAILED", detail: "no route", hold_id: "h-bbbbbbbbbbbbbbbb" };
    const events = [
      event(1, "TaskHeld", hold),
      event(2, "HoldReleased", { hold_id: hold.hold_id, by: "control" }),
      event(3, "TaskHeld", { ...hold, code: "HOLD-DISK-LOW", detail: null }),
      event(4, "HoldReleased", { hold_id: hold.hold_id, by: "operator:anna", way: "terminal" }),
      event(5, "RunStarted", { run_id: ids.run }),
      event(6, "ChangeCaptured", { run_id: ids.run }),
      event(7, "EvidenceSealed", { bundle: blob("e") }),
      event(8, "VerdictRecorded", { family: "openai", bundle_digest: "e".repeat(64) }),
      event(9, "GateDecided", {}),
    ];
    const { story } = explain(from("gated"), null, undefined, { events });
    const seconds = (text: string) => story.find((line) => line.text === text)?.at;
    for (const [text, second] of [
      ["held: HOLD-FETCH-FAILED, no route", 1],
      ["HOLD-FETCH-FAILED was released automatically", 2],
      ["held: HOLD-DISK-LOW", 3],
      ["HOLD-DISK-LOW was released by anna in the terminal", 4],
      ["run 1 ended: it wrote a change", 6],
      ["evidence sealed, checks green", 7],
      ["judge openai: pass", 8],
    ] as const)
      expect(seconds(text), text).toBe(later(second));
    const known = story.flatMap(({ at }) => at ?? []);
    expect(known).toEqual(known.toSorted());
  });

  it("names the hour that a planned task waits for; a landed task waits for nothing", () => {
    expect(explain(from("approved"), "22:00").waits_for).toEqual(["outside run_window until 22:00"]);
    const landed = explain(from("landed"));
    expect(landed).toMatchObject({ phase: "landed", waits_for: [] });
    expect(landed.commands).toEqual([`aedev task outcome ${ids.task} good|bad`]);
  });
});
