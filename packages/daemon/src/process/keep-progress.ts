/** Keeps a run's progress in its log file, without secrets, for `task logs` and the pages. */
import { appendFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { type Progress, progressLine } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import type { Redactor } from "../log/redact.ts";

/** Most bytes of a run's progress file; the transcript keeps the rest. */
const progressBytesMax = 1024 * 1024;

/** Appends one line. The event log's rules decide what a secret is. `at`: ISO 8601 in UTC, by default now. */
export function keepProgress(
  { home, redactor, at = new Date().toISOString() }: { home: string; redactor: Redactor; at?: string },
  runId: string,
  progress: Progress,
): void {
  const layout = homeLayout(home);
  mkdirSync(layout.logs, { recursive: true, mode: 0o700 });
  const file = layout.runLog(runId);
  if (existsSync(file) && statSync(file).size >= progressBytesMax) return;
  const { data } = redactor.event(progress);
  appendFileSync(file, `${progressLine(at, data)}\n`, { mode: 0o600 });
}
