/**
 * The state that the log folds to: plain records, one entity per stream. Only `evolve` creates new values.
 *
 * Folder: types of all commands, of decisions, and of the state that the log folds to.
 */

import type {
  Blob,
  BundleManifest,
  Environment,
  Family,
  LaneKind,
  MissionId,
  RepositoryName,
  RepositorySettings,
  TaskId,
  Verdict,
} from "@aedev/contracts";
import type { RunCause, TaskDetails } from "@aedev/contracts/api";
import {
  type ApprovalAction,
  type ApprovalRules,
  type Clarity,
  type EventData,
  isClear,
  type Profile,
  type RevertedChange,
} from "@aedev/contracts/events";
import { listedEntities } from "./entities.ts";
import type { FallbackChange, RestoredChange } from "./fallback-change.ts";
import type { IndependentRun, SetAsideChange } from "./independent-run.ts";
import type { IssueState } from "./issue-state.ts";
import type { BrowserSessionState, DecisionState, OperatorState, PhoneLinkState } from "./person-state.ts";
import type { PullRequestState } from "./pull-request-state.ts";
import type { RepositoryState } from "./repository-state.ts";
import type { RunState } from "./run-state.ts";

/** The entity with an id from outside. Inherited keys such as `constructor` are not ids. */
export function entityById<T>(entities: Readonly<Record<string, T>>, id: string): T | undefined {
  return Object.hasOwn(entities, id) ? entities[id] : undefined;
}

/** Statuses of a task without pending work; a person can still retry a rejected one. */
export const endedStatuses: readonly TaskState["status"][] = ["landed", "rejected", "cancelled"];

/** All entities of a kind, in the order of the record. */
export function entitiesOf<T>(entities: Readonly<Record<string, T>>): readonly T[] {
  return listedEntities(entities).entities;
}

export interface SystemState {
  readonly home_id: string | null;
  readonly epoch: number;
  /** What is in the home is simulated, and nothing acts on it; absent: it is a person's home. */
  readonly demo?: true;
  readonly policy_digest: string | null;
  readonly policy: Blob | null;
  readonly generations: { readonly execution: number; readonly judgement: number };
  /** The push destination, as a digest of its address and topic, and since when it has been set; null: there is none. */
  readonly notifier: { readonly digest: string; readonly since: string } | null;
  /** The set-up run under way, and those requested in the 24 hours before the last request; absent: there was none. */
  readonly set_up_runs?: readonly SetUpRunState[];
  /** Links that submit missions from a phone and have not expired, oldest first; absent: none was made. */
  readonly phone_links?: readonly PhoneLinkState[];
  /** Browsers in which somebody is signed in, oldest first; absent: nobody has signed in. */
  readonly browser_sessions?: readonly BrowserSessionState[];
  /** Since when all work has been paused; absent: it is not paused. */
  readonly pause?: { readonly since: string; readonly stop_runs: boolean };
  /** The missions that a person put first, in order; absent: nobody has. Those that have started or ended stay in it until the next order. */
  readonly start_order?: readonly string[];
  /** When work was last resumed; absent: never. */
  readonly resumed_at?: string;
  /** Operators by name; absent: there has never been one. */
  readonly operators?: Readonly<Record<string, OperatorState>>;
  /** Judge vendors that were not available lately, by family; absent: all were. */
  readonly judge_outages?: Readonly<Partial<Record<Family, JudgeOutage>>>;
  /** The newest pushes that concern no mission: digests and signals; absent: none was sent. */
  readonly pushes?: readonly PushState[];
  /** What the present policy requires of approvals; absent: a version without such rules recorded it. */
  readonly approvals?: ApprovalRules;
}

/** A set-up run that a person asked for. `ended` null: it is under way. */
export type SetUpRunState = EventData<"SetUpRunRequested"> & {
  readonly asked_at: string;
  readonly cancelled: boolean;
  readonly ended: EventData<"SetUpRunEnded"> | null;
};

/** The set-up run under way; there is at most one. */
export function openSetUpRun({ system }: Pick<State, "system">): SetUpRunState | undefined {
  return system.set_up_runs?.find(({ ended }) => ended === null);
}

/** An observed outcome of a landed change. */
export type OutcomeState = EventData<"OutcomeObserved"> & { readonly at: string };

/** A draft that a person asked for. `ended` null: its run is under way. */
export type DraftState = EventData<"DraftRequested"> & {
  readonly asked_at: string;
  readonly ended: EventData<"DraftEnded"> | null;
  readonly accepted: boolean;
};

/** The mission's draft that is under way. */
export function openDraft({ drafts = [] }: Pick<MissionState, "drafts">): DraftState | undefined {
  return drafts.find(({ ended }) => ended === null);
}

/** A mission. Instants are ISO 8601 in UTC. */
export type MissionState = EventData<"MissionSubmitted"> & {
  readonly answers: EventData<"ClarificationAnswered">["answers"];
  readonly pushes: readonly PushState[];
  readonly stage: "clarifying" | "awaiting_approval" | "approved" | "rejected" | "cancelled";
  readonly task_ids: readonly TaskId[];
  readonly submitted_at: string;
  /** The parts of the mission, each a mission of its own; absent: it is one task. `task_ids` are then the tasks of all parts, once approved. */
  readonly plan?: EventData<"MissionPlanned">;
  /** The version of the plan that the present one is to replace; absent: none is to be replaced. */
  readonly plan_before?: EventData<"MissionPlanned">;
  /** Oldest first; absent: none was asked for. */
  readonly drafts?: readonly DraftState[];
  /** Absent: the mission has no issue, or nothing has happened on it. */
  readonly issue?: IssueState;
  /** Other people who wrote a part of the specification; absent: there are none. */
  readonly writers?: readonly string[];
  /** Oldest first; absent: none. */
  readonly decisions?: readonly DecisionState[];
};

/** `timed_out_at`: when a person was asked because the hold had waited too long; absent: that did not happen. */
export type HoldState = EventData<"TaskHeld"> & { readonly held_at: string; readonly timed_out_at?: string };

export type EvidenceState = EventData<"EvidenceSealed">;
export type GateState = EventData<"GateDecided">;

/** A task, with its runs and what is known about its last change. */
export interface TaskState {
  readonly task_id: TaskId;
  readonly mission_id: MissionId;
  readonly repository: RepositoryName;
  readonly specification: Blob;
  /** The mission to whose plan the task belongs; absent: to none. */
  readonly plan?: MissionId;
  /** The landed change that this task takes back; absent: a coder makes the task's change. */
  readonly reverts?: RevertedChange;
  /** Requests to take back what this task landed, oldest first; absent: none. */
  readonly reverted_by?: readonly RevertRequestState[];
  /** `planned` to `landing` have pending work; the other statuses wait for a person or are final. */
  readonly status: TaskDetails["phase"];
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
  /** Verdicts without an answer although one view passed. That view is not asked again about the same bundle. Absent: none. */
  readonly partly_judged?: readonly Verdict[];
  /** The newest answers of judges on this task's changes, across all runs, oldest first. An answer is final for its change. */
  readonly judged: readonly JudgedChange[];
  readonly gate: GateState | null;
  readonly approval: EventData<"LandingApproved"> | null;
  readonly landing: EventData<"LandingStarted"> | null;
  /** Landings started for the last run's change, on all bases. */
  readonly landings: number;
  readonly landed_commit: string | null;
  /** Absent: no landing used a pull request. */
  readonly pull_request?: PullRequestState;
  /** Oldest first; absent: nothing was observed after it landed. */
  readonly outcomes?: readonly OutcomeState[];
  /** The change that waits for approval without a draft pull request, and why; absent: no draft was skipped. */
  readonly draft_skipped?: EventData<"DraftPullRequestSkipped">;
  readonly hold: HoldState | null;
  /** How many holds their own probes have released since the task's last change or a person's decision; absent: none. */
  readonly lifted?: number;
  /** How many holds were released because a vendor answered again, since then or since the last answer of a judge; absent: none. */
  readonly vendor_lifts?: number;
  /** A person released HOLD-RISK-HIGH: the gate may now ask, but never merge. */
  readonly risk_acknowledged: boolean;
  readonly refusals: number;
  /** Repair runs since the first run or a person's last instruction. */
  readonly repairs: number;
  /** Why a next run is pending; null if none is. */
  readonly next_cause: RunCause | null;
  /** The change before the run that adds tests. It is kept until the next change merges, a person decides, or it is restored. Absent: no run adds tests. */
  readonly fallback?: FallbackChange;
  /** The change before a run for tests that did not help; absent: the task is about its last run. */
  readonly restored?: RestoredChange;
  /** The change that could merge, and waits until another run has written tests; absent: none waits. */
  readonly set_aside?: SetAsideChange;
  /** The results of runs for independent tests for the present specification; absent: there were none. */
  readonly independent?: IndependentRun;
  /** The person's answers to the coder's questions, oldest first. */
  readonly answers: readonly { readonly question: string; readonly text: string }[];
  /** What persons said to the coder, oldest first; absent: nothing. */
  readonly told?: readonly { readonly text: string; readonly by: string }[];
  readonly pushes: readonly PushState[];
  readonly planned_at: string;
  readonly changed_at: string;
  /** Oldest first; absent: none. */
  readonly decisions?: readonly DecisionState[];
}

/** A request for a person's decision outside the terminal. `approval/approval-status.ts` derives whether it is still open. */
export type ApprovalState = EventData<"ApprovalRequested"> & {
  readonly requested_at: string;
  readonly used: { readonly action: ApprovalAction; readonly by: string; readonly at: string } | null;
  readonly pushed_at: string | null;
};

/** A bundle planted to measure the judges, with their verdicts on it. */
export type CanaryState = EventData<"CanaryPlanted"> & {
  readonly verdicts: readonly Verdict[];
  readonly planted_at: string;
};
export type AuditState = EventData<"AuditRequested"> & { readonly requested_at: string };

/** The most landings that the record of a repository keeps. */
export const mergedAloneMax = 1000;

/** What is kept of entities that have left the state. Its size depends on repositories and open entities, never on history. */
export interface PastState {
  /** For each repository, when its latest run started. */
  readonly served: Readonly<Record<string, string>>;
  /** For each audit in the state, how many canaries of each kind were planted for it. */
  readonly planted: Readonly<Record<string, Readonly<Record<CanaryState["planted"], number>>>>;
  /** For each repository, its newest landings that no person approved, in their order, and whether they went wrong. */
  readonly merged: Readonly<Record<string, readonly { task_id: string; kind: LaneKind; at: string; bad: boolean }[]>>;
}

/** The meaning of the log: every entity by its id. */
export interface State {
  readonly system: SystemState;
  readonly repositories: Readonly<Record<string, RepositoryState>>;
  readonly missions: Readonly<Record<string, MissionState>>;
  readonly tasks: Readonly<Record<string, TaskState>>;
  readonly approvals: Readonly<Record<string, ApprovalState>>;
  readonly canaries: Readonly<Record<string, CanaryState>>;
  readonly audits: Readonly<Record<string, AuditState>>;
  readonly past: PastState;
}

/** The counts of an audit that has planted nothing yet. */
export const nothingPlanted: PastState["planted"][string] = { "known-bad": 0, "known-good": 0, injection: 0 };

/** The state before the first event. */
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
  past: { served: {}, planted: {}, merged: {} },
};

/** The type of entity for each kind of stream. */
export type EntityOfKind = { readonly system: SystemState } & {
  readonly [K in Exclude<keyof State, "system" | "past">]: State[K][string];
};
/** The kinds of entities: the keys of the state. */
export type EntityKind = keyof EntityOfKind;
const kindOfStream: Readonly<Record<string, Exclude<EntityKind, "system">>> = {
  repository: "repositories",
  mission: "missions",
  task: "tasks",
  approval: "approvals",
  canary: "canaries",
  audit: "audits",
};

/** The entity that a stream belongs to: its kind and its key. Throws for an unknown kind of stream. */
export function entityOf(stream: string): { kind: EntityKind; id: string } {
  if (stream === "system") return { kind: "system", id: "system" };
  const slash = stream.indexOf("/");
  const name = stream.slice(0, Math.max(0, slash));
  const kind = Object.hasOwn(kindOfStream, name) ? kindOfStream[name] : undefined;
  if (kind === undefined) throw new TypeError(`no such stream: ${stream}`);
  return { kind, id: stream.slice(slash + 1) };
}

/** Stages in which a mission is open and has no task. */
export const undecidedStages: readonly MissionState["stage"][] = ["clarifying", "awaiting_approval"];

/** Whether a person has not approved, rejected or cancelled the mission yet. */
export function isUndecided({ stage }: Pick<MissionState, "stage">): boolean {
  return undecidedStages.includes(stage);
}

/** The stage of a mission with this clarity. */
export function stageOf(clarity: Clarity): "clarifying" | "awaiting_approval" {
  return isClear(clarity) ? "awaiting_approval" : "clarifying";
}

/** A push message that was sent or folded. Equal messages have the same `key`. */
export type PushState = EventData<"PushSent"> & { readonly at: string };
/** The most pushes kept for one mission or task. Pending messages are about the present, so the newest pushes suffice. */
const pushesKeptMax = 20;

export function withPush(
  pushes: readonly PushState[],
  event: { data: Omit<PushState, "at">; recorded_at: string },
): readonly PushState[] {
  return [...pushes, { ...event.data, at: event.recorded_at }].slice(-pushesKeptMax);
}

/** A request to take a landed change back, with the mission and task that do so. */
export type RevertRequestState = EventData<"RevertRequested"> & { readonly at: string };

/** A judge vendor that has given no verdict since it became unavailable. */
export interface JudgeOutage {
  /** When the first result without an answer came. */
  readonly since: string;
  /** The number of such results in a row since the last probe that reached the vendor. */
  readonly results: number;
  /** When the first of these came. */
  readonly probe_from: string;
  /** The number of probes that reached the vendor. */
  readonly lifts: number;
}

/** A judge's verdict on a change, as a task keeps it. */
export interface JudgedChange {
  readonly change_digest: string;
  /** The code that was judged: the change on its base. */
  readonly tree: string;
  readonly verdict: Verdict;
}
