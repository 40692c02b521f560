/** One row for each kind of work: how often it is tried, what follows when no try is left, and which place it takes. `loop/perform.ts` has its performer. */
import type { HoldCode } from "@aedev/contracts";
import type { TaskWork, Work } from "@aedev/core";
import type { ProbePauses } from "@aedev/core/reading";

interface WorkKind<Exhausted> {
  /** How often it is tried, if its faults may pass. */
  readonly tries: number;
  /** The pause before the second try, doubled before each further one. */
  readonly pauseMs: number;
  /** What follows when no try is left, or its plane died too often. */
  readonly exhausted: Exhausted;
  readonly place?: WorkPlace;
}
/**
 * For work on a task, its hold, unless the fault names another; "skip" for a draft, which only shows the change. For other work, "again" while it is pending,
 * or "never" in this daemon, because it costs money or only measures.
 */
type ExhaustedOf<K extends Work["kind"]> = K extends "OpenDraft"
  ? HoldCode | "skip"
  : K extends TaskWork["kind"]
    ? HoldCode
    : "again" | "never";
/** Work keeps its place until it has ended. A run in preparation has its slot among the runs, but needs no plane yet. */
export type WorkPlace = "preparation" | "run" | "draft" | "planting";

/** Longest pause between two tries. */
export const pauseMsMax = 300_000;
const always = Number.POSITIVE_INFINITY;

export const workKinds: { readonly [K in Work["kind"]]: WorkKind<ExhaustedOf<K>> } = {
  PrepareRun: { tries: 3, pauseMs: 1_000, exhausted: "HOLD-PREPARE-FAILED", place: "preparation" },
  RunCoder: { tries: 1, pauseMs: 500, exhausted: "HOLD-CODER-FAILED", place: "run" },
  RunChecks: { tries: 2, pauseMs: 500, exhausted: "HOLD-EVIDENCE-INCOMPLETE", place: "run" },
  ProbeEngine: { tries: 1, pauseMs: 3_000, exhausted: "HOLD-EVIDENCE-INCOMPLETE" },
  ProbeCause: { tries: always, pauseMs: 15_000, exhausted: "HOLD-EVIDENCE-INCOMPLETE" },
  SealEvidence: { tries: 1, pauseMs: 500, exhausted: "HOLD-EVIDENCE-INCOMPLETE" },
  JudgeEvidence: { tries: 1, pauseMs: 500, exhausted: "HOLD-EVIDENCE-INCOMPLETE" },
  DecideGate: { tries: 1, pauseMs: 500, exhausted: "HOLD-EVIDENCE-INCOMPLETE" },
  LandChange: { tries: 6, pauseMs: 1_000, exhausted: "HOLD-EXTERNAL-STATE-UNKNOWN" },
  OpenDraft: { tries: 6, pauseMs: 1_000, exhausted: "skip" },
  ResumeHold: { tries: 1, pauseMs: 1_000, exhausted: "HOLD-EVIDENCE-INCOMPLETE" },
  TimeOutHold: { tries: 1, pauseMs: 1_000, exhausted: "HOLD-EVIDENCE-INCOMPLETE" },
  RestoreChange: { tries: 1, pauseMs: 1_000, exhausted: "HOLD-EVIDENCE-INCOMPLETE" },
  ClosePullRequest: { tries: always, pauseMs: 1_000, exhausted: "again" },
  SuspendPullRequest: { tries: always, pauseMs: 1_000, exhausted: "again" },
  FollowDraft: { tries: always, pauseMs: 1_000, exhausted: "again" },
  RequestApproval: { tries: always, pauseMs: 1_000, exhausted: "again" },
  WatchLandings: { tries: always, pauseMs: 60_000, exhausted: "again" },
  ProbeVendor: { tries: always, pauseMs: 15_000, exhausted: "again" },
  ProbeCoderVendor: { tries: always, pauseMs: 15_000, exhausted: "again" },
  SendPush: { tries: always, pauseMs: 1_000, exhausted: "again" },
  CommentIssue: { tries: always, pauseMs: 2_000, exhausted: "again" },
  DraftMission: { tries: 1, pauseMs: 1_000, exhausted: "never", place: "draft" },
  SetUpRepository: { tries: 1, pauseMs: 1_000, exhausted: "never" },
  PlantCanary: { tries: 3, pauseMs: 1_000, exhausted: "never", place: "planting" },
  JudgeCanary: { tries: 3, pauseMs: 1_000, exhausted: "never" },
};

/** The probe for a hold's cause; other codes use `ProbeCause`. */
const probes: Partial<Record<HoldCode, Work["kind"]>> = {
  "HOLD-DOCKER-UNAVAILABLE": "ProbeEngine",
  "HOLD-VALIDATOR-UNAVAILABLE": "ProbeVendor",
  "HOLD-CODER-UNAVAILABLE": "ProbeCoderVendor",
};

/** The pauses between probes for a hold with this code. The engine is probed at a steady pace. */
export function probePauses(code: HoldCode): ProbePauses {
  const kind = probes[code] ?? "ProbeCause";
  const { pauseMs } = workKinds[kind];
  return { firstMs: pauseMs, maxMs: kind === "ProbeEngine" ? pauseMs : pauseMsMax };
}
