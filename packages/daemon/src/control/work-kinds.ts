/** One row for each kind of work: how often it is tried, what follows once no try is left, and the place that it takes. Its performer is in `loop/perform.ts`. */
import type { HoldCode } from "@aedev/contracts";
import type { TaskWork, Work } from "@aedev/core";
import type { ProbePauses } from "@aedev/core/reading";

interface WorkKind<Exhausted> {
  /** How often it is tried while its faults may pass. */
  readonly tries: number;
  /** The pause before the second try; it is doubled before each further one. */
  readonly pauseMs: number;
  /** What follows once no try is left, or its plane died over it again and again. */
  readonly exhausted: Exhausted;
  readonly place?: WorkPlace;
}
/**
 * On a task: its hold, unless the fault names another; or "skip", because a draft only shows the change, which can do without. Beside tasks: "again" as
 * long as it is pending, or "never" by this daemon, because it costs money or only measures.
 */
type ExhaustedOf<K extends Work["kind"]> = K extends "OpenDraft"
  ? HoldCode | "skip"
  : K extends TaskWork["kind"]
    ? HoldCode
    : "again" | "never";
/** Work takes its place until it has ended. A run that is being prepared has its slot among the runs, but needs no plane yet. */
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

/** What finds out whether a hold's cause is gone; for other codes `ProbeCause`. */
const probes: Partial<Record<HoldCode, Work["kind"]>> = {
  "HOLD-DOCKER-UNAVAILABLE": "ProbeEngine",
  "HOLD-VALIDATOR-UNAVAILABLE": "ProbeVendor",
  "HOLD-CODER-UNAVAILABLE": "ProbeCoderVendor",
};

/** The pauses between probes of what a hold of this code waits for. The engine is asked again after the same pause each time. */
export function probePauses(code: HoldCode): ProbePauses {
  const kind = probes[code] ?? "ProbeCause";
  const { pauseMs } = workKinds[kind];
  return { firstMs: pauseMs, maxMs: kind === "ProbeEngine" ? pauseMs : pauseMsMax };
}
