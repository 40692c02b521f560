/**
 * Everything that two parts of aedev share: schemas of work, reports, evidence and verdicts, codes, ids, canonical JSON and digests. It knows no policy,
 * log or machine. The schemas of work and of messages have their own entries, so that a program that exchanges none does not pay for building them.
 *
 * Folder: what planes or packages share: schemas, codes, canonical JSON, digests, escaping.
 */

export type { AddedTests } from "./added-tests.ts";
export { interruptionTexts, unmeasuredTexts } from "./board-text.ts";
export { type BrokenTests, testNamesSchema } from "./broken-tests.ts";
export type { RaisableBudget, RaisedBudget } from "./budget-amount.ts";
export { amountOfBudget, budgetAmountText, partsOfBudget, raisedText } from "./budget-amount.ts";
export { budgetDetail, budgetOfDetail, raisableBudgetOf, unpricedWhy } from "./budget-detail.ts";
export { type ByteChange, type ByteChangeKind, byteChangeKinds } from "./byte-changes.ts";
export { canonicalJson, type Json } from "./canonical-json.ts";
export type { CaptureNotes, PutBackKind } from "./capture-notes.ts";
export { captureNoteLines, somePathsOf } from "./capture-notes.ts";
export { type ChangeKinds, changedFilesMax, changeKindsSchema, type NewNames } from "./change-kinds.ts";
export { checkoutFolderSchema } from "./checkout-folder.ts";
export { checksStatusText } from "./checks-status-text.ts";
export { type ClarificationRules, clarificationRulesSchema } from "./clarification-rules.ts";
export { coderTokenNames } from "./coder-tokens.ts";
export { errorCodes, type FailureCode, failureCodeSchema } from "./codes.ts";
export {
  type CommitConventions,
  commitConventionsSchema,
  type UsualCommitType,
  usualCommitTypes,
} from "./commit-conventions.ts";
export { commitTemplateSchema, fillTemplate } from "./commit-template.ts";
export type { Continuation } from "./continuation.ts";
export { costText, usedText } from "./cost-text.ts";
export {
  boundedCoverage,
  type Coverage,
  coverageText,
  type UncoverableReason,
  type UncoveredKind,
  wayText,
} from "./coverage.ts";
export { type DependencyChanges, dependencyChangesSchema } from "./dependency-changes.ts";
export {
  type DependencyRecord,
  type DependencyRecords,
  dependencyRecordsSchema,
  type PackageEcosystem,
  recordedPackagesMax,
} from "./dependency-records.ts";
export { bundleDigest, changeDigest, digestOf } from "./digest.ts";
export {
  acceptLogCommand,
  type DistrustReason,
  distrustReasonSchema,
  distrustReasonsMax,
  distrustReasonText,
} from "./distrust-reason.ts";
export { acceptedCriteriaMax, type DraftResult, draftFileSchema } from "./draft.ts";
export type { EditedTests } from "./edited-tests.ts";
export {
  type BundleManifest,
  bundleManifestSchema,
  type Cell,
  type ChangedFile,
  type Checks,
  type CommandResult,
  cellNames,
  cellSchema,
  changedFileSchema,
  checksSchema,
  type Environment,
  type EvidenceName,
  environmentSchema,
  evidenceNames,
  judgedEvidenceNames,
  type PathReport,
  pathReportSchema,
  renameSchema,
  requiredEvidenceNames,
  type SecretReport,
  secretReportSchema,
  type TestChanges,
  type TestFinding,
  type TestMatrix,
  type TestResult,
  testChangesSchema,
  testFindingKinds,
  testFindingSchema,
  testMatrixSchema,
} from "./evidence.ts";
export {
  comparedPassesMax,
  comparedTests,
  confirmingPasses,
  failsMoreOften,
  failuresOf,
  isCompared,
  isSeenOnce,
  mayStillDiffer,
} from "./failure-rates.ts";
export { Fault, isFault, nullOn } from "./fault.ts";
export {
  ageOf,
  ageText,
  counted,
  groupedText,
  localSecond,
  localTime,
  roundedText,
  sizeText,
  tokensText,
} from "./figures.ts";
export { chanceText, type DecidedRisk, harmChance, largestShares, logOddsText, riskText } from "./harm-chance.ts";
export {
  type ChangeMetrics,
  changeMetricsSchema,
  commitsEnough,
  type History,
  historySchema,
  historyText,
  type MetricName,
  metricNames,
} from "./history.ts";
export {
  firstHoldCode,
  type HoldCode,
  holdCodeSchema,
  holdCodes,
  holdOf,
  resumptionOf,
  resumptionText,
} from "./hold-code.ts";
export { type HomeSignal, homeSignalParts, homeSignalText } from "./home-signal.ts";
export {
  type ApprovalId,
  type AuditId,
  approvalIdSchema,
  type Blob,
  blobSchema,
  gitIdSchema,
  type HoldId,
  instantSchema,
  type MissionId,
  missionIdSchema,
  proposalIdSchema,
  type RepositoryName,
  type RunId,
  repositoryNameSchema,
  runIdSchema,
  type Sha256,
  sha256Schema,
  type TaskId,
  taskIdSchema,
} from "./ids.ts";
export type { ImageRecipe } from "./image-recipe.ts";
export { dockerfileOf, hasDebianPackages, imageRecipe, imageWithPackages, recipeOfImage } from "./image-recipe.ts";
export type { IndependentOutcome, IndependentTests } from "./independent-tests.ts";
export { independentTestsSchema, independentTestsText } from "./independent-tests.ts";
export {
  composedForHost,
  type HostText,
  host,
  hostLine,
  hostText,
  hostTitle,
  joined,
  type PushText,
  push,
  pushLine,
  pushQuote,
  type Writer,
} from "./inert-text.ts";
export { keepAnswers, keptAnswers, parseJudgeAnswer } from "./judge-answer.ts";
export { isUnavailable, judgeFailureRule } from "./judge-failure.ts";
export { judgePromptDigest } from "./judge-prompt.ts";
export {
  branchName,
  branchPrefixOf,
  isTaskBranch,
  type LandingPlace,
  type LandingWay,
  landingPlaceText,
  landingWayOf,
  landingWaySchema,
  type PermittedWrites,
  takeInCommand,
  takeInLines,
} from "./landing-way.ts";
export {
  badShareText,
  type ClosedLane,
  type LaneKind,
  type LaneRecord,
  laneClosedText,
  laneKindOf,
  laneKindSchema,
  laneKinds,
  laneKindTexts,
  mergeableKinds,
  mergedAloneText,
  reopenHelp,
} from "./lane.ts";
export { lazy } from "./lazy.ts";
export { type Advice, adviceIn, filled, holdMeanings, type Meaning } from "./meanings/hold-meanings.ts";
export { type CodedReason, codedReasons, mainReasonText, reasonMeanings } from "./meanings/reason-meanings.ts";
export { type HarmSignal, signalsAgainst, signalsFor, signalText } from "./meanings/signal-meanings.ts";
export {
  type Lesson,
  type LessonFile,
  type LessonId,
  type LessonTopic,
  lessonsMax,
  lessonTokensMax,
  lessonTopicSchema,
  lessonTopics,
  lessonTrialsMin,
  memoryLineMax,
  type RuleId,
  type RunMemory,
  rulesMax,
  uselessTrialsMin,
} from "./memory.ts";
export type { ExecutionSettings, FromPlane, StartExecution, StartJudgement, ToPlane } from "./message.ts";
export {
  chineseStatusTexts,
  type MissionStatus,
  missionStatuses,
  statusCountText,
  statusText,
  statusTexts,
} from "./mission-status.ts";
export { type MutationSample, mutationSampleSchema } from "./mutation-sample.ts";
export {
  actorText,
  type BrowserReach,
  type DecisionWay,
  deciderText,
  githubLoginOf,
  mayAct,
  type OperatorRole,
  operatorActor,
  operatorNameOf,
  operatorNameSchema,
  operatorTokenPattern,
  ownerActor,
  phoneActor,
  roleSchema,
  roles,
} from "./operator.ts";
export { cursorOf, type PagePlace } from "./page-cursor.ts";
export type {
  ApprovalPage,
  BudgetPage,
  LandingCommit,
  LandingPage,
  NewMissionPage,
  PagePart,
  PagePlan,
  PageQuestion,
  PageSignIn,
  QuestionPage,
  ResultPage,
  ReturnedForm,
  RevertPage,
  SpecificationPage,
} from "./pages/approval-page.ts";
export { passAgeMsMax } from "./pass-age.ts";
export {
  type FailureRule,
  failureRules,
  type PlanDifference,
  type PlannedPart,
  planPartNameSchema,
  type SpecifiedPlan,
} from "./plan.ts";
export { type PlanDraft, planDraftFileSchema } from "./plan-draft.ts";
export {
  dearestNanoDollars,
  decimalOf,
  dollarsText,
  type ModelPrice,
  microDollarsOf,
  nanoDollarsOf,
} from "./price.ts";
export { type ProbeProblem, parseProbeProblem } from "./probe-problem.ts";
export {
  type Progress,
  parseProgressLine,
  progressLine,
  progressOf,
  progressText,
} from "./progress.ts";
export {
  boundedProvenness,
  type Provenness,
  provennessLines,
  provennessSchema,
  type TestProvenness,
  type UnprovenReason,
  withCoverage,
} from "./provenness.ts";
export { foreignName, type PullRequestWait, pullRequestWaitText } from "./pull-request.ts";
export {
  bounded,
  causesText,
  type Fact,
  holdReason,
  namedTests,
  type Reason,
  reasonText,
} from "./reason.ts";
export {
  differenceText,
  type LeftOutReason,
  type NotReplayedReason,
  type OutsideReplay,
  outsideReplayLines,
  outsideReplaySchema,
  type ReplayedFunction,
  type UnrecordedFile,
} from "./replay.ts";
export { reportedTestsMax } from "./reported-tests.ts";
export { type RevertReport, revertReportSchema } from "./revert-report.ts";
export {
  type ReviewRefusal,
  type ReviewSource,
  refusedReviewsMax,
} from "./review-source.ts";
export { type FailedRun, planFileDepthMax, type RunFileFailure, runFileBytesMax, runFileDepthMax } from "./run-file.ts";
export type { CapturedReport, HeldReport, SalvagedWork } from "./run-result.ts";
export {
  escapeLine,
  escapeText,
  hasControls,
  hasInvisibles,
  replaceUnsafe,
  withoutInvisibles,
} from "./safe-text.ts";
export {
  type LinkRecord,
  linkRecordSchema,
  type Registry,
  type SandboxLinkChoice,
  sandboxLinkSchema,
} from "./sandbox.ts";
export {
  caseText,
  type DifferingCase,
  leftOutCauses,
  noneLeftOut,
  type SecondImplementation,
  secondImplementationSchema,
  secondImplementationText,
  type Uncompared,
} from "./second-implementation.ts";
export { type SetUpProposal, type SetUpResult, setUpProposalSchema, setUpSentBytesMax } from "./set-up.ts";
export {
  type BudgetKey,
  type BudgetUnit,
  type GatewayLimits,
  gatewayLimitsSchema,
  noSettings,
  plainFolderPattern,
  type RepositorySettings,
  type RunLimits,
  registeredFolderSchema,
  repositorySettingsSchema,
  runLimitsSchema,
  type Submodule,
  submoduleSchema,
  submodulesMax,
} from "./settings.ts";
export { shellWord } from "./shell-word.ts";
export { simpleGlobSchema } from "./simple-glob.ts";
export {
  type Criterion,
  criteriaMax,
  criterionSchema,
  missionTextCharactersMax,
  notCheckedCharactersMax,
  notCheckedMax,
  type Specification,
  specificationSchema,
  wordsCharactersMax,
} from "./specification.ts";
export { type Stuck, stuckSchema, stuckText } from "./stuck.ts";
export { shortenedPair, summarizeList, truncateText } from "./summarize-list.ts";
export { testChangeLines } from "./test-change-lines.ts";
export { type Priority, priorities } from "./ticket.ts";
export { messagesMax, type Told } from "./told.ts";
export { durationMsSchema, mutationTimeSchema, parseDurationMs, sizeBytesSchema } from "./units.ts";
export { type Unneeded, type UnneededPart, unneededPartText } from "./unneeded.ts";
export {
  addJudgeUsage,
  addUsage,
  type Billing,
  billingSchema,
  hasUsage,
  type JudgeUsage,
  type ModelUsage,
  noUsage,
  type TokenClasses,
  tokensOf,
  type Usage,
  usageSchema,
} from "./usage.ts";
export {
  type Family,
  families,
  familySchema,
  inconclusiveDetailSchema,
  isAnsweredDetail,
  type JudgeAnswer,
  type JudgeTry,
  type Severity,
  type Verdict,
  type VerdictNonces,
  type ViewName,
  verdictSchema,
  viewNames,
  wasAnswered,
} from "./verdict.ts";
export { type WatchedPaths, watchedPathsMax, watchedPathsSchema } from "./watched-paths.ts";
export { isStandard } from "./without-acts.ts";
export type {
  DraftMission,
  ExecutionWork,
  FileRunResult,
  JudgeEvidence,
  JudgeEvidenceReport,
  PlacedSubmodule,
  PlaneReport,
  PlaneWork,
  ProbeCoder,
  ProbeJudge,
  ProbeVendor,
  RunChecks,
  RunChecksReport,
  RunCoder,
  RunCoderReport,
  SetUpRepository,
  TryRepository,
  TryRepositoryReport,
} from "./work.ts";
