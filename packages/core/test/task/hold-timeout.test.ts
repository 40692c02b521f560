/** Holds that wait too long for a person: kept, rejected or asked about once, as the policy says, and never released. */
import { type HoldCode, holdCodes, resumptionOf } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/decide.ts";
import { evolve } from "../../src/evolve.ts";
import type { CommandBody } from "../../src/model/command.ts";
import { initialState, type State } from "../../src/model/state.ts";
import { pendingNotices } from "../../src/notice/notices.ts";
import { nextDueAt, pendingWork, type WorkBounds, widestBounds } from "../../src/pending-work.ts";
import { given, ids, someInstant, startLanding, stateAfter, storyCommand } from "../../src/testing/index.ts";

const ttlMs = 60_000;
const at = (ms: number) => new Date(Date.parse(someInstant) + ms).toISOString();
const bounds = (onTimeout: "keep" | "reject" | "ask"): WorkBounds => ({ ...widestBounds, holds: { ttlMs, onTimeout } });

function heldBy(code: HoldCode): State {
  const hold: CommandBody = { kind: "HoldTask", task_id: ids.task, code, detail: null, hold_id: ids.hold };
  return given([], stateAfter("sealed", initialState)).when(storyCommand(hold)).then("TaskHeld").state;
}
const timeOuts = (state: State, ms: number, onTimeout: "keep" | "reject" | "ask") =>
  pendingWork(state, at(ms), bounds(onTimeout)).filter(({ kind }) => kind === "TimeOutHold");
const timeOut = (action: "reject" | "ask"): CommandBody => ({ kind: "TimeOutHold", hold_id: ids.hold, action });

describe("a hold that waits for a person", () => {
  it.each(["reject", "ask"] as const)(
    "gives a waiting hold a time limit with %s, exactly from that instant",
    (onTimeout) => {
      const state = heldBy("HOLD-CLAUDE-DOCKER-IMAGE");
      expect(timeOuts(state, ttlMs - 1, onTimeout)).toEqual([]);
      expect(timeOuts(state, ttlMs, onTimeout)).toMatchObject([{ hold_id: ids.hold, action: onTimeout }]);
      expect(nextDueAt(state, at(ttlMs - 1), bounds(onTimeout))).toBe(at(ttlMs));
    },
  );

  it("gives a waiting hold no time limit with keep, or without a policy", () => {
    const state = heldBy("HOLD-CLAUDE-DOCKER-IMAGE");
    expect(timeOuts(state, ttlMs * 1000, "keep")).toEqual([]);
    expect(nextDueAt(state, at(0), bounds("keep"))).toBeNull();
    expect(pendingWork(state, at(ttlMs * 1000))).toEqual([]);
  });

  it("rejects a task whose hold waited too long, with the reason, and lands nothing", () => {
    const { state, events } = (() => {
      const asked = given([], heldBy("HOLD-CLAUDE-DOCKER-IMAGE")).when(storyCommand(timeOut("reject")));
      return { state: asked.then("TaskRejected").state, events: asked.events };
    })();
    expect(events[0]?.data).toMatchObject({ reason: "HOLD-CLAUDE-DOCKER-IMAGE was not resolved within hold.ttl" });
    expect(state.tasks[ids.task]).toMatchObject({ status: "rejected", hold: null });
    expect(timeOuts(state, ttlMs * 2, "reject")).toEqual([]);
  });

  it("asks a person instead of rejecting once the landing has started, because the push may have arrived", () => {
    const started = given([], stateAfter("gated", initialState))
      .when(storyCommand(startLanding))
      .then("LandingStarted");
    const code = "HOLD-EXTERNAL-STATE-UNKNOWN";
    started
      .when(storyCommand({ kind: "HoldTask", task_id: ids.task, code, detail: "no answer", hold_id: ids.hold }))
      .then("TaskHeld")
      .when(storyCommand(timeOut("reject")))
      .then("HoldTimedOut");
  });

  it("asks once about a hold that waited too long, by a message as urgent as an approval, and keeps the hold", () => {
    const held = heldBy("HOLD-CLAUDE-DOCKER-IMAGE");
    const notifier = { digest: "d".repeat(64), since: at(-1) };
    const before: State = { ...held, system: { ...held.system, notifier } };
    expect(pendingNotices(before, at(0)).map(({ priority }) => priority)).toEqual([4]);
    const decision = decide(storyCommand(timeOut("ask")), before);
    if (decision.kind === "refused") throw new Error(decision.reason);
    const after = decision.events.reduce((next, event) => evolve(next, { ...event, recorded_at: at(ttlMs) }), before);
    expect(after.tasks[ids.task]).toMatchObject({ status: "held", hold: { timed_out_at: at(ttlMs) } });
    expect(pendingNotices(after, at(ttlMs))).toMatchObject([{ priority: 5, notice_id: `hold-timeout/${ids.hold}` }]);
    expect(timeOuts(after, ttlMs * 5, "ask")).toEqual([]);
    expect(nextDueAt(after, at(ttlMs), bounds("ask"))).toBeNull();
    given([], after)
      .when(storyCommand(timeOut("ask")))
      .then();
  });

  it("does not end a hold that was released before its time limit", () => {
    const released = given([], heldBy("HOLD-CLAUDE-DOCKER-IMAGE"))
      .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }))
      .then("HoldReleased");
    for (const action of ["reject", "ask"] as const)
      released.when(storyCommand(timeOut(action))).thenRefused("unknown-hold");
  });
});

it("never ends a hold that continues automatically, whatever its code", () => {
  const ended = holdCodes.filter((code) => timeOuts(heldBy(code), ttlMs, "reject").length > 0);
  // A run that a person stopped continues when a person resumes work.
  const endsByResume = (code: HoldCode) => code === "HOLD-STOPPED";
  const never = holdCodes.filter((code) => resumptionOf({ code, resumes_at: null }) === "never");
  expect(ended).toEqual(never.filter((code) => !endsByResume(code)));
  expect(ended).not.toContain("HOLD-DOCKER-UNAVAILABLE");
  expect(ended).not.toContain("HOLD-VALIDATOR-UNAVAILABLE");
  const limited = heldBy("HOLD-USAGE-LIMIT");
  const task = limited.tasks[ids.task];
  if (task?.hold == null) throw new Error("the task is held");
  const waiting = { ...task, hold: { ...task.hold, resumes_at: at(ttlMs * 10) } };
  const state = { ...limited, tasks: { ...limited.tasks, [ids.task]: waiting } };
  expect(timeOuts(state, ttlMs * 5, "reject")).toEqual([]);
});
