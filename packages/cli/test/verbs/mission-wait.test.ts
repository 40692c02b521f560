/** When waiting for a mission ends, and with which exit code. */
import { type MissionStatus, missionStatuses } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { type WaitedHold, waitOutcome } from "../../src/verbs/mission-wait.ts";

const hold = (change: Partial<WaitedHold> = {}): WaitedHold => ({
  task_id: "t-1",
  code: "HOLD-CHECKS-FAILED",
  detail: null,
  resumes: "never",
  resumes_at: null,
  help: "aedev task retry t-1",
  ...change,
});
const mission = (status: MissionStatus, ...tasks: MissionStatus[]) => ({
  mission_id: "m-1",
  status,
  tasks: tasks.map((task, at) => ({ task_id: `t-${at + 1}`, status: task })),
});
const exitOf = (status: MissionStatus, holds: WaitedHold[] = [], ...tasks: MissionStatus[]) => {
  const outcome = waitOutcome(mission(status, ...tasks), holds);
  return outcome.kind === "ended" ? outcome.exit : "waiting";
};

describe("waiting for a mission", () => {
  it("gives every status its result", () => {
    const ends = Object.fromEntries(missionStatuses.map((status) => [status, exitOf(status, [hold()], status)]));
    expect(ends).toEqual({
      clarifying: 4,
      awaiting_approval: 4,
      approved: "waiting",
      running: "waiting",
      judging: "waiting",
      asked: 4,
      held: 4,
      landed: 0,
      failed: 1,
      cancelled: 1,
      rejected: 1,
    });
  });

  it("waits for a hold that is released automatically, at its set time or by the engine's probe", () => {
    expect(
      exitOf(
        "held",
        [hold({ code: "HOLD-USAGE-LIMIT", resumes: "instant", resumes_at: "2026-01-02T03:04:05.678Z" })],
        "held",
      ),
    ).toBe("waiting");
    expect(exitOf("held", [hold({ code: "HOLD-DOCKER-UNAVAILABLE", resumes: "probe" })], "held")).toBe("waiting");
    expect(exitOf("held", [hold({ code: "HOLD-VALIDATOR-UNAVAILABLE", resumes: "probe" })], "held")).toBe("waiting");
    expect(exitOf("held", [hold({ code: "HOLD-USAGE-LIMIT" })], "held")).toBe(4);
  });

  it("ends waiting if one of two held tasks needs a person", () => {
    const resuming = hold({ code: "HOLD-DOCKER-UNAVAILABLE", resumes: "probe" });
    expect(exitOf("held", [resuming, hold({ task_id: "t-2" })], "held", "held")).toBe(4);
    expect(exitOf("held", [resuming], "held", "asked")).toBe(4);
    expect(exitOf("held", [resuming, hold({ task_id: "t-9" })], "held", "running")).toBe("waiting");
  });

  it("continues waiting if the hold was released between two reads", () => {
    expect(exitOf("held", [], "held")).toBe("waiting");
  });

  it("names the command that helps a mission that needs a person", () => {
    expect(waitOutcome(mission("awaiting_approval"), [])).toMatchObject({ help: "aedev mission approve m-1" });
    expect(waitOutcome(mission("asked", "asked"), [])).toMatchObject({ help: "aedev task approve t-1" });
    expect(waitOutcome(mission("held", "held"), [hold()])).toMatchObject({
      help: "aedev task retry t-1",
      why: "m-1 is held: HOLD-CHECKS-FAILED",
    });
  });
});
