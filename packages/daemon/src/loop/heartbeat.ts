/** Records when the reconcile loop last completed a pass, which tells a working daemon from one that only answers. Its clock stops while the machine sleeps. */

/** The loop makes a pass at least this often. */
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
