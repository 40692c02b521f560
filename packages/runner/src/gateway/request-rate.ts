/** Limits a sandbox's requests per minute; the allowance refills evenly. */

const minuteMs = 60_000;

/** Returns a function that takes one request, or returns false if none is left. `now`: a monotonic clock in milliseconds. */
export function createRequestRate(perMinute: number, now: () => number = () => performance.now()): () => boolean {
  let left = perMinute;
  let at = now();
  return () => {
    const instant = now();
    left = Math.min(perMinute, left + ((instant - at) * perMinute) / minuteMs);
    at = instant;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
