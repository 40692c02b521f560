/** Passes on news of repositories: the first at once, then at most one per pause and repository, and always the last. */

/** The pause between two passes of one repository's news. */
const pauseMs = 10_000;

export interface DeliveryPace {
  /** Something happened in the repository. */
  add(repository: string): void;
  close(): void;
}

export function createDeliveryPace(pass: (repository: string) => void): DeliveryPace {
  /** Repositories that are in their pause after a pass. */
  const resting = new Map<string, { readonly timer: NodeJS.Timeout; isDue: boolean }>();

  function passNow(repository: string): void {
    const timer = setTimeout(() => {
      const isDue = resting.get(repository)?.isDue === true;
      resting.delete(repository);
      if (isDue) passNow(repository);
    }, pauseMs);
    timer.unref();
    resting.set(repository, { timer, isDue: false });
    pass(repository);
  }

  return {
    add(repository) {
      const rest = resting.get(repository);
      if (rest === undefined) passNow(repository);
      else rest.isDue = true;
    },
    close() {
      for (const { timer } of resting.values()) clearTimeout(timer);
      resting.clear();
    },
  };
}
