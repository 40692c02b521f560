/** The board's document of a state that holds everything, with made-up facts about everything else. */
import type { StatusBoardDocument } from "@aedev/contracts/api";
import { type State, totalsOf } from "@aedev/core";
import { sumUsage } from "@aedev/core/reading";
import type { BoardFacts } from "../../src/board/board-facts.ts";
import { statusBoardDocument } from "../../src/board/status-board-document.ts";
import type { StoredEvent } from "../../src/log/sqlite/stored-event.ts";

export const boardNow = "2026-01-02T05:04:05.678Z";

export const sampleFacts: BoardFacts = {
  daemon: { status: "running", passAgeMs: 4_000 },
  untrusted: null,
  signals: { unread: [] },
  today: sumUsage([], {}),
  release: { version: "0.1.0", commit: "c".repeat(40), why: null },
  gates: { total: 3, passed: 2, noted: 1, blocked: { rows: [], more: 0 }, recommendation: "go", why: null },
  engineAnswers: true,
};

/** `log`: its events, oldest first, of which only type, stream, data and time matter. */
export function boardOf(
  state: State,
  { now = boardNow, log = [], ...facts }: Partial<BoardFacts> & { now?: string; log?: readonly StoredEvent[] } = {},
): StatusBoardDocument {
  const views = {
    totals: () => totalsOf(state),
    page: () => [],
    lastLanded: () => [],
    hasVerdictOf: (family: string) =>
      Object.values(state.tasks).some(({ verdicts }) => verdicts.some((verdict) => verdict.family === family)),
    taskCounts: () => ({}),
    lastEvents: (stream: string, types: readonly StoredEvent["type"][], max: number) =>
      log
        .filter((event) => event.stream === stream && types.includes(event.type))
        .toReversed()
        .slice(0, max),
    lastRecordedAt: () => log.at(-1)?.recorded_at ?? null,
  };
  return statusBoardDocument(
    { stateToShow: () => state, views, position: log.length },
    { ...sampleFacts, ...facts },
    now,
  );
}

/** An event of the log. */
export function logged<T extends StoredEvent["type"]>(
  type: T,
  at: string,
  data: Extract<StoredEvent, { type: T }>["data"],
  stream = "system",
): StoredEvent {
  return { type, stream, recorded_at: at, data } as StoredEvent;
}
