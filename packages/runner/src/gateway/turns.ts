/** The rate at which a sandbox may ask: as many turns as a minute has, given back evenly. It knows nothing of what is asked. */

const minuteMs = 60_000;

/** `now`: milliseconds that only go forward. Returns a function that takes one turn, or says false where none is left. */
export function createTurns(perMinute: number, now: () => number = () => performance.now()): () => boolean {
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
