/** Pending push messages about open decisions, holds, landings and retries: each once, and none from before the notifier was configured. */
import { describe, expect, it } from "vitest";
import { type CommandBody, initialState, type State } from "../../src/index.ts";
import { pendingNotices } from "../../src/notice/notices.ts";
import { gated, ids, sampleHeldReport, someInstant, stateAfter, stateAfterCommands } from "../../src/testing/index.ts";

const earlier = "2026-01-01T00:00:00.000Z";
const later = "2026-01-03T00:00:00.000Z";
const approvalId = "a-aaaaaaaaaaaaaaaa";

const after = stateAfterCommands;
/** The state with a notifier configured at `at`. */
const notified = (state: State, at = earlier) =>
  after(state, [{ kind: "ConfigureNotifier", digest: "1".repeat(64) }], at);
const owed = (state: State, now = someInstant) =>
  pendingNotices(state, now).map(({ priority, notice_id }) => [priority, notice_id]);

const held: CommandBody = {
  kind: "HoldTask",
  task_id: ids.task,
  code: "HOLD-BASE-MOVED",
  detail: null,
  hold_id: ids.hold,
};
const ask: CommandBody = {
  kind: "RequestApproval",
  approval_id: approvalId,
  subject: {
    kind: "landing",
    mission_id: ids.mission as never,
    task_id: ids.task as never,
    change_digest: "d".repeat(64),
    bundle_digest: "e".repeat(64),
    policy_digest: "a".repeat(64),
  },
  expires_at: "2026-01-02T04:00:00.000Z",
};
const asked = stateAfter("gated", initialState, { gated: gated("ask") });

describe("pending messages", () => {
  it("has a message pending for a requested decision until it is sent, made or too old", () => {
    const state = after(notified(asked), [ask]);
    expect(owed(state)).toEqual([[5, `approval/${approvalId}`]]);
    expect(owed(state, "2026-01-02T04:00:00.001Z")).toEqual([]);
    const [notice] = pendingNotices(state, someInstant);
    if (notice === undefined) throw new Error("nothing is owed");
    const { stream, notice_id, key } = notice;
    expect(owed(after(state, [{ kind: "RecordPush", stream, notice_id, key, folded: false }]))).toEqual([]);
    expect(owed(after(state, [{ kind: "RejectTask", task_id: ids.task, reason: null }]))).toEqual([]);
  });

  it("has a message pending for a hold while it lasts, but not for a coder's question, which has its own approval", () => {
    const state = after(notified(stateAfter("captured", initialState)), [held]);
    expect(owed(state)).toEqual([[4, `hold/${ids.hold}`]]);
    expect(owed(after(state, [{ kind: "RetryTask", task_id: ids.task }]))).toEqual([]);
    const question = sampleHeldReport("HOLD-QUESTION", { detail: "Shall I?" });
    const body = {
      kind: "RecordCoderResult",
      task_id: ids.task,
      run_id: ids.run,
      result: question,
      hold_id: ids.hold,
    } as const;
    expect(owed(after(notified(stateAfter("started", initialState)), [body]))).toEqual([]);
  });

  it("has a message pending for a landing, once", () => {
    const state = notified(stateAfter("landed", initialState));
    expect(owed(state)).toEqual([[3, `landed/${ids.task}`]]);
    const [notice] = pendingNotices(state, someInstant);
    if (notice === undefined) throw new Error("nothing is owed");
    const { stream, notice_id, key } = notice;
    expect(owed(after(state, [{ kind: "RecordPush", stream, notice_id, key, folded: true }]))).toEqual([]);
  });

  it("has no message pending without a notifier, nor for events before it was configured", () => {
    for (const state of [stateAfter("landed", initialState), after(stateAfter("captured", initialState), [held])]) {
      expect(owed(notified(state))).toHaveLength(1);
      expect(owed(state)).toEqual([]);
      expect(owed(notified(state, later))).toEqual([]);
      expect(owed(after(notified(state), [{ kind: "ConfigureNotifier", digest: null }]))).toEqual([]);
    }
  });

  it("has a message pending for a decision that was open before the notifier was configured, because it still waits", () => {
    expect(owed(after(notified(asked, later), [ask]))).toHaveLength(1);
  });
});
