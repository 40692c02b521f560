/** Watches from outside what a sandbox writes: bytes and entries of its folders, free space on their disk (SECURITY T20). It only reports an exceeded bound; it stops nothing. */
import type { RunLimits } from "@aedev/contracts";
import { diskUsage, lacksRoom, type MeasuredFolders } from "@aedev/host/disk-usage";

const pauseMs = 500;
/** Pauses ten times as long as a walk took, so that walks use at most a tenth of the time. */
const restPerWalk = 10;

/** `disk`: too little space is free, whoever used it; `uncounted`: the folders could not be measured, so they can't be bounded. */
export type Excess = "bytes" | "files" | "disk" | "uncounted";

/** Calls `over` once, when the first bound is exceeded, and `measured` after each walk until then. `close` ends the watch. */
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
