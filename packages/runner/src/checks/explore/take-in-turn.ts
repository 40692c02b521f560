/** Takes one value of each source in turn until all have ended. Before each value it asks `isFull`, which ends the source for good. */
export function* eachInTurn<T>(
  sources: readonly Iterator<T>[],
  isFull: (source: number) => boolean = () => false,
): Generator<{ value: T; source: number }> {
  let waiting = sources.map((values, source) => ({ values, source }));
  while (waiting.length > 0) {
    const still: typeof waiting = [];
    for (const one of waiting) {
      if (isFull(one.source)) continue;
      const next = one.values.next();
      if (next.done === true) continue;
      still.push(one);
      yield { value: next.value, source: one.source };
    }
    waiting = still;
  }
}
