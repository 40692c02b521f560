/** The files in which runs keep their progress for people. A secret in a line is left out before it is written; the lines of all runs keep their order. */
import { appendFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { type Progress, progressLine } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { startScan } from "../findings/secrets/scan-text.ts";

/** Most bytes of a run's progress file; the transcript keeps the rest. */
const progressBytesMax = 1024 * 1024;
/** A line that takes longer is left out whole. */
const scanMsMax = 2000;

/** Appends a line to the run's file, after all earlier ones. `at`: ISO 8601 in UTC, by default now. */
export function openProgressFiles(home: string): (runId: string, progress: Progress, at?: string) => Promise<void> {
  const layout = homeLayout(home);
  let last: Promise<void> = Promise.resolve();
  return (runId, progress, at = new Date().toISOString()) => {
    const written = last.then(async () => {
      const line = progressLine(at, await withoutSecrets(progress));
      mkdirSync(layout.logs, { recursive: true, mode: 0o700 });
      const file = layout.runLog(runId);
      if (!existsSync(file) || statSync(file).size < progressBytesMax)
        appendFileSync(file, `${line}\n`, { mode: 0o600 });
    });
    last = written.catch(() => undefined);
    return written;
  };
}

/** The progress with the name of a rule in place of each secret that it names. */
export async function withoutSecrets(progress: Progress): Promise<Progress> {
  if (progress.kind === "exchange") return progress;
  const text = progress.kind === "step" ? progress.text : progress.what;
  const found = (await startScan(scanMsMax)("text.txt", text)).filter(({ isCertain }) => isCertain);
  const clean = found.reduceRight(
    (left, { rule, start, end }) => `${left.slice(0, start)}[secret: ${rule}]${left.slice(end)}`,
    text,
  );
  return progress.kind === "step"
    ? { ...progress, text: clean.slice(0, 500) }
    : { ...progress, what: clean.slice(0, 500) };
}
