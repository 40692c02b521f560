/** Compares the machine's clocks between two looks, to notice that the wall clock was set or the machine slept. It keeps no file. */
import { uptime } from "node:os";
import type { ClockJumps } from "@aedev/core/reading";

/** Time servers correct by less. */
const movedMsMin = 3 * 60_000;

/** Three clocks of one machine, in milliseconds. */
export interface Clocks {
  /** Since the epoch; a person or a server may set it. */
  readonly wallMs: () => number;
  /** Stands still while the machine sleeps. */
  readonly monotonicMs: () => number;
  /** Runs on while the machine sleeps, and nobody sets it; null: this system has none. */
  readonly bootMs: () => number | null;
}

export const machineClocks: Clocks = {
  wallMs: Date.now,
  monotonicMs: () => performance.now(),
  // Elsewhere the time since boot is calculated from the wall clock.
  bootMs: () => (process.platform === "linux" ? uptime() * 1_000 : null),
};

/** How the wall clock moved apart from the time that passed. */
export type ClockJump = Pick<ClockJumps, "moved_ms" | "how">;

/** Each call compares with the one before, the first with now. Null: no clock moved by three minutes or more. */
export function createClockWatch(clocks: Clocks = machineClocks): () => ClockJump | null {
  const read = () => ({ wall: clocks.wallMs(), monotonic: clocks.monotonicMs(), boot: clocks.bootMs() });
  let before = read();
  return () => {
    const now = read();
    const wall = now.wall - before.wall;
    const monotonic = now.monotonic - before.monotonic;
    const boot = now.boot === null || before.boot === null ? null : now.boot - before.boot;
    before = now;
    if (boot === null) {
      const moved = Math.round(wall - monotonic);
      // Sleep only moves it forward.
      return Math.abs(moved) < movedMsMin ? null : { moved_ms: moved, how: moved < 0 ? "jumped" : "unclear" };
    }
    const moved = Math.round(wall - boot);
    if (Math.abs(moved) >= movedMsMin) return { moved_ms: moved, how: "jumped" };
    const slept = Math.round(boot - monotonic);
    return slept < movedMsMin ? null : { moved_ms: slept, how: "slept" };
  };
}
