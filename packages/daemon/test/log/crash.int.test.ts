/** A crash in the middle of an append: the process is killed, the disk is full. Every acknowledged event is there, and the chain is valid. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { decide } from "@aedev/core";
import { describe, expect, it } from "vitest";
import { openEventLog } from "../../src/log/event-log.ts";
import { openForReading, openForWriting } from "../../src/log/sqlite/database.ts";
import { verifyEvents } from "../../src/log/verify.ts";
import { configure, temporaryFolder } from "./story.ts";

const appender = fileURLToPath(new URL("./append-until-killed.ts", import.meta.url));

async function answeredUntilEnd(
  child: ChildProcess,
  killAfter: number,
): Promise<{ ids: string[]; ended: string; errors: string }> {
  let text = "";
  let errors = "";
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  child.stdout?.on("data", (chunk) => {
    text += chunk;
    if (text.split("\n").length > killAfter) child.kill("SIGKILL");
  });
  const ended = await new Promise<string>((resolve) =>
    child.on("close", (code, signal) => resolve(signal ?? `${code}`)),
  );
  return { ids: text.split("\n").slice(0, -1), ended, errors };
}

async function expectWhole(path: string, ids: readonly string[]): Promise<void> {
  await using log = await openEventLog({ path, decide });
  const reading = openForReading(path);
  expect(verifyEvents(reading, [])).toMatchObject({ ok: true, position: log.head.position });
  const stored = new Set(reading.prepare("SELECT command_id FROM events").pluck().all());
  reading.close();
  expect(ids.filter((id) => !stored.has(id))).toEqual([]);
  const answer = await log.submit(configure(`after-${stored.size}`));
  expect(answer.kind === "done" && answer.events[0]?.position).toBe(stored.size + 1);
}

describe("a log whose writer dies", () => {
  it("has every acknowledged command after SIGKILL, each time", async () => {
    using folder = temporaryFolder();
    const path = folder.at("aedev.db");
    for (const killAfter of [1, 40, 333]) {
      const child = spawn(process.execPath, [appender, path, "4"], { stdio: ["ignore", "pipe", "pipe"] });
      const { ids, ended } = await answeredUntilEnd(child, killAfter);
      expect(ended).toBe("SIGKILL");
      expect(ids.length).toBeGreaterThanOrEqual(killAfter);
      await expectWhole(path, ids);
    }
  });

  it("ends the process if the disk is full, and continues from there once there is space", async () => {
    using folder = temporaryFolder();
    const path = folder.at("aedev.db");
    await (await openEventLog({ path, decide })).close();
    const limited = `trap '' XFSZ; ulimit -f 600; exec "$0" "$@"`;
    const child = spawn("/bin/sh", ["-c", limited, process.execPath, appender, path, "4"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { ids, ended, errors } = await answeredUntilEnd(child, Number.POSITIVE_INFINITY);
    expect(ended).toBe("SIGKILL");
    expect(errors).toContain("the log could not be written");
    expect(ids.length).toBeGreaterThan(0);
    await expectWhole(path, ids);
  });

  it("answers nobody and takes nothing more after a failed commit", async () => {
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
