/** Watches a running sandbox from outside: wall clock, bytes and entries written, room on the disk (THREATS T20), the gateway's word, and an order to stop. It only says why the run must end; it ends nothing. */
import type { RunLimits } from "@aedev/core/wire";
import { lacksRoom, writtenSize } from "../worktree/written-size.ts";

const pauseMs = 500;
/** A walk of a large tree takes at most a tenth of the time. */
const restPerWalk = 10;

/** `disk`: too little of it is free, whoever took it; `engine`: the engine stopped and took the container with it. */
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
  /** When the container started; the clock goes on over a restart of the runner. */
  startedAtMs: number;
}): Watch {
  const { limits } = options;
  const abort = new AbortController();
  const bounds = { bytes: limits.run_bytes, entries: limits.run_files };
  let reason: EndReason | null = null;
  let pause: NodeJS.Timeout | undefined;
  let closed = false;
  const end = (why: EndReason) => {
    if (closed) return;
    reason ??= why;
    abort.abort();
  };
  const leftMs = options.startedAtMs + limits.run_timeout_ms - Date.now();
  const clock = setTimeout(() => end("timeout"), Math.min(Math.max(0, leftMs), 2 ** 31 - 1));
  const look = async () => {
    const began = performance.now();
    const size = await writtenSize(options.folders, bounds);
    if (size.bytes > bounds.bytes) end("bytes");
    else if (size.entries > bounds.entries) end("files");
    else if (await lacksRoom(options.folders[0], limits)) end("disk");
    else if (!closed) schedule(Math.max(pauseMs, (performance.now() - began) * restPerWalk));
  };
  const schedule = (afterMs: number) => {
    // What can't be counted can't be bounded.
    pause = setTimeout(() => void look().catch(() => end("files")), afterMs);
  };
  schedule(0);
  return {
    signal: abort.signal,
    reason: () => reason,
    end,
    close() {
      closed = true;
      clearTimeout(clock);
      clearTimeout(pause);
    },
  };
}
