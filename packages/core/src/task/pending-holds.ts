/** The pending work of a hold: it ends at its time or by a probe, or its time limit passes. `hold.ttl` ends neither a hold that continues automatically nor the hold of a run that a person stopped. */
import { type HoldCode, resumptionOf } from "@aedev/contracts";
import { runOfChange } from "../model/fallback-change.ts";
import type { HoldState, State, TaskState } from "../model/state.ts";

/** From the present policy (`hold`). */
export interface HoldBounds {
  /** How long a hold may wait for a person. */
  readonly ttlMs: number;
  /** What happens then; `keep`: nothing. */
  readonly onTimeout: "keep" | "reject" | "ask";
}

/** Codes whose cause control itself probes: whether the remote answers, whether the disk has room. */
const probedCodes = ["HOLD-FETCH-FAILED", "HOLD-DISK-LOW", "HOLD-EXTERNAL-STATE-UNKNOWN"] as const;
export type ProbedCode = (typeof probedCodes)[number];

/** Whether holds with this code have their own probe, which releases only that hold. A vendor's probe releases all holds that wait for the vendor, and has its own pauses. */
export function hasOwnProbe(code: HoldCode): boolean {
  return code === "HOLD-DOCKER-UNAVAILABLE" || probedCodes.some((probed) => probed === code);
}

/**
 * The pause before a first probe. A service that seems to be back may stop again, as an engine that is shutting down, or may answer and still not work,
 * as a remote that takes no push. The first probe of a landing without a clear answer waits too.
 */
const firstProbeMs = 15_000;
const probeMsMax = 30 * 60_000;

/** When the hold is first probed. The pause is four times as long after each probe that released such a hold of the task without progress. Null: at once, or the hold has no probe of its own. */
export function probedFrom({ hold, lifted = 0 }: Pick<TaskState, "hold" | "lifted">): string | null {
  if (hold === null || !hasOwnProbe(hold.code) || resumptionOf(hold) !== "probe") return null;
  const pauses = hold.code === "HOLD-EXTERNAL-STATE-UNKNOWN" ? lifted : lifted - 1;
  if (pauses < 0) return null;
  const pauseMs = Math.min(probeMsMax, firstProbeMs * 4 ** Math.min(pauses, 10));
  return new Date(Date.parse(hold.held_at) + pauseMs).toISOString();
}

/** Work on a held task. */
export type HoldWork = { readonly work_id: string; readonly task_id: string; readonly hold_id: string } & (
  | { readonly kind: "ResumeHold"; readonly plane: "control"; readonly due_at: string }
  | { readonly kind: "TimeOutHold"; readonly plane: "control"; readonly action: "reject" | "ask" }
  | { readonly kind: "ProbeEngine"; readonly plane: "execution" }
  | { readonly kind: "ProbeCause"; readonly plane: "control"; readonly code: ProbedCode }
);

export function holdWork(
  task: TaskState,
  { now, bounds, system }: { now: string; bounds: HoldBounds | undefined; system: State["system"] },
): HoldWork[] {
  const { hold, task_id } = task;
  if (hold === null) return [];
  const { hold_id } = hold;
  if (resumptionOf(hold) === "probe") {
    const code = probedCodes.find((probed) => probed === hold.code);
    if ((probedFrom(task) ?? now) > now) return [];
    if (code !== undefined)
      return [{ kind: "ProbeCause", plane: "control", work_id: `ProbeCause/${hold_id}`, task_id, hold_id, code }];
    if (hold.code === "HOLD-DOCKER-UNAVAILABLE")
      return [{ kind: "ProbeEngine", plane: "execution", work_id: `ProbeEngine/${hold_id}`, task_id, hold_id }];
  }
  const due_at = resumesAt(task, system);
  if (due_at !== null) {
    if (due_at > now) return [];
    return [{ kind: "ResumeHold", plane: "control", work_id: `ResumeHold/${hold_id}`, task_id, hold_id, due_at }];
  }
  const at = timesOutAt(hold, bounds);
  if (at === null || at > now || bounds === undefined || bounds.onTimeout === "keep") return [];
  const work_id = `TimeOutHold/${hold_id}`;
  return [{ kind: "TimeOutHold", plane: "control", work_id, task_id, hold_id, action: bounds.onTimeout }];
}

/** How long the next run waits for the work of a stopped run. */
const stoppedRunMsMax = 5 * 60_000;

/** When the hold ends automatically; null: it waits for a person or a probe. The hold of a stopped run ends once work is resumed and the run's work is known. */
export function resumesAt(
  task: Pick<TaskState, "hold" | "runs" | "restored" | "set_aside">,
  { pause, resumed_at = "" }: Pick<State["system"], "pause" | "resumed_at">,
): string | null {
  const { hold } = task;
  if (hold?.code !== "HOLD-STOPPED") return hold?.resumes_at ?? null;
  if (pause !== undefined) return null;
  if (runOfChange(task)?.status !== "running") return hold.held_at;
  const since = resumed_at > hold.held_at ? resumed_at : hold.held_at;
  return new Date(Date.parse(since) + stoppedRunMsMax).toISOString();
}

/** When the hold's time limit passes; null: it has none, or the limit has passed. */
export function timesOutAt(hold: HoldState, bounds: HoldBounds | undefined): string | null {
  if (bounds === undefined || bounds.onTimeout === "keep" || hold.timed_out_at !== undefined) return null;
  if (resumptionOf(hold) !== "never" || hold.code === "HOLD-STOPPED") return null;
  const known = timeouts.get(hold);
  if (known?.ttlMs === bounds.ttlMs) return known.at;
  const at = new Date(Date.parse(hold.held_at) + bounds.ttlMs).toISOString();
  timeouts.set(hold, { ttlMs: bounds.ttlMs, at });
  return at;
}

/** Cached, because holds wait for days and every pass asks about them. */
const timeouts = new WeakMap<HoldState, { readonly ttlMs: number; readonly at: string }>();
