/** Acceptance of the log's proof: everything changed, truncated, swapped or rewritten is named, and an untouched log verifies. */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { canonicalJson } from "@aedev/contracts";
import { type Command, decide } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rebuildHome, verifyHome } from "../../src/home/audit.ts";
import { takeLock } from "../../src/home/lock.ts";
import { assertExtendsHead, makeSigningKey, signHead } from "../../src/home/signed-head.ts";
import { openEventLog } from "../../src/log/event-log.ts";
import { openForWriting, type SqliteDatabase } from "../../src/log/sqlite/database.ts";
import { chainHash, type EventRow, genesisHash } from "../../src/log/sqlite/stored-event.ts";
import { initHome } from "../../src/process/initialize-home.ts";
import {
  configure,
  exported as exportedFile,
  shortStory,
  submitMission,
  type TemporaryFolder,
  temporaryFolder,
} from "../log/story.ts";

const at = "2026-01-02T03:04:05.678Z";
let folder: TemporaryFolder;
let good: string;
let copies = 0;

beforeAll(async () => {
  folder = temporaryFolder();
  good = folder.at("good");
  await initHome(good, at);
  await append(good, shortStory().slice(1));
});
afterAll(() => folder[Symbol.dispose]());

async function append(home: string, commands: readonly Command[]): Promise<void> {
  await using log = await openEventLog({ path: homeLayout(home).log, decide });
  for (const command of commands) await log.submit(command);
  signHead(home, log, at);
}

/** A copy of the good home, tampered with while everything is stopped and the triggers are dropped. */
function tampered(tamper: (database: SqliteDatabase) => void, from = good): string {
  copies += 1;
  const home = folder.at(`copy-${copies}`);
  cpSync(from, home, { recursive: true });
  const database = openForWriting(homeLayout(home).log);
  for (const trigger of ["events_refuse_update", "events_refuse_delete", "events_insert_next"])
    database.exec(`DROP TRIGGER ${trigger}`);
  tamper(database);
  database.close();
  return home;
}

function problemsOf(home: string, options = {}): string {
  const verification = verifyHome(home, options);
  return verification.ok
    ? "none"
    : verification.problems.map(({ position, row, what }) => `${position ?? row ?? "file"}: ${what}`).join("\n");
}

const exported = (home: string) => exportedFile(homeLayout(home).log);

function rowsOf(database: SqliteDatabase): EventRow[] {
  return database.prepare("SELECT * FROM events ORDER BY position").all() as EventRow[];
}

/** Deletes everything and writes these rows with a correct chain. */
function writeAnew(database: SqliteDatabase, rows: readonly EventRow[]): void {
  database.exec("DELETE FROM events");
  const insert = database.prepare(
    "INSERT INTO events VALUES (@position, @stream, @version, @type, @schema, @data, @actor, @command_id, @correlation_id, @causation_id, @recorded_at, @hash)",
  );
  let hash = genesisHash;
  for (const [index, row] of rows.entries()) {
    const moved = { ...row, position: index + 1 };
    hash = chainHash(moved, row.data, hash);
    insert.run({ ...moved, hash });
  }
}

describe("verify", () => {
  it("verify finds an untouched log good, even without its triggers, which it names", () => {
    expect(verifyHome(good)).toMatchObject({ ok: true, position: 7, warnings: [] });
    const verification = verifyHome(tampered(() => undefined));
    expect(verification).toMatchObject({ ok: true, position: 7 });
    expect(verification.warnings).toHaveLength(3);
  });

  it.each([
    ["position", "position = 40", /4: position(s)? 4/],
    ["stream", "stream = stream || 'x'", /4:/],
    ["version", "version = version + 1", /4: version 2 of the stream/],
    ["type", "type = 'MissionCancelled'", /4:/],
    ["schema", "schema = 9", /4:/],
    ["data", "data = replace(data, 'Close', 'Open')", /4: the hash/],
    ["data with white space", "data = replace(data, ':', ': ')", /4: the data is not canonical/],
    ["data that is no JSON", "data = substr(data, 2)", /4: the event can't be read/],
    ["actor", "actor = 'nobody'", /4: the hash/],
    ["command_id", "command_id = 'another'", /4: the hash/],
    ["correlation_id", "correlation_id = 'another'", /4: the hash/],
    ["causation_id", "causation_id = 'another'", /4: the hash/],
    ["recorded_at", "recorded_at = '2026-01-02T03:04:05.679Z'", /4: the hash/],
    ["hash", "hash = replace(hash, substr(hash, 1, 1), 'g')", /4: a column/],
    [
      "hash by one digit",
      "hash = (CASE substr(hash, 1, 1) WHEN '0' THEN '1' ELSE '0' END) || substr(hash, 2)",
      /4: the hash/,
    ],
  ])("verify names the event whose %s was changed", (_column, change, named) => {
    const problems = problemsOf(
      tampered((database) => database.exec(`UPDATE events SET ${change} WHERE position = 4`)),
    );
    expect(problems).toMatch(named);
    if (!change.startsWith("position")) expect(problems).not.toMatch(/^5: the hash/m);
  });

  it("verify names a deleted row, swapped rows, a cut tail and a dropped stream", () => {
    expect(problemsOf(tampered((database) => database.exec("DELETE FROM events WHERE position = 4")))).toMatch(
      /^4: position 4 is missing/,
    );
    const swap =
      "UPDATE events SET position = -position WHERE position IN (3, 4); UPDATE events SET position = 7 + position WHERE position < 0";
    expect(problemsOf(tampered((database) => database.exec(swap)))).toMatch(/^3: the hash[\s\S]*^4: the hash/m);
    expect(problemsOf(tampered((database) => database.exec("DELETE FROM events WHERE position >= 6")))).toMatch(
      /^6: the log ends at position 5, but the signed head is at position 7/m,
    );
    expect(
      problemsOf(tampered((database) => database.exec("DELETE FROM events WHERE stream = 'repository/alpha'"))),
    ).toMatch(/^2: position 2 is missing[\s\S]*^7: the log ends at position 6/m);
    expect(problemsOf(tampered((database) => database.exec("DELETE FROM events")))).toMatch(
      /^1: the log ends at position 0/m,
    );
  });

  it("verify reports a rewritten chain, complete or truncated, even if the views match it", async () => {
    const renamed = tampered((database) =>
      writeAnew(
        database,
        rowsOf(database).map((row) => ({ ...row, data: row.data.replace("Close", "Open") })),
      ),
    );
    await rebuildHome(renamed);
    expect(problemsOf(renamed)).toMatch(
      /^7: the hash at position 7 is not the one that the signed head has: the log was rewritten$/,
    );
    const shorter = tampered((database) =>
      writeAnew(
        database,
        rowsOf(database).filter((row) => row.stream !== "mission/m-bbbbbbbbbbbbbbbb"),
      ),
    );
    await rebuildHome(shorter);
    expect(problemsOf(shorter)).toMatch(/^7: the log ends at position 6/);
    const longer = tampered((database) => {
      const rows = rowsOf(database).map((row) => ({ ...row, data: row.data.replace("Close", "Open") }));
      const last = rows[6] as EventRow;
      writeAnew(database, [...rows, { ...last, version: 3, command_id: "one-more" }]);
    });
    await rebuildHome(longer);
    expect(problemsOf(longer)).toMatch(/^7: the hash at position 7/);
    await using log = await openEventLog({ path: homeLayout(longer).log, decide });
    expect(() => assertExtendsHead(longer, log)).toThrow(/does not contain/);
    expect(() => signHead(longer, log, at)).toThrow(/does not contain/);
  });

  it("verify names a head that is missing, forged, or of another epoch or key, and trusts a checkpoint kept elsewhere", async () => {
    const checkpoint = folder.at("checkpoint.json");
    cpSync(homeLayout(good).head, checkpoint);
    expect(verifyHome(good, { checkpoint })).toMatchObject({ ok: true });
    const headless = tampered(() => undefined);
    rmSync(homeLayout(headless).head);
    expect(problemsOf(headless)).toMatch(/^7: the signed head is missing/);
    const forged = tampered((database) =>
      database.exec("DELETE FROM events WHERE position = 7; DELETE FROM view_repositories"),
    );
    const { head } = homeLayout(forged);
    const claim = JSON.parse(readFileSync(head, "utf8"));
    writeFileSync(head, `${canonicalJson({ ...claim, position: 6 })}\n`);
    expect(problemsOf(forged)).toMatch(/the signed head can't be trusted: it was not signed/);
    writeFileSync(head, "{}");
    expect(problemsOf(forged)).toMatch(/the signed head can't be trusted: it is not a signed head/);
    const rekeyed = tampered((database) => writeAnew(database, rowsOf(database).slice(0, 6)));
    const layout = homeLayout(rekeyed);
    for (const file of [layout.signingKey, layout.verifyingKey, layout.head]) rmSync(file);
    makeSigningKey(rekeyed);
    await rebuildHome(rekeyed);
    await append(rekeyed, []);
    expect(verifyHome(rekeyed)).toMatchObject({ ok: true });
    expect(problemsOf(rekeyed, { checkpoint })).toMatch(/the checkpoint .* can't be trusted/);
    expect(problemsOf(good, { checkpoint: folder.at("nowhere.json") })).toMatch(/nowhere.json is missing/);
  });

  it("verify names a view row that was changed, removed or added, and rebuild restores its bytes", async () => {
    const bytes = exported(good);
    for (const [change, named] of [
      ["UPDATE view_tasks SET changed_at = '2020'", "view_tasks/t-aaaaaaaaaaaaaaaa: the row differs"],
      [
        "DELETE FROM view_missions WHERE id = 'm-bbbbbbbbbbbbbbbb'",
        "view_missions/m-bbbbbbbbbbbbbbbb: the row is missing",
      ],
      ["INSERT INTO view_repositories VALUES ('beta', '{}')", "view_repositories/beta: the row is surplus"],
      ["UPDATE view_system SET data = 'no json'", "view_system/system: the row differs"],
      ["UPDATE view_meta SET position = 6", "view_meta/views: the views are at position 6"],
      ["UPDATE view_meta SET hash = 'x'", "view_meta/views: the views are of another log"],
      ["DROP TABLE view_tasks", "view_tasks: the table is missing"],
      ["UPDATE view_tasks SET mission_id = 'm-bbbbbbbbbbbbbbbb'", "view_tasks/t-aaaaaaaaaaaaaaaa: the row differs"],
      [
        "UPDATE view_missions SET status = 'landed' WHERE id = 'm-aaaaaaaaaaaaaaaa'",
        "view_missions/m-aaaaaaaaaaaaaaaa: the status does not match its tasks",
      ],
      [
        "UPDATE view_counts SET count = 7 WHERE status = 'awaiting_approval'",
        "view_counts/view_missions/awaiting_approval: the count does not match the rows",
      ],
      [
        "INSERT INTO view_judged_changes VALUES ('t-aaaaaaaaaaaaaaaa', 'd')",
        "view_judged_changes/t-aaaaaaaaaaaaaaaa: the row differs",
      ],
      [
        "INSERT INTO view_defect_answers VALUES ('c-x', 'openai', 'm', 'p', 1)",
        "view_defect_answers/c-x: the row is surplus",
      ],
      ["DROP TABLE view_counts", "view_counts: the table is missing"],
      [
        "UPDATE view_meta SET version = 999",
        "view_meta/views: the views are of version 999, and this program can check",
      ],
    ] as const) {
      const home = tampered((database) => database.exec(change));
      expect(problemsOf(home)).toContain(named);
      await rebuildHome(home);
      expect(verifyHome(home)).toMatchObject({ ok: true, position: 7 });
      expect(exported(home)).toEqual(bytes);
    }
  });

  it("verify says nothing about views that an earlier version wrote, because nobody reads them", () => {
    const home = tampered((database) => database.exec("UPDATE view_tasks SET changed_at = '2020'"));
    expect(verifyHome(home)).toMatchObject({ ok: false });
    const older = tampered((database) =>
      database.exec("UPDATE view_tasks SET changed_at = '2020'; UPDATE view_meta SET version = version - 1"),
    );
    expect(verifyHome(older)).toMatchObject({ ok: true });
  });

  it("verify since the signed head reads only what came after it, and says nothing about the rest", async () => {
    const later = folder.at("later");
    cpSync(good, later, { recursive: true });
    {
      await using log = await openEventLog({ path: homeLayout(later).log, decide });
      await log.submit(configure("repository-3"));
      await log.submit(submitMission("mission-3", "m-cccccccccccccccc"));
    }
    const problems = (sql: string, sinceHead: boolean) =>
      problemsOf(
        tampered((one) => one.exec(sql), later),
        { sinceHead },
      );
    expect(verifyHome(later, { sinceHead: true })).toMatchObject({ ok: true, position: 9 });
    expect(verifyHome(good, { sinceHead: true })).toMatchObject({ ok: true, position: 7 });
    for (const [sql, named] of [
      ["UPDATE events SET actor = 'x' WHERE position = 9", /^9: the hash/],
      ["DELETE FROM events WHERE position = 8", /^8: position 8 is missing/],
      ["DELETE FROM events WHERE position >= 7", /7: the log ends at position 6/],
      [
        "UPDATE events SET hash = replace(hash, substr(hash, 1, 1), iif(hash LIKE 'f%', 'e', 'f')) WHERE position = 7",
        /^8: the hash/,
      ],
      ["UPDATE view_repositories SET data = '{}'", /view_repositories\/alpha: the row differs/],
      ["UPDATE view_meta SET position = 8", /view_meta\/views: the views are at position 8/],
    ] as const) {
      expect(problems(sql, true)).toMatch(named);
      expect(problems(sql, false)).not.toBe("none");
    }
    for (const sql of ["UPDATE events SET actor = 'x' WHERE position = 4", "UPDATE view_tasks SET run_id = 'r'"]) {
      expect(problems(sql, true)).toBe("none");
      expect(problems(sql, false)).not.toBe("none");
    }
    const checkpoint = homeLayout(good).head;
    await append(later, []);
    const changed = tampered((one) => one.exec("UPDATE events SET actor = 'x' WHERE position = 8"), later);
    expect(problemsOf(changed, { sinceHead: true })).toBe("none");
    expect(problemsOf(changed, { sinceHead: true, checkpoint })).toMatch(/^8: the hash/);
    const headless = tampered(() => undefined, later);
    rmSync(homeLayout(headless).head);
    expect(problemsOf(headless, { sinceHead: true })).toMatch(/^9: the signed head is missing/);
  });

  it("verify names damage of the file itself, and a missing file", () => {
    const { log } = homeLayout(tampered(() => undefined));
    const bytes = readFileSync(log);
    const bytesOfGood = exported(good);
    let damaged = 0;
    for (let place = 100; place < bytes.length; place += 997) {
      const home = tampered(() => undefined);
      const flipped = readFileSync(homeLayout(home).log);
      flipped[place] = (flipped[place] ?? 0) ^ 0x10;
      writeFileSync(homeLayout(home).log, flipped);
      const { ok } = verifyHome(home);
      damaged += ok ? 0 : 1;
      if (ok) expect(exported(home)).toEqual(bytesOfGood);
    }
    expect(damaged).toBeGreaterThan(0);
    const zeroed = tampered(() => undefined);
    writeFileSync(homeLayout(zeroed).log, Buffer.alloc(8192, 7));
    expect(problemsOf(zeroed)).toMatch(/^1: the database file is damaged/);
    rmSync(homeLayout(zeroed).log);
    expect(problemsOf(zeroed)).toMatch(/^1: the log is missing/);
  });

  it("verify appends nothing and needs no lock; rebuild is refused while another process holds the lock", async () => {
    const before = readFileSync(homeLayout(good).log);
    using _lock = takeLock(good);
    expect(verifyHome(good)).toMatchObject({ ok: true });
    expect(readFileSync(homeLayout(good).log).equals(before)).toBe(true);
    await expect(rebuildHome(good)).rejects.toThrow(/is running/);
  });
});
