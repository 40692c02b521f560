/**
 * The clock of a simulation: the globals for time and timers, and the random bytes that ids are made of, follow a seed. Nothing waits: a step goes to
 * the next timer. Everything between two timers happens in promises, which end before the next step.
 */
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import type { Chance } from "./chance.ts";

const startedAtMs = Date.UTC(2026, 0, 5, 18);
const faked = [
  "Date",
  "performance",
  "setTimeout",
  "clearTimeout",
  "setImmediate",
  "clearImmediate",
  "setInterval",
  "clearInterval",
] as const;

export interface VirtualTime extends Disposable {
  /** Milliseconds since the start, whatever the clock on the wall says. */
  readonly elapsedMs: number;
  /** The same for what is outside, which does not sleep with the machine. */
  readonly outsideMs: number;
  /** Timers that are set. */
  readonly timers: number;
  /** Runs the next timer and all that follows from it. False: there is none. */
  step(): Promise<boolean>;
  /** The clock on the wall jumps; no timer is due sooner or later for it. */
  jump(ms: number): void;
  /** The machine sleeps: timers, processes and the monotonic clock stand still, as Linux's do. */
  sleep(ms: number): void;
  /** Forgets all timers: the process that had set them is gone. */
  forgetTimers(): void;
}

/** What `setTimeout` returns, as far as the code under test uses it. */
class Timer {
  readonly atMs: number;
  readonly run: () => void;
  constructor(atMs: number, run: () => void) {
    this.atMs = atMs;
    this.run = run;
  }
  unref(): this {
    return this;
  }
}

/** Takes over the globals until it is disposed of. One at a time. */
export function startVirtualTime(chance: Chance): VirtualTime {
  let elapsedMs = 0;
  let jumpedMs = 0;
  let asleepMs = 0;
  /** The next one last. Of those that are due at one instant, the one that was set first comes first. */
  let timers: Timer[] = [];
  const wallMs = () => startedAtMs + jumpedMs + asleepMs + elapsedMs;

  function set(delayMs: number, run: () => void): Timer {
    const timer = new Timer(elapsedMs + delayMs, run);
    let place = timers.length;
    while (place > 0 && (timers[place - 1] as Timer).atMs <= timer.atMs) place -= 1;
    timers.splice(place, 0, timer);
    return timer;
  }
  function clear(timer: unknown): void {
    const place = timer === undefined ? -1 : timers.lastIndexOf(timer as Timer);
    if (place >= 0) timers.splice(place, 1);
  }
  const refuse = () => {
    throw new Error("the simulation has no intervals");
  };

  // Budgets of a day begin at the machine's own midnight, wherever that machine is.
  const zone = process.env["TZ"];
  process.env["TZ"] = "UTC";
  const RealDate = Date;
  /** No subclass: making an object of one costs several times as much. */
  function VirtualDate(...given: [] | [string | number]): Date {
    return given.length === 0 ? new RealDate(wallMs()) : new RealDate(given[0]);
  }
  Object.assign(VirtualDate, { now: wallMs, parse: RealDate.parse, UTC: RealDate.UTC, prototype: RealDate.prototype });
  const fakes: Record<(typeof faked)[number], unknown> = {
    Date: VirtualDate,
    performance: { now: () => elapsedMs },
    // A real one waits a millisecond at least, too.
    setTimeout: (run: () => void, ms = 0) => set(Math.max(1, Math.trunc(ms)), run),
    clearTimeout: clear,
    setImmediate: (run: () => void) => set(0, run),
    clearImmediate: clear,
    setInterval: refuse,
    clearInterval: refuse,
  };
  const real = faked.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  const realRandomBytes = crypto.randomBytes;
  for (const name of faked)
    Object.defineProperty(globalThis, name, { value: fakes[name], configurable: true, writable: true });
  Object.assign(crypto, { randomBytes: (count: number) => chance.bytes(count) });
  syncBuiltinESMExports();
  /** A tick comes after all promises that follow from what has run, and costs no turn of the event loop. */
  const settle = () => new Promise<boolean>((resolve) => process.nextTick(resolve, true));
  function runNext(): Promise<boolean> {
    const timer = timers.pop();
    if (timer === undefined) return Promise.resolve(false);
    elapsedMs = timer.atMs;
    timer.run();
    return settle();
  }

  return {
    get elapsedMs() {
      return elapsedMs;
    },
    get outsideMs() {
      return asleepMs + elapsedMs;
    },
    get timers() {
      return timers.length;
    },
    step() {
      return timers.length === 0 ? settle().then(runNext) : runNext();
    },
    jump(ms) {
      jumpedMs += ms;
    },
    sleep(ms) {
      asleepMs += ms;
    },
    forgetTimers() {
      timers = [];
    },
    [Symbol.dispose]() {
      for (const [name, descriptor] of real) Object.defineProperty(globalThis, name, descriptor ?? {});
      Object.assign(crypto, { randomBytes: realRandomBytes });
      syncBuiltinESMExports();
      if (zone === undefined) delete process.env["TZ"];
      else process.env["TZ"] = zone;
    },
  };
}

/** How long the machine has slept. */
export function sleptMs({ outsideMs, elapsedMs }: Pick<VirtualTime, "outsideMs" | "elapsedMs">): number {
  return outsideMs - elapsedMs;
}
