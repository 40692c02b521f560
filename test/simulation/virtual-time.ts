/**
 * The clock of a simulation: the globals for time and timers, and the random bytes that ids are made of, follow a seed. Nothing waits: a step goes to
 * the next timer. Everything between two timers happens in promises, which end before the next step.
 */
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import FakeTimers from "@sinonjs/fake-timers";
import type { Chance } from "./chance.ts";

const startedAtMs = Date.UTC(2026, 0, 5, 18);
const realImmediate = setImmediate;
const realRandomBytes = crypto.randomBytes;

export interface VirtualTime extends Disposable {
  /** Milliseconds since the start, whatever the clock on the wall says. */
  readonly elapsedMs: number;
  /** Timers that are set. */
  readonly timers: number;
  /** Runs the next timer and all that follows from it. False: there is none. */
  step(): Promise<boolean>;
  /** The clock on the wall jumps; no timer is due sooner or later for it. */
  jump(ms: number): void;
  /** Forgets all timers: the process that had set them is gone. */
  forgetTimers(): void;
}

/** Takes over the globals until it is disposed of. One at a time. */
export function startVirtualTime(chance: Chance): VirtualTime {
  const clock = FakeTimers.install({
    now: startedAtMs,
    toFake: [
      "Date",
      "setTimeout",
      "clearTimeout",
      "setImmediate",
      "clearImmediate",
      "setInterval",
      "clearInterval",
      "performance",
    ],
  });
  Object.assign(crypto, { randomBytes: (count: number) => chance.bytes(count) });
  syncBuiltinESMExports();
  let jumpedMs = 0;
  const settle = () => new Promise<void>((resolve) => realImmediate(resolve));
  return {
    get elapsedMs() {
      return clock.now - startedAtMs - jumpedMs;
    },
    get timers() {
      return clock.countTimers();
    },
    async step() {
      if (clock.countTimers() === 0) {
        await settle();
        if (clock.countTimers() === 0) return false;
      }
      clock.next();
      await settle();
      return true;
    },
    jump(ms) {
      jumpedMs += ms;
      clock.setSystemTime(clock.now + ms);
    },
    forgetTimers() {
      const { now } = clock;
      clock.reset();
      clock.setSystemTime(now);
    },
    [Symbol.dispose]() {
      clock.uninstall();
      Object.assign(crypto, { randomBytes: realRandomBytes });
      syncBuiltinESMExports();
    },
  };
}
