/**
 * V8 flags of the daemon and its planes, which are idle most of the time: a small young generation and one thread besides the main thread save
 * 10 to 20 MB per process. Appending is as fast with them (`scripts/bench/append.ts`); below 4 it is not.
 */

const semiSpaceMegabytes = 4;

export const smallProcessFlags: readonly string[] = [`--max-semi-space-size=${semiSpaceMegabytes}`, "--v8-pool-size=1"];
