/** A log after a power failure or damage: the daemon's own start recovers it or refuses it with a reason, and never shows a hole or a changed event. */

import { randomInt } from "node:crypto";
import { rmSync } from "node:fs";
import { homeLayout } from "@aedev/host/home-layout";
import { expect, it } from "vitest";
import { isNight } from "../../../../test/support/is-night.ts";
import { openForWriting } from "../../src/log/sqlite/database.ts";
import { breakStates, type LogState } from "./damaged-states.ts";

/** `break-store --states` opens any number. A night draws its own seed. */
const states = isNight ? 20_000 : 300;
const seed = isNight ? randomInt(2 ** 31) : 1;

it("the daemon's start recovers what a power failure left, and recovers or refuses what is damaged", {
  timeout: isNight ? 7_200_000 : 300_000,
}, async () => {
  const startedAt = performance.now();
  process.stdout.write(`states of the log: seed ${seed}\n`);
  const { violation, ...counts } = await breakStates({ states, seed });
  const perSecond = Math.round(states / ((performance.now() - startedAt) / 1000));
  process.stdout.write(`states of the log: ${JSON.stringify({ ...counts, perSecond })}\n`);
  expect(violation).toBeNull();
  expect(counts.states).toBe(states);
  // Each outcome occurs, and a power failure (half of the states) always recovers.
  expect(counts.recovered).toBeGreaterThan(states / 2);
  expect(Math.min(counts.refused, counts.untrusted)).toBeGreaterThan(states / 50);
});

it.each<[what: string, spoil: (home: string, state: LogState) => void, finds: RegExp]>([
  [
    "the disk only says that it flushed",
    (home) => rmSync(`${homeLayout(home).log}-wal`, { force: true }),
    /not trusted: .*(truncated|lost)/,
  ],
  ["nobody notes the newest events", (home) => rmSync(homeLayout(home).tip), /served \d+ of \d+ acknowledged events/],
  ["an event was changed and nothing else", changeNewest, /not trusted: .*the hash does not match/],
])("the search for damaged states finds a fault if %s", async (_what, spoil, finds) => {
  expect((await breakStates({ states: 100, seed: 1, spoil })).violation).toMatch(finds);
});

/** Changes the newest event in states of a power failure, which have to be trusted. */
function changeNewest(home: string, state: LogState): void {
  if (state.kind !== "torn") return;
  const database = openForWriting(homeLayout(home).log);
  database.exec("DROP TRIGGER IF EXISTS events_refuse_update");
  database.exec("UPDATE events SET actor = 'somebody' WHERE position = (SELECT max(position) FROM events)");
  database.close();
}
