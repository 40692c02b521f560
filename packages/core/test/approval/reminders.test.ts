/** How often a decision is requested: once, and again for each reminder. An approval that was never sent does not count, but is limited too. */
import { describe, expect, it } from "vitest";
import { approvalsAbout } from "../../src/approval/approval-status.ts";
import { statusSummary, totalsOf } from "../../src/mission/status-summary.ts";
import type { State } from "../../src/model/state.ts";
import { pendingWork } from "../../src/pending-work.ts";
import { after, approvalId, asking, landing, request } from "./asked.ts";

const hourMs = 3_600_000;
const begin = Date.parse("2026-01-02T03:00:00.000Z");
const instant = (hours: number) => new Date(begin + hours * hourMs).toISOString();
const notified = after(asking.landing, [{ kind: "ConfigureNotifier", digest: "1".repeat(64) }], instant(0));

/** Requests approvals while any is pending, an hour apart. `reach` says whether the push server accepts the message. */
function live(hours: number, reach: (hour: number) => boolean): State {
  let state = notified;
  for (let hour = 0; hour < hours; hour += 1) {
    for (const work of pendingWork(state, instant(hour), { concurrentRuns: 1, reminders: 2 })) {
      if (work.kind !== "RequestApproval") continue;
      const letter = "abcdefghijklmnopqrstuvwxyz234567"[approvalsAbout(state, landing).length] ?? "";
      state = after(state, [request(landing, letter, instant(hour + 1))], instant(hour));
      const notice_id = `approval/${approvalId(letter)}`;
      if (reach(hour))
        state = after(
          state,
          [{ kind: "RecordPush", stream: notice_id, notice_id, key: notice_id, folded: false }],
          instant(hour),
        );
    }
  }
  return state;
}
const asked = (state: State) => approvalsAbout(state, landing).map(({ pushed_at }) => pushed_at !== null);

const undelivered = (state: State) => statusSummary(state, instant(600), totalsOf(state).missions).undelivered;

describe("a decision", () => {
  it("requests a decision once, and twice more with two reminders", () => {
    expect(asked(live(50, () => true))).toEqual([true, true, true]);
  });

  it("still requests a decision when the push server comes back after all its approvals would have expired", () => {
    expect(asked(live(50, (hour) => hour >= 8))).toEqual([...Array.from({ length: 8 }, () => false), true, true, true]);
  });

  it("stops adding requests that are never delivered to the log, and reports the decision as undelivered", () => {
    const never = live(500, () => false);
    expect(asked(never)).toHaveLength(21);
    expect(undelivered(never)).toBe(1);
    expect(undelivered(live(50, () => true))).toBe(0);
  });
});
