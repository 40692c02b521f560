/** Shows that a long step of `repo add` is in progress: as on every terminal there, in lines where there is none. With `--json` it prints nothing. */
import { progressColumns, withProgress } from "../terminal/progress.ts";
import type { Session } from "../terminal/session.ts";

const lineEveryMs = 4_000;

/** Runs `work`; the first line comes before it starts, unless `isSaid` is false. Returns and throws as `work` does. */
export async function withSteadyProgress<T>(
  session: Pick<Session, "terminal" | "json">,
  label: string,
  work: () => Promise<T>,
  { isSaid = true }: { isSaid?: boolean } = {},
): Promise<T> {
  if (session.json) return work();
  if (isSaid) session.terminal.complain(`${label} …\n`);
  if (progressColumns(session) !== undefined) return withProgress(session, label, work);
  let elapsedMs = 0;
  const timer = setInterval(() => {
    elapsedMs += lineEveryMs;
    session.terminal.complain(`  still ${label}: ${elapsedMs / 1000} s\n`);
  }, lineEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
