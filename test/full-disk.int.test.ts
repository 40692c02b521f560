/** On a full disk the daemon ends, instead of continuing without its log, and restarts on its reserve without a loss. The disk is a small file system. */
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, expect, it } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

const diskMegabytes = 64;
/** Changes that find room in the log's existing file. */
const changesMax = 60;

let laboratory: Laboratory | undefined;
let disk: string | null = null;
afterEach(async () => {
  if (laboratory === undefined) return;
  await laboratory.run("daemon", "stop");
  if (disk !== null) await execa("umount", ["--lazy", disk]);
  disk = null;
  laboratory.environment["AEDEV_HOME"] = laboratory.home;
  await laboratory[Symbol.asyncDispose]();
});

/** Writes until not a single byte fits. */
function fill(path: string): void {
  const file = openSync(path, "w");
  try {
    for (let sizeBytes = 1024 * 1024; sizeBytes >= 1; )
      try {
        writeSync(file, Buffer.alloc(sizeBytes));
      } catch {
        sizeBytes = Math.floor(sizeBytes / 2);
      }
  } finally {
    closeSync(file);
  }
}

it("a full disk ends the daemon, which starts again on its reserve with everything acknowledged", {
  timeout: 300_000,
}, async (context) => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    context.annotate("not run: only root can make a file system that is soon full");
    return;
  }
  const opened = await Laboratory.open();
  laboratory = opened;
  const place = join(opened.folder, "disk");
  mkdirSync(place);
  await execa("mount", ["-t", "tmpfs", "-o", `size=${diskMegabytes}m`, "tmpfs", place]);
  disk = place;
  const home = join(place, "home");
  opened.environment["AEDEV_HOME"] = home;
  await opened.must("init", "--yes");
  await opened.must("daemon", "start");
  await registerSmallProject(opened, "small");
  const record = async () =>
    (await opened.must("events", "export")).stdout.split("\n").filter((line) => line !== "").length;
  const isUp = async () => (await opened.run("daemon", "status")).exitCode === 0;

  expect(existsSync(join(home, "reserve"))).toBe(true);
  const filler = join(place, "filler");
  fill(filler);
  let acknowledged = await record();
  let refused = "";
  for (let change = 0; change < changesMax && refused === ""; change += 1) {
    const { exitCode, stderr } = await opened.run("repo", change % 2 === 0 ? "pause" : "resume", "small");
    if (exitCode === 0) acknowledged += 1;
    else refused = stderr;
  }
  expect(refused).not.toBe("");
  expect(await isUp()).toBe(false);
  expect(existsSync(join(home, "reserve"))).toBe(false);

  // The disk is as full as before except for the reserve, which is enough to start, to report it, and to record it.
  await opened.must("daemon", "start");
  expect(await record()).toBeGreaterThanOrEqual(acknowledged);
  expect((await opened.run("events", "verify")).exitCode).toBe(0);
  await opened.must("repo", "pause", "small");
  await opened.must("repo", "resume", "small");

  rmSync(filler);
  await opened.must("daemon", "stop");
  await opened.must("daemon", "start");
  expect(existsSync(join(home, "reserve"))).toBe(true);
  expect((await opened.run("events", "verify")).exitCode).toBe(0);
});
