/** Watches a running sandbox: time, progress, bytes and files, disk space (SECURITY T20), gateway, stop orders. Only reports why the run must end. */
import type { RunLimits, Stuck } from "@aedev/contracts";
import { z } from "zod";
import { watchFolders } from "../engine/watch-folders.ts";

/** Time between two looks at the run's progress. */
const activityPauseMs = 1_000;

/** `disk`: too little space is free, whoever used it; `engine`: the engine stopped, and the container with it; `stuck`: the run made no progress. */
export const endReasonSchema = z.enum(["timeout", "bytes", "files", "disk", "gateway", "stopped", "engine", "stuck"]);
export type EndReason = z.infer<typeof endReasonSchema>;

export interface Watch {
  signal: AbortSignal;
  reason(): EndReason | null;
  /** What was seen, if the reason is `stuck`. */
  stuck(): Stuck | null;
  end(reason: EndReason): void;
  close(): void;
}

export function watchRun(options: {
  folders: readonly string[];
  /** The folder in which the coder works. */
  tree: string;
  limits: Pick<RunLimits, "run_bytes" | "run_files" | "run_timeout_ms" | "disk_free_bytes" | "no_change_ms">;
  /** What the gateway sees of a stuck run; null if the run makes progress. */
  activity(): Stuck | null;
  /** Called once, with the first reason to end the run, before its signal. */
  onEnd(reason: EndReason, stuck: Stuck | null): void;
  /** When the container started; a restart of the runner does not reset the clock. */
  startedAtMs: number;
}): Watch {
  const { limits } = options;
  const abort = new AbortController();
  let reason: EndReason | null = null;
  let closed = false;
  let seen: Stuck | null = null;
  const stuckOf = () => (reason === "stuck" ? seen : null);
  const end = (why: EndReason) => {
    if (closed || reason !== null) return;
    reason = why;
    options.onEnd(why, stuckOf());
    abort.abort();
  };
  const endStuck = (found: Stuck) => {
    seen ??= found;
    end("stuck");
  };
  // Monotonic, so that neither a changed clock nor a sleeping machine ends a run. A new runner starts counting again.
  const unchanged = { changedAtMs: 0, sinceMs: performance.now() };
  const leftMs = options.startedAtMs + limits.run_timeout_ms - Date.now();
  const clock = setTimeout(() => end("timeout"), Math.min(Math.max(0, leftMs), 2 ** 31 - 1));
  // Folders that can't be measured count as too large.
  const size = watchFolders(
    options.folders,
    limits,
    (excess) => end(excess === "uncounted" ? "files" : excess),
    ({ changedAtMs }) => {
      const latest = changedAtMs[options.folders.indexOf(options.tree)] ?? 0;
      if (latest !== unchanged.changedAtMs)
        Object.assign(unchanged, { changedAtMs: latest, sinceMs: performance.now() });
      const forMs = Math.round(performance.now() - unchanged.sinceMs);
      if (forMs > (limits.no_change_ms ?? Number.POSITIVE_INFINITY)) endStuck({ kind: "no-change", for_ms: forMs });
    },
  );
  const activity = setInterval(() => {
    const found = options.activity();
    if (found !== null) endStuck(found);
  }, activityPauseMs);
  return {
    signal: abort.signal,
    reason: () => reason,
    stuck: stuckOf,
    end,
    close() {
      closed = true;
      clearTimeout(clock);
      clearInterval(activity);
      size.close();
    },
  };
}
