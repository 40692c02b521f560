/** What a live view reads of a home, again and again: the state with its position in the log, and what each run is at. It changes nothing. */

import { parseProgressLine, progressText } from "@aedev/contracts";
import type { State } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { followFile } from "./growing-file.ts";
import { openLogReader } from "./log-reader.ts";

/** What a run is at, for a person: its newest line, and the tokens that its exchanges counted so far. */
export interface RunActivity {
  readonly step: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
}
export interface WatchReader {
  /** The open part of the state with the missions that changed since `endedAfter` (ISO 8601 UTC), and the position of the newest event in it. */
  read(endedAfter: string): { readonly state: State; readonly position: number };
  activity(runId: string): RunActivity;
  close(): void;
}

export function openWatch({ home }: { home: string }): WatchReader {
  const reader = openLogReader(homeLayout(home).log);
  const runs = new Map<string, { next: () => string[]; seen: RunActivity }>();
  return {
    read: (endedAfter) =>
      reader.read(({ state, queries, end }) => ({
        state: state.extend(state.open(), { missions: queries.missionsChangedSince(endedAfter) }),
        position: end.position,
      })),
    activity(runId) {
      const run = runs.get(runId) ?? {
        next: followFile(homeLayout(home).runLog(runId)),
        seen: { step: null, input_tokens: 0, output_tokens: 0 },
      };
      const seen = run.next().reduce(afterLine, run.seen);
      runs.set(runId, { ...run, seen });
      return seen;
    },
    close: () => reader.close(),
  };
}

function afterLine(seen: RunActivity, line: string): RunActivity {
  const { progress } = parseProgressLine(line);
  if (progress.kind !== "exchange" || progress.tokens === null) return { ...seen, step: progressText(progress) };
  return {
    step: seen.step,
    input_tokens: seen.input_tokens + progress.tokens.input,
    output_tokens: seen.output_tokens + progress.tokens.output,
  };
}
