/** aedev's core: a pure function of the log. What a command changes, what the log means, what is owed, what may land. No I/O. */

export { approvalStanding, approvalsAbout, askedSubjects, type Standing } from "./approval/standing.ts";
export { type ApprovalAction, type ApprovalSubject, subjectKey } from "./approval/subject.ts";
export { clarifiedSpecification } from "./clarification/clarified-specification.ts";
export { type Clarified, clarifyAnswers, clarifyMission } from "./clarification/clarify.ts";
export { type Clarity, isClear, type Question, type SignalName } from "./clarification/clarity.ts";
export { answerCharactersMax, judgeAnswers } from "./clarification/judge-answers.ts";
export { detectRepository, wantedFiles } from "./detect/detect-repository.ts";
export type { Finding } from "./detect/finding.ts";
export { proposeName } from "./detect/propose-name.ts";
export { readTrial, type TrialReading } from "./detect/read-trial.ts";
export { saySame } from "./evidence/same-checks.ts";
export { summarizeChecks } from "./evidence/summarize-checks.ts";
export { testChangeLines } from "./evidence/test-change-lines.ts";
export { askedFamilies } from "./judge/asked-families.ts";
export { isAnswer, type JudgeSetup } from "./judge/canary-words.ts";
export { recordsOfSpeakers, unqualifiedJudges } from "./judge/judge-records.ts";
export { type JudgeReport, judgeReport } from "./judge/judge-report.ts";
export {
  auditPlan,
  auditPlanted,
  type JudgeWork,
  newestAudit,
  type PlantedKind,
} from "./judge/owed-canaries.ts";
export { standingVerdict, standingVeto } from "./judge/standing-verdict.ts";
export type { Figure, Rate } from "./judge/statistics.ts";
export type { Command, CommandBody, CommandEnvelope, CommandOf, Refusal } from "./log/command.ts";
export { decide } from "./log/decide.ts";
export type { Decision } from "./log/decision.ts";
export {
  type DomainEvent,
  type EventData,
  type EventType,
  eventTypes,
  type NewEvent,
  parseEvent,
} from "./log/event.ts";
export { evolve, type FoldedEvent } from "./log/evolve.ts";
export {
  nextDueAt,
  type PersonWork,
  pendingWork,
  type TaskWork,
  type Work,
  type WorkBounds,
  widestBounds,
} from "./log/pending-work.ts";
export {
  type ApprovalState,
  type AuditState,
  type CanaryState,
  type EntityKind,
  entityById,
  entityOf,
  type HoldState,
  initialState,
  type MissionState,
  type Phase,
  type Priority,
  type Profile,
  type RepositoryState,
  type RunBasis,
  type RunCause,
  type RunState,
  type State,
  type SystemState,
  type TaskState,
  type Trial,
} from "./log/state.ts";
export { schemaNumberOf } from "./log/upcasts.ts";
export { escapeLine, escapeText } from "./mission/escape-text.ts";
export {
  type MissionDocument,
  type MissionStatus,
  missionDocument,
  missionStatus,
  missionStatuses,
  openQuestions,
  type QuestionDocument,
  type TaskDocument,
  taskDocument,
  taskStatus,
  tasksOf,
  usageOfRuns,
} from "./mission/mission-document.ts";
export {
  type HoldDocument,
  openHolds,
  plainLengthMax,
  plainStatus,
  type StatusSummary,
  statusSummary,
} from "./mission/status-summary.ts";
export { type TaskDetails, taskDetails } from "./mission/task-details.ts";
export { type Notice, type NoticePriority, owedNotices } from "./notice/notices.ts";
export { type GateAnswer, gate } from "./policy/gate.ts";
export type { GateInput } from "./policy/hard-gates.ts";
export { mergePolicies } from "./policy/merge-policies.ts";
export { isRecord, overlayDocuments } from "./policy/overlay-documents.ts";
export { type Policy, policySchema } from "./policy/policy-schema.ts";
export { type Problem, problemsOf, problemText } from "./policy/problem.ts";
export {
  combineSettings,
  effectiveProfile,
  mutationTimeSchema,
  type RepositoryOverlay,
  repositoryOverlaySchema,
  tightenPolicy,
} from "./policy/repository-overlay.ts";
export { testHolds, weakenedTests } from "./policy/test-rules.ts";
export { durationMsSchema, sizeBytesSchema } from "./policy/units.ts";
export { type PathGroup, pathGroups, type TouchedPaths } from "./risk/change-evidence.ts";
export { type Schedule, type Waiting, waitingOf } from "./schedule/waiting.ts";
export { type CoderQuestion, coderQuestion } from "./task/coder-question.ts";
export { helpFor, releaseRule } from "./task/hold-release.ts";
export { nextBasis, tokensSpent } from "./task/repair.ts";
export { grantTokens, isReserved, type TokenGrant, type TokenLimits } from "./task/token-budgets.ts";
