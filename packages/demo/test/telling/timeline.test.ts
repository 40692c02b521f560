import { describe, expect, it } from "vitest";
import { noPaint, terminalPaint } from "../../src/telling/paint.ts";
import { createProgress } from "../../src/telling/progress.ts";
import { type RecordedEvent, recordedEvent } from "../../src/telling/recorded-event.ts";
import { type MissionStory, outcomeLine, timeline as paintedTimeline } from "../../src/telling/timeline.ts";

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

const timeline = (story: Omit<MissionStory, "pushes">, pushes: MissionStory["pushes"] = []) =>
  paintedTimeline({ ...story, pushes }, noPaint);

describe("timeline", () => {
  it("gives each event of a timeline its seconds since the mission started, and a hold its code and detail", () => {
    const text = timeline({ title: "Close it", missionId: "m-1", events: [approved, held], checks: null });
    expect(text).toContain("Close it  (m-1)");
    expect(text).toContain("0.0 s  approved: specification ababababab");
    expect(text).toContain("7.5 s  held: HOLD-CHECKS-FAILED (newly failing: parse > no)");
  });

  it("names the tests that failed on the old code under the checks of a timeline", () => {
    const ran: RecordedEvent = { ...held, type: "ChecksRan", data: checksRan };
    const checks = {
      status: "green" as const,
      newly_failing: [],
      vanished: [],
      fail_to_pass: ["proto > no"],
      pass_to_pass: 144,
      newly_skipped: [],
      flaky: [],
      newly_flaky: [],
      outdated: [],
      needs_own_control: [],
      gone: [],
      moved: [],
      untested: [],
      new_tests: "unknown" as const,
      reasons: [],
    };
    const text = timeline({ title: "Close it", missionId: "m-1", events: [ran], checks });
    expect(text).toContain("failing on the old code: proto > no");
    expect(text).toContain("144 tests pass before and after");
    expect(timeline({ title: "Close it", shows: "A cheat.", missionId: "m-1", events: [], checks: null })).toBe(
      "Close it  (m-1)\nA cheat.",
    );
    expect(timeline({ title: "Close it", missionId: "m-1", events: [ran], checks: null })).not.toContain("failing on");
  });

  it("prints the findings of the last checks only", () => {
    const ran: RecordedEvent = { ...held, type: "ChecksRan", data: checksRan };
    const checks = {
      status: "red" as const,
      newly_failing: ["parse > no"],
      vanished: [],
      fail_to_pass: [],
      pass_to_pass: 1,
      newly_skipped: [],
      flaky: [],
      newly_flaky: [],
      outdated: [],
      needs_own_control: [],
      gone: [],
      moved: [],
      untested: [],
      new_tests: "unknown" as const,
      reasons: [],
    };
    const text = timeline({ title: "Close it", missionId: "m-1", events: [ran, { ...ran }], checks });
    expect(text.match(/old tests failing on the new code: parse > no/g)).toHaveLength(1);
    expect(text.match(/checks ran/g)).toHaveLength(2);
  });

  it("shows the phone's text when a person approved, and uses colours only if asked to", () => {
    const landing: RecordedEvent = { ...held, type: "LandingApproved", data: landingApproved };
    const push = { text: "(5) Land? Close it\n[ Approve ]", tapped: "Approve", answered: 200 };
    const story = { title: "Close it", missionId: "m-1", events: [landing], checks: null };
    expect(timeline(story, [push])).toMatch(/phone \| \(5\) Land\? Close it\n.*Approve.*\n.*tapped Approve: HTTP 200/);
    expect(paintedTimeline({ ...story, pushes: [push] }, terminalPaint)).toContain("\u001b[33m");
  });

  it("sums a mission up in one line", () => {
    const task = { decision: "ask" as const, landed_commit: "c".repeat(40), hold_code: null, hold_detail: null };
    const mission = { title: "Close it", tasks: [task] };
    expect(outcomeLine(mission, [{ text: "", tapped: "Approve", answered: 200 }], noPaint)).toMatch(
      /^ask {4}Close it +landed as cccccccccc, Approve tapped on the phone$/,
    );
  });

  it("shows no terminal control character of a title or a detail", () => {
    expect(timeline({ title: "\u001b[31mred", missionId: "m-1", events: [], checks: null })).not.toContain("\u001b");
  });
});

describe("progress", () => {
  it("prints only progress that a person waits for, with the mission's number", () => {
    const progressOf = createProgress();
    const planned = { task_id: "t-aaaaaaaaaaaaaaaa", mission_id: "m-bbbbbbbbbbbbbbbb" };
    for (const id of ["m-aaaaaaaaaaaaaaaa", "m-bbbbbbbbbbbbbbbb"])
      expect(progressOf({ ...held, type: "MissionSubmitted", stream: `mission/${id}` } as RecordedEvent)).toBeNull();
    expect(progressOf({ ...held, type: "TaskPlanned", data: planned } as RecordedEvent)).toBeNull();
    expect(progressOf(held)).toBe("mission 2: held: HOLD-CHECKS-FAILED (newly failing: parse > no)");
    expect(progressOf({ ...held, stream: "task/t-cccccccccccccccc" })).toMatch(/^held: /);
    expect(progressOf({ ...held, type: "PlaneStarted", data: { plane: "execution", generation: 1 } })).toBeNull();
  });
});

const landingApproved = {
  by: "operator",
  change_digest: digest,
  bundle_digest: digest,
} as Extract<RecordedEvent, { type: "LandingApproved" }>["data"];
const checksRan = {
  run_id: "r-aaaaaaaaaaaaaaaa",
  base_commit: "a".repeat(40),
  tree: "a".repeat(40),
  manifest: { schema: 1, parent: null, entries: {} },
} as Extract<RecordedEvent, { type: "ChecksRan" }>["data"];
