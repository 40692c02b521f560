/** The simulation's full disk: SQLite's log fails on it with a real SQLite error, and the log in memory by the same code. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault } from "@aedev/contracts";
import { type CommandBody, decide } from "@aedev/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeCommand } from "../../packages/daemon/src/control/control.ts";
import { sqliteCode } from "../../packages/daemon/src/log/sqlite/database.ts";
import { type LogDisk, openSqliteLog } from "./log-disk.ts";
import { nothingCommitted, openMemoryLog, type SimulatedLog } from "./memory-log.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aedev-log-disk-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each(["sqlite", "memory"])("a full disk of the log (%s)", (store) => {
  it("ends the log with SQLite's error, and keeps acknowledged events", async () => {
    let isFull = false;
    const disk: LogDisk = { isFull: () => isFull, started: () => undefined, failed: () => 0 };
    const errors: unknown[] = [];
    const options = { decide, onFatal: (error: unknown) => void errors.push(error) };
    const committed = nothingCommitted();
    const open = async (): Promise<SimulatedLog> =>
      store === "sqlite"
        ? await openSqliteLog({ path: join(folder, "aedev.db"), ...options }, { disk, alter: undefined })
        : openMemoryLog({ committed, ...options, isFull: disk.isFull });
    const send = (log: SimulatedLog, body: CommandBody) => log.submit(makeCommand(body, "control"));

    const log = await open();
    expect(await send(log, { kind: "InitializeHome", home_id: "home" })).toMatchObject({ kind: "done" });
    expect(log.head.position).toBe(1);
    isFull = true;
    // A command that writes nothing is answered.
    expect((await send(log, { kind: "ResumeWork" })).kind).toBe("done");
    expect(errors).toEqual([]);
    const failed = await Promise.allSettled([
      send(log, { kind: "ResumeWork" }),
      send(log, { kind: "StartPlane", plane: "execution" }),
      send(log, { kind: "StartPlane", plane: "judgement" }),
    ]);
    expect(failed.map((one) => one.status === "rejected" && (one.reason as Fault).code)).toEqual(
      Array(failed.length).fill("log-failed"),
    );
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: "SQLITE_FULL", message: "database or disk is full" });
    if (store === "sqlite") expect(sqliteCode(errors[0])).toBe("SQLITE_FULL");
    await expect(send(log, { kind: "ResumeWork" })).rejects.toMatchObject({ code: "log-closed" });
    await log.close();

    // A start writes nothing, and the first write fails again, except with room.
    const second = await open();
    expect(second.head.position).toBe(1);
    await expect(send(second, { kind: "StartPlane", plane: "execution" })).rejects.toMatchObject({
      code: "log-failed",
    });
    await second.close();
    isFull = false;
    const third = await open();
    expect((await third.listEvents()).map(({ type }) => type)).toEqual(["HomeInitialized"]);
    expect(await send(third, { kind: "StartPlane", plane: "execution" })).toMatchObject({ kind: "done" });
    expect((await third.listEvents()).map(({ type }) => type)).toEqual(["HomeInitialized", "PlaneStarted"]);
    await third.close();
  });
});
