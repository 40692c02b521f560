/** A log large enough for a thread is rebuilt and verified like a small one, and what is wrong is named. */
import { fileURLToPath } from "node:url";
import { decide } from "@aedev/core";
import { execa } from "execa";
import { expect, it } from "vitest";
import { writeEndedMissions } from "../../../../scripts/bench/growth/ended-missions.ts";
import { openEventLog } from "../../src/log/event-log.ts";
import { openForReading, openForWriting } from "../../src/log/sqlite/database.ts";
import { startLogThread, threadEventsMin } from "../../src/log/start-log-thread.ts";
import { verifyEvents } from "../../src/log/verify.ts";
import { viewsFit } from "../../src/log/views.ts";
import { temporaryFolder } from "./story.ts";

const missions = 1_700;

it("a large log is rebuilt from its events and verified, and a changed event or view row is named", async () => {
  using folder = temporaryFolder();
  const path = folder.at("aedev.db");
  const events = await writeEndedMissions(path, missions);
  expect(events).toBeGreaterThan(threadEventsMin);
  {
    await using log = await openEventLog({ path, decide });
    expect(log.views.totals()).toMatchObject({ missions: { landed: missions }, landed_tasks: missions });
    expect(log.state.tasks).toEqual({});
  }
  const database = openForWriting(path);
  const verification = () => {
    const reading = openForReading(path);
    try {
      return verifyEvents(reading, []);
    } finally {
      reading.close();
    }
  };
  expect(verification()).toMatchObject({ ok: true, position: events, warnings: [] });
  database.exec("UPDATE view_tasks SET run_id = 'r-other' WHERE id = 't-0000000000000007'");
  database.exec("DROP TRIGGER events_refuse_update; UPDATE events SET actor = 'x' WHERE position = 15000");
  database.close();
  const problems = verification();
  if (problems.ok) throw new Error("the tampered log verifies");
  expect(problems.problems.map(({ position, row }) => position ?? row)).toEqual([
    15000,
    "view_tasks/t-0000000000000007",
  ]);
});

it("a large log names the event that can't be folded", async () => {
  using folder = temporaryFolder();
  const path = folder.at("aedev.db");
  await writeEndedMissions(path, missions);
  const database = openForWriting(path);
  database.exec("UPDATE events SET data = '{' WHERE position = 15000");
  database.close();
  await expect(openEventLog({ path, decide })).rejects.toMatchObject({
    code: "log-unreadable",
    message: expect.stringMatching(/^event \d+ of .*JSON/),
  });
});

it("a thread that dies ends a rebuild and a verification at once; the views are then rebuilt from the start", async () => {
  using folder = temporaryFolder();
  const path = folder.at("aedev.db");
  const missions = 8_000;
  await writeEndedMissions(path, missions);
  const script = fileURLToPath(new URL("../../../../scripts/bench/growth/measure-log.ts", import.meta.url));
  const measure = (what: string, ...flags: string[]) =>
    execa(process.execPath, [...flags, script, path, what], { reject: false, timeout: 50_000 });
  const dying = ["--import", new URL("end-log-thread.ts", import.meta.url).href];
  const died = {
    exitCode: 1,
    timedOut: false,
    stderr: expect.stringContaining("the thread that reads the log ended: exit code 9"),
  };
  const rebuild = await measure("rebuild", ...dying);
  expect(rebuild).toMatchObject(died);
  const database = openForReading(path);
  expect(viewsFit(database)).toBe(false);
  database.close();
  expect(await measure("rebuild")).toMatchObject({ exitCode: 0 });
  expect(await measure("verify", ...dying)).toMatchObject(died);
  expect(await measure("verify")).toMatchObject({ exitCode: 0 });
  await using log = await openEventLog({ path, decide });
  expect(log.views.totals()).toMatchObject({ missions: { landed: missions }, landed_tasks: missions });
}, 200_000);

it("a dead thread tells why it died, apart from one that reports a problem", () => {
  using folder = temporaryFolder();
  const fold = (path: string) => startLogThread({ kind: "fold", path, parts: [{}] });
  using dead = fold(folder.at("missing.db"));
  expect(() => dead.next()).toThrow(/^the thread that reads the log ended: there is no log at /);
  openForWriting(folder.at("empty.db")).close();
  using alive = fold(folder.at("empty.db"));
  expect(alive.next()).toMatchObject({ kind: "failed", message: "no such table: events" });
});
