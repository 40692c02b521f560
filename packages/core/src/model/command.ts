/** All commands. Ids, times and results from outside are fields of a command; besides them, `decide` reads only the state. */

import type {
  Blob,
  BundleManifest,
  CapturedReport,
  DecisionWay,
  FailureCode,
  FailureRule,
  Family,
  HeldReport,
  HoldCode,
  LaneKind,
  Lesson,
  LessonId,
  PlannedPart,
  Priority,
  PullRequestWait,
  RaisedBudget,
  ReviewRefusal,
  ReviewSource,
  RuleId,
  SalvagedWork,
  Verdict,
} from "@aedev/contracts";
import type { RunCause, SameMission } from "@aedev/contracts/api";
import type {
  ApprovalAction,
  ApprovalRules,
  ApprovalSubject,
  EventData,
  MissionOrigin,
  ProposalSource,
} from "@aedev/contracts/events";

/** Who sends a command and when. A repeated command with the same `command_id` gets the first answer. `at` is ISO 8601 UTC with milliseconds. */
export interface CommandEnvelope {
  readonly command_id: string;
  readonly actor: string;
  readonly at: string;
  /** The channel of a person's command; absent: no person sent it, or the channel is not known. */
  readonly way?: DecisionWay;
}

/** Who decided and through which channel, as fields of this command's events. */
export function deciderOf({ actor, way }: CommandEnvelope): { by: string; way?: DecisionWay } {
  return way === undefined ? { by: actor } : { by: actor, way };
}

/** The policy's limits on the repair of one task: runs after the first, and tokens of all its runs together. */
export interface RepairBounds {
  readonly max_runs: number;
  readonly task_tokens: number;
}

/** The basis on which a run was prepared: how many more runs each scope with a budget of runs allowed, and the newest run of each task at that time. */
export interface RunRoom {
  readonly left: Readonly<Partial<Record<"mission" | "repository_day" | "day", number>>>;
  readonly newest: readonly string[];
}

/** The result of clarification, as fields of an event. */
type Clarified = Pick<EventData<"MissionSubmitted">, "clarity" | "criteria" | "specification" | "clarified_spec">;

/** What clarifying a part does to the mission of its plan. `before`: digest of the mission's specification that it was computed from. */
export interface PlanChange extends Pick<Clarified, "specification" | "clarified_spec"> {
  readonly before: string;
}
/** A part of a plan as it is submitted. `implied`: see `PlannedPart`. */
export interface SubmittedPart extends Pick<PlannedPart, "name" | "after" | "implied" | "files" | "written"> {
  readonly mission: Extract<CommandBody, { kind: "SubmitMission" }>;
}
/** A part of a plan's new version: it keeps its mission, which then waits for these, or gets a new one. */
export type ReplacedPart = Omit<SubmittedPart, "mission"> &
  (
    | { readonly keeps: string; readonly waits_for: readonly string[]; readonly mission?: undefined }
    | { readonly keeps?: undefined; readonly mission: SubmittedPart["mission"] }
  );
/** For a part, only with its plan: see `PlanChange`. */
interface OfPart {
  plan?: PlanChange;
}

/** Only the fields that no state has. */
export type RevertTask = {
  kind: "RevertTask";
  task_id: string;
  commit: string;
  subject: string;
  mission_id: string;
  revert_task_id: string;
  title: string;
} & Pick<Clarified, "criteria" | "specification" | "clarified_spec">;

/** What a command asks for, by `kind`. Its instants are ISO 8601 in UTC. */
export type CommandBody =
  | { kind: "InitializeHome"; home_id: string; demo?: true }
  /** Accepts a log that is not trusted. `epoch`: higher than every epoch seen before. */
  | ({ kind: "AcceptLog" } & EventData<"LogAccepted">)
  /** Records that the home was made from a backup. `epoch`: higher than every epoch seen before. */
  | ({ kind: "RestoreHome" } & EventData<"HomeRestored">)
  /** Expires the blobs of work that ended before an instant. */
  | ({ kind: "ExpireBlobs" } & EventData<"BlobsExpired">)
  | { kind: "LoadPolicy"; digest: string; policy: Blob; approvals: ApprovalRules }
  | ({ kind: "AddOperator" } & Omit<EventData<"OperatorAdded">, "by" | "way" | "epoch">)
  | { kind: "RemoveOperator"; name: string }
  | { kind: "StartPlane"; plane: "execution" | "judgement" }
  /** Records that the daemon is ready. */
  | ({ kind: "StartDaemon" } & EventData<"DaemonStarted">)
  | ({ kind: "ConfigureRepository" } & EventData<"RepositoryConfigured">)
  /** Records the default branch that a fetch found, for a repository whose registration names no base. */
  | ({ kind: "FixBaseBranch"; repository: string } & EventData<"BaseBranchFixed">)
  | ({
      kind: "SubmitMission";
      mission_id: string;
      repository: string;
      title: string;
      priority: Priority;
      labels?: string[];
      after: string[];
      origin?: MissionOrigin;
      /** The mission's text is a proposal's. */
      proposed?: true;
      /** The digest of the text, as in the event. */
      text_digest?: string;
      /** The person wants the mission although the same text is open or has landed. */
      again?: boolean;
    } & Clarified)
  /**
   * Submits a mission of several parts, each after those that it waits for. `mission.after`: missions that each part waits for. `accepts`: the draft whose
   * parts these are, edited or not, so that its mission becomes the plan. `spec_digest`: the specification that the mission then had.
   */
  | {
      kind: "SubmitPlan";
      mission: Extract<CommandBody, { kind: "SubmitMission" }>;
      on_failure: FailureRule;
      parts: readonly SubmittedPart[];
      accepts?: { readonly run_id: string; readonly spec_digest: string };
    }
  /** Hands in another version of a plan. `spec_digest`: the specification that the person has seen. */
  | ({
      kind: "ReplacePlan";
      mission_id: string;
      spec_digest: string;
      title: string;
      on_failure: FailureRule;
      parts: readonly ReplacedPart[];
      clarified_spec: Blob;
    } & Pick<Clarified, "criteria" | "specification">)
  | { kind: "UpdateMission"; mission_id: string; priority?: Priority; labels?: string[]; on_failure?: FailureRule }
  /** `clarity`, `criteria` and `specification`: clarification's result for these answers. `round` and `spec_digest`: what was answered, so that no concurrent answer is lost. */
  | ({
      kind: "AnswerMission";
      mission_id: string;
      round: number;
      spec_digest: string;
      answers: { question_id: string; text: string }[];
      /** The comment that contains the answers. */
      comment?: number;
    } & Clarified &
      OfPart)
  /** Sends a specification back. `answers`: the person's words. The other fields are clarification's result with them. */
  | ({
      kind: "SendBackMission";
      mission_id: string;
      spec_digest: string;
      answers: EventData<"MissionSentBack">["answers"];
    } & Clarified &
      OfPart)
  | ({ kind: "RefuseIssue"; repository: string } & EventData<"IssueRefused">)
  | ({ kind: "RecordIssueComment"; mission_id: string } & EventData<"IssueCommented">)
  | ({ kind: "RefuseIssueAnswer"; mission_id: string } & EventData<"IssueAnswerRefused">)
  /** `tokens`: the most that the draft may use. `of`: as in the event. */
  | { kind: "RequestDraft"; mission_id: string; run_id: string; tokens: number; of?: "plan" }
  | ({ kind: "EndDraft"; mission_id: string } & EventData<"DraftEnded">)
  /** `answers`: the parts that count, as clarification judged them; empty: nothing counts. `spec_digest`: what was clarified. */
  | ({
      kind: "AcceptDraft";
      mission_id: string;
      run_id: string;
      spec_digest: string;
      answers: EventData<"DraftAccepted">["answers"];
    } & Clarified &
      OfPart)
  /** `tokens`: the most that the run may use. */
  | ({ kind: "RequestSetUpRun" } & Omit<EventData<"SetUpRunRequested">, "by" | "way" | "run_id" | "generation"> & {
        run_id: string;
      })
  | { kind: "CancelSetUpRun"; run_id: string }
  | ({ kind: "EndSetUpRun" } & EventData<"SetUpRunEnded">)
  /** `task_id`: of the mission's task. `part_tasks`: for a plan, the task of each part's mission instead. */
  | {
      kind: "ApproveMission";
      mission_id: string;
      spec_digest: string | null;
      task_id: string;
      part_tasks?: readonly { readonly mission_id: string; readonly task_id: string }[];
    }
  | { kind: "RejectMission"; mission_id: string; reason: string | null }
  | { kind: "CancelMission"; mission_id: string }
  /** Replaces the order in which missions start. */
  | { kind: "OrderMissions"; missions: readonly string[] }
  /** `room`: the basis on which the run was prepared, if a budget of runs is set. `cause`: why it was prepared; it does not start if the task's next run has another cause by then. */
  | ({ kind: "StartRun"; task_id: string; run_id: string; cause?: RunCause | null; room?: RunRoom } & Omit<
      EventData<"RunStarted">,
      "run_id" | "attempt"
    >)
  /**
   * `repair`: the limits of the run's policy; without them a stopped run is held at once. `usage_resumes`: how many waits in a row for a usage limit are
   * allowed before a person is needed; absent: any number.
   */
  | {
      kind: "RecordCoderResult";
      task_id: string;
      run_id: string;
      result: CapturedReport | HeldReport;
      hold_id: string;
      repair?: RepairBounds;
      usage_resumes?: number;
    }
  | { kind: "RecordRefusal"; task_id: string; run_id: string; what: string }
  | ({ kind: "RecordSalvage"; task_id: string; run_id: string } & SalvagedWork)
  | {
      kind: "RecordChecksResult";
      task_id: string;
      run_id: string;
      base_commit: string;
      result: { outcome: "checked"; tree: string; manifest: BundleManifest } | HeldReport;
      hold_id: string;
    }
  | ({ kind: "SealEvidence"; task_id: string } & EventData<"EvidenceSealed">)
  | { kind: "RecordVerdict"; task_id: string; verdict: Verdict }
  /**
   * `missing_tests`: what tests would have to show so that the change merges; null: nothing is missing, or tests alone would not be enough.
   * `waits_for_window`: no run may start now (`schedule.run_window`). `independent_tests`: another run must write tests before the change merges.
   */
  | {
      kind: "DecideGate";
      task_id: string;
      decision: EventData<"GateDecided">;
      missing_tests: string | null;
      waits_for_window: boolean;
      independent_tests: boolean;
      repair: RepairBounds;
      hold_id: string;
      /** The base's tests that fail with the change's code or that the change removes, and whether the request is the reason; absent: there are none, or something else is red too. */
      broken?: { readonly names: readonly string[]; readonly by_request: boolean };
    }
  | { kind: "ApproveLanding"; task_id: string; digest: string | null }
  | { kind: "RejectTask"; task_id: string; reason: string | null }
  /** Sends a change back. `specification` is the task's, with `words` added to its instructions. */
  | { kind: "RequestChange"; task_id: string; digest: string | null; words: string; specification: Blob }
  /** For a question about tests. `specification`: it allows them to change, or contains the person's other words. `hold_id`: the new hold if the tests stay; absent: the answered hold. */
  | {
      kind: "AnswerQuestion";
      task_id: string;
      question_id: string;
      text: string;
      hold_id?: string;
      specification?: Blob;
    }
  /** `undone`: tasks whose equal change is in the base's history, so it was undone there. */
  | ({ kind: "StartLanding"; task_id: string; message: Blob; undone?: readonly string[] } & Omit<
      EventData<"LandingStarted">,
      "landing" | "message"
    >)
  | { kind: "RecordBaseMoved"; task_id: string; to: string; hold_id: string }
  | { kind: "RecordBaseConflict"; task_id: string; to: string; why: string; repair: RepairBounds; hold_id: string }
  | ({ kind: "RecordPullRequest"; task_id: string } & EventData<"PullRequestOpened">)
  | ({ kind: "SkipDraftPullRequest"; task_id: string } & EventData<"DraftPullRequestSkipped">)
  | { kind: "RecordPullRequestWaits"; task_id: string; number: number; waits_for: PullRequestWait[] }
  | { kind: "RecordPullRequestSuspended"; task_id: string; number: number; head: string }
  | { kind: "RecordPullRequestClosed"; task_id: string; number: number | null }
  /** Records what reviews of the pull request ask for. In `taken`, `specification` is the task's with the words added to its instructions. */
  | {
      kind: "RecordReviews";
      task_id: string;
      number: number;
      taken: { reviews: ReviewSource[]; words: string; specification: Blob } | null;
      refused: (ReviewSource & { why: ReviewRefusal })[];
    }
  /** Takes a landed change back, through its own mission and task. `commit`: the landed commit. The request of `actor` also approves the specification, which contains no person's words. */
  | RevertTask
  | ({ kind: "PrepareRevert"; task_id: string; run_id: string } & Omit<
      EventData<"RevertPrepared">,
      "run_id" | "attempt"
    >)
  /** `merged`: the pull request that the host merged, and the tree of `commit`. */
  | {
      kind: "RecordLanded";
      task_id: string;
      commit: string;
      ref: string;
      merged?: { pull_request: number; tree: string };
      /** How long its outcome is watched; absent: it is not watched. */
      watch_until?: string;
      /** The command that takes the change back if the merged tree is not the judged tree. */
      revert?: RevertTask;
    }
  | {
      kind: "RecordOutcomes";
      repository: string;
      outcomes: readonly Pick<EventData<"OutcomeObserved">, "task_id" | "commit" | "outcome" | "evidence">[];
      /** For each task whose change is now red: the approval with which the phone may have the change taken back. */
      offers?: readonly { readonly task_id: string; readonly approval_id: string; readonly expires_at: string }[];
      /** Checks that a watched landing broke and that pass again on its branch. */
      passed?: readonly { readonly task_id: string; readonly check: string }[];
      /** Under which chance of harm, in thousandths, the repository's profile merges; absent: it merges nothing, so no lane can close. */
      lane_bound?: number;
    }
  | { kind: "JudgeOutcome"; task_id: string; outcome: "good" | "bad"; words: string | null; lane_bound?: number }
  /** `lane` null: all lanes of the repository. */
  | { kind: "ReopenLane"; repository: string; lane: LaneKind | null; reason: string }
  /** `resumes_at`: when the hold ends automatically; absent: no such time is known. */
  | {
      kind: "HoldTask";
      task_id: string;
      code: HoldCode;
      detail: string | null;
      hold_id: string;
      resumes_at?: string;
      /** The head of a pull request that a release of this hold accepts without checks. */
      without_checks?: string;
    }
  | { kind: "ReleaseHold"; hold_id: string }
  /** Records that a budget was raised in the home's configuration: all holds that it caused are released. `hold_id`: the hold that a person was asked about. */
  | ({ kind: "RaiseBudget"; task_id: string; hold_id: string } & RaisedBudget)
  /** Records that a hold waited for a person longer than the policy allows. */
  | { kind: "TimeOutHold"; hold_id: string; action: "reject" | "ask" }
  /** Records that a run for tests or for independent tests could not start within an hour: the task continues with the earlier change. */
  | { kind: "RestoreChange"; task_id: string }
  | { kind: "TellCoder"; task_id: string; text: string }
  | { kind: "RetryTask"; task_id: string }
  | { kind: "CancelTask"; task_id: string }
  | { kind: "PauseRepository" | "ResumeRepository" | "PauseLandings" | "ResumeLandings"; repository: string }
  /** `hold_ids`: ids for the holds of tasks whose run is stopped; absent: no run is stopped. */
  | { kind: "PauseWork"; hold_ids?: readonly string[] }
  | { kind: "ResumeWork" }
  /** `cancel_open`: cancels the open missions of the repository; otherwise an open mission refuses the removal. */
  | { kind: "RemoveRepository"; repository: string; cancel_open: boolean }
  | { kind: "ConfigureNotifier"; digest: string | null }
  | { kind: "RecordRepliesDropped"; period_ms: number }
  | ({ kind: "RecordWebhookRefusal" } & EventData<"WebhookRefused">)
  | { kind: "MakePhoneLink"; link_id: string; expires_at: string }
  | { kind: "RevokePhoneLink"; link_id: string }
  | ({ kind: "StartBrowserSession"; session_id: string } & Pick<
      EventData<"BrowserSessionStarted">,
      "token_digest" | "view_only" | "expires_at" | "reach"
    >)
  | { kind: "EndBrowserSession"; session_id: string }
  /** A mission that a phone submits by a link. A link can do nothing else. */
  | { kind: "SubmitByLink"; link_id: string; mission: Extract<CommandBody, { kind: "SubmitMission" }> }
  /** Findings of aedev to propose as missions, and the keys of causes that are gone. */
  | {
      kind: "RecordProposals";
      repository: string;
      found: readonly EventData<"MissionProposed">[];
      gone: readonly string[];
      /** How many proposals may be made within 24 hours. */
      per_day: number;
    }
  /** A person turns a proposal into a mission, in the proposal's repository. */
  | { kind: "AcceptProposal"; proposal_id: string; mission: Extract<CommandBody, { kind: "SubmitMission" }> }
  | { kind: "RejectProposal"; proposal_id: string }
  | { kind: "AddRule"; repository: string; rule_id: RuleId; text: string }
  | { kind: "RemoveRule"; repository: string; rule_id: RuleId }
  | { kind: "AcceptLesson"; repository: string; lesson: Lesson }
  | { kind: "RejectLesson" | "RemoveLesson"; repository: string; lesson_id: LessonId }
  | { kind: "ExpireLessons"; repository: string; expired: readonly EventData<"LessonExpired">[] }
  /** A person lets a source that paused itself propose again. */
  | { kind: "ResumeProposalSource"; repository: string; source: ProposalSource }
  | { kind: "RequestApproval"; approval_id: string; subject: ApprovalSubject; expires_at: string }
  /** A decision by token. `decision` is the command that a person would have sent from the terminal. */
  | { kind: "UseApproval"; approval_id: string; action: ApprovalAction; decision: CommandBody }
  | { kind: "RecordVendorProbe"; family: Family }
  | { kind: "RecordCoderVendorProbe" }
  | { kind: "RequestAudit"; audit_id: string; n: number }
  | ({ kind: "PlantCanary" } & EventData<"CanaryPlanted">)
  | { kind: "RecordCanaryVerdict"; canary_id: string; verdict: Verdict }
  /** `stream`: the stream of the message's subject. */
  | ({ kind: "RecordPush"; stream: string } & EventData<"PushSent">);

/** A command with its sender and time. */
export type Command = CommandEnvelope & CommandBody;
/** A command of one kind. */
export type CommandOf<K extends CommandBody["kind"]> = CommandEnvelope & Extract<CommandBody, { kind: K }>;

/** The domain's refusal of a command: shown to the person, HTTP 409, exit 1. `hint` is the command that helps. */
export interface Refusal {
  readonly kind: "refused";
  readonly code: FailureCode;
  readonly reason: string;
  readonly hint?: string;
  /** The mission that already asks for the same. */
  readonly same?: SameMission;
}

/** The refusal with this code. */
export function refuse(code: FailureCode, reason: string, hint?: string): Refusal {
  return hint === undefined ? { kind: "refused", code, reason } : { kind: "refused", code, reason, hint };
}
