/** Keeps what the running daemon observes: takes each list of containers, checks the clocks itself, and writes the home's file when something changed. */
import { Fault } from "@aedev/contracts";
import { isRecentJump, type ObservedFacts } from "@aedev/core/reading";
import { complain } from "../logging/complain.ts";
import { type Clocks, createClockWatch, machineClocks } from "./clock-watch.ts";
import { createLeftContainers, type ListedContainer } from "./left-containers.ts";
import { nothingObserved, readObserved, writeObserved } from "./observed-file.ts";

const clockEveryMs = 60_000;
/** While the same containers remain, the file is refreshed this often. */
const seenEveryMs = 10 * 60_000;

export interface Observer {
  /** `listed` null: the engine gave no list, so nothing is known. */
  sawContainers(listed: readonly ListedContainer[] | null, aliveRuns: ReadonlySet<string>): void;
  /** Called once a minute. */
  compareClocks(): void;
  close(): void;
}

/** A starting daemon knows no containers, but keeps the clock jumps of the last hours. It complains about a foreign file and replaces it. */
export async function openObserver(home: string, clocks: Clocks = machineClocks): Promise<Observer> {
  const jumpOf = createClockWatch(clocks);
  const leftOf = createLeftContainers();
  const instant = () => new Date(clocks.wallMs()).toISOString();
  const { clock } = await readOrNothing(home);
  let written: ObservedFacts | null = null;
  let observed: ObservedFacts = { containers: null, clock };
  let problem: string | null = null;

  /** If the write fails, the next look writes. */
  function keep(next: ObservedFacts): void {
    observed = next;
    if (written !== null && !isNews(next, written)) return;
    try {
      writeObserved(home, next);
      written = next;
      problem = null;
    } catch (error) {
      if (!(error instanceof Error && "syscall" in error)) throw error;
      if (error.message !== problem) complain(`what was observed is not written: ${error.message}`);
      problem = error.message;
    }
  }

  function compareClocks(): void {
    const jump = jumpOf();
    const now = instant();
    const before = observed.clock !== null && isRecentJump(observed.clock.at, now) ? observed.clock : null;
    const { count, first_at } = before ?? { count: 0, first_at: now };
    keep({ ...observed, clock: jump === null ? before : { ...jump, at: now, first_at, count: count + 1 } });
  }

  keep(observed);
  const timer = setInterval(compareClocks, clockEveryMs);
  return {
    sawContainers(listed, aliveRuns) {
      const seen = { aliveRuns, now: instant(), monotonicMs: clocks.monotonicMs() };
      keep({ ...observed, containers: listed === null ? null : leftOf({ listed, ...seen }) });
    },
    compareClocks,
    close: () => clearInterval(timer),
  };
}

async function readOrNothing(home: string): Promise<ObservedFacts> {
  try {
    return await readObserved(home);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    complain(error);
    return nothingObserved;
  }
}

/** The time at which containers were last seen is no news for a while. */
function isNews(next: ObservedFacts, written: ObservedFacts): boolean {
  const seenAgainMs = Date.parse(next.containers?.seen_at ?? "") - Date.parse(written.containers?.seen_at ?? "");
  if (Math.abs(seenAgainMs) >= seenEveryMs) return true;
  const essence = ({ containers, clock }: ObservedFacts) =>
    JSON.stringify([containers?.count, containers?.since, clock]);
  return essence(next) !== essence(written);
}
