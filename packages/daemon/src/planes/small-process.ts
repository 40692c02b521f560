/**
 * V8 flags of the daemon and its planes, which are idle most of the time: a small young generation and a single helper thread save 10 to 20 MB per process.
 * Appends stay as fast (`scripts/bench/append.ts`), but not below 4 MB.
 */

import { nodeFlags } from "@aedev/host/node-flags";

const semiSpaceMegabytes = 4;

export const smallProcessFlags: readonly string[] = [
  ...nodeFlags,
  `--max-semi-space-size=${semiSpaceMegabytes}`,
  "--v8-pool-size=1",
];
