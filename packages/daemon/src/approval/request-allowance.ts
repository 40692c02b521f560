/** How many requests pass: an allowance that is spent by each and comes back with time. It counts and keeps nothing else. */
export interface Allowance {
  /** False where it is spent. */
  take(nowMs: number): boolean;
}

/** `burst`: requests at once; `perSecond`: how fast they come back. */
export function createAllowance({ burst, perSecond }: { burst: number; perSecond: number }): Allowance {
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
