/** Polls the issues of all registered repositories at GitHub while intake is on: as often as configured, and when one has news. */

import { machinePacing } from "@aedev/host/retry-pacing";
import type { GitHubs } from "../control/parts.ts";
import type { IssueIntake } from "./inspect-issue.ts";
import { createIssuePoll } from "./poll-issues.ts";

export interface IssueWatcher {
  /** News came from these registered repositories, so they are polled now. */
  noteNews(repositories: ReadonlySet<string>): void;
  close(): Promise<void>;
}

/** Does nothing unless intake is on. */
export function watchIssues(control: IssueIntake & GitHubs): IssueWatcher {
  const { enabled, pollMs } = control.configuration.intake;
  if (!enabled) return { noteNews: () => undefined, close: async () => undefined };
  const closing = new AbortController();
  const poll = createIssuePoll(control);
  /** Repositories whose news nobody has looked at, and the function that ends the pause before that look. */
  let news = new Set<string>();
  let woken = new AbortController();

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const nextAt = performance.now() + pollMs;
      await poll(closing.signal);
      while (!closing.signal.aborted && (await isNews(nextAt))) await poll(closing.signal, taken());
    }
  }

  /** Whether news come before this time. */
  async function isNews(atMs: number): Promise<boolean> {
    if (news.size > 0) return true;
    const pause = Math.max(0, atMs - performance.now());
    const signal = AbortSignal.any([closing.signal, woken.signal]);
    await machinePacing.sleep(pause, signal);
    return news.size > 0;
  }

  function taken(): ReadonlySet<string> {
    const all = news;
    news = new Set();
    woken = new AbortController();
    return all;
  }

  const running = run();
  return {
    noteNews(repositories) {
      for (const name of repositories) news.add(name);
      woken.abort();
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
