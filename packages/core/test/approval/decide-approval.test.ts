/** A decision by token equals the terminal's decision: it is refused whenever the terminal's would be, and is made once. */

import type { ApprovalAction } from "@aedev/contracts/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSubjects } from "../../src/approval/approval-status.ts";
import { decide } from "../../src/decide.ts";
import { evolve } from "../../src/evolve.ts";
import type { Command, CommandBody } from "../../src/model/command.ts";
import { entityById, type State } from "../../src/model/state.ts";
import { gated, given, ids, life, noRepair, sealed, verdictOf } from "../../src/testing/index.ts";
import {
  after,
  answerMission,
  answerQuestion,
  approvalId,
  approveLanding,
  approveMission,
  asking,
  at,
  codersQuestion,
  landing,
  later,
  muchLater,
  question,
  rejectMission,
  rejectTask,
  request,
  requestChange,
  sendBackMission,
  specification,
  use,
} from "./asked.ts";

const openLanding = after(asking.landing, [request(landing)]);
const openSpecification = after(asking.specification, [request(specification)]);
const openQuestion = after(asking.question, [request(question)]);
const openCoder = after(asking.coder, [request(codersQuestion)]);
const from = (state: State) => given([], state);

describe("requests for a decision", () => {
  it("records a request for the open decision once, and never for another subject", () => {
    from(asking.landing)
      .when(at(request(landing)))
      .then("ApprovalRequested")
      .when(at(request(landing)))
      .thenRefused("known-approval");
    from(asking.landing)
      .when(at(request({ ...landing, bundle_digest: "1".repeat(64) } as typeof landing)))
      .thenRefused("not-asked");
    from(asking.landing)
      .when(at(request(specification)))
      .thenRefused("not-asked");
    from(asking.question)
      .when(at(request(specification)))
      .thenRefused("not-asked");
    from(after(asking.landing, [approveLanding]))
      .when(at(request(landing)))
      .thenRefused("not-asked");
  });
});

describe("a tap", () => {
  it("decides in the same transaction in which the approval is used", () => {
    from(openLanding)
      .when(at(use(approveLanding, "approve")))
      .then("ApprovalUsed", "LandingApproved")
      .owes("LandChange");
    from(openLanding)
      .when(at(use(rejectTask, "reject")))
      .then("ApprovalUsed", "TaskRejected")
      .owes();
    from(openLanding)
      .when(at(use(requestChange, "change")))
      .then("ApprovalUsed", "SpecificationAmended", "ChangeRequested");
    from(openSpecification)
      .when(at(use(approveMission, "approve")))
      .then("ApprovalUsed", "MissionApproved", "TaskPlanned");
    from(openSpecification)
      .when(at(use(rejectMission, "reject")))
      .then("ApprovalUsed", "MissionRejected");
    from(openCoder)
      .when(at(use(answerQuestion, "answer")))
      .then("ApprovalUsed", "QuestionAnswered");
    from(openQuestion)
      .when(at(use(answerMission(["criterion"]), "answer")))
      .then("ApprovalUsed", "ClarificationAnswered");
    from(openQuestion)
      .when(at(use(answerMission(["criterion", "where"]), "answer")))
      .then("ApprovalUsed", "ClarificationAnswered")
      .when(at(use(answerMission(["criterion", "where"]), "answer")))
      .thenRefused("approval-decided");
    from(openSpecification)
      .when(at(use(sendBackMission, "change")))
      .then("ApprovalUsed", "MissionSentBack")
      .when(at(use(approveMission, "approve")))
      .thenRefused("approval-decided");
  });

  it("refuses a tap if the approval does not exist or is decided, superseded or expired", () => {
    const tap = use(approveLanding, "approve");
    from(openLanding)
      .when(at(use(approveLanding, "approve", "z")))
      .thenRefused("approval-unknown");
    from(openLanding)
      .when(at({ ...tap, approval_id: "constructor" } as CommandBody))
      .thenRefused("approval-unknown");
    from(openLanding)
      .when(at(tap))
      .then("ApprovalUsed", "LandingApproved")
      .when(at(tap))
      .thenRefused("approval-decided");
    from(after(openLanding, [rejectTask]))
      .when(at(tap))
      .thenRefused("approval-decided");
    from(after(openLanding, [request(landing, "b")], later))
      .when(at(tap))
      .thenRefused("approval-superseded");
    from(openLanding).when(at(tap, muchLater)).thenRefused("approval-expired");
  });

  it("refuses a tap for every decision that its approval does not cover", () => {
    const other = { ...approveLanding, task_id: "t-bbbbbbbbbbbbbbbb" } as CommandBody;
    const wrong: [State, CommandBody, ApprovalAction][] = [
      [openLanding, approveLanding, "reject"],
      [openLanding, approveLanding, "answer"],
      [openLanding, rejectTask, "approve"],
      [openLanding, requestChange, "approve"],
      [openLanding, requestChange, "reject"],
      [openLanding, approveLanding, "change"],
      [openLanding, rejectTask, "change"],
      [openLanding, other, "approve"],
      [openLanding, { ...approveLanding, digest: null } as CommandBody, "approve"],
      [openLanding, { ...approveLanding, digest: "1".repeat(64) } as CommandBody, "approve"],
      [openLanding, { ...requestChange, digest: null } as CommandBody, "change"],
      [openLanding, { ...rejectTask, task_id: "t-bbbbbbbbbbbbbbbb" } as CommandBody, "reject"],
      [openLanding, { kind: "CancelTask", task_id: ids.task }, "reject"],
      [openLanding, { kind: "ReleaseHold", hold_id: ids.hold }, "approve"],
      [openLanding, use(approveLanding, "approve"), "approve"],
      [openLanding, life["registered"] ?? rejectTask, "approve"],
      [openSpecification, { ...approveMission, spec_digest: null } as CommandBody, "approve"],
      [openSpecification, { ...approveMission, mission_id: "m-bbbbbbbbbbbbbbbb" } as CommandBody, "approve"],
      [openSpecification, rejectMission, "approve"],
      [openSpecification, rejectMission, "change"],
      [openSpecification, approveMission, "change"],
      [openSpecification, sendBackMission, "approve"],
      [openSpecification, sendBackMission, "reject"],
      [openSpecification, { ...sendBackMission, spec_digest: "1".repeat(64) } as CommandBody, "change"],
      [openSpecification, { ...sendBackMission, mission_id: "m-bbbbbbbbbbbbbbbb" } as CommandBody, "change"],
      [openSpecification, requestChange, "change"],
      [openSpecification, { kind: "CancelMission", mission_id: ids.mission }, "reject"],
      [openCoder, approveMission, "answer"],
      [openCoder, rejectTask, "reject"],
      [openCoder, rejectTask, "answer"],
      [openCoder, requestChange, "answer"],
      [openCoder, { ...answerQuestion, question_id: "coder-2" } as CommandBody, "answer"],
      [openCoder, answerMission(["coder-1"]), "answer"],
      [openQuestion, answerMission(["where"]), "answer"],
      [openQuestion, { ...answerMission(["criterion"]), spec_digest: "1".repeat(64) } as CommandBody, "answer"],
      [openQuestion, answerMission(["criterion"], 2), "answer"],
      [openQuestion, approveMission, "answer"],
      [openQuestion, approveMission, "approve"],
    ];
    for (const [state, decision, action] of wrong)
      from(state)
        .when(at(use(decision, action)))
        .thenRefused("approval-mismatch");
  });

  it("refuses a tap with the terminal's reason if the terminal would be refused, and does not use the approval", () => {
    const otherChange = { ...approveLanding, digest: "0".repeat(64) } as CommandBody;
    from(openLanding).when(at(otherChange)).thenRefused("wrong-digest");
    from(openLanding)
      .when(at(use(approveLanding, "approve")))
      .then("ApprovalUsed", "LandingApproved");
    const twice = answerMission(["criterion", "criterion"]);
    from(openQuestion).when(at(twice)).thenRefused("answered-twice");
    from(openQuestion)
      .when(at(use(twice, "answer")))
      .thenRefused("answered-twice");
  });

  it("passes only text from a tapped answer to a coder: specification, evidence and approvals stay unchanged", () => {
    const state = after(openCoder, [
      use({ ...answerQuestion, text: "yes, approved, land it" } as CommandBody, "answer"),
    ]);
    const before = entityById(openCoder.tasks, ids.task);
    const task = entityById(state.tasks, ids.task);
    expect(task).toMatchObject({ status: "planned", approval: null, gate: null, specification: before?.specification });
    expect(state.missions).toEqual(openCoder.missions);
  });
});

/** Steps of any kind around one mission, most of them out of place. */
const bodies: CommandBody[] = [
  ...["registered", "submitted", "approved", "started", "captured", "checked", "landing", "landed"].flatMap(
    (name) => life[name] ?? [],
  ),
  sealed(),
  ...(["pass", "fail"] as const).flatMap((verdict): CommandBody[] => [
    { kind: "RecordVerdict", task_id: ids.task, verdict: verdictOf("openai", verdict) },
    { kind: "RecordVerdict", task_id: ids.task, verdict: verdictOf("gemini", verdict) },
  ]),
  gated("ask"),
  gated("hold", { hold_code: "HOLD-CHECKS-FAILED" }),
  { kind: "HoldTask", task_id: ids.task, code: "HOLD-QUESTION", detail: "Which way?", hold_id: ids.hold },
  { kind: "RecordBaseMoved", task_id: ids.task, to: "a".repeat(40), hold_id: ids.hold },
  {
    kind: "RecordBaseConflict",
    task_id: ids.task,
    to: "a".repeat(40),
    why: "both changed",
    repair: noRepair,
    hold_id: ids.hold,
  },
  { kind: "RetryTask", task_id: ids.task },
  { kind: "CancelTask", task_id: ids.task },
  { kind: "ReleaseHold", hold_id: ids.hold },
];
const decisions: CommandBody[] = [
  approveLanding,
  rejectTask,
  requestChange,
  approveMission,
  rejectMission,
  answerQuestion,
  answerMission(["criterion"]),
];
const subjects = [landing, specification, codersQuestion, question];
const letters = [..."abcdefgh"];
/** The decisions that a phone can send for each kind of subject, including the right ones. */
const taps: readonly [CommandBody, ApprovalAction][] = [
  [approveLanding, "approve"],
  [rejectTask, "reject"],
  [requestChange, "reject"],
  [approveMission, "approve"],
  [rejectMission, "reject"],
  [answerQuestion, "answer"],
  [answerMission(["criterion"]), "answer"],
];
type Step = (state: State) => CommandBody;
const anything: fc.Arbitrary<Step> = fc.constantFrom(...bodies, ...decisions).map((body) => () => body);
/** Requests mostly about an open subject, sometimes about another. */
const asks: fc.Arbitrary<Step> = fc
  .tuple(fc.nat(), fc.constantFrom(...letters), fc.constantFrom(later, muchLater))
  .map(([pick, letter, expires]) => (state: State) => {
    const candidates = [...openSubjects(state), ...subjects.slice(pick % 5)];
    return request(candidates[pick % candidates.length] ?? landing, letter, expires);
  });
/** Taps on an existing approval, used or not, rightly or wrongly. */
const presses: fc.Arbitrary<Step> = fc
  .tuple(fc.nat(), fc.constantFrom(...taps), fc.option(fc.constantFrom("approve", "reject", "answer"), { freq: 8 }))
  .map(([pick, [decision, action], other]) => (state: State) => {
    const there = Object.keys(state.approvals);
    return use(decision, other ?? action, there[pick % Math.max(1, there.length)]?.at(-1) ?? "a");
  });
const step = fc.oneof(anything, { weight: 2, arbitrary: asks }, { weight: 3, arbitrary: presses });
const starts = Object.values(asking);
const instants = ["2026-01-02T03:04:05.678Z", "2026-01-02T14:00:00.000Z", later, "2026-01-03T03:04:05.678Z", muchLater];

function play(steps: readonly Step[], start: State, look: (command: Command, before: State) => void): void {
  let state = start;
  for (const [index, next] of steps.entries()) {
    const instant = instants[Math.floor((index * instants.length) / steps.length)] ?? muchLater;
    const command = at(next(state), instant);
    look(command, state);
    const decision = decide(command, state);
    if (decision.kind === "refused") continue;
    for (const event of decision.events) state = evolve(state, { ...event, recorded_at: instant });
  }
}

describe("any sequence of steps", () => {
  it("never uses an approval twice, and every use equals the terminal's decision", () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 15, maxLength: 60, size: "max" }),
        fc.constantFrom(...starts),
        (steps, start) => {
          const used = new Set<string>();
          play(steps, start, (command, before) => {
            const decision = decide(command, before);
            const uses =
              decision.kind === "events" ? decision.events.filter(({ type }) => type === "ApprovalUsed") : [];
            expect(uses.length).toBe(command.kind === "UseApproval" && decision.kind === "events" ? 1 : 0);
            if (command.kind !== "UseApproval") return;
            const { command_id, actor, at: instant } = command;
            const terminal = decide({ ...command.decision, command_id, actor, at: instant } as Command, before);
            if (terminal.kind === "refused") expect(decision.kind).toBe("refused");
            if (decision.kind === "refused" || terminal.kind === "refused") return;
            accepted += 1;
            expect(decision.events.slice(1)).toEqual(terminal.events);
            expect(used.has(command.approval_id)).toBe(false);
            used.add(command.approval_id);
            expect(entityById(before.approvals, approvalId(command.approval_id.slice(-1)))?.used).toBeNull();
          });
        },
      ),
      { numRuns: 1_000 },
    );
    process.stdout.write(`approvals used: ${accepted}\n`);
    // Ensures that the property was tested on accepted taps.
    expect(accepted).toBeGreaterThan(50);
  });
});
