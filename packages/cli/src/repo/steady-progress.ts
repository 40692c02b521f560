/** Shows that a long step of `repo add` is in progress: in place on a terminal, as lines elsewhere. With `--json` it prints nothing. */
import { progressColumns, withProgress } from "../terminal/progress.ts";
import type { Session } from "../terminal/session.ts";

const lineEveryMs = 4_000;

/** Runs `work`, which reports its steps. The first line is printed before it starts, unless `isSaid` is false. Returns and throws as `work` does. */
export async function withSteadyProgress<T>(
  session: Pick<Session, "terminal" | "json">,
  label: string,
  work: (say: (step: string) => void) => Promise<T>,
  { isSaid = true }: { isSaid?: boolean } = {},
): Promise<T> {
  if (session.json) return work(() => undefined);
  if (isSaid) session.terminal.complain(`${label} …\n`);
  if (progressColumns(session) !== undefined) return withProgress(session, label, work);
  let elapsedMs = 0;
  let now = label;
  const timer = setInterval(() => {
    elapsedMs += lineEveryMs;
    session.terminal.complain(`  still ${now}: ${elapsedMs / 1000} s\n`);
  }, lineEveryMs);
  try {
    return await work((step) => {
      if (step !== now) session.terminal.complain(`  ${step}\n`);
      now = step;
    });
  } finally {
    clearInterval(timer);
  }
}
