/** What the loop remembers of work that it tried: how often it failed, and how long it is paused. A restart forgets it and tries everything again. */

interface Attempts {
  readonly count: number;
  /** How often a plane died while it had this work. Work that kills its plane every time must not be given out for ever. */
  readonly planeDeaths: number;
  readonly notBefore: number;
  /** When the pause began. A time in the future means that the clock was set back, and the pause is void. */
  readonly pausedAt: number;
  /** News of this repository end the pause. */
  readonly untilNewsOf?: string | undefined;
}

/** The attempts, by work id. */
export interface AttemptBook {
  ids(): Iterable<string>;
  of(id: string): Attempts;
  /** Records one more failure; returns how many there are. */
  countFailure(id: string): number;
  countPlaneDeath(id: string): number;
  /** Pauses the work; an infinite pause lasts until the process ends. */
  pause(id: string, pauseMs: number, untilNewsOf?: string): void;
  isPaused(id: string, now: number): boolean;
  /** When the next pause ends, in milliseconds since 1970; Infinity if none does. */
  nextEnd(now: number): number;
  /** Ends the finite pauses: all, or those that wait for news of these repositories. */
  endPauses(repositories?: ReadonlySet<string>): void;
  forget(id: string): void;
  /** Forgets the attempts at work that is neither pending nor under way. Work ids never come back. */
  forgetSettled(pending: ReadonlySet<string>, underWay: ReadonlyMap<string, unknown>): void;
}

const none: Attempts = { count: 0, planeDeaths: 0, notBefore: 0, pausedAt: 0 };

export function createAttempts(): AttemptBook {
  const attempts = new Map<string, Attempts>();
  const of = (id: string): Attempts => attempts.get(id) ?? none;
  const count = (id: string, what: "count" | "planeDeaths"): number => {
    const counted = of(id)[what] + 1;
    attempts.set(id, { ...of(id), [what]: counted });
    return counted;
  };
  return {
    ids: () => attempts.keys(),
    of,
    countFailure: (id) => count(id, "count"),
    countPlaneDeath: (id) => count(id, "planeDeaths"),
    pause(id, pauseMs, untilNewsOf) {
      const pausedAt = Date.now();
      const news = untilNewsOf === undefined ? {} : { untilNewsOf };
      attempts.set(id, { ...of(id), notBefore: pausedAt + pauseMs, pausedAt, ...news });
    },
    isPaused(id, now) {
      const { notBefore, pausedAt } = of(id);
      return notBefore > now && (pausedAt <= now || notBefore === Number.POSITIVE_INFINITY);
    },
    nextEnd(now) {
      let next = Number.POSITIVE_INFINITY;
      for (const { notBefore } of attempts.values()) if (notBefore > now && notBefore < next) next = notBefore;
      return next;
    },
    endPauses(repositories) {
      for (const [id, entry] of attempts) {
        const { notBefore, untilNewsOf } = entry;
        const isMeant =
          repositories === undefined
            ? Number.isFinite(notBefore)
            : untilNewsOf !== undefined && repositories.has(untilNewsOf);
        if (isMeant) attempts.set(id, { ...entry, notBefore: 0 });
      }
    },
    forget: (id) => void attempts.delete(id),
    forgetSettled(pending, underWay) {
      for (const id of attempts.keys()) if (!pending.has(id) && !underWay.has(id)) attempts.delete(id);
    },
  };
}
