/** Applies sealed evidence and verdicts to a task. */
import { wasAnswered } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { withJudged } from "../judges/precedent.ts";
import { requestedJudges } from "../judges/requested-judges.ts";
import type { TaskState } from "../model/state.ts";
import { withoutVendorLifts } from "./lifts.ts";

/** A landing bundle that inherits keeps verdicts, gate and approval, and lands directly. */
export function withEvidence(task: TaskState, data: EventData<"EvidenceSealed">): TaskState {
  if (data.inherits) return { ...task, evidence: data, status: "landing" };
  return {
    ...task,
    evidence: data,
    verdicts: [],
    gate: null,
    approval: null,
    status: data.judgeable ? "judging" : "judged",
  };
}

export function withVerdict(task: TaskState, data: EventData<"VerdictRecorded">): TaskState {
  const verdicts = [...task.verdicts.filter((verdict) => verdict.family !== data.family), data];
  const isComplete = requestedJudges(task.evidence).every((asked) => verdicts.some(({ family }) => family === asked));
  const before = wasAnswered(data) ? withoutVendorLifts(task) : task;
  return { ...before, verdicts, judged: withJudged(task, data), status: isComplete ? "judged" : "judging" };
}
