/** Turns the observations of a run into the report's result. Pure; the only place that decides which reason wins. */

import {
  type Blob,
  type CapturedReport,
  type CaptureNotes,
  captureNoteLines,
  type Environment,
  escapeLine,
  type HeldReport,
  type HoldCode,
  type Stuck,
  type Usage,
} from "@aedev/contracts";
import type { Captured } from "../capture/capture.ts";
import { heldReport } from "../engine/held-report.ts";
import { type RunEnding, stuckEnding } from "../gateway/run-ending.ts";
import type { EndReason } from "./watch.ts";

const timeoutExitCode = 124;
const detailCharactersMax = 500;
/** Exit codes after SIGKILL and SIGTERM; 255 is the engine's code for a container that ran when the machine or the engine died. */
const killedExitCodes: readonly number[] = [137, 143, 255];

export interface Observed {
  /** Why the runner ended it; null if the container ended on its own. */
  endReason: EndReason | null;
  /** What showed that the run was stuck, if `endReason` is `stuck`. */
  stuck: Stuck | null;
  exitCode: number | null;
  outOfMemory: boolean;
  gatewayEnding: RunEnding | null;
  lastAnswer: number | "unreachable" | null;
  question: string | null;
  /** The tests that the question is about; null if it names none. */
  breaks: string[] | null;
  captured: Captured | null;
  usage: Usage;
  environment: Environment;
  journal: Blob;
  transcript: Blob | null;
  /** The model has answered requests with all messages of persons up to this number; 0: with none. */
  heard: number;
  /** The conversation of a run that a usage limit stopped; null if none was kept. */
  session: Blob | null;
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
      ...(observed.heard === 0 ? {} : { heard: observed.heard }),
      ...notesOf(captured),
    };
  }
  return heldReport(reason?.code ?? "HOLD-CODER-FAILED", reason?.detail ?? null, {
    resumes_at: reason?.resumesAt ?? null,
    usage: observed.usage,
    journal: observed.journal,
    patch: keptPatch(captured),
    exit_code: observed.endReason === "timeout" ? timeoutExitCode : observed.exitCode,
    ...(reason?.stuck === undefined ? {} : { stuck: reason.stuck }),
    ...(reason?.code === "HOLD-QUESTION" && observed.breaks !== null ? { breaks: observed.breaks } : {}),
    ...(observed.session === null ? {} : { session: observed.session }),
    ...notesOf(captured),
  });
}

/** The report of a run stopped on order: its files are kept, and its usage counts. */
export function stoppedReport(observed: { usage: Usage; journal: Blob | null; captured: Captured | null }): HeldReport {
  const { usage, journal, captured } = observed;
  return heldReport("HOLD-CODER-FAILED", "stopped on order", { usage, journal, patch: keptPatch(captured) });
}

/** The patch to keep of a run that ended without a change to check; null if it wrote nothing or too much for a patch. */
export function keptPatch(captured: Pick<Captured, "isEmpty" | "patch"> | null): Blob | null {
  return captured === null || captured.isEmpty ? null : captured.patch;
}

/** Why a run ended badly, regardless of its files; null if it ended well. Limits come first, because they cause later symptoms; then the exit code. */
export function badEnding(
  observed: Omit<Observed, "captured" | "question" | "breaks" | "environment" | "transcript" | "heard" | "session">,
): RunEnding | null {
  const { gatewayEnding } = observed;
  if (gatewayEnding !== null) return gatewayEnding;
  if (observed.stuck !== null) return stuckEnding(observed.stuck);
  if (observed.endReason === "timeout") return held("HOLD-CODER-TIMEOUT", null);
  if (observed.endReason === "bytes" || observed.endReason === "files") return held("HOLD-BUDGET", observed.endReason);
  if (observed.endReason === "disk") return held("HOLD-DISK-LOW", "the disk became almost full during the run");
  if (observed.endReason === "engine") return held("HOLD-DOCKER-UNAVAILABLE", "the engine stopped during the run");
  // Neither the runner nor the coder is to blame: the engine's end, a person, or lack of memory on the machine killed it.
  if (isKilled(observed))
    return held("HOLD-DOCKER-UNAVAILABLE", `the sandbox was killed (exit_${observed.exitCode ?? "unknown"})`);
  return observed.exitCode === 0 ? null : failedEnding(observed);
}

/** The bad ending, if any; otherwise the findings in the tree. */
function holdReason(observed: Observed): RunEnding | null {
  const { captured } = observed;
  const bad = badEnding(observed);
  if (bad !== null) return bad;
  if (observed.question !== null) return held("HOLD-QUESTION", observed.question);
  if (captured === null) return held("HOLD-CODER-FAILED", "exit_0 (nothing captured)");
  if (captured.finding !== null) return held(captured.finding.code, captured.finding.detail);
  return captured.isEmpty ? held("HOLD-NO-PROGRESS", emptyDetail(captured)) : null;
}

/** A run that wrote only files that are left out made an empty change. */
function emptyDetail({ notes }: Captured): string {
  const lines = captureNoteLines(notes ?? undefined, (path) => escapeLine(path, 200));
  return ["empty_patch", ...lines].join(": ").slice(0, detailCharactersMax).toWellFormed();
}

function notesOf(captured: Captured | null): { capture_notes?: CaptureNotes } {
  return captured?.notes == null ? {} : { capture_notes: captured.notes };
}

function isKilled(observed: Pick<Observed, "endReason" | "exitCode" | "outOfMemory" | "lastAnswer">): boolean {
  const { endReason, exitCode, outOfMemory, lastAnswer } = observed;
  // A coder whose model refused it exits with any code.
  const isRefused = lastAnswer === "unreachable" || (lastAnswer ?? 0) >= 400;
  return endReason === null && !outOfMemory && !isRefused && (exitCode === null || isKilledExit(exitCode));
}

/** True if the exit code shows that the container was killed. */
export function isKilledExit(exitCode: number): boolean {
  return killedExitCodes.includes(exitCode);
}

/** A vendor that is down or unreachable is no failure of the coder; a probe ends this hold. */
function failedEnding(observed: Pick<Observed, "outOfMemory" | "exitCode" | "lastAnswer">): RunEnding {
  const { outOfMemory, exitCode, lastAnswer } = observed;
  if (outOfMemory) return held("HOLD-CODER-FAILED", `exit_${exitCode} (out of memory)`);
  if (lastAnswer === "unreachable") return held("HOLD-CODER-UNAVAILABLE", "unreachable");
  if (lastAnswer !== null && lastAnswer >= 500) return held("HOLD-CODER-UNAVAILABLE", `api_${lastAnswer}`);
  if (lastAnswer !== null && lastAnswer >= 400) return held("HOLD-CODER-FAILED", `api_${lastAnswer}`);
  return held("HOLD-CODER-FAILED", `exit_${exitCode ?? "unknown"}`);
}

function held(code: HoldCode, detail: string | null): RunEnding {
  return { code, detail, resumesAt: null };
}
