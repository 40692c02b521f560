/** How long until a waiting pull request is asked about again: the longer it has waited, the longer, because each look takes some nine requests, of which those with news count towards 5,000 an hour. */

/** A look that comes this much of the time waited so far later finds its end at most 5 % late. */
const shareOfWait = 20;
/** Milliseconds. A person who approves does not wait longer than this; unless the configured pause is longer. */
const pauseMsMax = 300_000;

/** All in milliseconds. `pollMs`: the configured pause, which is the shortest. */
export function pollPauseMs({ waitedMs, pollMs }: { waitedMs: number; pollMs: number }): number {
  return Math.max(pollMs, Math.min(waitedMs / shareOfWait, pauseMsMax));
}
