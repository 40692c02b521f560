/** A crash in the middle of an append: the process is killed, the disk is full. Every acknowledged event is there, and the chain is valid. */

import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { rmSync } from "node:fs";
import { decide } from "@aedev/core";
import { describe, expect, it } from "vitest";
import { isNight } from "../../../../test/support/is-night.ts";
import { openEventLog } from "../../src/log/event-log.ts";
import { openForReading, openForWriting } from "../../src/log/sqlite/database.ts";
import { appender, endedWriter, killWriters, problemsOf } from "./kill-writers.ts";
import { configure, temporaryFolder } from "./story.ts";

/** `break-store --kills` runs any number. A night draws its own seed. */
const kills = isNight ? 700 : 12;
const seed = isNight ? randomInt(2 ** 31) : 1;

describe("a log whose writer dies", () => {
  it("after SIGKILL the log is whole and has every acknowledged command, each time", {
    timeout: isNight ? 3_600_000 : 300_000,
  }, async () => {
    process.stdout.write(`kills of the writer: seed ${seed}\n`);
    const { violation, ...counts } = await killWriters({ kills, seed });
    process.stdout.write(`kills of the writer: ${JSON.stringify(counts)}\n`);
    expect(violation).toBeNull();
    expect(counts.kills).toBe(kills);
    expect(counts.answered).toBeGreaterThan(kills);
  });

  it.each([
    ["a writer that answers before it commits", { answersEarly: true }, "answered commands are not in the log"],
    [
      "a disk that loses the write-ahead file",
      { spoil: (path: string) => rmSync(`${path}-wal`, { force: true }) },
      "commands are not in the log",
    ],
    ["a lost event", { spoil: loseEvent }, "is missing: the next event is"],
    ["a command of which half is there", { spoil: halveCommand }, "have only one of two events"],
  ])("a log is not whole with %s, which a few kills show", async (_what, plant, finds) => {
    const { violation } = await killWriters({ kills: 12, seed: 1, ...plant });
    expect(violation).toContain(finds);
  });

  it("a full disk ends the process, and the log continues once there is space", async () => {
    using folder = temporaryFolder();
    const path = folder.at("aedev.db");
    await (await openEventLog({ path, decide })).close();
    const limited = `trap '' XFSZ; ulimit -f 600; exec "$0" "$@"`;
    const child = spawn("/bin/sh", ["-c", limited, process.execPath, appender, path, "4"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { ids, ended, errors } = await endedWriter(child, { answers: Number.POSITIVE_INFINITY });
    expect(ended).toBe("SIGKILL");
    expect(errors).toContain("the log could not be written");
    expect(ids.length).toBeGreaterThan(0);
    expect(await problemsOf(path, ids)).toEqual([]);
  });

  it("after a failed commit the log answers nobody and takes nothing more", async () => {
    using folder = temporaryFolder();
    const path = folder.at("aedev.db");
    const failures: unknown[] = [];
    await using log = await openEventLog({ path, decide, onFatal: (error) => void failures.push(error) });
    await log.submit(configure("before"));
    const thief = openForWriting(path);
    thief.exec("DROP TABLE view_repositories");
    thief.close();
    const settled = await Promise.allSettled([log.submit(configure("lost-1")), log.submit(configure("lost-2"))]);
    expect(settled.map((one) => one.status)).toEqual(["rejected", "rejected"]);
    expect(failures).toHaveLength(1);
    await expect(log.submit(configure("late"))).rejects.toThrow(/failed/);
    const reading = openForReading(path);
    expect(reading.prepare("SELECT command_id FROM events").pluck().all()).toEqual(["before"]);
    reading.close();
  });
});

function loseEvent(path: string): void {
  change(
    path,
    "DROP TRIGGER events_refuse_delete; DELETE FROM events WHERE position = (SELECT max(position) / 2 FROM events)",
  );
}

function halveCommand(path: string): void {
  change(path, "DROP TRIGGER events_refuse_delete; DELETE FROM events WHERE type = 'TaskPlanned'");
}

function change(path: string, sql: string): void {
  const database = openForWriting(path);
  database.exec(sql);
  database.close();
}
