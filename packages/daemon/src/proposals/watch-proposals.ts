/** Looks for proposals in all registered repositories every ten minutes, and when one has news; does nothing unless sources are configured. */

import { machinePacing } from "@aedev/host/retry-pacing";
import { isAnySourceOn } from "../configuration/proposal-sources.ts";
import type { Commands, Configured, GitHubs, Mirrors, Records } from "../control/parts.ts";
import { RateLimited } from "../github/connection.ts";
import { pollFailure } from "../github/poll-failure.ts";
import { complain } from "../logging/complain.ts";
import { findProposals } from "./find-proposals.ts";

const pauseMs = 600_000;
/** News from a busy repository cause a look no more often than this. */
const newsPauseMs = 60_000;

export interface ProposalWatcher {
  /** News came from these registered repositories. */
  noteNews(repositories: ReadonlySet<string>): void;
  close(): Promise<void>;
}

interface Watched {
  dueMs: number;
  seenMs: number;
  problem: string | null;
}

export function watchProposals(
  control: Mirrors & Records & Commands & GitHubs & Configured<"proposals">,
): ProposalWatcher {
  if (!isAnySourceOn(control.configuration.proposals.sources))
    return { noteNews: () => undefined, close: async () => undefined };
  const closing = new AbortController();
  const watched = new Map<string, Watched>();
  let woken = new AbortController();

  const watchOf = (name: string): Watched => {
    const known = watched.get(name) ?? { dueMs: 0, seenMs: Number.NEGATIVE_INFINITY, problem: null };
    watched.set(name, known);
    return known;
  };

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      woken = new AbortController();
      for (const name of Object.keys(control.log.state.repositories)) {
        if (closing.signal.aborted) return;
        if (watchOf(name).dueMs <= Date.now()) await inspect(name, watchOf(name));
      }
      await restUntilDue();
    }
  }

  async function inspect(name: string, known: Watched): Promise<void> {
    const nowMs = Date.now();
    // Set first, so that news during the look make it due again.
    Object.assign(known, { dueMs: nowMs + pauseMs, seenMs: nowMs });
    try {
      await findProposals(name, control);
      known.problem = null;
    } catch (error) {
      if (error instanceof RateLimited) known.dueMs = Math.max(error.atMs, nowMs + newsPauseMs);
      const problem = pollFailure(error);
      if (problem !== known.problem) complain(`proposals in ${name}: ${problem}`);
      known.problem = problem;
    }
  }

  async function restUntilDue(): Promise<void> {
    const dueMs = Math.min(Date.now() + newsPauseMs, ...[...watched.values()].map((known) => known.dueMs));
    const signal = AbortSignal.any([closing.signal, woken.signal]);
    await machinePacing.sleep(Math.max(0, dueMs - Date.now()), signal);
  }

  const running = run();
  return {
    noteNews(repositories) {
      for (const name of repositories) {
        const known = watchOf(name);
        known.dueMs = Math.min(known.dueMs, Math.max(Date.now(), known.seenMs + newsPauseMs));
      }
      woken.abort();
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
