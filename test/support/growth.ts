/**
 * Distinguishes code whose time grows with the length of its input from code that goes over the input again and again, without an absolute time limit: two
 * lengths are measured in one run, by this thread's own processor time, and only their ratio counts. A busy machine can't make it fail.
 */

/** Four times the length takes linear code four times and quadratic code sixteen times as long. */
const factor = 4;
const ratioMax = 10;
const rounds = 7;
/** Shorter times are too small to compare, and nobody waits for them. */
const floorMs = 50;

/** `workOf` makes the work for a length; only the work that it returns is measured. False if the time grows faster than the length, up to `length`. */
export function growsWithLength(length: number, workOf: (length: number) => () => unknown): boolean {
  const long = workOf(length);
  const short = workOf(Math.ceil(length / factor));
  let longMs = Number.POSITIVE_INFINITY;
  let shortMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    longMs = Math.min(longMs, timeOf(long));
    if (longMs < floorMs) return true;
    shortMs = Math.min(shortMs, timeOf(short));
    if (round > 0 && longMs < shortMs * ratioMax) return true;
  }
  return false;
}

/** Milliseconds of processor time, without the time of other processes. */
function timeOf(work: () => unknown): number {
  const began = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1000;
}
