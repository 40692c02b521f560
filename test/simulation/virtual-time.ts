/**
 * The clock of a simulation: a seed decides the globals for time and timers, and the random bytes of ids. Nothing waits: a step goes to the next timer.
 * Everything between two timers happens in promises, which end before the next step.
 */
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import type { Chance } from "../../packages/demo/src/board/chance.ts";

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
  /** Milliseconds since the start, whatever the wall clock shows. */
  readonly elapsedMs: number;
  /** Milliseconds for the outside, which does not sleep with the machine. */
  readonly outsideMs: number;
  /** Number of set timers. */
  readonly timers: number;
  /** Runs the next timer and everything that follows from it. Returns false if there is none. */
  step(): Promise<boolean>;
  /** Makes the wall clock jump, which moves no timer. */
  jump(ms: number): void;
  /** Lets the machine sleep: timers, processes and the monotonic clock stand still, as on Linux. */
  sleep(ms: number): void;
  /** Forgets all timers, because the process that set them is gone. */
  forgetTimers(): void;
}

/** The part of `setTimeout`'s result that the code under test uses. */
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

/** Takes over the globals until it is disposed of; one at a time. */
export function startVirtualTime(chance: Chance): VirtualTime {
  let elapsedMs = 0;
  let jumpedMs = 0;
  let asleepMs = 0;
  /** The next timer is last. Of timers due at one instant, the one set first is first. */
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
  /** Not a subclass, because creating an object of one costs several times as much. */
  function VirtualDate(...given: [] | [string | number]): Date {
    return given.length === 0 ? new RealDate(wallMs()) : new RealDate(given[0]);
  }
  Object.assign(VirtualDate, { now: wallMs, parse: RealDate.parse, UTC: RealDate.UTC, prototype: RealDate.prototype });
  const fakes: Record<(typeof faked)[number], unknown> = {
    Date: VirtualDate,
    performance: { now: () => elapsedMs },
    // A real one waits at least a millisecond too.
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
