/**
 * Decides the commands of a task: results of work, a person's decisions, holds and releases. Results of any work other than the current one are refused.
 *
 * Folder: what may happen to a task: runs, repairs, holds and their release, budgets, outcomes, reverts.
 */

import type { RunId } from "@aedev/contracts";
import { eventsOfVerdict } from "../judges/outage.ts";
import { mayAskAgain, verdictToRecord } from "../judges/precedent.ts";
import { isWaitingForMerge } from "../landing/merge-waits.ts";
import { landingPause, mayLandNow } from "../landing/queue.ts";
import type { Command, CommandEnvelope, CommandOf } from "../model/command.ts";
import { deciderOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import { runOfChange } from "../model/fallback-change.ts";
import { releaseEvents } from "../model/release-event.ts";
import { entityById, type State, type TaskState } from "../model/state.ts";
import { refuseApproval, refuseUnsignedWords } from "../operator/second-person.ts";
import { mayStart } from "../schedule/fair-order.ts";
import { testsToAsk } from "./broken-tests.ts";
import { isRoomLeft } from "./budgets.ts";
import {
  answerQuestion,
  exhaustedDetail,
  recordBaseConflict,
  recordBaseMoved,
  refuseUnknownLanding,
  requestChange,
} from "./decide-next-run.ts";
import { heldByReport, isKnownHold, knownHold, recordCoderResult, recordSalvage } from "./decide-run-result.ts";
import { releaseRule } from "./hold-release.ts";
import { insteadOfMerging } from "./independent-tests.ts";
import { judgeOutcome } from "./outcomes.ts";
import { recordLanded, recordPullRequest, recordUpkeep, skipDraft } from "./pull-request.ts";
import { releaseRaised } from "./raised-budget.ts";
import { nextRepair } from "./repair.ts";
import { prepareRevert, revertTask } from "./revert.ts";
import { recordReviews } from "./review-instructions.ts";
import { insteadOfAsking, restoreChange } from "./run-for-tests.ts";
import { isNewsToGate, sameChanges } from "./same-change.ts";
import { holdEvent, on, staleRefusal } from "./task-event.ts";
import { tellCoder } from "./tell-coder.ts";

type TaskCommand =
  | Exclude<Extract<Command, { task_id: string }>, CommandOf<"ApproveMission">>
  | CommandOf<"ReleaseHold">;

/** The most refused requests of one run that are logged, one event each; further ones are dropped. */
const refusalEventsMax = 20;

export function decideTask(command: TaskCommand, state: State): Decision {
  if (command.kind === "ReleaseHold") return releaseHold(command, state);
  const task = entityById(state.tasks, command.task_id);
  if (task === undefined) return refuse("unknown-task", `there is no task ${command.task_id}`, "aedev task list");
  switch (command.kind) {
    case "StartRun":
      return startRun(command, task, state);
    case "RevertTask":
      return revertTask(command, task, state);
    case "PrepareRevert":
      return prepareRevert(command, task, state);
    case "RecordCoderResult":
      return recordCoderResult(command, task);
    case "RecordRefusal":
      if (runOfChange(task)?.run_id !== command.run_id || task.refusals >= refusalEventsMax) return events();
      return events(
        on(task, { type: "RequestRefused", data: { run_id: command.run_id as RunId, what: command.what } }),
      );
    case "RecordSalvage":
      return recordSalvage(command, task);
    case "RecordChecksResult":
      return recordChecksResult(command, task);
    case "SealEvidence": {
      const { kind: _kind, task_id: _task, command_id: _id, actor: _actor, at: _at, way: _way, ...data } = command;
      return task.status === "checked"
        ? events(on(task, { type: "EvidenceSealed", data }))
        : staleRefusal(task, "evidence");
    }
    case "RecordVerdict":
      return recordVerdict(command, task, state);
    case "DecideGate":
      return decideGate(command, task, state);
    case "ApproveLanding":
      return approveLanding(command, task, state);
    case "RejectTask":
      return rejectTask(command, task);
    case "RequestChange":
      return refuseUnsignedWords(state, command.actor) ?? requestChange(command, task);
    case "AnswerQuestion":
      return answerQuestion(command, task, state);
    case "RecordBaseConflict":
      return recordBaseConflict(command, task);
    case "StartLanding":
      return mayStartLanding(command, task, state) ? startLanding(command, task) : staleRefusal(task, "landing");
    case "RecordBaseMoved":
      return recordBaseMoved(command, task);
    case "SkipDraftPullRequest":
      return skipDraft(command, task);
    case "RecordPullRequest":
    case "RecordPullRequestWaits":
      return recordPullRequest(command, task);
    case "RecordPullRequestSuspended":
    case "RecordPullRequestClosed":
      return recordUpkeep(command, task);
    case "RecordReviews":
      return recordReviews(command, task);
    case "RecordLanded":
      return recordLanded(command, task);
    case "JudgeOutcome":
      return judgeOutcome(command, task, state);
    case "HoldTask":
      if (!isHoldable(task.status)) return staleRefusal(task, "hold");
      return events(
        holdEvent(task, {
          ...command,
          holdId: command.hold_id,
          resumesAt: command.resumes_at ?? null,
          ...(command.without_checks === undefined ? {} : { withoutChecks: command.without_checks }),
        }),
      );
    case "RaiseBudget":
      return releaseRaised(command, task, state);
    case "RestoreChange":
      return restoreChange(task);
    case "TellCoder":
      return refuseUnsignedWords(state, command.actor) ?? tellCoder(command, task);
    case "RetryTask":
      for (const id of [task.mission_id, task.plan ?? task.mission_id])
        if (entityById(state.missions, id)?.stage === "cancelled")
          return refuse("cancelled", `mission ${id} is cancelled`, "aedev intake …");
      return retryTask(command, task);
    case "CancelTask":
      return cancelTask(task, command);
  }
}

/** Cancels a task, unless it has ended or a push may be under way. A landing that waits for its pull request can be cancelled; the pull request is then closed. */
export function cancelTask(task: TaskState, command: CommandEnvelope): Decision {
  if (task.status === "landed" || task.status === "cancelled" || task.status === "rejected") {
    return refuse("final", `task ${task.task_id} is ${task.status}`);
  }
  if (task.status === "landing" && task.landing !== null && !isWaitingForMerge(task))
    return refuse("landing", `task ${task.task_id} is landing; wait until it has landed`);
  return events(on(task, { type: "TaskCancelled", data: deciderOf(command) }));
}

function startRun(command: CommandOf<"StartRun">, task: TaskState, state: State): Decision {
  if (task.status !== "planned" || task.reverts !== undefined || !mayStart(state, task))
    return staleRefusal(task, "run");
  const { base_commit, ref, prompt, settings, policy, profile, continues, room, cause = task.next_cause } = command;
  if (cause !== task.next_cause) return staleRefusal(task, "run");
  if (room !== undefined && !isRoomLeft(state, task, room)) return staleRefusal(task, "run");
  const run = { run_id: command.run_id as RunId, attempt: task.runs.length + 1 };
  const base = { base_commit, ref, prompt, settings, policy, profile };
  const started = {
    ...base,
    ...(continues === undefined ? {} : { continues }),
    ...(command.told === undefined ? {} : { told: command.told }),
    ...(command.memory === undefined ? {} : { memory: command.memory }),
  };
  return events(on(task, { type: "RunStarted", data: { ...run, ...started } }));
}

function recordChecksResult(command: CommandOf<"RecordChecksResult">, task: TaskState): Decision {
  const { result } = command;
  const runId = command.run_id as RunId;
  if (task.status !== "captured" || runOfChange(task)?.run_id !== runId || command.base_commit !== task.base_commit)
    return staleRefusal(task, "checks");
  if (isKnownHold(task, command.hold_id)) return knownHold(command);
  if (result.outcome === "held") return events(heldByReport(task, result, command.hold_id));
  return events(
    on(task, {
      type: "ChecksRan",
      data: { run_id: runId, base_commit: command.base_commit, tree: result.tree, manifest: result.manifest },
    }),
  );
}

/** If the judge has already answered about this change, the earlier verdict is recorded. If it now gives no answer, an earlier veto of its family is recorded. */
function recordVerdict(command: CommandOf<"RecordVerdict">, task: TaskState, state: State): Decision {
  const { verdict } = command;
  if (task.status !== "judging" || task.evidence?.bundle.digest !== verdict.bundle_digest)
    return staleRefusal(task, "verdict");
  if (task.verdicts.some((known) => known.family === verdict.family)) return staleRefusal(task, "verdict");
  const recorded = verdictToRecord(state, task, verdict);
  if (recorded === null) return staleRefusal(task, "verdict");
  return events(on(task, { type: "VerdictRecorded", data: recorded }), ...eventsOfVerdict(state, recorded));
}

function decideGate(command: CommandOf<"DecideGate">, task: TaskState, state: State): Decision {
  const { decision } = command;
  const isDue = task.status === "judged" || (isToBeAskedAgain(task) && decision.answer !== "merge");
  if (!isDue || task.evidence?.bundle.digest !== decision.bundle_digest) return staleRefusal(task, "gate");
  if (task.reverts !== undefined && decision.answer === "merge") return staleRefusal(task, "gate");
  const first = decision.answer === "merge" ? insteadOfMerging(command, task) : [];
  if (first.length > 0) return events(...first);
  const at = decision.answer === "merge" ? { at: command.at } : {};
  const gated = on(task, { type: "GateDecided", data: { ...decision, ...at } });
  if (decision.answer === "ask") return events(gated, ...insteadOfAsking(command, task, state));
  if (decision.answer !== "hold" || decision.hold_code === null) return events(gated);
  const { hold_code: code, hold_detail: detail } = decision;
  const broken = testsToAsk(command, task);
  if (broken !== null)
    return events(
      gated,
      holdEvent(task, {
        ...{ code: "HOLD-QUESTION", detail, holdId: command.hold_id, resumesAt: null },
        tests: broken,
      }),
    );
  const next = nextRepair(task, code, command.repair);
  if (next.kind === "repair")
    return events(gated, on(task, { type: "RepairStarted", data: { cause: next.cause, code, detail } }));
  return events(
    gated,
    holdEvent(task, { code, detail: exhaustedDetail(next, detail), holdId: command.hold_id, resumesAt: null }),
  );
}

/** Until the landing starts, a landing of the same change by another task can change the decision. */
function isToBeAskedAgain({ status, landing }: TaskState): boolean {
  return status === "landing" && (landing === null || landing.draft === true);
}

function approveLanding(command: CommandOf<"ApproveLanding">, task: TaskState, state: State): Decision {
  if (task.status !== "asked" || task.evidence === null) {
    const hint = task.hold === null ? `aedev task show ${task.task_id}` : `aedev hold show ${task.hold.hold_id}`;
    return refuse(
      "not-asked",
      `task ${task.task_id} is ${task.status}; only a change that waits for approval can be approved`,
      hint,
    );
  }
  const { change_digest, bundle } = task.evidence;
  if (command.digest !== null && command.digest !== change_digest) {
    return refuse(
      "wrong-digest",
      `the change to approve has the digest ${change_digest}`,
      `aedev task show ${task.task_id}`,
    );
  }
  const mission = entityById(state.missions, task.mission_id);
  const refused = refuseApproval(state, command.actor, { kind: "landing", mission, task });
  if (refused !== null) return refused;
  return events(
    on(task, {
      type: "LandingApproved",
      data: { ...deciderOf(command), change_digest, bundle_digest: bundle.digest, at: command.at },
    }),
  );
}

function rejectTask(command: CommandOf<"RejectTask">, task: TaskState): Decision {
  if (task.status !== "asked" && task.status !== "held")
    return refuse("not-asked", `task ${task.task_id} is ${task.status}; there is nothing to reject`);
  return events(on(task, { type: "TaskRejected", data: { ...deciderOf(command), reason: command.reason } }));
}

function startLanding(command: CommandOf<"StartLanding">, task: TaskState): Decision {
  const mayLand = task.gate?.answer === "merge" || task.approval !== null;
  // A draft pull request only shows the change: it is opened once, while a person is asked.
  const isDue = command.draft === true ? isDraftDue(task) : task.status === "landing" && mayLand;
  if (task.evidence === null || !isDue) return staleRefusal(task, "landing");
  if (command.tree !== task.evidence.tree || command.base_commit !== task.evidence.base_commit)
    return staleRefusal(task, "landing");
  const {
    kind: _kind,
    task_id: _task,
    command_id: _id,
    actor: _actor,
    at: _at,
    way: _way,
    undone: _undone,
    ...intent
  } = command;
  return events(on(task, { type: "LandingStarted", data: { landing: task.landings + 1, ...intent } }));
}

/** Whether a landing may start. A draft only shows the change, so it needs no place in the queue, but none is opened while landings are paused. */
function mayStartLanding({ draft, undone = [] }: CommandOf<"StartLanding">, task: TaskState, state: State): boolean {
  if (draft === true) return landingPause(state, task.repository) === null;
  const same = sameChanges(state, task).filter(({ task_id }) => !undone.includes(task_id));
  return mayLandNow(state, task) && !isNewsToGate(task, same);
}

function isDraftDue({ status, landing }: TaskState): boolean {
  return status === "asked" && landing === null;
}

function releaseHold(command: CommandOf<"ReleaseHold">, state: State): Decision {
  const task = Object.values(state.tasks).find((candidate) => candidate.hold?.hold_id === command.hold_id);
  if (task?.hold == null) return refuse("unknown-hold", `there is no open hold ${command.hold_id}`, "aedev hold list");
  const rule = releaseRule(task.hold.code);
  if (rule === "retry-only") {
    return refuse(
      "hard-gate",
      `${task.hold.code} can't be released: it needs another change`,
      `aedev task retry ${task.task_id}`,
    );
  }
  if (task.hold.code === "HOLD-VALIDATOR-INCONCLUSIVE" && task.verdicts.length > 0 && !mayAskAgain(task)) {
    return refuse(
      "answered",
      "every judge has answered on this change, and answers are final: only another change is judged again",
      `aedev task send-back ${task.task_id} --reason "what to do differently"`,
    );
  }
  return events(...releaseEvents(task, deciderOf(command)));
}

function retryTask(command: CommandOf<"RetryTask">, task: TaskState): Decision {
  if (task.status !== "held" && task.status !== "asked" && task.status !== "rejected") {
    return refuse(
      "not-held",
      `task ${task.task_id} is ${task.status}; only a held, asked or rejected task can be retried`,
      `aedev task show ${task.task_id}`,
    );
  }
  const unknown = refuseUnknownLanding(task);
  if (unknown !== null) return unknown;
  return events(on(task, { type: "TaskRetried", data: deciderOf(command) }));
}

function isHoldable(status: TaskState["status"]): boolean {
  return !["asked", "held", "landed", "rejected", "cancelled"].includes(status);
}
