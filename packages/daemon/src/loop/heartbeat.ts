/** When the reconcile loop last completed a pass: what tells a daemon that works from one that only answers. The clock is the machine's own, which does not run while it sleeps. */

/** How often the loop makes a pass at least, if nothing waits for it more often. */
export const passEveryMs = 15_000;

export interface Heartbeat {
  /** The loop completed a pass. */
  beat(): void;
  /** Milliseconds since the last pass or, before the first, since the start. */
  ageMs(): number;
}

export function createHeartbeat(onBeat: () => void, nowMs: () => number = () => performance.now()): Heartbeat {
  let beatAtMs = nowMs();
  return {
    beat() {
      beatAtMs = nowMs();
      onBeat();
    },
    ageMs: () => Math.max(0, Math.round(nowMs() - beatAtMs)),
  };
}
