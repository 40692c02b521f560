/** The offer to raise a budget that holds work: for one hold, one budget and one amount; used once; gone with its hold. */
import { describe, expect, it } from "vitest";
import { approvalStatus } from "../../src/approval/approval-status.ts";
import { decide, openSubjects, pendingWork } from "../../src/index.ts";
import type { CommandBody } from "../../src/model/command.ts";
import { entityById, initialState, type State } from "../../src/model/state.ts";
import { pendingNotices } from "../../src/notice/notices.ts";
import { given, ids, someInstant, stateAfter, stateAfterCommands, storyCommand } from "../../src/testing/index.ts";
import { approvalId, later, muchLater } from "./asked.ts";

const offered = { budget: "limits.day_usd", raise_to: "40" } as const;
const hold = (detail: string, hold_id: string = ids.hold): CommandBody => ({
  ...{ kind: "HoldTask", task_id: ids.task, code: "HOLD-BUDGET", detail, hold_id },
  resumes_at: muchLater,
});
const request = (change: object = {}, letter = "a"): CommandBody => ({
  ...{ kind: "RequestApproval", approval_id: approvalId(letter), expires_at: later },
  subject: {
    ...{ kind: "budget", mission_id: ids.mission, task_id: ids.task, hold_id: ids.hold, ...offered },
    ...change,
  } as never,
});
const raise = (change: object = {}): CommandBody => ({
  ...{ kind: "RaiseBudget", task_id: ids.task, hold_id: ids.hold, ...offered },
  ...change,
});
const tap = (decision: CommandBody, action: "raise" | "approve" = "raise", letter = "a"): CommandBody => ({
  ...{ kind: "UseApproval", approval_id: approvalId(letter), action, decision },
});
const when = (state: State, body: CommandBody, actor = "phone") => given([], state).when(storyCommand(body, actor));
const running = stateAfter("started", initialState);
const notified = stateAfterCommands(running, [{ kind: "ConfigureNotifier", digest: "1".repeat(64) }]);
const held = stateAfterCommands(notified, [hold("usd ($20.00 of $20.00: limits.day_usd)")]);
const open = stateAfterCommands(held, [request()]);
const statusOf = (state: State, letter = "a", now = someInstant) => {
  const approval = entityById(state.approvals, approvalId(letter));
  return approval === undefined ? undefined : approvalStatus(state, approval, now);
};
/** The state with another task, held for the same or another reason. */
const beside = (state: State, detail: string): State => {
  const task = state.tasks[ids.task];
  if (task?.hold == null) throw new Error("the task is not held");
  const other = {
    ...task,
    task_id: "t-bbbbbbbbbbbbbbbb",
    hold: { ...task.hold, hold_id: "h-bbbbbbbbbbbbbbbb", detail },
  };
  return { ...state, tasks: { ...state.tasks, "t-bbbbbbbbbbbbbbbb": other as never } };
};

describe("an offer to raise a budget", () => {
  it("offers to raise a budget for a hold that it caused, to an amount that the budget accepts", () => {
    when(held, request()).then("ApprovalRequested");
    when(held, request({ raise_to: "40.5" })).then("ApprovalRequested");
    for (const wrong of [
      { budget: "limits.mission_usd" },
      { hold_id: "h-cccccccccccccccc" },
      { task_id: "t-cccccccccccccccc" },
      { raise_to: "1234567" },
      { raise_to: "0.0000001" },
    ])
      when(held, request(wrong)).thenRefused("not-asked");
    const ofRuns = stateAfterCommands(notified, [hold("runs (3 of 3: limits.day_runs)")]);
    when(ofRuns, request({ budget: "limits.day_runs", raise_to: "6" })).then("ApprovalRequested");
    when(ofRuns, request({ budget: "limits.day_runs", raise_to: "6.5" })).thenRefused("not-asked");
  });

  it("makes no offer if a higher budget would not help", () => {
    for (const detail of ["usd (no price of m-1: limits.day_usd)", "usd (model not recorded: limits.day_usd)", "bytes"])
      when(stateAfterCommands(notified, [hold(detail)]), request()).thenRefused("not-asked");
    const timeout = stateAfterCommands(notified, [hold("minutes (limits.run_timeout)")]);
    when(timeout, request({ budget: "limits.run_timeout", raise_to: "90" })).thenRefused("not-asked");
    when(running, request()).thenRefused("not-asked");
  });

  it("sends the offer with the one message about the hold, and nothing waits for its answer", () => {
    const due = pendingNotices(open, someInstant);
    expect(due.map(({ notice_id }) => notice_id)).toEqual([`hold/${ids.hold}`]);
    expect(openSubjects(open)).toEqual([]);
    expect(pendingWork(open, muchLater).map(({ kind }) => kind)).not.toContain("RequestApproval");
  });

  it("sends a separate message for each hold, because each has its own button", () => {
    const key = (state: State) => pendingNotices(state, someInstant).map((notice) => notice.key);
    expect(key(held)).toEqual([`hold/${ids.hold}`]);
    const other: CommandBody = {
      kind: "HoldTask",
      task_id: ids.task,
      code: "HOLD-NO-PROGRESS",
      detail: null,
      hold_id: ids.hold,
    };
    expect(key(stateAfterCommands(notified, [other]))).toEqual([`hold/HOLD-NO-PROGRESS/${ids.task}`]);
  });

  it("ends an offer with a newer offer, with the end of its hold, and at its time", () => {
    expect(statusOf(open)).toBe("open");
    expect(statusOf(open, "a", muchLater)).toBe("expired");
    const accepted = { ...open, system: { ...open.system, epoch: open.system.epoch + 1 } };
    expect(statusOf(accepted)).toBe("expired");
    const newer = stateAfterCommands(open, [request({ raise_to: "80" }, "b")]);
    expect([statusOf(newer), statusOf(newer, "b")]).toEqual(["superseded", "open"]);
    const release: CommandBody = { kind: "ReleaseHold", hold_id: ids.hold };
    expect(statusOf(stateAfterCommands(open, [release]))).toBe("decided");
    expect(statusOf(stateAfterCommands(open, [{ kind: "RejectTask", task_id: ids.task, reason: null }]))).toBe(
      "decided",
    );
    const again = hold("usd ($20.00 of $20.00: limits.day_usd)", "h-dddddddddddddddd");
    expect(statusOf(stateAfterCommands(open, [release, again]))).toBe("superseded");
  });
});

describe("a tap on a raise offer", () => {
  it("releases the hold and all others of this budget once on a tap, and records who raised it to what", () => {
    const two = beside(open, "usd (limits.day_usd)");
    const tapped = when(two, tap(raise())).then("ApprovalUsed", "HoldReleased", "HoldReleased");
    expect(Object.values(tapped.state.tasks).map((task) => [task.status, task.hold])).toEqual([
      ["planned", null],
      ["planned", null],
    ]);
    const single = when(beside(open, "usd (limits.mission_usd)"), tap(raise())).then("ApprovalUsed", "HoldReleased");
    expect(single.state.tasks["t-bbbbbbbbbbbbbbbb"]?.status).toBe("held");
    const decision = decide(storyCommand(tap(raise()), "phone"), open);
    expect(decision.kind === "refused" ? [] : decision.events).toMatchObject([
      { data: { action: "raise", by: "phone" } },
      { stream: `task/${ids.task}`, data: { hold_id: ids.hold, raised: offered, by: "phone" } },
    ]);
    const once = stateAfterCommands(open, [tap(raise())]);
    when(once, tap(raise())).thenRefused("approval-decided");
  });

  it("refuses a tap on a raise offer for another decision, another budget or another amount", () => {
    const wrong: readonly CommandBody[] = [
      raise({ budget: "limits.mission_usd" }),
      raise({ raise_to: "80" }),
      raise({ raise_to: "40.0" }),
      raise({ hold_id: "h-cccccccccccccccc" }),
      raise({ task_id: "t-cccccccccccccccc" }),
      { kind: "ReleaseHold", hold_id: ids.hold },
      { kind: "RetryTask", task_id: ids.task },
      { kind: "ApproveLanding", task_id: ids.task, digest: null },
    ];
    for (const decision of wrong) when(open, tap(decision)).thenRefused("approval-mismatch");
    when(open, tap(raise(), "approve")).thenRefused("approval-mismatch");
    when(open, tap(raise())).then("ApprovalUsed", "HoldReleased");
  });

  it("ignores a tap on a raise offer whose hold is gone or belongs to another cause by now", () => {
    const released = stateAfterCommands(open, [{ kind: "ReleaseHold", hold_id: ids.hold }]);
    when(released, tap(raise())).thenRefused("approval-decided");
    const again = stateAfterCommands(released, [hold("usd (limits.day_usd)", "h-dddddddddddddddd")]);
    when(again, tap(raise())).thenRefused("approval-superseded");
    when(again, raise()).thenRefused("not-held");
    when(again, raise({ hold_id: "h-dddddddddddddddd" })).then("HoldReleased");
  });

  it("requires a named person for a tap on a raise offer if approvals do", () => {
    for (const rules of [
      { require_second_person: true, require_sign_in_above: "high" },
      { require_second_person: false, require_sign_in_above: "none" },
    ] as const) {
      const strict = { ...open, system: { ...open.system, approvals: rules } };
      when(strict, tap(raise())).thenRefused("sign-in-needed");
      when(strict, tap(raise()), "somebody").then("ApprovalUsed", "HoldReleased");
    }
  });
});
