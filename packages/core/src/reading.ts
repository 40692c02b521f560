/**
 * Everything that a reader of a state needs: its types and documents, what it waits for, and folding a log into it. It does not load the code that
 * decides, clarifies or gates, because every `aedev status` pays for what is loaded here.
 */

export { evolveEntity } from "./evolve.ts";
export { explainTask } from "./explanation/explain-task.ts";
export type { ProbePauses } from "./explanation/next-probe.ts";
export { taskHistory } from "./explanation/task-history.ts";
export { isAnswer } from "./judges/canary-verdicts.ts";
export { type JudgeRecord, judgeRecords } from "./judges/judge-records.ts";
export { queueDocument } from "./landing/queue.ts";
export { pullRequestUpkeep } from "./landing/upkeep.ts";
export { laneDocuments } from "./lane/lane.ts";
export { mergedAlone } from "./lane/merged-alone.ts";
export { draftDocument, missionDocument, taskDocument } from "./mission/mission-document.ts";
export { registrationDocument } from "./mission/registration-document.ts";
export { endedWithoutChange } from "./mission/same-request.ts";
export { type MissionCounts, openHolds, statusSummary, type Totals } from "./mission/status-summary.ts";
export { taskDetails } from "./mission/task-details.ts";
export { parseEvent } from "./model/event.ts";
export { accompaniedBundle, reasonsToAsk, runOfChange } from "./model/fallback-change.ts";
export { isIssueOpen } from "./model/issue-state.ts";
export type { RunState } from "./model/run-state.ts";
export { schemaNumberOf } from "./model/schema-number.ts";
export {
  type CanaryState,
  type EntityKind,
  type EntityOfKind,
  endedStatuses,
  entityById,
  entityOf,
  initialState,
  type MissionState,
  mergedAloneMax,
  nothingPlanted,
  openDraft,
  type State,
  type TaskState,
  undecidedStages,
} from "./model/state.ts";
export { statusOrder, taskStatus } from "./model/status.ts";
export { errorWindowMs, type MachineFacts, type SignalFacts, type UsedBudget } from "./notice/home-signals.ts";
export { unsentAt } from "./notice/notices.ts";
export { type ClockJumps, isRecentJump, type LeftContainers, type ObservedFacts } from "./notice/observed-signals.ts";
export type { Mentioned } from "./open-part/mentioned.ts";
export { isOpenCanary } from "./open-part/open-part.ts";
export { decisionText } from "./operator/decisions.ts";
export { knownActor, operatorDocument, operatorsOf } from "./operator/operators.ts";
export { approvers } from "./operator/second-person.ts";
export { type Schedule, type Waiting, waitingOf } from "./schedule/waiting.ts";
export type { HoldBounds } from "./task/pending-holds.ts";
export { taskQuestion } from "./task/task-question.ts";
export { type Charge, type ChargeContext, chargedTypes, chargesOf, tokensCharged } from "./usage/charge.ts";
export { type PriceList, priceOf } from "./usage/price-list.ts";
export { chargedDollars, sumUsage, type UsageGrouping, usageReport } from "./usage/usage-sum.ts";
