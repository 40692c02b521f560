/** Computes the pause between two looks at a waiting pull request: a look takes some nine requests, and GitHub allows 5,000 changed answers an hour. */

/** The pause is the wait so far divided by this, so aedev notices the end at most 5 % late. */
const shareOfWait = 20;
/** Milliseconds. A person who has approved waits no longer than this, unless the configured pause is longer. */
const pauseMsMax = 300_000;

/** All in milliseconds. `pollMs`: the configured pause, which is the minimum. */
export function pollPauseMs({ waitedMs, pollMs }: { waitedMs: number; pollMs: number }): number {
  return Math.max(pollMs, Math.min(waitedMs / shareOfWait, pauseMsMax));
}
