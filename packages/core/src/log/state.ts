/** The state: what the log means. Plain records, one entity per stream, each saved as one canonical view row. Only `evolve` makes new ones. */
import type { z } from "zod";
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
import type { EventData, phaseSchema, profileSchema } from "./event.ts";

export type Phase = z.infer<typeof phaseSchema>;
export type Profile = z.infer<typeof profileSchema>;

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
}

export interface RepositoryState {
  readonly name: string;
  readonly url: string;
  readonly target: "default-branch" | "task-branch";
  readonly settings: RepositorySettings;
  readonly profile: Profile | null;
  readonly allow_writes: boolean;
}

export interface MissionState {
  readonly mission_id: string;
  readonly repository: string;
  readonly title: string;
  readonly criteria: readonly Criterion[];
  readonly specification: Blob;
  readonly author: string;
  readonly stage: "awaiting_approval" | "approved" | "rejected" | "cancelled";
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
}

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
  readonly gate: GateState | null;
  readonly approval: EventData<"LandingApproved"> | null;
  readonly landing: EventData<"LandingStarted"> | null;
  /** Landings begun, over all bases. */
  readonly landings: number;
  readonly landed_commit: string | null;
  readonly hold: HoldState | null;
  /** A person released HOLD-RISK-HIGH: the gate may ask now, never merge. */
  readonly risk_acknowledged: boolean;
  readonly refusals: number;
  readonly planned_at: string;
  readonly changed_at: string;
}

export interface State {
  readonly system: SystemState;
  readonly repositories: Readonly<Record<string, RepositoryState>>;
  readonly missions: Readonly<Record<string, MissionState>>;
  readonly tasks: Readonly<Record<string, TaskState>>;
}

export const initialState: State = {
  system: { home_id: null, epoch: 0, policy_digest: null, policy: null, generations: { execution: 0, judgement: 0 } },
  repositories: {},
  missions: {},
  tasks: {},
};

/** Where an entity of a stream stands: the kind of view and its key. Throws for a stream that does not exist. */
export function entityOf(stream: string): { kind: "system" | "repositories" | "missions" | "tasks"; id: string } {
  if (stream === "system") return { kind: "system", id: "system" };
  const slash = stream.indexOf("/");
  const kind = { repository: "repositories", mission: "missions", task: "tasks" }[stream.slice(0, slash)];
  if (slash < 0 || kind === undefined) throw new TypeError(`no such stream: ${stream}`);
  return { kind: kind as "repositories" | "missions" | "tasks", id: stream.slice(slash + 1) };
}
