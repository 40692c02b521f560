/** What signals say of the machine: the free space on the home's disk. */
import { statfsSync } from "node:fs";
import type { MachineFacts } from "@aedev/core/reading";

/** `neededBytes`: what a run needs (`limits.disk_free`). */
export function machineFacts(home: string, neededBytes: number): MachineFacts {
  const { bavail, bsize } = statfsSync(home);
  return { disk_free_bytes: bavail * bsize, disk_needed_bytes: neededBytes };
}
