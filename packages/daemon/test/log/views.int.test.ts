/** The views of a real log: loaded at the start, rebuilt to the same bytes, and read beside the writer. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { decide } from "@aedev/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openEventLog } from "../../src/log/event-log.ts";
import { foldLog, type LogPart } from "../../src/log/fold-log.ts";
import { openForReading, openForWriting } from "../../src/log/sqlite/database.ts";
import type { EventRow } from "../../src/log/sqlite/stored-event.ts";
import { columnNames, viewKinds } from "../../src/log/view-tables.ts";
import { viewsVersion } from "../../src/log/views.ts";
import { type LogReader, openLogReader } from "../../src/reader/log-reader.ts";
import { approveMission, configure, exported, submitMission, tell, temporaryFolder } from "./story.ts";

describe("views", () => {
  it("views come back with the same bytes after every table but the log is dropped", async () => {
    using folder = temporaryFolder();
    const path = folder.at("aedev.db");
    const log = await openEventLog({ path, decide });
    await tell(log);
    const before = exported(path);
    log.rebuild();
    expect(exported(path)).toEqual(before);
    await log.submit(configure("after-rebuild"));
    const { state } = log;
    await log.close();
    const last = exported(path);
    const database = openForWriting(path);
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'events'")
      .pluck()
      .all() as string[];
    expect(tables).toContain("view_tasks");
    for (const table of tables) database.exec(`DROP TABLE ${table}`);
    database.close();
    await using again = await openEventLog({ path, decide });
    expect(exported(path)).toEqual(last);
    expect(again.state).toEqual(state);
  });

  it("views are loaded at the start, not folded; those of another version, length or log are rebuilt", async () => {
    using folder = temporaryFolder();
    const path = folder.at("aedev.db");
    const log = await openEventLog({ path, decide });
    await tell(log);
    const { state } = log;
    await log.close();
    const change = (sql: string) => {
      const database = openForWriting(path);
      database.exec(sql);
      database.close();
    };
    const plant = "UPDATE view_system SET data = replace(data, '0123456789abcdef', 'planted')";
    change(plant);
    const loaded = await openEventLog({ path, decide });
    expect(loaded.state.system.home_id).toBe("planted");
    await loaded.close();
    for (const stale of ["version = 0", "position = position - 1", "hash = replace(hash, substr(hash, 1, 1), 'x')"]) {
      change(`${plant}; UPDATE view_meta SET ${stale}`);
      await using rebuilt = await openEventLog({ path, decide });
      expect(rebuilt.state).toEqual(state);
    }
    change("DROP TRIGGER IF EXISTS events_refuse_update; UPDATE events SET data = '{\u0001' WHERE position = 2");
    change("UPDATE view_meta SET version = 0");
    const named = {
      code: "log-unreadable",
      hint: "aedev events verify",
      message: expect.stringMatching(/^event \d+ of /),
    };
    await expect(openEventLog({ path, decide })).rejects.toMatchObject(named);
  });

  it("views are folded to the same entries in two parts as in one, wherever the log is cut", async () => {
    using folder = temporaryFolder();
    const path = folder.at("aedev.db");
    const log = await openEventLog({ path, decide });
    await tell(log);
    await log.close();
    const database = openForReading(path);
    const fold = (part?: LogPart) => [...foldLog(database, part)].flat();
    const whole = fold();
    const events = database.prepare("SELECT position, stream FROM events ORDER BY position").all() as Pick<
      EventRow,
      "position" | "stream"
    >[];
    const streams = [...new Set(events.map(({ stream }) => stream))].sort();
    expect(whole).toHaveLength(streams.length);
    for (const [index, stream] of streams.entries()) {
      const [first, second] = [fold({ upTo: stream }), fold({ after: stream })];
      expect(first).toHaveLength(index + 1);
      expect([...first, ...second]).toEqual(whole);
    }
    for (const { position: from } of events) {
      const later = new Set(events.filter(({ position }) => position > from).map(({ stream }) => stream));
      const wanted = whole.filter((_, index) => later.has(streams[index] ?? ""));
      expect(new Set(fold({ from }))).toEqual(new Set(wanted));
    }
    database.close();
  });

  it("views resume from any prefix of the log to the same state and bytes", async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("configure"), at: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ kind: fc.constant("submit"), at: fc.integer({ min: 0, max: 5 }) }),
      fc.record({ kind: fc.constant("approve"), at: fc.integer({ min: 0, max: 5 }) }),
    );
    const story = fc.array(fc.record({ step, restartAfter: fc.boolean(), staleViews: fc.boolean() }), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(story, async (steps) => {
        using folder = temporaryFolder();
        const [straight, broken] = [folder.at("straight.db"), folder.at("broken.db")];
        const commands = steps.map(({ step: { kind, at } }, index) => {
          const id = `c-${index}`;
          if (kind === "configure") return configure(id, at === 0 ? "alpha" : `beta-${at}`);
          const mission = `m-${String(at).repeat(16)}`;
          return kind === "submit"
            ? submitMission(id, mission)
            : approveMission(id, mission, `t-${String(at).repeat(16)}`);
        });
        const one = await openEventLog({ path: straight, decide });
        await Promise.all(commands.map((command) => one.submit(command)));
        let other = await openEventLog({ path: broken, decide });
        for (const [index, command] of commands.entries()) {
          await other.submit(command);
          if (steps[index]?.restartAfter !== true) continue;
          await other.close();
          if (steps[index]?.staleViews === true) dropOneView(broken);
          other = await openEventLog({ path: broken, decide });
        }
        expect(other.state).toEqual(one.state);
        expect(other.head).toEqual(one.head);
        expect(exported(broken)).toEqual(exported(straight));
        other.rebuild();
        expect(exported(broken)).toEqual(exported(straight));
        await Promise.all([one.close(), other.close()]);
      }),
      { numRuns: 25 },
    );
  });
});

function dropOneView(path: string): void {
  const database = openForWriting(path);
  database.exec("DROP TABLE view_missions");
  database.close();
}

function readAll(reader: LogReader) {
  return reader.read(({ state, end }) => ({ state: state.open().state, ...end }));
}

describe("reading beside the writer", () => {
  it("a reader beside the writer sees every answered command, folds what the views lack, and changes no byte of the file", async () => {
    using folder = temporaryFolder();
    const path = folder.at("aedev.db");
    expect(() => openLogReader(path)).toThrow(/there is no log/);
    const log = await openEventLog({ path, decide });
    await tell(log);
    using reader = openLogReader(path);
    expect(readAll(reader)).toEqual({ state: log.state, ...log.head });
    await log.submit(configure("later"));
    expect(readAll(reader)).toMatchObject({ state: log.state, position: 8 });
    await log.close();
    const database = openForWriting(path);
    database.exec("DELETE FROM view_meta");
    database.close();
    const bytes = readFileSync(path);
    using second = openLogReader(path);
    expect(readAll(second)).toEqual({ state: log.state, ...log.head });
    expect([...second.exportLines({ views: true })]).toEqual([...second.exportLines({ views: true })]);
    expect([...second.exportLines({ last: 2 })]).toEqual([...second.exportLines()].slice(-2));
    expect([...second.exportLines({ last: 99 })]).toEqual([...second.exportLines()]);
    expect([...second.exportLines({ last: 0 })]).toEqual([]);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    const readOnly = openForReading(path);
    expect(() => readOnly.exec("DROP TABLE view_tasks")).toThrow(/readonly|read-only|attempt to write/);
    readOnly.close();
  });

  it("have a version for their columns, so that a home of an older program is rebuilt and not written into", () => {
    const columns = viewKinds.map((kind) => [kind, ...columnNames(kind)].join(" "));
    const digest = createHash("sha256").update(columns.join("\n")).digest("hex").slice(0, 12);
    expect([viewsVersion, digest]).toEqual([15, "59dd27d32af7"]);
  });
});
