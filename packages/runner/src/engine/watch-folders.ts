/** Watches a sandbox's folders from outside: their bytes and entries, and free space on their disk (SECURITY T20). Only reports an exceeded bound. */
import type { RunLimits } from "@aedev/contracts";
import { diskUsage, lacksRoom, type MeasuredFolders } from "@aedev/host/disk-usage";

const pauseMs = 500;
/** Each pause is this many times as long as the walk before it, so that walks use at most a tenth of the time. */
const restPerWalk = 10;

/** `disk`: too little space is free, whoever used it; `uncounted`: the folders can't be measured, so they can't be bounded. */
export type Excess = "bytes" | "files" | "disk" | "uncounted";

/** Calls `measured` after each walk and, once, `over` when the first bound is exceeded, which ends the watch like `close`. */
export function watchFolders(
  folders: readonly string[],
  limits: Pick<RunLimits, "run_bytes" | "run_files" | "disk_free_bytes">,
  over: (excess: Excess) => void,
  measured: (folders: MeasuredFolders) => void = () => undefined,
): { close(): void } {
  const bounds = { bytes: limits.run_bytes, entries: limits.run_files };
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const excess = async (): Promise<Excess | null> => {
    const size = await diskUsage(folders, bounds);
    if (!closed) measured(size);
    if (size.bytes > bounds.bytes) return "bytes";
    if (size.entries > bounds.entries) return "files";
    return lacksRoom(folders[0], limits) ? "disk" : null;
  };
  const schedule = (afterMs: number) => {
    timer = setTimeout(() => {
      const began = performance.now();
      void excess()
        .catch(() => "uncounted" as const)
        .then((found) => {
          if (closed) return;
          if (found !== null) over(found);
          else schedule(Math.max(pauseMs, (performance.now() - began) * restPerWalk));
        });
    }, afterMs);
  };
  schedule(0);
  return {
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
