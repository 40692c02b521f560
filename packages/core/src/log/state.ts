/** The state: what the log means. Plain records, one entity per stream, each saved as one canonical view row. Only `evolve` makes new ones. */
import type { z } from "zod";
import type { ApprovalAction, ApprovalSubject } from "../approval/subject.ts";
import { type Clarity, isClear } from "../clarification/clarity.ts";
import type { JudgedChange } from "../judge/standing-verdict.ts";
import type {
  Blob,
  BundleManifest,
  Criterion,
  Environment,
  HoldCode,
  RepositorySettings,
  Usage,
  Verdict,
} from "../wire/index.ts";
import type { EventData, phaseSchema, prioritySchema, profileSchema, trialSchema } from "./event.ts";

export type Phase = z.infer<typeof phaseSchema>;
export type Profile = z.infer<typeof profileSchema>;
export type Priority = z.infer<typeof prioritySchema>;
export type Trial = z.infer<typeof trialSchema>;

/** The entity of an id that came from outside: `constructor` and the like are nobody's id, though every record inherits them. */
export function entityById<T>(entities: Readonly<Record<string, T>>, id: string): T | undefined {
  return Object.hasOwn(entities, id) ? entities[id] : undefined;
}

export interface SystemState {
  readonly home_id: string | null;
  readonly epoch: number;
  readonly policy_digest: string | null;
  readonly policy: Blob | null;
  readonly generations: { readonly execution: number; readonly judgement: number };
  /** Where push messages go, by digest of its address and topic, and since when; null: nowhere. */
  readonly notifier: { readonly digest: string; readonly since: string } | null;
}

/** A push message that was sent or folded; `key` is what equal messages share. */
export interface PushState {
  readonly notice_id: string;
  readonly key: string;
  readonly folded: boolean;
  readonly at: string;
}
/** Pushes of one mission or task that are remembered: what is owed is about the present, so the newest suffice. */
const pushesKeptMax = 20;

export function withPush(
  pushes: readonly PushState[],
  event: { data: Omit<PushState, "at">; recorded_at: string },
): readonly PushState[] {
  return [...pushes, { ...event.data, at: event.recorded_at }].slice(-pushesKeptMax);
}

export interface RepositoryState {
  readonly name: string;
  readonly url: string;
  readonly target: "default-branch" | "task-branch";
  readonly settings: RepositorySettings;
  readonly profile: Profile | null;
  readonly allow_writes: boolean;
  readonly trial: Trial;
  readonly paused: boolean;
}

export interface MissionState {
  readonly mission_id: string;
  readonly repository: string;
  readonly title: string;
  readonly criteria: readonly Criterion[];
  readonly specification: Blob;
  readonly author: string;
  readonly priority: Priority;
  readonly after: readonly string[];
  readonly clarity: Clarity;
  readonly answers: readonly { readonly question_id: string; readonly question: string; readonly text: string }[];
  readonly clarified_spec: Blob | null;
  readonly pushes: readonly PushState[];
  readonly stage: "clarifying" | "awaiting_approval" | "approved" | "rejected" | "cancelled";
  readonly task_ids: readonly string[];
  readonly submitted_at: string;
}

export interface RunState {
  readonly run_id: string;
  readonly attempt: number;
  readonly base_commit: string;
  readonly prompt: Blob;
  readonly status: "running" | "captured" | "ended";
  readonly usage: Usage;
  readonly journal: Blob | null;
  readonly transcript: Blob | null;
  readonly patch: Blob | null;
  readonly tree: string | null;
  readonly started_at: string;
  /** What brought this run about; null: the first, or a person's retry. */
  readonly cause: RunCause | null;
  /** The earlier change that this run was told about; null where it was told of none. */
  readonly basis: RunBasis | null;
  /** How it ended: the gate's answer with its code, or the hold that stopped it; null while it is under way. */
  readonly outcome: {
    readonly answer: "merge" | "ask" | "hold";
    readonly code: HoldCode | null;
    readonly detail: string | null;
  } | null;
}

/** What is known of a change that a next run makes anew: its sealed bundle, the answers of judges that failed it, and why it did not fit a moved base. */
export interface RunBasis {
  readonly bundle: Blob;
  readonly failed_answers: readonly Blob[];
  readonly conflict: string | null;
}

/** Why a next run is owed: what its prompt has to tell beside the specification. */
export type RunCause = "checks" | "verdict" | "base-moved" | "words" | "answer";

export interface HoldState {
  readonly hold_id: string;
  readonly code: HoldCode;
  readonly detail: string | null;
  readonly back_to: Phase;
  readonly resumes_at: string | null;
  readonly held_at: string;
}

export type EvidenceState = EventData<"EvidenceSealed">;
export type GateState = EventData<"GateDecided">;

export interface TaskState {
  readonly task_id: string;
  readonly mission_id: string;
  readonly repository: string;
  readonly specification: Blob;
  /** `planned` … `landing` owe work; the rest wait for a person or are final. */
  readonly status: Phase | "asked" | "held" | "landed" | "rejected" | "cancelled";
  readonly base_commit: string | null;
  readonly ref: string | null;
  readonly settings: RepositorySettings | null;
  readonly policy: Blob | null;
  readonly profile: Profile | null;
  readonly runs: readonly RunState[];
  readonly tree: string | null;
  readonly patch: Blob | null;
  readonly environment: Environment | null;
  readonly manifest: BundleManifest | null;
  readonly evidence: EvidenceState | null;
  readonly verdicts: readonly Verdict[];
  /** What judges answered on this task's changes, over all runs, oldest first and bounded: an answer stands for its change. */
  readonly judged: readonly JudgedChange[];
  readonly gate: GateState | null;
  readonly approval: EventData<"LandingApproved"> | null;
  readonly landing: EventData<"LandingStarted"> | null;
  /** Landings begun by the last run's change, over all bases. */
  readonly landings: number;
  readonly landed_commit: string | null;
  readonly hold: HoldState | null;
  /** A person released HOLD-RISK-HIGH: the gate may ask now, never merge. */
  readonly risk_acknowledged: boolean;
  readonly refusals: number;
  /** Runs that repair began since the first run or a person's last word. */
  readonly repairs: number;
  /** Set while a next run is owed for this reason. */
  readonly next_cause: RunCause | null;
  /** What the person answered to the coder's questions, oldest first. */
  readonly answers: readonly { readonly question: string; readonly text: string }[];
  readonly pushes: readonly PushState[];
  readonly planned_at: string;
  readonly changed_at: string;
}

/** A decision that was asked of a person away from the terminal. Whether it is still open is derived: `approval/standing.ts`. */
export interface ApprovalState {
  readonly approval_id: string;
  readonly subject: ApprovalSubject;
  readonly expires_at: string;
  readonly epoch: number;
  readonly requested_at: string;
  readonly used: { readonly action: ApprovalAction; readonly by: string; readonly at: string } | null;
  readonly pushed_at: string | null;
}

/** A bundle planted to measure the judges, and what they said of it. */
export type CanaryState = EventData<"CanaryPlanted"> & {
  readonly verdicts: readonly Verdict[];
  readonly planted_at: string;
};
export type AuditState = EventData<"AuditRequested"> & { readonly requested_at: string };

export interface State {
  readonly system: SystemState;
  readonly repositories: Readonly<Record<string, RepositoryState>>;
  readonly missions: Readonly<Record<string, MissionState>>;
  readonly tasks: Readonly<Record<string, TaskState>>;
  readonly approvals: Readonly<Record<string, ApprovalState>>;
  readonly canaries: Readonly<Record<string, CanaryState>>;
  readonly audits: Readonly<Record<string, AuditState>>;
}

export const initialState: State = {
  system: {
    home_id: null,
    epoch: 0,
    policy_digest: null,
    policy: null,
    generations: { execution: 0, judgement: 0 },
    notifier: null,
  },
  repositories: {},
  missions: {},
  tasks: {},
  approvals: {},
  canaries: {},
  audits: {},
};

export type EntityKind = keyof State;
const kindOfStream: Readonly<Record<string, Exclude<EntityKind, "system">>> = {
  repository: "repositories",
  mission: "missions",
  task: "tasks",
  approval: "approvals",
  canary: "canaries",
  audit: "audits",
};

/** Where an entity of a stream stands: the kind of view and its key. Throws for a stream that does not exist. */
export function entityOf(stream: string): { kind: EntityKind; id: string } {
  if (stream === "system") return { kind: "system", id: "system" };
  const slash = stream.indexOf("/");
  const name = stream.slice(0, Math.max(0, slash));
  const kind = Object.hasOwn(kindOfStream, name) ? kindOfStream[name] : undefined;
  if (kind === undefined) throw new TypeError(`no such stream: ${stream}`);
  return { kind, id: stream.slice(slash + 1) };
}

/** The stage of a mission whose questions stand like this. */
export function stageOf(clarity: Clarity): "clarifying" | "awaiting_approval" {
  return isClear(clarity) ? "awaiting_approval" : "clarifying";
}
