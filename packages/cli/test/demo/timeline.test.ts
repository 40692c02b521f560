import { describe, expect, it } from "vitest";
import { progressOf } from "../../src/demo/progress.ts";
import { type RecordedEvent, recordedEvent } from "../../src/demo/recorded-event.ts";
import { timeline } from "../../src/demo/timeline.ts";

const digest = "ab".repeat(32);
const shown = { position: 1, stream: "task/t-aaaaaaaaaaaaaaaa", actor: "control" };
const held: RecordedEvent = recordedEvent({
  ...shown,
  type: "TaskHeld",
  recorded_at: "2026-01-01T00:00:07.500Z",
  data: {
    hold_id: "h-aaaaaaaaaaaaaaaa",
    code: "HOLD-CHECKS-FAILED",
    detail: "newly failing: parse > no",
    back_to: "judged",
    resumes_at: null,
  },
});
const approved = recordedEvent({
  ...shown,
  type: "MissionApproved",
  recorded_at: "2026-01-01T00:00:00.000Z",
  data: JSON.stringify({ spec_digest: digest, by: "operator", task_ids: ["t-aaaaaaaaaaaaaaaa"] }),
});

describe("timeline", () => {
  it("gives each event its seconds since the mission began, and a hold its code and detail", () => {
    const text = timeline({ title: "Close it", missionId: "m-1", events: [approved, held], checks: null });
    expect(text).toContain("Close it  (m-1)");
    expect(text).toContain("0.0 s  approved: specification ababababab");
    expect(text).toContain("7.5 s  held: HOLD-CHECKS-FAILED (newly failing: parse > no)");
  });

  it("names the tests that were red on the old code under the checks", () => {
    const ran: RecordedEvent = { ...held, type: "ChecksRan", data: checksRan };
    const checks = {
      status: "green" as const,
      newly_failing: [],
      vanished: [],
      fail_to_pass: ["proto > no"],
      pass_to_pass: 144,
      reasons: [],
    };
    const text = timeline({ title: "Close it", missionId: "m-1", events: [ran], checks });
    expect(text).toContain("red on the old code, green on the new: proto > no");
    expect(text).toContain("144 tests pass before and after");
    expect(timeline({ title: "Close it", missionId: "m-1", events: [ran], checks: null })).not.toContain("red on");
  });

  it("shows no terminal control character of a title or a detail", () => {
    expect(timeline({ title: "\u001b[31mred", missionId: "m-1", events: [], checks: null })).not.toContain("\u001b");
  });
});

describe("progress", () => {
  it("says what a person waits for, and nothing for what they don't", () => {
    expect(progressOf(held)).toBe("held: HOLD-CHECKS-FAILED (newly failing: parse > no)");
    expect(progressOf({ ...held, type: "PlaneStarted", data: { plane: "execution", generation: 1 } })).toBeNull();
  });
});

const checksRan = {
  run_id: "r-aaaaaaaaaaaaaaaa",
  base_commit: "a".repeat(40),
  tree: "a".repeat(40),
  manifest: { schema: 1, parent: null, entries: {} },
} as Extract<RecordedEvent, { type: "ChecksRan" }>["data"];
