/** Planted bugs of judging, deciding and landing. */
import type { HoldId } from "@aedev/contracts";
import { type Command, type Decision, decide, type NewEvent, type State, type TaskState } from "@aedev/core";
import { captured } from "@aedev/core/testing";
import { deciding, type Planted, type PlantedBug } from "./planted-bug.ts";

/** Turns a hold of the gate into a merge. */
function mergingInsteadOf(code: string): PlantedBug {
  return deciding((command, decided, state) =>
    command.kind === "DecideGate" && command.decision.hold_code === code
      ? decide(
          { ...command, decision: { ...command.decision, answer: "merge", hold_code: null, hold_detail: null } },
          state,
        )
      : decided,
  );
}

/** Records a run without a change as if it had one. */
function captureNothing(command: Command, decided: Decision, state: State): Decision {
  if (command.kind !== "RecordCoderResult" || command.result.outcome !== "held") return decided;
  if (command.result.code !== "HOLD-NO-PROGRESS") return decided;
  const { result } = captured as Extract<Command, { kind: "RecordCoderResult" }>;
  return decide({ ...command, result }, state);
}

/** Turns the event that replaced a hold back into that hold. */
function heldForGood(event: NewEvent, type: "ChangeRestored" | "IndependentTestsEnded"): NewEvent {
  if (event.type !== type) return event;
  const { code, detail } = event.data;
  if (code === null && type === "IndependentTestsEnded") return event;
  const hold_id = `h-${event.stream.slice("task/t-".length)}` as HoldId;
  const data = { hold_id, code: code ?? "HOLD-RISK-HIGH", detail, back_to: "judged", resumes_at: null } as const;
  return { stream: event.stream, type: "TaskHeld", data };
}

/** Merges a change that the gate asks about only for a reason of this kind. `isMeant`: whether the bug affects this task. */
function mergingDespite(kind: string, isMeant: (task: TaskState) => boolean = () => true): PlantedBug {
  return deciding((command, decided, state) => {
    if (command.kind !== "DecideGate") return decided;
    const { answer, reasons } = command.decision;
    const task = state.tasks[command.task_id];
    // The chance of harm follows from the reason, unless the profile merges nothing.
    const isOther = (reason: (typeof reasons)[number]) =>
      typeof reason === "string" || (reason.kind === "chance-of-harm" ? reason.bound === 0 : reason.kind !== kind);
    if (answer !== "ask" || reasons.length === 0 || reasons.some(isOther)) return decided;
    if (task === undefined || !isMeant(task)) return decided;
    return decide({ ...command, decision: { ...command.decision, answer: "merge" } }, state);
  });
}

const heldInstead = { kind: "HoldTask", code: "HOLD-CHECKS-FAILED", detail: "planted" } as const;

export const landingBugs: Readonly<Record<string, Planted>> = {
  "an approved mission counts as landed": {
    bug: deciding((command, decided) => {
      if (command.kind !== "ApproveMission" || decided.kind !== "events" || decided.events.length === 0) return decided;
      const data = { commit: "c".repeat(40), ref: "refs/heads/main" };
      const landed = { stream: `task/${command.task_id}`, type: "ChangeLanded", data } as const;
      return { kind: "events", events: [...decided.events, landed] };
    }),
    seed: 1,
    finds: "landed without a run",
  },
  "a run without a change is captured": {
    bug: deciding(captureNothing),
    seed: 8,
    finds: "landed a run that made no change",
  },
  "an ask is taken for a merge": {
    bug: deciding((command, decided, state) =>
      command.kind === "DecideGate" && command.decision.answer === "ask"
        ? decide({ ...command, decision: { ...command.decision, answer: "merge" } }, state)
        : decided,
    ),
    seed: 2,
    finds: "landed without a person",
  },
  "no other run writes tests": {
    bug: deciding((command, decided, state) =>
      command.kind === "DecideGate" && command.independent_tests
        ? decide({ ...command, independent_tests: false }, state)
        : decided,
    ),
    seed: 1,
    finds: "landed without tests of another run",
  },
  "a later change gets no tests of its own": {
    bug: deciding((command, decided, state) =>
      command.kind === "DecideGate" && state.tasks[command.task_id]?.independent !== undefined
        ? decide({ ...command, independent_tests: false }, state)
        : decided,
    ),
    seed: 43,
    finds: "landed without tests of another run",
  },
  "failed tests of another run are no reason to ask": {
    bug: mergingDespite("independent-tests"),
    seed: 20,
    finds: "landed against tests of another run",
  },
  "missing tests of another run are no reason to ask": {
    bug: mergingDespite("independent-tests-missing", ({ independent }) => independent?.rounds === 1),
    seed: 1,
    finds: "landed without tests of another run",
  },
  "a second run that writes no tests is no reason to ask": {
    bug: mergingDespite("independent-tests-missing", ({ independent }) => independent?.rounds === 2),
    seed: 49,
    finds: "landed without tests of another run",
  },
  "red checks are taken for a merge": {
    bug: mergingInsteadOf("HOLD-CHECKS-FAILED"),
    seed: 1,
    finds: "landed with red checks",
  },
  "missing evidence is taken for a merge": {
    bug: mergingInsteadOf("HOLD-EVIDENCE-INCOMPLETE"),
    seed: 6,
    finds: "landed without full evidence",
  },
  "one judge is enough": { bug: { asksOneJudge: true }, seed: 3, finds: "landed without a pass of each judge" },
  "a judge's second verdict counts": {
    bug: deciding((command, decided, state) => {
      if (command.kind !== "RecordVerdict" || decided.kind === "events") return decided;
      const task = state.tasks[command.task_id];
      if (task === undefined || task.status !== "judging" || command.verdict.verdict === "inconclusive") return decided;
      return {
        kind: "events",
        events: [{ stream: `task/${task.task_id}`, type: "VerdictRecorded", data: command.verdict }],
      };
    }),
    seed: 4,
    finds: "a bundle was judged twice",
  },
  "an approval is not marked as used": {
    bug: deciding((command, decided) =>
      command.kind === "UseApproval" && decided.kind === "events"
        ? { ...decided, events: [...decided.events, ...decided.events.filter(({ type }) => type === "ApprovalUsed")] }
        : decided,
    ),
    seed: 2,
    finds: "an approval was used twice",
  },
  "a push is taken for done that was never made": {
    bug: { neverPushes: true },
    seed: 1,
    finds: "landed without a push",
  },
  "a push is not looked for before it is repeated": {
    bug: { pushesBlindly: true },
    seed: 3,
    finds: "is on its branch more than once",
  },
  "a push does not compare the branch": {
    bug: { pushesByForce: true },
    seed: 2,
    finds: "a commit of others is gone",
  },
  "a run for tests that fails holds its task": {
    bug: deciding((_command, decided) =>
      decided.kind === "events"
        ? { ...decided, events: decided.events.map((event) => heldForGood(event, "ChangeRestored")) }
        : decided,
    ),
    seed: 9,
    finds: "is held although a change of it could be approved",
  },
  "a run that writes tests and fails holds its task": {
    bug: deciding((_command, decided) =>
      decided.kind === "events"
        ? { ...decided, events: decided.events.map((event) => heldForGood(event, "IndependentTestsEnded")) }
        : decided,
    ),
    seed: 6,
    finds: "is held although a change of it could be checked",
  },
  "a landed change is held instead": {
    bug: deciding((command, decided, state) =>
      command.kind === "RecordLanded" && decided.kind === "events"
        ? decide({ ...command, ...heldInstead, hold_id: `h-${command.task_id.slice(2)}` }, state)
        : decided,
    ),
    seed: 1,
    finds: "is on its branch and not landed",
  },
};
