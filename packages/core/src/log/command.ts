/** Every command there is. Ids, instants and outcomes of the outside enter as fields; `decide` asks for nothing. */

import type { ApprovalAction, ApprovalSubject } from "../approval/subject.ts";
import type { Clarity } from "../clarification/clarity.ts";
import type { ClarificationRules } from "../clarification/rules.ts";
import type {
  Blob,
  BundleManifest,
  CapturedReport,
  Criterion,
  HeldReport,
  HoldCode,
  RepositorySettings,
  Verdict,
} from "../wire/index.ts";
import type { EventData } from "./event.ts";
import type { Priority, Profile } from "./state.ts";

/** Who sends a command and when; `command_id` makes a retried command get its first answer. `at` is ISO 8601 UTC with milliseconds. */
export interface CommandEnvelope {
  readonly command_id: string;
  readonly actor: string;
  readonly at: string;
}

/** What repair may spend on one task: runs after the first, and tokens of all its runs together. From the run's policy. */
export interface RepairBounds {
  readonly max_runs: number;
  readonly task_tokens: number;
}

export type CommandBody =
  | { kind: "InitializeHome"; home_id: string }
  | { kind: "LoadPolicy"; digest: string; policy: Blob }
  | { kind: "StartPlane"; plane: "execution" | "judgement" }
  | ({ kind: "ConfigureRepository" } & EventData<"RepositoryConfigured">)
  | {
      kind: "SubmitMission";
      mission_id: string;
      repository: string;
      title: string;
      criteria: Criterion[];
      specification: Blob;
      priority: Priority;
      after: string[];
      clarity: Clarity;
      clarified_spec: Blob | null;
    }
  /** `clarity`, `criteria` and `specification` are what core's clarification makes of the answers; `round` and `spec_digest` are what they answer, so that none is lost to another that came in between; `rules` is the policy's part that judges them. */
  | {
      kind: "AnswerMission";
      mission_id: string;
      round: number;
      spec_digest: string;
      answers: { question_id: string; text: string }[];
      rules: ClarificationRules;
      clarity: Clarity;
      criteria: Criterion[];
      specification: Blob;
      clarified_spec: Blob | null;
    }
  | {
      kind: "ApproveMission";
      mission_id: string;
      spec_digest: string | null;
      task_id: string;
      require_second_person: boolean;
    }
  | { kind: "RejectMission"; mission_id: string; reason: string | null }
  | { kind: "CancelMission"; mission_id: string }
  | {
      kind: "StartRun";
      task_id: string;
      run_id: string;
      base_commit: string;
      ref: string;
      prompt: Blob;
      settings: RepositorySettings;
      policy: Blob;
      profile: Profile;
    }
  | { kind: "RecordCoderResult"; task_id: string; run_id: string; result: CapturedReport | HeldReport; hold_id: string }
  | { kind: "RecordRefusal"; task_id: string; run_id: string; what: string }
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
  | { kind: "DecideGate"; task_id: string; decision: EventData<"GateDecided">; repair: RepairBounds; hold_id: string }
  | { kind: "ApproveLanding"; task_id: string; digest: string | null; require_second_person: boolean }
  | { kind: "RejectTask"; task_id: string; reason: string | null }
  /** Sends a change back: `specification` is the task's with these words added to its instructions. */
  | { kind: "RequestChange"; task_id: string; digest: string | null; words: string; specification: Blob }
  | { kind: "AnswerQuestion"; task_id: string; question_id: string; text: string }
  | {
      kind: "StartLanding";
      task_id: string;
      ref: string;
      base_commit: string;
      tree: string;
      commit: string;
      committed_at: string;
      author: { name: string; email: string };
      log_head: { position: number; hash: string };
    }
  | { kind: "RecordBaseMoved"; task_id: string; to: string; hold_id: string }
  | { kind: "RecordBaseConflict"; task_id: string; to: string; why: string; repair: RepairBounds; hold_id: string }
  | { kind: "RecordLanded"; task_id: string; commit: string; ref: string }
  | { kind: "HoldTask"; task_id: string; code: HoldCode; detail: string | null; hold_id: string }
  | { kind: "ReleaseHold"; hold_id: string }
  | { kind: "RetryTask"; task_id: string }
  | { kind: "CancelTask"; task_id: string }
  | { kind: "PauseRepository" | "ResumeRepository"; repository: string }
  | { kind: "ConfigureNotifier"; digest: string | null }
  | { kind: "RecordRepliesDropped"; period_ms: number }
  | { kind: "RequestApproval"; approval_id: string; subject: ApprovalSubject; expires_at: string }
  /** A decision by token: `decision` is the command that a person at the terminal would have sent. */
  | { kind: "UseApproval"; approval_id: string; action: ApprovalAction; decision: CommandBody }
  | { kind: "RequestAudit"; audit_id: string; n: number }
  | ({ kind: "PlantCanary" } & EventData<"CanaryPlanted">)
  | { kind: "RecordCanaryVerdict"; canary_id: string; verdict: Verdict }
  /** `stream`: of what the message is about. */
  | ({ kind: "RecordPush"; stream: string } & EventData<"PushSent">);

export type Command = CommandEnvelope & CommandBody;
/** A command of one kind. */
export type CommandOf<K extends CommandBody["kind"]> = CommandEnvelope & Extract<CommandBody, { kind: K }>;

/** The domain says no: shown to the person, HTTP 409, exit 1. `hint` is the command that helps. */
export interface Refusal {
  readonly kind: "refused";
  readonly code: string;
  readonly reason: string;
  readonly hint?: string;
}

export function refuse(code: string, reason: string, hint?: string): Refusal {
  return hint === undefined ? { kind: "refused", code, reason } : { kind: "refused", code, reason, hint };
}
