/**
 * V8 flags of the daemon and its planes, which wait most of their lives: a small young generation and one thread beside the main one spare 10
 * to 20 MB a process. The append is as quick with them (`pnpm bench append`); below 4 it is not.
 */

const semiSpaceMegabytes = 4;

export const smallProcessFlags: readonly string[] = [`--max-semi-space-size=${semiSpaceMegabytes}`, "--v8-pool-size=1"];
