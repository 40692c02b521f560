/** The log as the command line shows it: append-only for every writer, every tampering named with its place, views restored from it. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  chainHash,
  type EventRow,
  eventRowSchema,
  genesisHash,
} from "../packages/daemon/src/log/sqlite/stored-event.ts";
import { exported } from "../packages/daemon/test/log/story.ts";
import { copyHome } from "./support/copy-home.ts";
import { type CommandResult, Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
let held = "";
let copies = 0;

/** A log with every kind of stream: a home, repositories, missions in several states, and a task that is held because there is no engine. */
beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  const missions: string[] = [];
  for (const text of ["Add lib/half.js", "Explain lib/add.js", "Halve lib/add.js"])
    missions.push((await intake(text)).json<{ mission_id: string }>().mission_id);
  await laboratory.must("mission", "reject", missions[1] ?? "", "--reason", "not now");
  await laboratory.must("mission", "approve", missions[0] ?? "");
  await laboratory.until(async () => (await laboratory.mission(missions[0] ?? "")).status === "held");
  held = missions[0] ?? "";
  await laboratory.must("daemon", "stop");
});
afterAll(() => laboratory[Symbol.asyncDispose]());

function intake(text: string): Promise<CommandResult> {
  return laboratory.must("intake", text, "--repo", "small", "--criterion", "a new test shows it", "--json");
}

/** A copy of the home in whose database `change` was made without the triggers. */
function tampered(change: (database: DatabaseSync) => void): string {
  copies += 1;
  const home = join(laboratory.folder, `copy-${copies}`);
  copyHome(laboratory.home, home);
  const database = new DatabaseSync(join(home, "aedev.db"));
  const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
  expect(triggers.length).toBeGreaterThan(0);
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  change(database);
  database.close();
  return home;
}

function at(home: string, ...args: string[]): Promise<CommandResult> {
  return laboratory.run(...args, "--home", home);
}

function rowsOf(database: DatabaseSync): EventRow[] {
  const rows = database.prepare("SELECT * FROM events ORDER BY position").all();
  return rows.map((row) => eventRowSchema.parse({ ...row }));
}

/** Replaces all events by these rows, with positions, versions and the whole chain computed again, as an attacker without the key could. */
function rewrite(database: DatabaseSync, rows: readonly EventRow[]): void {
  database.exec("DELETE FROM events");
  const names = ["position", "stream", "version", "type", "schema", "data", "actor", "command_id"] as const;
  const columns = [...names, "correlation_id", "causation_id", "recorded_at", "hash"] as const;
  const insert = database.prepare(
    `INSERT INTO events (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
  );
  const versions = new Map<string, number>();
  let previous = genesisHash;
  for (const [index, row] of rows.entries()) {
    const version = (versions.get(row.stream) ?? 0) + 1;
    versions.set(row.stream, version);
    const moved = { ...row, position: index + 1, version };
    previous = chainHash(moved, row.data, previous);
    insert.run(...columns.map((name) => (name === "hash" ? previous : moved[name])));
  }
}

/** The position of the first event of this type. */
function positionOf(database: DatabaseSync, type: string): number {
  const row = database.prepare("SELECT min(position) AS position FROM events WHERE type = ?").get(type);
  return Number(row?.["position"]);
}

async function namesProblem(home: string, problem: RegExp): Promise<void> {
  const { exitCode, stdout, stderr } = await at(home, "events", "verify");
  expect(stdout).toMatch(problem);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("the log is not whole") });
}

describe("the table of events", () => {
  it("aborts UPDATE, DELETE and INSERT OR REPLACE, and verifies untouched", async () => {
    const database = new DatabaseSync(join(laboratory.home, "aedev.db"));
    const before = JSON.stringify(rowsOf(database));
    const last = rowsOf(database).length;
    const columns =
      "stream, version, type, schema, data, actor, command_id, correlation_id, causation_id, recorded_at, hash";
    const put = (position: string, command: string) =>
      `INSERT OR REPLACE INTO events (position, ${columns}) SELECT ${position}, ${columns.replace("command_id", command)} FROM events WHERE position = 2`;
    for (const statement of [
      "UPDATE events SET actor = 'operator'",
      "UPDATE events SET data = replace(data, 'small', 'large') WHERE position = 2",
      "UPDATE OR REPLACE events SET position = 1 WHERE position = 2",
      "DELETE FROM events",
      `DELETE FROM events WHERE position = ${last}`,
      put("2", "command_id"),
      put("2", "'another'"),
      put(`${last + 2}`, "'another'"),
      put(`${last + 1}`, "command_id"),
      put("NULL", "'another'"),
      put("-1", "'another'"),
    ])
      expect(() => database.exec(statement), statement).toThrow(/append-only/);
    expect(JSON.stringify(rowsOf(database))).toBe(before);
    database.close();
    const whole = await laboratory.run("events", "verify");
    expect({ exitCode: whole.exitCode, stdout: whole.stdout }).toEqual({ exitCode: 0, stdout: "the log is whole" });
  });

  it("accepts the next event of a stream, so the triggers refuse a place and not a writer", () => {
    const home = join(laboratory.folder, "next");
    copyHome(laboratory.home, home);
    const database = new DatabaseSync(join(home, "aedev.db"));
    const next = rowsOf(database).length + 1;
    database.exec(
      `INSERT INTO events SELECT ${next}, 'repository/other', 1, type, schema, data, actor, 'next', correlation_id, causation_id, recorded_at, hash FROM events WHERE position = 2`,
    );
    expect(rowsOf(database)).toHaveLength(next);
    database.close();
  });
});

describe("events verify", () => {
  it("names the position of a flipped byte in any column", async () => {
    for (const [column, value] of [
      ["data", "replace(data, 'small', 'smalm')"],
      ["actor", "'someone'"],
      ["recorded_at", "'2020-01-01T00:00:00.000Z'"],
      ["correlation_id", "'x' || correlation_id"],
      ["hash", "substr(hash, 2) || '0'"],
    ]) {
      let position = 0;
      const home = tampered((database) => {
        position = positionOf(database, "MissionSubmitted");
        database.exec(`UPDATE events SET ${column} = ${value} WHERE position = ${position}`);
      });
      await namesProblem(home, new RegExp(`position ${position}: `));
    }
  });

  it("names a deleted row and swapped rows", async () => {
    const deleted = tampered((database) => database.exec("DELETE FROM events WHERE position = 4"));
    await namesProblem(deleted, /position 4: position 4 is missing/);
    const swapped = tampered((database) =>
      database.exec(
        "UPDATE events SET position = -1 WHERE position = 3; UPDATE events SET position = 3 WHERE position = 4; UPDATE events SET position = 4 WHERE position = -1",
      ),
    );
    await namesProblem(swapped, /position 3: [\s\S]*position 4: /);
  });

  it("names a cut tail, even if the views were changed to fit", async () => {
    const cut = tampered((database) =>
      database.exec("DELETE FROM events WHERE position = (SELECT max(position) FROM events)"),
    );
    await namesProblem(cut, /position \d+: the log ends at position \d+, but the signed head/);
    await at(cut, "events", "rebuild");
    await namesProblem(cut, /position \d+: the log ends at position \d+, but the signed head/);
    const start = await at(cut, "daemon", "start");
    expect(start).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("the log is not trusted") });
    expect(start.stderr).toContain("aedev events accept");
    expect(await at(cut, "daemon", "stop")).toMatchObject({ exitCode: 0 });
  });

  it("names a dropped stream, with its gaps, and after closing them and computing everything again", async () => {
    const stream =
      "stream LIKE 'mission/%' AND stream <> (SELECT max(stream) FROM events WHERE stream LIKE 'mission/%')";
    let first = 0;
    const gaps = tampered((database) => {
      first = Number(database.prepare(`SELECT min(position) AS p FROM events WHERE ${stream}`).get()?.["p"]);
      database.exec(`DELETE FROM events WHERE ${stream}`);
    });
    await namesProblem(gaps, new RegExp(`position ${first}: positions? ${first} .*missing`));
    const closed = tampered((database) => {
      const dropped = rowsOf(database).find((row) => row.type === "MissionRejected")?.stream;
      rewrite(
        database,
        rowsOf(database).filter((row) => row.stream !== dropped),
      );
    });
    expect((await at(closed, "events", "rebuild")).exitCode).toBe(0);
    await namesProblem(closed, /position \d+: .*the signed head/);
  });

  it("names a log that was changed and computed again from there to its end, with views that fit", async () => {
    let changed = 0;
    const home = tampered((database) => {
      changed = positionOf(database, "MissionRejected");
      rewrite(
        database,
        rowsOf(database).map((row) =>
          row.position === changed ? { ...row, data: row.data.replace("not now", "for now") } : row,
        ),
      );
    });
    expect((await at(home, "events", "rebuild")).exitCode).toBe(0);
    await namesProblem(home, /position \d+: the hash at position \d+ is not the one that the signed head has/);
    const same = tampered((database) => rewrite(database, rowsOf(database)));
    expect(await at(same, "events", "verify")).toMatchObject({ exitCode: 0, stdout: "the log is whole" });
  });

  it("verify names a view row that was changed by hand, and rebuild restores its bytes", async () => {
    const bytes = exported(join(laboratory.home, "aedev.db"));
    const home = tampered((database) =>
      database.exec(`UPDATE view_missions SET title = replace(title, 'Add lib', 'Cut lib') WHERE id = '${held}'`),
    );
    await namesProblem(home, new RegExp(`view_missions/${held}: the row differs`));
    expect((await at(home, "events", "rebuild")).exitCode).toBe(0);
    expect(exported(join(home, "aedev.db"))).toEqual(bytes);
    expect((await at(home, "events", "verify")).exitCode).toBe(0);
  });

  it("prints one JSON document with the same names", async () => {
    const home = tampered((database) => database.exec("UPDATE events SET actor = 'someone' WHERE position = 3"));
    const named = await at(home, "events", "verify", "--json");
    expect(named.exitCode).toBe(1);
    expect(named.json<{ ok: boolean; problems: string[] }>()).toEqual({
      ok: false,
      problems: expect.arrayContaining([expect.stringMatching(/^position 3: /)]),
      warnings: expect.arrayContaining([expect.stringMatching(/^the trigger \w+ is missing/)]),
    });
    const good = await at(laboratory.home, "events", "verify", "--json");
    expect(good.json()).toEqual({ ok: true, problems: [], warnings: [] });
  });
});

describe("events export", () => {
  it("is byte-identical twice, in position order, with the daemon down and up, and appends nothing", async () => {
    const first = (await laboratory.must("events", "export", "--views")).stdout;
    expect((await laboratory.must("events", "export", "--views")).stdout).toBe(first);
    const lines = (await laboratory.must("events", "export")).stdout.split("\n");
    expect(first.startsWith(lines.join("\n"))).toBe(true);
    expect(lines.map((line) => (JSON.parse(line) as { position: number }).position)).toEqual(
      lines.map((_, index) => index + 1),
    );
    await laboratory.must("mission", "list", "--json");
    const { stdout } = await laboratory.must("events", "verify");
    expect(stdout).toBe("the log is whole");
    expect((await laboratory.must("events", "export")).stdout).toBe(lines.join("\n"));

    const olderHead = join(laboratory.folder, "older-head.json");
    const olderHome = join(laboratory.folder, "older-home");
    copyFileSync(join(laboratory.home, "head.json"), olderHead);
    copyHome(laboratory.home, olderHome);

    await laboratory.must("daemon", "start");
    const up = (await laboratory.must("events", "export", "--views")).stdout;
    const rows = exported(join(laboratory.home, "aedev.db"));
    expect((await laboratory.must("events", "verify")).exitCode).toBe(0);
    await laboratory.must("events", "rebuild");
    // While idle, with a hold that is probed, nothing is appended.
    await delay(3_000);
    expect((await laboratory.must("events", "export", "--views")).stdout).toBe(up);
    expect(exported(join(laboratory.home, "aedev.db"))).toEqual(rows);
    await laboratory.must("daemon", "stop");
    expect((await laboratory.must("events", "verify", "--checkpoint", olderHead)).stdout).toBe("the log is whole");
    const newerHead = join(laboratory.home, "head.json");
    expect((await at(olderHome, "events", "verify")).exitCode).toBe(0);
    const put = await at(olderHome, "events", "verify", "--checkpoint", newerHead);
    expect(put).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/position \d+: .*the log was truncated/) });
  });
});
