/** Looks at the issues of all registered repositories at GitHub, as often as configured, while intake is on. */
import { setTimeout as delay } from "node:timers/promises";
import type { Control } from "../control/control.ts";
import { createIssuePoll } from "./poll-issues.ts";

export interface IssueWatcher {
  close(): Promise<void>;
}

/** Does nothing unless intake is on. */
export function watchIssues(control: Control): IssueWatcher {
  const { enabled, pollMs } = control.configuration.intake;
  if (!enabled) return { close: async () => undefined };
  const closing = new AbortController();
  const poll = createIssuePoll(control);

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const startedAt = performance.now();
      await poll(closing.signal);
      const pause = Math.max(0, pollMs - (performance.now() - startedAt));
      await delay(pause, undefined, { signal: closing.signal }).catch(ignoreAbort);
    }
  }

  const running = run();
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === "AbortError")) throw error;
}
