/** Pseudo-random numbers that are the same for the same seed, so that a failure can be repeated. */

/** Mulberry32: each call returns the next number in [0, 1). */
export function numbersFrom(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `count` of the entries, each at most once, in order. */
export function sample<T>(entries: readonly T[], count: number, seed: number): T[] {
  const next = numbersFrom(seed);
  const chosen = entries.map((entry, index) => ({ entry, index, rank: next() }));
  return chosen
    .toSorted((one, other) => one.rank - other.rank)
    .slice(0, count)
    .toSorted((one, other) => one.index - other.index)
    .map(({ entry }) => entry);
}
