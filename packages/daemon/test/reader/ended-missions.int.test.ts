/** Readers beside the daemon: ended missions are on the board, in the live view and found by id, though the state has nothing of them. */
import { cpSync, mkdirSync } from "node:fs";
import { type CommandBody, decide } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { afterAll, beforeAll, expect, it } from "vitest";
import { statusBoardDocument } from "../../src/board/status-board-document.ts";
import { type EventLog, openEventLog } from "../../src/log/event-log.ts";
import { openForWriting } from "../../src/log/sqlite/database.ts";
import { type OfflineHome, openOffline } from "../../src/reader/open-offline.ts";
import { openWatch } from "../../src/reader/watch-reader.ts";
import { sampleFacts } from "../board/sample-board.ts";
import { commandAt, happenings, idOf, ofMission } from "../log/lives.ts";
import { temporaryFolder } from "../log/story.ts";

const folder = temporaryFolder();
const home = folder.at("home");
const later = 60;
const instant = (second: number) => new Date(Date.parse("2026-01-02T00:00:00.000Z") + second * 1000).toISOString();
let log: EventLog;
let count = 0;

async function tell(number: number, name: string, second: number): Promise<void> {
  count += 1;
  const answer = await log.submit(
    commandAt(ofMission(number, happenings[name] as CommandBody), count, instant(second)),
  );
  expect(answer.kind).toBe("done");
}

/** The oldest mission lands last; all later ones are rejected by then. */
beforeAll(async () => {
  mkdirSync(home);
  log = await openEventLog({ path: homeLayout(home).log, decide });
  await tell(0, "registered", 0);
  await tell(0, "step 0", 0);
  for (let number = 1; number <= later; number += 1) {
    await tell(number, "step 0", number);
    await tell(number, "reject the mission", number);
  }
  for (let place = 1; place <= 10; place += 1) await tell(0, `step ${place}`, 1000 + place);
  expect([log.state.missions, log.state.tasks]).toEqual([{}, {}]);
});
afterAll(async () => {
  await log.close();
  folder[Symbol.dispose]();
});

it("the board shows what landed last, however old, and counts the rest", () => {
  const source = { stateToShow: log.stateToShow.bind(log), views: log.views, position: log.head.position };
  const { position, task_state, queue } = statusBoardDocument(source, sampleFacts, instant(2000));
  expect(position).toBe(log.head.position);
  expect(task_state.landed).toMatchObject({ rows: [{ task_id: idOf("t", 0), landed_at: instant(1010) }], more: 0 });
  expect(queue.missions).toMatchObject({ landed: 1, rejected: later, approved: 0 });
  expect(queue).toMatchObject({ tasks: { landed: 1 }, waiting: { rows: [], more: 0 }, oldest: null });
});

it("the live view has what ended since an instant", async () => {
  using watch = openWatch({ home, schedule: async () => ({ concurrentRuns: 1, opensAt: null }) });
  const idsSince = async (second: number) =>
    (await watch.read(instant(second))).rows.map(({ mission_id }) => mission_id).sort();
  expect(await idsSince(1010)).toEqual([idOf("m", 0)]);
  expect(await idsSince(1011)).toEqual([]);
  expect(await idsSince(later)).toEqual([idOf("m", 0), idOf("m", later)]);
  expect((await watch.read(instant(0))).position).toBe(log.head.position);
});

it("a home that is only read says what it could not show, and so does the live view", async () => {
  using folder = temporaryFolder();
  const copy = folder.at("home");
  cpSync(home, copy, { recursive: true });
  const change = (statement: string) => {
    const database = openForWriting(homeLayout(copy).log);
    database.exec(`DROP TRIGGER IF EXISTS events_refuse_update; ${statement}`);
    database.close();
  };
  const reasonsAfter = (use: (offline: OfflineHome) => void) => {
    using offline = openOffline(copy);
    use(offline);
    return offline.untrusted()?.reasons ?? [];
  };
  const shows = (offline: OfflineHome) => offline.stateToShow({ tasks: [idOf("t", 0)] }).tasks;
  using watch = openWatch({ home: copy, schedule: async () => ({ concurrentRuns: 1, opensAt: null }) });
  const rowsOf = async () => {
    const { rows, untrusted } = await watch.read(instant(1010));
    return [rows.map(({ mission_id }) => mission_id), untrusted?.reasons ?? []];
  };
  expect(reasonsAfter((offline) => expect(shows(offline)).toHaveProperty(idOf("t", 0)))).toEqual([]);
  expect(await rowsOf()).toEqual([[idOf("m", 0)], []]);
  change(`UPDATE events SET data = '{' WHERE stream = 'task/${idOf("t", 0)}'`);
  const why = [expect.stringContaining(`task/${idOf("t", 0)} can't be read`)];
  expect(reasonsAfter((offline) => expect(shows(offline)).toEqual({}))).toEqual(why);
  expect(reasonsAfter((offline) => offline.taskPage({ limit: 10 }))).toEqual(why);
  expect(reasonsAfter((offline) => offline.totals())).toEqual([]);
  expect(await rowsOf()).toEqual([[], why]);
});

it("a home that is only read gives an ended mission by its id, even if its views are of another version", async () => {
  using offline = openOffline(home);
  const statusOf = (task: string) => offline.state({ tasks: [task] }).tasks[task]?.status;
  const makeStale = () => {
    const database = openForWriting(homeLayout(home).log);
    database.exec("UPDATE view_meta SET version = 0");
    database.close();
  };
  expect(offline.state().tasks).toEqual({});
  expect(statusOf(idOf("t", 0))).toBe("landed");
  makeStale();
  expect(statusOf(idOf("t", 0))).toBe("landed");
  expect(offline.totals()).toMatchObject({ landed_tasks: 1 });
  for (const name of ["step 0", "step 1", "cancel the task"]) await tell(later + 1, name, 3000);
  makeStale();
  expect(offline.state().tasks).toEqual({});
  expect(statusOf(idOf("t", later + 1))).toBe("cancelled");
});
