/** Paths of a run: a socket's path stays short, and folders that an agent made hard to delete are deleted. */
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  statfsSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { diskUsage } from "@aedev/host/disk-usage";
import { describe, expect, it } from "vitest";
import { watchRun } from "../../src/coder/watch.ts";
import { deleteFolder, makeSocketFolder, runFolder } from "../../src/tree/run-folder.ts";
import { newId, sha256 } from "../throw-away-home.ts";

const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, chown: false };

describe("runFolder", () => {
  it("keeps the socket in the home if its path is short, else in a short folder of this user", async () => {
    const short = runFolder({ home: "/h", homeId: "a", sha256 }, newId("r"));
    expect(short.socketPath.startsWith("/h/run/")).toBe(true);
    const runId = newId("r");
    const deep = runFolder({ home: `/${"deep/".repeat(30)}`, homeId: "a", sha256 }, runId);
    expect(Buffer.byteLength(deep.socketPath)).toBeLessThanOrEqual(104);
    expect(deep.socketPath.startsWith(tmpdir())).toBe(true);
    expect(runFolder({ home: `/${"deep/".repeat(30)}`, homeId: "a", sha256 }, runId).socketPath).toBe(deep.socketPath);
    makeSocketFolder(deep, owner);
    expect(lstatSync(deep.socketFolder).mode & 0o777).toBe(0o700);
    await deleteFolder(join(deep.socketFolder, ".."));
  });
});

describe("a disk that fills up although no folder grows", () => {
  it("ends the run before the disk is full, because a file deleted while open is in no folder", async () => {
    const root = mkdtempSync(join(tmpdir(), "aedev-test-"));
    const limits = { run_bytes: 1_000_000, run_files: 10, run_timeout_ms: 60_000 };
    const reasonAt = async (free: number) => {
      const watch = watchRun({
        folders: [root],
        tree: root,
        onEnd: () => undefined,
        activity: () => null,
        limits: { ...limits, disk_free_bytes: free },
        startedAtMs: Date.now(),
      });
      await Promise.race([once(watch.signal, "abort"), setTimeout(700)]);
      watch.close();
      return watch.reason();
    };
    const open = openSync(join(root, "f"), "w");
    unlinkSync(join(root, "f"));
    writeSync(open, Buffer.alloc(4_000_000, 1));
    expect((await diskUsage([root], { bytes: limits.run_bytes, entries: 10 })).bytes).toBe(0);
    expect(await reasonAt(2)).toBeNull();
    const disk = statfsSync(root);
    const freeBytes = disk.bavail * disk.bsize;
    expect(await reasonAt(freeBytes)).toBeNull();
    expect(await reasonAt(freeBytes * 4)).toBe("disk");
    closeSync(open);
    await deleteFolder(root);
  });
});

describe("folders that an agent wrote to", () => {
  it("are measured with names of any bytes, without following links, and deleted at any depth and with any mode", async () => {
    const root = mkdtempSync(join(tmpdir(), "aedev-test-"));
    const odd = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff])]);
    mkdirSync(odd, { mode: 0o700 });
    writeFileSync(Buffer.concat([odd, Buffer.from("/f")]), Buffer.alloc(1_000_000));
    symlinkSync("/usr", join(root, "link"));
    const bounds = { bytes: 10_000_000, entries: 100 };
    const size = await diskUsage([root], bounds);
    expect(size.entries).toBe(3);
    expect(size.bytes).toBeGreaterThan(900_000);
    expect((await diskUsage([root], { ...bounds, bytes: 500_000 })).bytes).toBeGreaterThan(500_000);
    mkdirSync(join(root, "closed", "inner"), { recursive: true, mode: 0o100 });
    await deleteFolder(root);
    expect(existsSync(root)).toBe(false);
    expect(existsSync("/usr/bin")).toBe(true);
  });
});
