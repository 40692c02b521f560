/** From what was observed to the report's result: pure, and the one place that says which reason wins. */
import type { Blob, CapturedReport, Environment, HeldReport, HoldCode, Usage } from "@aedev/core/wire";
import type { Captured } from "../capture/capture.ts";
import type { RunEnding } from "../gateway/gateway.ts";
import type { EndReason } from "./watch.ts";

export const timeoutExitCode = 124;

export interface Observed {
  /** Why the runner ended it; null where the container ended by itself. */
  endReason: EndReason | null;
  exitCode: number | null;
  outOfMemory: boolean;
  gatewayEnding: RunEnding | null;
  lastAnswer: number | "unreachable" | null;
  question: string | null;
  captured: Captured | null;
  usage: Usage;
  environment: Environment;
  journal: Blob;
  transcript: Blob | null;
}

export function outcomeOf(observed: Observed): CapturedReport | HeldReport {
  const { captured } = observed;
  const reason = holdReason(observed);
  if (reason === null && captured?.patch) {
    return {
      outcome: "captured",
      tree: captured.tree,
      patch: captured.patch,
      usage: observed.usage,
      environment: observed.environment,
      journal: observed.journal,
      transcript: observed.transcript,
      exit_code: observed.exitCode ?? 0,
    };
  }
  return {
    outcome: "held",
    code: reason?.code ?? "HOLD-CODER-FAILED",
    detail: reason?.detail ?? null,
    resumes_at: reason?.resumesAt ?? null,
    retry_free: false,
    usage: observed.usage,
    journal: observed.journal,
    patch: captured?.isEmpty ? null : (captured?.patch ?? null),
    exit_code: observed.endReason === "timeout" ? timeoutExitCode : observed.exitCode,
  };
}

/** Of a run that was stopped on order nobody waits for the change, but what it spent was spent. */
export function stoppedReport({ usage, journal }: { usage: Usage; journal: Blob | null }): HeldReport {
  const none = { resumes_at: null, retry_free: false, patch: null, exit_code: null };
  return { outcome: "held", code: "HOLD-CODER-FAILED", detail: "stopped on order", usage, journal, ...none };
}

/** Limits first, because what follows from being stopped says nothing; then the exit code; then what was found in the tree. */
function holdReason(observed: Observed): RunEnding | null {
  const { captured, gatewayEnding } = observed;
  if (gatewayEnding !== null) return gatewayEnding;
  if (observed.endReason === "timeout") return held("HOLD-CODER-TIMEOUT", null);
  if (observed.endReason === "bytes" || observed.endReason === "files") return held("HOLD-BUDGET", observed.endReason);
  if (observed.endReason === "disk") return held("HOLD-DISK-LOW", "too little of the disk stayed free under the run");
  if (observed.endReason === "engine") return held("HOLD-DOCKER-UNAVAILABLE", "the engine stopped under the run");
  if (observed.exitCode !== 0) return held("HOLD-CODER-FAILED", failureDetail(observed));
  if (observed.question !== null) return held("HOLD-QUESTION", observed.question);
  if (captured === null) return held("HOLD-CODER-FAILED", "exit_0 (nothing captured)");
  if (captured.finding !== null) return held(captured.finding.code, captured.finding.detail);
  return captured.isEmpty ? held("HOLD-NO-PROGRESS", "empty_patch") : null;
}

function failureDetail(observed: Observed): string {
  if (observed.outOfMemory) return `exit_${observed.exitCode} (out of memory)`;
  if (observed.lastAnswer === "unreachable") return "unreachable";
  if (observed.lastAnswer !== null && observed.lastAnswer >= 400) return `api_${observed.lastAnswer}`;
  return `exit_${observed.exitCode ?? "unknown"}`;
}

function held(code: HoldCode, detail: string | null): RunEnding {
  return { code, detail, resumesAt: null };
}
