/** Keeps a run's progress in its log file, without secrets, for `task logs` and the pages. */
import { appendFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { type Progress, progressLine } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import type { Redactor } from "../log/redact.ts";

/** About the most bytes of a run's progress file; the transcript keeps the rest. */
const progressBytesMax = 1024 * 1024;
const fullLog: Progress = { kind: "step", text: "this log is full: it shows nothing that the run does from here on" };

/** Appends one line, and says so once the log is full. The event log's rules decide what a secret is. `at`: ISO 8601 in UTC, by default now. */
export function keepProgress(
  { home, redactor, at = new Date().toISOString() }: { home: string; redactor: Redactor; at?: string },
  runId: string,
  progress: Progress,
): void {
  const layout = homeLayout(home);
  mkdirSync(layout.logs, { recursive: true, mode: 0o700 });
  const file = layout.runLog(runId);
  const size = existsSync(file) ? statSync(file).size : 0;
  if (size >= progressBytesMax) return;
  const line = `${progressLine(at, redactor.event(progress).data)}\n`;
  const isLast = size + Buffer.byteLength(line) >= progressBytesMax;
  appendFileSync(file, isLast ? `${line}${progressLine(at, fullLog)}\n` : line, { mode: 0o600 });
}
