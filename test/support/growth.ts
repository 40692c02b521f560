/**
 * Tells code whose time grows with the length of its input from code that goes over it again and again, without comparing any time with
 * the clock's: two lengths are measured within one run, in the time that this thread itself was given, and only their ratio counts. A busy
 * machine can't make it fail.
 */

/** Four times the length takes linear code four times as long and quadratic code sixteen times. */
const factor = 4;
const ratioMax = 10;
const rounds = 7;
/** Below this the length is too small to tell, and nobody waits for it. */
const floorMs = 50;

/** `workOf` makes the work for a length; only the work it answers is measured. False if the time grows faster than the length, up to `length`. */
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

/** Milliseconds of the processor's time: what other processes take in between does not count. */
function timeOf(work: () => unknown): number {
  const began = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1000;
}
