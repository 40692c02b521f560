/** The offer to take a red change back: made once, with the message about it; used once, only for that change, and without landing anything. */
import { describe, expect, it } from "vitest";
import { approvalStatus } from "../../src/approval/approval-status.ts";
import { openPart, openSubjects, pendingWork } from "../../src/index.ts";
import type { CommandBody, CommandOf } from "../../src/model/command.ts";
import { entityById, initialState, type State } from "../../src/model/state.ts";
import { pendingNotices } from "../../src/notice/notices.ts";
import {
  given,
  ids,
  life,
  someInstant,
  stateAfter,
  stateAfterCommands,
  storyCommand,
} from "../../src/testing/index.ts";
import { landedCommit, revertIds, revertTask } from "../task/reverts.ts";
import { approvalId, later, muchLater } from "./asked.ts";

const offer = { task_id: ids.task, approval_id: approvalId("a"), expires_at: later };
const watched = {
  ...(life["landed"] as CommandOf<"RecordLanded">),
  watch_until: muchLater,
};
const landed = stateAfter("landed", initialState, { landed: watched });
const notified = stateAfterCommands(landed, [{ kind: "ConfigureNotifier", digest: "1".repeat(64) }]);
const observed = (outcome: "red" | "gone", name = "ci"): CommandBody => ({
  kind: "RecordOutcomes",
  repository: "repo",
  outcomes: [
    {
      task_id: ids.task as never,
      commit: landedCommit,
      outcome,
      evidence:
        outcome === "red"
          ? { kind: "check", name, url: null, before: "passed" }
          : { kind: "branch", ref: "refs/heads/main", tip: "6".repeat(40) },
    },
  ],
  offers: [offer],
});
const tap = (decision: CommandBody, action: "revert" | "approve" = "revert"): CommandBody => ({
  kind: "UseApproval",
  approval_id: offer.approval_id,
  action,
  decision,
});
const when = (state: State, body: CommandBody, actor = "phone") => given([], state).when(storyCommand(body, actor));
const red = stateAfterCommands(notified, [observed("red")]);
const statusAt = (state: State, now: string) => {
  const approval = entityById(state.approvals, offer.approval_id);
  return approval === undefined ? undefined : approvalStatus(state, approval, now);
};

describe("an offer to take a change back", () => {
  it("offers a revert with the first red check that a person is told about, and with no other outcome", () => {
    when(notified, observed("red")).then("OutcomeObserved", "WatchedLandingObserved", "ApprovalRequested");
    when(landed, observed("red")).then("OutcomeObserved", "WatchedLandingObserved");
    when(notified, observed("gone")).then("OutcomeObserved", "WatchedLandingObserved");
    when(red, observed("red", "other")).then("OutcomeObserved", "WatchedLandingObserved");
    when(stateAfterCommands(notified, [revertTask]), observed("red")).then("OutcomeObserved", "WatchedLandingObserved");
  });

  it("sends the revert offer with the one message about the change, asks for no answer, and drops it from the state with its mission", () => {
    expect(pendingNotices(red, someInstant).map(({ notice_id }) => notice_id)).toContain(`outcome/red/${ids.task}`);
    expect(pendingNotices(red, someInstant).filter(({ about }) => about.kind === "approval")).toEqual([]);
    expect(openSubjects(red)).toEqual([]);
    expect(pendingWork(red, muchLater).map(({ kind }) => kind)).not.toContain("RequestApproval");
    expect(Object.keys(openPart(red).approvals)).toEqual([offer.approval_id]);
    const pushes = pendingNotices(red, someInstant).map(
      ({ stream, notice_id, key }): CommandBody => ({ kind: "RecordPush", stream, notice_id, key, folded: false }),
    );
    expect(openPart(stateAfterCommands(red, pushes)).approvals).toEqual({});
  });
});

describe("a tap on a revert offer", () => {
  it("prepares the revert once on a tap, and lands nothing", () => {
    when(red, tap(revertTask)).then(
      ...(["ApprovalUsed", "RevertRequested", "MissionSubmitted", "MissionApproved", "TaskPlanned"] as const),
    );
    const tapped = stateAfterCommands(red, [tap(revertTask)]);
    expect(tapped.tasks[revertIds.task]?.status).toBe("planned");
    when(tapped, tap({ ...revertTask, mission_id: "m-other", revert_task_id: "t-other" })).thenRefused(
      "approval-decided",
    );
  });

  it("ignores a tap on a revert offer once anybody has asked for the revert", () => {
    const asked = stateAfterCommands(red, [revertTask]);
    expect(statusAt(asked, someInstant)).toBe("decided");
    when(asked, tap(revertTask)).thenRefused("approval-decided");
    const rejected: CommandBody = { kind: "CancelTask", task_id: revertIds.task };
    expect(statusAt(stateAfterCommands(asked, [rejected]), someInstant)).toBe("decided");
  });

  it("limits a revert offer to its decision, its change and its time", () => {
    const wrong: readonly CommandBody[] = [
      { kind: "ApproveLanding", task_id: ids.task, digest: null },
      { kind: "RejectTask", task_id: ids.task, reason: null },
      { kind: "RetryTask", task_id: ids.task },
      { ...revertTask, task_id: "t-other" },
      { ...revertTask, commit: "7".repeat(40) },
    ];
    for (const decision of wrong) when(red, tap(decision)).thenRefused("approval-mismatch");
    when(red, tap(revertTask, "approve")).thenRefused("approval-mismatch");
    expect(statusAt(red, someInstant)).toBe("open");
    expect(statusAt(red, muchLater)).toBe("expired");
    const accepted = { ...red, system: { ...red.system, epoch: red.system.epoch + 1 } };
    expect(statusAt(accepted, someInstant)).toBe("expired");
  });

  it("requires a named person for a tap on a revert offer if approvals do", () => {
    for (const rules of [
      { require_second_person: true, require_sign_in_above: "high" },
      { require_second_person: false, require_sign_in_above: "none" },
    ] as const) {
      const strict = { ...red, system: { ...red.system, approvals: rules } };
      when(strict, tap(revertTask)).thenRefused("sign-in-needed");
      when(strict, tap(revertTask), "somebody").then(
        ...(["ApprovalUsed", "RevertRequested", "MissionSubmitted", "MissionApproved", "TaskPlanned"] as const),
      );
    }
  });
});
