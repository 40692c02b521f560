/** Whether an approval may still be used, in each of its states. */
import { type ApprovalId, missionIdSchema } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { growsWithLength } from "../../../../test/support/growth.ts";
import {
  approvalStatus,
  approvalsAbout,
  longestOpenApproval,
  openSubjects,
} from "../../src/approval/approval-status.ts";
import type { CommandBody } from "../../src/model/command.ts";
import { entityById, type State } from "../../src/model/state.ts";
import { blob, ids, life, someInstant } from "../../src/testing/index.ts";
import {
  after,
  answerMission,
  approvalId,
  approveLanding,
  approveMission,
  asking,
  codersQuestion,
  landing,
  later,
  muchLater,
  question,
  rejectTask,
  request,
  requestChange,
  sendBackMission,
  specification,
  use,
} from "./asked.ts";

function statusOf(state: State, now = someInstant, letter = "a") {
  const approval = entityById(state.approvals, approvalId(letter));
  return approval === undefined ? "there is none" : approvalStatus(state, approval, now);
}
const requested = after(asking.landing, [request(landing)]);
const following = (...bodies: CommandBody[]) => statusOf(after(requested, bodies));

describe("open subjects", () => {
  it("lists an asked landing, a waiting specification, a round of questions and a coder's question as open subjects", () => {
    expect(openSubjects(asking.landing)).toEqual([landing]);
    expect(openSubjects(asking.specification)).toEqual([specification]);
    expect(openSubjects(asking.question)).toEqual([question]);
    expect(openSubjects(asking.coder)).toEqual([codersQuestion]);
  });

  it("does not list a subject as open once it is decided", () => {
    expect(openSubjects(after(asking.landing, [approveLanding]))).toEqual([]);
    expect(openSubjects(after(asking.landing, [rejectTask]))).toEqual([]);
    expect(openSubjects(after(asking.specification, [approveMission]))).toEqual([]);
  });
});

describe("the approval that a digest opens", () => {
  const idOf = (state: State, now = someInstant) => longestOpenApproval(state, now)?.approval_id ?? null;

  it("opens the earliest usable approval of a digest", () => {
    expect(idOf(requested)).toBe(approvalId("a"));
    expect(idOf(requested, later)).toBe(null);
    expect(idOf(asking.landing)).toBe(null);
    expect(idOf(after(requested, [approveLanding]))).toBe(null);
    const renewed = after(requested, [request(landing, "b", muchLater)], later);
    expect(idOf(renewed, later)).toBe(approvalId("b"));
  });
});

describe("an approval", () => {
  it("keeps an approval open until its instant, and expired from then on", () => {
    expect(statusOf(requested)).toBe("open");
    expect(statusOf(requested, "2026-01-02T15:04:05.677Z")).toBe("open");
    expect(statusOf(requested, later)).toBe("expired");
    expect(statusOf(requested, muchLater)).toBe("expired");
  });

  it("supersedes an approval by a newer one of the same subject, even if the newer one has expired", () => {
    const both = after(after(asking.landing, [request(landing)]), [request(landing, "b", muchLater)], later);
    expect([statusOf(both, later), statusOf(both, later, "b")]).toEqual(["superseded", "open"]);
    expect([statusOf(both, muchLater), statusOf(both, muchLater, "b")]).toEqual(["superseded", "expired"]);
    expect(approvalsAbout(both, landing).map(({ approval_id }) => approval_id)).toEqual([
      approvalId("a"),
      approvalId("b"),
    ]);
  });

  it("counts an approval as decided if it was used, or if the terminal decided", () => {
    expect(following(use(approveLanding, "approve"))).toBe("decided");
    expect(following(use(rejectTask, "reject"))).toBe("decided");
    expect(following(approveLanding)).toBe("decided");
    expect(following(rejectTask)).toBe("decided");
    expect(following({ kind: "CancelTask", task_id: ids.task })).toBe("decided");
    const landed = after(requested, [approveLanding, life["landing"] ?? rejectTask, life["landed"] ?? rejectTask]);
    expect([statusOf(landed), statusOf(landed, muchLater)]).toEqual(["decided", "decided"]);
    const asked = after(asking.specification, [request(specification)]);
    expect(statusOf(after(asked, [approveMission]))).toBe("decided");
    expect(statusOf(after(asked, [{ kind: "RejectMission", mission_id: ids.mission, reason: null }]))).toBe("decided");
  });

  it("supersedes an approval if another change or text replaces its subject", () => {
    expect(following(requestChange)).toBe("superseded");
    const restarted = after(requested, [{ kind: "RetryTask", task_id: ids.task }, life["started"] ?? rejectTask]);
    expect(statusOf(restarted)).toBe("superseded");
  });

  it("supersedes the approval of a specification or a round of questions by another text, and decides it by its answer", () => {
    const asked = after(asking.specification, [request(specification)]);
    expect(statusOf(after(asked, [sendBackMission]))).toBe("superseded");
    expect(statusOf(after(asked, [use(sendBackMission, "change")]))).toBe("decided");
    expect(openSubjects(after(asked, [sendBackMission]))).toEqual([
      { ...specification, spec_digest: blob("6").digest },
    ]);
    const round = after(asking.question, [request(question)]);
    expect(statusOf(after(round, [answerMission(["where"])]))).toBe("superseded");
    expect(statusOf(after(round, [answerMission(["criterion"])]))).toBe("decided");
    expect(openSubjects(after(round, [answerMission(["criterion"])]))).toMatchObject([{ question_id: "where" }]);
  });

  it("keeps an approval used if the instructions sent with it start a next run", () => {
    const used = after(requested, [use(requestChange, "change")]);
    expect(statusOf(used)).toBe("decided");
    expect(statusOf(after(used, [life["started"] ?? rejectTask]))).toBe("decided");
  });

  it("keeps an approval of an earlier epoch of the home closed in a later epoch", () => {
    const restored: State = { ...requested, system: { ...requested.system, epoch: requested.system.epoch + 1 } };
    expect(statusOf(restored)).toBe("expired");
    const again = after(restored, [request(landing, "b")], later.replace("15:", "14:"));
    expect(statusOf(again, someInstant, "b")).toBe("open");
  });
});

describe("many missions", () => {
  it("checks many missions with open questions quickly, because every event checks all of them", () => {
    const mission = entityById(asking.question.missions, ids.mission);
    const state = after(asking.question, [request(question)]);
    const approval = entityById(state.approvals, approvalId("a"));
    if (mission === undefined || approval === undefined) throw new Error("nothing is asked");
    const check = (count: number) => {
      const missions = Array.from({ length: count }, (_, index) =>
        missionIdSchema.parse(`m-${String(index).padStart(16, "0")}`),
      );
      const approvals = missions.map((mission_id) => ({
        ...approval,
        approval_id: `a-${mission_id.slice(2)}` as ApprovalId,
        subject: { ...question, mission_id },
      }));
      const many: State = {
        ...state,
        missions: Object.fromEntries(missions.map((mission_id) => [mission_id, { ...mission, mission_id }])),
        approvals: Object.fromEntries(approvals.map((one) => [one.approval_id, one])),
      };
      return () => approvals.filter((one) => approvalStatus(many, one, someInstant) === "open").length;
    };
    expect(check(3_000)()).toBe(3_000);
    expect(growsWithLength(6_000, check)).toBe(true);
  });
});
