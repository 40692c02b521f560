/** How often each kind of work is retried after a passing fault, the pause before the next try (doubled each time), and the hold once the tries are used up. */

import type { HoldCode } from "@aedev/contracts";
import type { TaskWork, Work } from "@aedev/core";
import type { ProbePauses } from "@aedev/core/reading";

/** Longest pause between two tries. */
export const pauseMsMax = 300_000;

export const workLimits: Record<Work["kind"], { attempts: number; pauseMs: number }> = {
  PrepareRun: { attempts: 3, pauseMs: 1_000 },
  RunCoder: { attempts: 1, pauseMs: 500 },
  RunChecks: { attempts: 2, pauseMs: 500 },
  ProbeEngine: { attempts: 1, pauseMs: 3_000 },
  ProbeCause: { attempts: Number.POSITIVE_INFINITY, pauseMs: 15_000 },
  SealEvidence: { attempts: 1, pauseMs: 500 },
  JudgeEvidence: { attempts: 1, pauseMs: 500 },
  DecideGate: { attempts: 1, pauseMs: 500 },
  LandChange: { attempts: 6, pauseMs: 1_000 },
  OpenDraft: { attempts: 6, pauseMs: 1_000 },
  ClosePullRequest: { attempts: Number.POSITIVE_INFINITY, pauseMs: 1_000 },
  SuspendPullRequest: { attempts: Number.POSITIVE_INFINITY, pauseMs: 1_000 },
  FollowDraft: { attempts: Number.POSITIVE_INFINITY, pauseMs: 1_000 },
  ResumeHold: { attempts: 1, pauseMs: 1_000 },
  TimeOutHold: { attempts: 1, pauseMs: 1_000 },
  RestoreChange: { attempts: 1, pauseMs: 1_000 },
  RequestApproval: { attempts: Number.POSITIVE_INFINITY, pauseMs: 1_000 },
  WatchLandings: { attempts: Number.POSITIVE_INFINITY, pauseMs: 60_000 },
  ProbeVendor: { attempts: Number.POSITIVE_INFINITY, pauseMs: 15_000 },
  ProbeCoderVendor: { attempts: Number.POSITIVE_INFINITY, pauseMs: 15_000 },
  SendPush: { attempts: Number.POSITIVE_INFINITY, pauseMs: 1_000 },
  CommentIssue: { attempts: Number.POSITIVE_INFINITY, pauseMs: 2_000 },
  DraftMission: { attempts: 1, pauseMs: 1_000 },
  SetUpRepository: { attempts: 1, pauseMs: 1_000 },
  PlantCanary: { attempts: 3, pauseMs: 1_000 },
  JudgeCanary: { attempts: 3, pauseMs: 1_000 },
};

/** The pauses between probes of what a hold of this code waits for. The engine is asked again after the same pause each time. */
export function probePauses(code: HoldCode): ProbePauses {
  if (code === "HOLD-DOCKER-UNAVAILABLE") {
    const { pauseMs } = workLimits.ProbeEngine;
    return { firstMs: pauseMs, maxMs: pauseMs };
  }
  const vendors = {
    "HOLD-VALIDATOR-UNAVAILABLE": "ProbeVendor",
    "HOLD-CODER-UNAVAILABLE": "ProbeCoderVendor",
  } as const;
  const kind =
    code === "HOLD-VALIDATOR-UNAVAILABLE" || code === "HOLD-CODER-UNAVAILABLE" ? vendors[code] : "ProbeCause";
  const { pauseMs } = workLimits[kind];
  return { firstMs: pauseMs, maxMs: pauseMsMax };
}

/** The hold for a fault that does not name a hold code. */
export function holdCodeWhenExhausted(kind: TaskWork["kind"]): HoldCode {
  switch (kind) {
    case "PrepareRun":
      return "HOLD-PREPARE-FAILED";
    case "RunCoder":
      return "HOLD-CODER-FAILED";
    case "LandChange":
    case "OpenDraft":
      return "HOLD-EXTERNAL-STATE-UNKNOWN";
    case "RunChecks":
    case "ProbeEngine":
    case "ProbeCause":
    case "SealEvidence":
    case "JudgeEvidence":
    case "DecideGate":
    case "ResumeHold":
    case "TimeOutHold":
    case "RestoreChange":
      return "HOLD-EVIDENCE-INCOMPLETE";
  }
}
