/** The HTTP API: every route with its request and its response. The daemon, the clients and core's types load it; the other planes don't. */
export type { AnalyticsDocument } from "./analytics.ts";
export {
  type ErrorDocument,
  errorDocumentSchema,
  type Immutable,
  receivedErrorSchema,
  type SameMission,
} from "./basics.ts";
export type { BrowserSessionDocument } from "./browser-routes.ts";
export type { PatchFileDocument, PatchLineDocument } from "./change-patch.ts";
export type { CollectionDocument } from "./collection.ts";
export type { ChangeToDecide, DecisionPage } from "./decision-routes.ts";
export type { GitHubAccessDocument } from "./github-access.ts";
export type { InboxDocument, InboxItem } from "./inbox.ts";
export {
  type AuditDocument,
  type AuditEstimate,
  auditDocumentSchema,
  type ErrorTable,
  type FamilyReport,
  type Figure,
  type JudgeOutageDocument,
  type JudgeReport,
  judgeReportSchema,
  type PairReport,
  type ProbeBody,
  type ProbeDocument,
  type PushTrial,
  type Rate,
  type Ratio,
} from "./judges.ts";
export type { LiveMessage } from "./live-routes.ts";
export {
  type Verification,
  verificationSchema,
} from "./log.ts";
export type { LessonDocument, LessonEffect, MemoryReport, RuleDocument } from "./memory-routes.ts";
export {
  type DraftDocument,
  type MissionClarity,
  type MissionDocument,
  missionClaritySchema,
  type NotInBase,
  type PlanClarity,
  type PlanDocument,
  type PlanSubmission,
  type QuestionDocument,
  type WaitingMission,
  waitingMissionSchema,
} from "./mission.ts";
export {
  type MissionReport,
  missionReportSchema,
  type ReportReference,
  type ReportSectionName,
  type ReportStatement,
  referenceText,
  reportSectionNames,
  reportSectionTitles,
  statementCharactersMax,
} from "./mission-report.ts";
export type { ModelsDocument, PromptRow } from "./models.ts";
export type { OperatorDocument } from "./operators.ts";
export {
  type OpenPageQuery,
  openPageQuerySchema,
  type PageQuery,
  pageQuerySchema,
} from "./page.ts";
export type { PausedRepository } from "./pause.ts";
export type { PhoneLinkDocument } from "./phone-routes.ts";
export type { ProposalDocument, ProposalSourceDocument } from "./proposal-routes.ts";
export type { QueueDocument } from "./queue.ts";
export type {
  Detection,
  LaneDocument,
  Registration,
  RepositoryDocument,
  ResumedRepository,
  SetUpRun,
  TrialBody,
  Tried,
  TriedCommand,
} from "./repository.ts";
export type { RepositoryPage, RoadmapDocument } from "./repository-page.ts";
export type { Route } from "./route.ts";
export {
  type RouteAnswer,
  type RouteInput,
  type RouteName,
  type RouteRequest,
  routes,
} from "./routes.ts";
export type { ActivityDocument, SessionDocument } from "./sessions.ts";
export type {
  HealthDocument,
  StatusSummary,
  UntrustedLog,
} from "./status.ts";
export {
  type AlertKind,
  type BoardAlert,
  type Capped,
  type InterruptionKind,
  type StatusBoardDocument,
  statusBoardSchema,
  type UnmeasuredReason,
} from "./status-board.ts";
export type {
  DecisionDocument,
  HoldDocument,
  RunCause,
  RunDetails,
  TaskDetails,
  TaskDocument,
  TaskExplanation,
} from "./task.ts";
export type { UsageReport, UsageRow, UsageSum } from "./usage.ts";
