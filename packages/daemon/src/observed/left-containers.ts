/** Finds containers of the home that no run has needed for a while, in the engine's list. It asks no engine and removes nothing. */
import type { LeftContainers } from "@aedev/core/reading";

/** Containers of an ended run or a probe are gone sooner. */
const leftMsMin = 10 * 60_000;

/** A container in the engine's list. `run`: its label `aedev.run`, or null. */
export interface ListedContainer {
  readonly id: string;
  readonly run: string | null;
}

/** `now`: ISO 8601 UTC. `monotonicMs`: a clock that nobody sets. */
export interface ContainersSeen {
  readonly listed: readonly ListedContainer[];
  readonly aliveRuns: ReadonlySet<string>;
  readonly now: string;
  readonly monotonicMs: number;
}

/** Takes one list per call; null: no container has been without a run for more than ten minutes. */
export function createLeftContainers(): (seen: ContainersSeen) => LeftContainers | null {
  let known = new Map<string, { readonly since: string; readonly sinceMs: number }>();
  return ({ listed, aliveRuns, now, monotonicMs }) => {
    const withoutRun = listed.filter(({ run }) => run === null || !aliveRuns.has(run));
    known = new Map(withoutRun.map(({ id }) => [id, known.get(id) ?? { since: now, sinceMs: monotonicMs }]));
    const left = [...known.values()]
      .filter(({ sinceMs }) => monotonicMs - sinceMs > leftMsMin)
      .toSorted((one, other) => one.sinceMs - other.sinceMs);
    const [first] = left;
    return first === undefined ? null : { count: left.length, since: first.since, seen_at: now };
  };
}
