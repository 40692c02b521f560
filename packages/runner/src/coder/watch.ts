/** Watches a running sandbox from outside: wall clock, bytes and entries written, free disk space (THREATS T20), the gateway, and stop orders. It only reports why the run must end; it stops nothing. */
import type { RunLimits } from "@aedev/contracts";
import { watchFolders } from "../engine/watch-folders.ts";

/** `disk`: too little space is free, whoever used it; `engine`: the engine stopped and the container with it. */
export type EndReason = "timeout" | "bytes" | "files" | "disk" | "gateway" | "stopped" | "engine";

export interface Watch {
  signal: AbortSignal;
  reason(): EndReason | null;
  end(reason: EndReason): void;
  close(): void;
}

export function watchRun(options: {
  folders: readonly string[];
  limits: Pick<RunLimits, "run_bytes" | "run_files" | "run_timeout_ms" | "disk_free_bytes">;
  /** When the container started; a restart of the runner does not reset the clock. */
  startedAtMs: number;
}): Watch {
  const { limits } = options;
  const abort = new AbortController();
  let reason: EndReason | null = null;
  let closed = false;
  const end = (why: EndReason) => {
    if (closed) return;
    reason ??= why;
    abort.abort();
  };
  const leftMs = options.startedAtMs + limits.run_timeout_ms - Date.now();
  const clock = setTimeout(() => end("timeout"), Math.min(Math.max(0, leftMs), 2 ** 31 - 1));
  // Folders that can't be measured count as too large.
  const size = watchFolders(options.folders, limits, (excess) => end(excess === "uncounted" ? "files" : excess));
  return {
    signal: abort.signal,
    reason: () => reason,
    end,
    close() {
      closed = true;
      clearTimeout(clock);
      size.close();
    },
  };
}
