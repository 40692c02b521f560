/** Stopping a daemon that holds its home and does not answer, whose recorded process id may be another program's by now. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { writeDaemonRecord } from "../../src/home/daemon-record.ts";
import { initHome } from "../../src/process/initialize-home.ts";
import { stopDaemon } from "../../src/process/start-daemon.ts";

it.each([
  ["another program", false],
  ["no process", true],
])("stopping a daemon sends no signal if the recorded process is %s", async (_, hasEnded) => {
  const home = join(mkdtempSync(join(tmpdir(), "aedev-stop-")), "home");
  await initHome(home);
  const holder = spawn(process.execPath, [fileURLToPath(new URL("../home/hold-lock.ts", import.meta.url)), home]);
  const other = spawn("sleep", ["600"]);
  onTestFinished(() => {
    for (const child of [holder, other]) child.kill("SIGKILL");
    rmSync(join(home, ".."), { recursive: true, force: true });
  });
  await once(holder.stdout, "data");
  if (other.pid === undefined) throw new Error("sleep did not start");
  if (hasEnded) {
    other.kill("SIGKILL");
    await once(other, "exit");
  }
  writeDaemonRecord(home, { pid: other.pid, port: 1, approval_port: null, started_at: "2026-01-02T03:04:05.000Z" });
  await expect(stopDaemon({ home, environment: {}, graceMs: 200 })).rejects.toMatchObject({ code: "daemon-unknown" });
  expect([other.signalCode, holder.signalCode]).toEqual([hasEnded ? "SIGKILL" : null, null]);
});
