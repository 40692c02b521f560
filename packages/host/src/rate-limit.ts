/** A token bucket: each request takes one token, and tokens refill with time. */
export interface RateLimit {
  /** False if no token is left. */
  take(nowMs: number): boolean;
}

/** `burst`: size of the bucket; `perSecond`: tokens refilled per second. */
export function createRateLimit({ burst, perSecond }: { burst: number; perSecond: number }): RateLimit {
  let left = burst;
  let lastMs: number | null = null;
  return {
    take(nowMs) {
      const passedMs = lastMs === null ? 0 : Math.max(0, nowMs - lastMs);
      left = Math.min(burst, left + (passedMs / 1000) * perSecond);
      lastMs = nowMs;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
