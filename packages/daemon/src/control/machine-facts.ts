/** Reads the machine's facts for signals: the free space on the home's disk. */

import type { MachineFacts } from "@aedev/core/reading";
import { diskFreeBytes } from "@aedev/host/disk-free";

/** `neededBytes`: the space that a run needs (`limits.disk_free`). */
export function machineFacts(home: string, neededBytes: number): MachineFacts {
  return { disk_free_bytes: diskFreeBytes(home), disk_needed_bytes: neededBytes };
}
