/** aedev's core: a pure function of the log. It decides what a command changes, what the log means, which work is pending and what may land. It does no I/O. Readers need only reading.ts. */

export {
  type ApprovalStatus,
  approvalStatus,
  approvalsAbout,
  longestOpenApproval,
  newestRaise,
  openSubjects,
} from "./approval/approval-status.ts";
export { decide } from "./decide.ts";
export { evolve } from "./evolve.ts";
export { byteHolds } from "./gate/byte-rules.ts";
export { testKinds } from "./gate/checks/result-names.ts";
export { saySame } from "./gate/checks/same-checks.ts";
export { otherCheckReasons, summarizeChecks } from "./gate/checks/summarize-checks.ts";
export { gate } from "./gate/gate.ts";
export { type FoundEvidence, holdsBeforeJudges } from "./gate/hard-gates.ts";
export { missingTestLines } from "./gate/missing-tests.ts";
export { mergePolicies } from "./gate/policy/merge-policies.ts";
export { isRecord, overlayDocuments } from "./gate/policy/overlay-documents.ts";
export { type Policy, storedPolicySchema } from "./gate/policy/policy-schema.ts";
export { type PolicyProblem, problemsOf, problemText } from "./gate/policy/problem.ts";
export {
  combineSettings,
  effectiveProfile,
  type RepositoryOverlay,
  repositoryOverlaySchema,
  tightenPolicy,
} from "./gate/policy/repository-overlay.ts";
export { doesRequestBreak, editsTest } from "./gate/request-breaks.ts";
export { type PathGroup, pathGroups, type TouchedPaths } from "./gate/risk/change-evidence.ts";
export { harmfulFiles } from "./gate/risk/change-kind.ts";
export { mergeBound } from "./gate/risk/estimate-harm.ts";
export { specificationText, testHolds, weakenedTests } from "./gate/test-rules.ts";
export {
  type AskedCase,
  type AskedEnd,
  type AskedReason,
  askedMin,
  askedReasons,
  type PolicySuggestion,
  suggestPolicy,
  withSuggestion,
} from "./gate/trial/asked-in-vain.ts";
export { compareAnswers, type DifferentAnswer } from "./gate/trial/compare-policies.ts";
export { policyCasesSchema, type TriedCase, tryCases } from "./gate/trial/policy-cases.ts";
export { type ChangedShare, type Simulated, simulateDecision } from "./gate/trial/simulate-decision.ts";
export { analyticsDocument } from "./history/analytics.ts";
export { modelsDocument } from "./history/models.ts";
export { missionsNaming, readRoadmap, roadmapPhases } from "./history/roadmap.ts";
export { sessionsDocument } from "./history/sessions.ts";
export { createWorkHistory, historyTypes, type WorkHistory } from "./history/work-history.ts";
export { hasCommentMarker, issueCommentMarker, issueCommentText } from "./issue/comment-text.ts";
export { type DueComment, dueComments, type IssueWork } from "./issue/pending-comments.ts";
export { isAnswer, type JudgeSetup } from "./judges/canary-verdicts.ts";
export { type CountDefects, recordsOfVerdicts, unqualifiedJudges } from "./judges/judge-records.ts";
export { judgeReport } from "./judges/judge-report.ts";
export { isDown, type ProbeVendorWork } from "./judges/outage.ts";
export {
  auditPlan,
  auditPlanted,
  type JudgeWork,
  newestAudit,
  type PlantedKind,
} from "./judges/pending-canaries.ts";
export { passedViews, precedentVerdict, precedentVeto } from "./judges/precedent.ts";
export { requestedJudges } from "./judges/requested-judges.ts";
export { isWaitingForMerge } from "./landing/merge-waits.ts";
export { closingText, isDraftBody, pullRequestBody, pullRequestMarker } from "./landing/pull-request-body.ts";
export { mayLandNow, pausedRepositories, queueDocument } from "./landing/queue.ts";
export { isOpenAsDraft, pullRequestUpkeep } from "./landing/upkeep.ts";
export { missionWriter, writtenCriteria, writtenParts } from "./landing/writers.ts";
export { clopperPearson } from "./lane/clopper-pearson.ts";
export { closedLanes, laneDocuments } from "./lane/lane.ts";
export { wentWrong } from "./lane/merged-alone.ts";
export { chooseLessons } from "./memory/choose-lessons.ts";
export { isNearDuplicate, lessonProblem } from "./memory/lesson-text.ts";
export { lessonsInForce } from "./memory/memory.ts";
export { createMemoryHistory, type MemoryHistory, memoryTypes } from "./memory/memory-history.ts";
export { memoryReport } from "./memory/memory-report.ts";
export { type SuggestedLesson, suggestLessons } from "./memory/suggest-lessons.ts";
export { refuseAnswers } from "./mission/decide-mission.ts";
export { inboxItems } from "./mission/inbox.ts";
export { draftDocument, missionDocument, openQuestions, taskDocument } from "./mission/mission-document.ts";
export { orderedMissions } from "./mission/order-missions.ts";
export { orderPlan } from "./mission/order-plan.ts";
export { planOf } from "./mission/plan.ts";
export { registrationDocument } from "./mission/registration-document.ts";
export { hasStarted, refuseReplacement, sortParts } from "./mission/replace-plan.ts";
export {
  judgeOutages,
  openHolds,
  statusSummary,
  totalsOf,
} from "./mission/status-summary.ts";
export { taskDetails } from "./mission/task-details.ts";
export {
  type Command,
  type CommandBody,
  type PlanChange,
  type Refusal,
  type RevertTask,
  type RunRoom,
  refuse,
} from "./model/command.ts";
export type { Decision } from "./model/decision.ts";
export {
  type NewEvent,
  parseEvent,
} from "./model/event.ts";
export { type FallbackChange, reasonsToAsk, runOfChange } from "./model/fallback-change.ts";
export { isRoundLeft } from "./model/independent-run.ts";
export type { BrowserSessionState, OperatorState, PhoneLinkState } from "./model/person-state.ts";
export type { ProposalState, RepositoryState } from "./model/repository-state.ts";
export type { RunBasis, RunState } from "./model/run-state.ts";
export { schemaNumberOf } from "./model/schema-number.ts";
export {
  type ApprovalState,
  type CanaryState,
  type DraftState,
  entitiesOf,
  entityById,
  entityOf,
  initialState,
  isUndecided,
  type MissionState,
  type OutcomeState,
  openDraft,
  openSetUpRun,
  type SetUpRunState,
  type State,
  type TaskState,
} from "./model/state.ts";
export { missionStatus, tasksOf } from "./model/status.ts";
export { homeSignals } from "./notice/home-signals.ts";
export type { Notice } from "./notice/notices.ts";
export { type Mentioned, mentionedBy } from "./open-part/mentioned.ts";
export { mayEnd, openPart } from "./open-part/open-part.ts";
export { browserSessions, roleOfSession } from "./operator/browser-sessions.ts";
export { isInForce, operatorDocument, operatorsOf } from "./operator/operators.ts";
export { type Approvable, approvers, offerNeedsSignIn, signInNeed } from "./operator/second-person.ts";
export type { ProbeCoderVendorWork } from "./outage/coder-outage.ts";
export {
  type DraftWork,
  nextDueAt,
  pendingWork,
  type SetUpWork,
  type TaskWork,
  type Work,
  type WorkBounds,
  widestBounds,
} from "./pending-work.ts";
export { isFromPhone, phoneLink, phoneLinkStatus } from "./phone-link/phone-link.ts";
export {
  type Calibration,
  calibrate,
  calibrationSchema,
  type KnownChange,
  probabilityOf,
} from "./prior/calibration.ts";
export { type FileHistory, fileHistory, type MeasuredChange } from "./prior/file-history.ts";
export { type CalibrationTrial, calibrateRecent, firstKnown, tryCalibration } from "./prior/prequential.ts";
export { pointsOf, priorOf } from "./prior/prior.ts";
export { type Estimate, type Quality, qualityOf } from "./prior/quality.ts";
export { addendsOf, binOf, type Scorecard, scorecardSchema } from "./prior/scorecard.ts";
export { findProposal, openProposals } from "./proposal/proposals.ts";
export { isSourcePaused, sourceRecords } from "./proposal/source-record.ts";
export { type Schedule, type Waiting, waitingOf } from "./schedule/waiting.ts";
export {
  type BudgetGrant,
  type BudgetLimits,
  grantAsked,
  grantBudget,
  isReserved,
  runRoom,
  type SharedScope,
  sharedBudgetKey,
  sharedScopes,
  tokensReservedByAsked,
  type UsedAmounts,
} from "./task/budgets.ts";

export { independentOutcome } from "./task/independent-tests.ts";
export { newOutcomes, type Observation, watchedLandings } from "./task/outcomes.ts";
export { heldBudget } from "./task/raised-budget.ts";
export { nextBasis, runToContinue } from "./task/repair.ts";
export { openRevert } from "./task/revert.ts";
export { reviewKey } from "./task/review-instructions.ts";
export { isNewsToGate, sameChanges } from "./task/same-change.ts";
export { isAboutTests, isTaskQuestion, openQuestion, readTestsAnswer, taskQuestion } from "./task/task-question.ts";
export { mergePrices } from "./usage/merge-prices.ts";
