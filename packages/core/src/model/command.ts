/** All commands. Ids, times and results from outside are fields of a command; `decide` reads nothing else but the state. */

import type {
  Blob,
  BundleManifest,
  CapturedReport,
  DecisionWay,
  FailureCode,
  Family,
  HeldReport,
  HoldCode,
  PullRequestWait,
  RaisedBudget,
  ReviewRefusal,
  ReviewSource,
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
  Priority,
} from "@aedev/contracts/events";

/** Who sends a command and when. A retried command with the same `command_id` gets its first answer. `at` is ISO 8601 UTC with milliseconds. */
export interface CommandEnvelope {
  readonly command_id: string;
  readonly actor: string;
  readonly at: string;
  /** How a person's command came in; absent: nobody sent it, or the way is not known. */
  readonly way?: DecisionWay;
}

/** Who decided and how, as an event of this command has it. */
export function deciderOf({ actor, way }: CommandEnvelope): { by: string; way?: DecisionWay } {
  return way === undefined ? { by: actor } : { by: actor, way };
}

/** The policy's limits on repair of one task: runs after the first, and tokens of all its runs together. */
export interface RepairBounds {
  readonly max_runs: number;
  readonly task_tokens: number;
}

/** What a run was prepared on: how many more could start in each scope with a budget of runs, and the newest run of each task at that time. */
export interface RunRoom {
  readonly left: Readonly<Partial<Record<"mission" | "repository_day" | "day", number>>>;
  readonly newest: readonly string[];
}

/** What clarification made of a mission, as its event has it. */
type Clarified = Pick<EventData<"MissionSubmitted">, "clarity" | "criteria" | "specification" | "clarified_spec">;

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
  | { kind: "InitializeHome"; home_id: string }
  /** Accepts a log that is not trusted. `epoch`: above every epoch that was seen. */
  | ({ kind: "AcceptLog" } & EventData<"LogAccepted">)
  /** A home was made from a backup. `epoch`: above every epoch that was seen. */
  | ({ kind: "RestoreHome" } & EventData<"HomeRestored">)
  /** What ended before an instant loses its blobs. */
  | ({ kind: "ExpireBlobs" } & EventData<"BlobsExpired">)
  | { kind: "LoadPolicy"; digest: string; policy: Blob; approvals: ApprovalRules }
  | ({ kind: "AddOperator" } & Omit<EventData<"OperatorAdded">, "by" | "way" | "epoch">)
  | { kind: "RemoveOperator"; name: string }
  | { kind: "StartPlane"; plane: "execution" | "judgement" }
  | ({ kind: "ConfigureRepository" } & EventData<"RepositoryConfigured">)
  /** A fetch found the default branch of a repository whose registration names no base. */
  | ({ kind: "FixBaseBranch"; repository: string } & EventData<"BaseBranchFixed">)
  | ({
      kind: "SubmitMission";
      mission_id: string;
      repository: string;
      title: string;
      priority: Priority;
      after: string[];
      /** The issue it was made from. */
      origin?: MissionOrigin;
      /** Its text is a proposal's. */
      proposed?: true;
      /** Of its text, as the event has it. */
      text_digest?: string;
      /** The person wants it although the same text is open or has landed. */
      again?: boolean;
    } & Clarified)
  /** `clarity`, `criteria` and `specification`: clarification's result for these answers. `round` and `spec_digest`: what was answered, so that a concurrent answer is not lost. */
  | ({
      kind: "AnswerMission";
      mission_id: string;
      round: number;
      spec_digest: string;
      answers: { question_id: string; text: string }[];
      /** The comment that has the answers. */
      comment?: number;
    } & Clarified)
  /** Sends a specification back. `answers`: the person's words; the rest is clarification's result with them. */
  | ({
      kind: "SendBackMission";
      mission_id: string;
      spec_digest: string;
      answers: EventData<"MissionSentBack">["answers"];
    } & Clarified)
  | ({ kind: "RefuseIssue"; repository: string } & EventData<"IssueRefused">)
  | ({ kind: "RecordIssueComment"; mission_id: string } & EventData<"IssueCommented">)
  | ({ kind: "RefuseIssueAnswer"; mission_id: string } & EventData<"IssueAnswerRefused">)
  /** `tokens`: what the draft may use at most. */
  | { kind: "RequestDraft"; mission_id: string; run_id: string; tokens: number }
  | ({ kind: "EndDraft"; mission_id: string } & EventData<"DraftEnded">)
  /** `answers`: the parts that count, as clarification judged them; none: nothing counts. `spec_digest`: what was clarified. */
  | ({
      kind: "AcceptDraft";
      mission_id: string;
      run_id: string;
      spec_digest: string;
      answers: EventData<"DraftAccepted">["answers"];
    } & Clarified)
  /** `tokens`: what the run may use at most. */
  | ({ kind: "RequestSetUpRun" } & Omit<EventData<"SetUpRunRequested">, "by" | "way" | "run_id" | "generation"> & {
        run_id: string;
      })
  | { kind: "CancelSetUpRun"; run_id: string }
  | ({ kind: "EndSetUpRun" } & EventData<"SetUpRunEnded">)
  | { kind: "ApproveMission"; mission_id: string; spec_digest: string | null; task_id: string }
  | { kind: "RejectMission"; mission_id: string; reason: string | null }
  | { kind: "CancelMission"; mission_id: string }
  /** `room`: what it was prepared on, if a budget of runs is set. `cause`: what for; it does not start if its task's next run has another cause by then. */
  | ({ kind: "StartRun"; task_id: string; run_id: string; cause?: RunCause | null; room?: RunRoom } & Omit<
      EventData<"RunStarted">,
      "run_id" | "attempt"
    >)
  /** `repair`: of the run's policy; without it a run that was stopped is held at once. `usage_resumes`: waits in a row for a usage limit before a person is needed; without it any number. */
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
  /** `missing_tests`: what tests would have to show so that the change merges; null: more than tests keeps it from that, or nothing. `waits_for_window`: no run starts now (`schedule.run_window`). `independent_tests`: before the change merges, another run is to write tests. */
  | {
      kind: "DecideGate";
      task_id: string;
      decision: EventData<"GateDecided">;
      missing_tests: string | null;
      waits_for_window: boolean;
      independent_tests: boolean;
      repair: RepairBounds;
      hold_id: string;
      /** The base's tests that fail with the change's code, whether the request is the reason, and whether the change edits one of them; absent: none, or something else is red too. */
      broken?: { readonly names: readonly string[]; readonly by_request: boolean; readonly edited: boolean };
    }
  | { kind: "ApproveLanding"; task_id: string; digest: string | null }
  | { kind: "RejectTask"; task_id: string; reason: string | null }
  /** Sends a change back. `specification` is the task's, with `words` added to its instructions. */
  | { kind: "RequestChange"; task_id: string; digest: string | null; words: string; specification: Blob }
  /** For a question about tests. `specification`: allows them to change, or has the person's other words. `hold_id`: the hold if the tests stay; absent: the answered one. */
  | {
      kind: "AnswerQuestion";
      task_id: string;
      question_id: string;
      text: string;
      hold_id?: string;
      specification?: Blob;
    }
  /** `undone`: tasks whose same change is in the base's history and so was undone there. */
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
  /** What reviews of the pull request ask for. `specification` of `taken` is the task's, with the words added to its instructions. */
  | {
      kind: "RecordReviews";
      task_id: string;
      number: number;
      taken: { reviews: ReviewSource[]; words: string; specification: Blob } | null;
      refused: (ReviewSource & { why: ReviewRefusal })[];
    }
  /**
   * Takes a landed change back, by a mission and a task of its own. `commit`: what landed. `actor` asks for it, which is also the approval of its
   * specification: nothing in that is anybody's words.
   */
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
      /** Until when its outcome is watched; absent: it is not. */
      watch_until?: string;
      /** Takes it back, if what was merged is not what was judged. */
      revert?: RevertTask;
    }
  | {
      kind: "RecordOutcomes";
      repository: string;
      outcomes: readonly Pick<EventData<"OutcomeObserved">, "task_id" | "commit" | "outcome" | "evidence">[];
      /** For a task whose change is red now: the approval with which the phone may have it taken back. */
      offers?: readonly { readonly task_id: string; readonly approval_id: string; readonly expires_at: string }[];
      /** Checks that a watched landing broke and that pass again on its branch. */
      passed?: readonly { readonly task_id: string; readonly check: string }[];
    }
  /** A person's word on a landed change. */
  | { kind: "JudgeOutcome"; task_id: string; outcome: "good" | "bad"; words: string | null }
  /** `resumes_at`: when the hold ends automatically; absent: it has no such time. */
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
  /** A budget that holds work was raised in the home's configuration: all its holds are released. `hold_id`: the one that a person was asked about. */
  | ({ kind: "RaiseBudget"; task_id: string; hold_id: string } & RaisedBudget)
  /** A hold waited for a person longer than the policy allows. */
  | { kind: "TimeOutHold"; hold_id: string; action: "reject" | "ask" }
  /** The run for tests, or the one that writes independent tests, could not start within an hour: the task goes on with the change before it. */
  | { kind: "RestoreChange"; task_id: string }
  | { kind: "RetryTask"; task_id: string }
  | { kind: "CancelTask"; task_id: string }
  | { kind: "PauseRepository" | "ResumeRepository" | "PauseLandings" | "ResumeLandings"; repository: string }
  /** `hold_ids`: for the tasks whose run is stopped; absent: no run is stopped. */
  | { kind: "PauseWork"; hold_ids?: readonly string[] }
  | { kind: "ResumeWork" }
  /** `cancel_open`: cancels its open missions; without it an open mission refuses the removal. */
  | { kind: "RemoveRepository"; repository: string; cancel_open: boolean }
  | { kind: "ConfigureNotifier"; digest: string | null }
  | { kind: "RecordRepliesDropped"; period_ms: number }
  | ({ kind: "RecordWebhookRefusal" } & EventData<"WebhookRefused">)
  | { kind: "MakePhoneLink"; link_id: string; expires_at: string }
  | { kind: "RevokePhoneLink"; link_id: string }
  /** A mission that a phone submits by a link; a link can do nothing else. */
  | { kind: "SubmitByLink"; link_id: string; mission: Extract<CommandBody, { kind: "SubmitMission" }> }
  /** What aedev found, and the keys of causes that are gone. */
  | {
      kind: "RecordProposals";
      repository: string;
      found: readonly EventData<"MissionProposed">[];
      gone: readonly string[];
    }
  /** A person makes a mission of a proposal; it is submitted to the proposal's repository. */
  | { kind: "AcceptProposal"; proposal_id: string; mission: Extract<CommandBody, { kind: "SubmitMission" }> }
  | { kind: "RejectProposal"; proposal_id: string }
  | { kind: "RequestApproval"; approval_id: string; subject: ApprovalSubject; expires_at: string }
  /** A decision by token. `decision` is the command that a person would have sent from the terminal. */
  | { kind: "UseApproval"; approval_id: string; action: ApprovalAction; decision: CommandBody }
  /** A probe reached a judge's vendor. */
  | { kind: "RecordVendorProbe"; family: Family }
  /** A probe reached the vendor of the coder's model. */
  | { kind: "RecordCoderVendorProbe" }
  | { kind: "RequestAudit"; audit_id: string; n: number }
  | ({ kind: "PlantCanary" } & EventData<"CanaryPlanted">)
  | { kind: "RecordCanaryVerdict"; canary_id: string; verdict: Verdict }
  /** `stream`: the stream of the message's subject. */
  | ({ kind: "RecordPush"; stream: string } & EventData<"PushSent">);

/** A command with who sent it and when. */
export type Command = CommandEnvelope & CommandBody;
/** A command of one kind. */
export type CommandOf<K extends CommandBody["kind"]> = CommandEnvelope & Extract<CommandBody, { kind: K }>;

/** A command that the domain refuses: shown to the person, HTTP 409, exit 1. `hint` is the command that helps. */
export interface Refusal {
  readonly kind: "refused";
  readonly code: FailureCode;
  readonly reason: string;
  readonly hint?: string;
  /** The mission that asks for the same already. */
  readonly same?: SameMission;
}

/** The refusal with this code. */
export function refuse(code: FailureCode, reason: string, hint?: string): Refusal {
  return hint === undefined ? { kind: "refused", code, reason } : { kind: "refused", code, reason, hint };
}
