/** The end of a coder's run under its gateway's and time limits, and its usage until then. */
import { noUsage, type Usage } from "@aedev/contracts";
import type { RunAllowance } from "./budgets.ts";
import type { SimulatedLog } from "./memory-log.ts";
import type { Container, Truth } from "./world.ts";

/** The time until a run is done, its gateway refuses a request, or its minutes are used up. */
export function lastsMs({ durationMs, tokens }: Truth, allowed: RunAllowance | null): number {
  if (allowed === null) return durationMs;
  const share = Math.min(1, allowed.tokens / tokens);
  return Math.max(1, Math.min(allowed.durationMs, Math.floor(durationMs * share)));
}

/** The truth of a run whose container is this many times as slow. */
export function slowed(truth: Truth, times: number): Truth {
  return times === 1 ? truth : { ...truth, durationMs: truth.durationMs * times };
}

/** The shipped limits.run_timeout; a run at normal speed ends earlier. */
const runTimeoutMs = 45 * 60_000;
const unlimited: RunAllowance = {
  tokens: Number.POSITIVE_INFINITY,
  durationMs: Number.POSITIVE_INFINITY,
  endOfTokens: { detail: "", resumes_at: null },
  endOfTime: null,
};

/** The allowance with the time limit of every run. */
export function withTimeLimit(allowed: RunAllowance | null): RunAllowance {
  const own = allowed ?? unlimited;
  return own.durationMs <= runTimeoutMs ? own : { ...own, durationMs: runTimeoutMs, endOfTime: null };
}

/** A gateway with less than this left refuses the first request. */
const requestTokensMin = 1_000;

/** Why the run could not finish; null if it could. */
export function cutShort({ durationMs, tokens }: Truth, allowed: RunAllowance | null) {
  if (allowed === null || (allowed.tokens >= tokens && allowed.durationMs >= durationMs)) return null;
  const ofTime = allowed.durationMs < durationMs * Math.min(1, allowed.tokens / tokens);
  if (!ofTime) return { code: "HOLD-BUDGET", end: allowed.endOfTokens } as const;
  return allowed.endOfTime === null
    ? ({ code: "HOLD-CODER-TIMEOUT", end: {} } as const)
    : ({ code: "HOLD-BUDGET", end: allowed.endOfTime } as const);
}

/** The usage so far: proportional to the time, and never more than its gateway allows. */
export function used({ durationMs, tokens }: Truth, { startedMs, allowance }: Container, nowMs: number): number {
  const share = Math.min(1, (nowMs - startedMs) / durationMs);
  const allowed = allowance?.tokens ?? tokens;
  return allowed < requestTokensMin ? 0 : Math.min(Math.ceil(tokens * share), allowed);
}

export function usageOf(input_tokens: number): Usage {
  const classes = { ...noUsage, input_tokens, requests: 3 };
  const more = { model: "coder", billing: "api", cache_write_hour_tokens: 0 } as const;
  return { ...classes, models: [{ ...classes, ...more, unfinished_requests: 0, unfinished_tokens: 0 }] };
}

/** The log as if no run were under way. */
export function withoutRuns(log: Pick<SimulatedLog, "state" | "views">): Pick<SimulatedLog, "state" | "views"> {
  return {
    views: log.views,
    get state() {
      const { tasks, ...state } = log.state;
      return {
        ...state,
        tasks: Object.fromEntries(Object.entries(tasks).filter(([, { status }]) => status !== "running")),
      };
    },
  };
}
