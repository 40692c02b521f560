/** Source rewritten so that a grammar can parse it. Pure. */
export interface Readable {
  readonly text: string;
  /** Offset in the source of an offset in `text`; what was inserted is empty there. */
  readonly originalOf: (at: number) => number;
}

/** `insertions`: ascending offsets in `text` at which `inserted` was inserted. */
export function withInsertions(text: string, inserted: string, insertions: readonly number[]): Readable {
  return { text, originalOf: (at) => at - insertedBefore(at, inserted, insertions) };
}

function insertedBefore(at: number, inserted: string, insertions: readonly number[]): number {
  let [low, high] = [0, insertions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((insertions[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  const within = Math.min(at - (insertions[low - 1] ?? 0), inserted.length);
  return (low - 1) * inserted.length + within;
}
