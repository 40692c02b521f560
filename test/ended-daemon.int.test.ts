/** A daemon that ended or hangs without being stopped: how it is reported, and how a hanging one is replaced. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stopDaemon } from "../packages/daemon/src/index.ts";
import { openWithoutEngine } from "./support/home-without-engine.ts";
import { type Laboratory, plantedSecrets } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await openWithoutEngine();
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const untilDown = () =>
  laboratory.until(async () => {
    const status = await laboratory.run("daemon", "status", "--json");
    return status.exitCode === 3 ? status.json<{ ended: string | null }>() : undefined;
  });

describe("a daemon that works", () => {
  it("has logs of all its processes without a secret, and the watchdog says in one line that it works", async () => {
    const { records } = (await laboratory.must("daemon", "logs", "--json")).json<{
      records: { process: string; message: string; at: string | null }[];
    }>();
    expect(records.map(({ process: name, message }) => `${name}: ${message}`)).toEqual(
      expect.arrayContaining([
        "daemon: the daemon is ready",
        "execution: the plane starts",
        "judgement: the plane starts",
      ]),
    );
    expect(records.map(({ at }) => at)).not.toContain(null);
    expect((await laboratory.must("daemon", "logs", "--lines", "1")).stdout.split("\n")).toHaveLength(1);
    expect((await laboratory.run("daemon", "logs", "--lines", "none")).exitCode).toBe(2);
    for (const secret of Object.values(plantedSecrets)) expect(JSON.stringify(records)).not.toContain(secret);
    expect((await laboratory.must("watchdog", "--plain")).stdout).toMatch(
      /^aedev works: process \d+, last pass \d+ s ago$/,
    );
  });
});

describe("a daemon that is down", () => {
  it("a daemon that died is reported differently from a stopped one, with the commands that help", async () => {
    const pid = laboratory.daemonPid();
    process.kill(pid, "SIGKILL");
    expect(await untilDown()).toMatchObject({ ended: "died" });
    const { stdout, stderr } = await laboratory.run("daemon", "status");
    expect(stdout).toContain(`the daemon died: nobody stopped it (process ${pid}, started `);
    expect(stderr).toMatch(/aedev daemon start[\s\S]*aedev service install/);
    expect((await laboratory.must("status")).stdout).toMatch(
      /^daemon: down, the daemon died: .*\n {4}aedev daemon start\n/,
    );
    expect(await laboratory.run("watchdog", "--plain")).toMatchObject({
      exitCode: 3,
      stdout: expect.stringMatching(/^aedev DOWN: the daemon died: .{1,140}$/),
    });
    expect((await laboratory.must("status", "--waiting")).stdout).toMatch(/^daemon: down, the daemon died/);

    // The control: the same home after an orderly stop.
    await laboratory.must("daemon", "start");
    const stopped = (await laboratory.must("daemon", "stop", "--json")).json();
    expect(stopped).toMatchObject({ result: "stopped", at_work: [], ms: expect.any(Number) });
    expect(await laboratory.run("watchdog", "--plain")).toMatchObject({
      exitCode: 3,
      stdout: expect.stringMatching(/^aedev stopped: /),
    });
    expect(await untilDown()).toMatchObject({ ended: null });
    expect((await laboratory.must("status")).stdout).toMatch(/^daemon: down\n {4}aedev daemon start\n/);
  });

  it("is running again after a restart, whether it ran before or not", async () => {
    const first = (await laboratory.must("daemon", "restart", "--json")).json<{ pid: number; result: string }>();
    expect(first.result).toBe("not-running");
    const second = (await laboratory.must("daemon", "restart", "--json")).json<{ pid: number; result: string }>();
    expect(second.result).toBe("stopped");
    expect(second.pid).not.toBe(first.pid);
  });

  it("is not stopped by a restart if a file does not load, which policy check and doctor name too", async () => {
    const before = laboratory.daemonPid();
    for (const file of ["config.yaml", "policies.yaml", "prices.yaml"]) {
      const path = join(laboratory.home, file);
      const text = existsSync(path) ? readFileSync(path, "utf8") : "";
      writeFileSync(path, "frob: { grob: 1 }\n");
      const names = expect.stringContaining(`${path}: frob`);
      const helps = expect.stringContaining(`help: edit ${path}`);
      const restart = await laboratory.run("daemon", "restart");
      expect(restart).toMatchObject({ exitCode: 1, stderr: names });
      expect(restart).toMatchObject({ stderr: helps });
      expect(restart.stderr).toContain("nothing was stopped");
      const checked = await laboratory.run("policy", "check");
      expect(checked).toMatchObject({ exitCode: 1, stderr: names });
      expect(checked).toMatchObject({ stderr: helps });
      expect((await laboratory.run("doctor")).stdout).toContain(`${path}: frob`);
      writeFileSync(path, text);
    }
    expect((await laboratory.must("daemon", "status", "--json")).json<{ pid: number }>().pid).toBe(before);
    expect((await laboratory.must("policy", "check")).stdout).toMatch(/^configuration, policy and prices are valid/);
    await laboratory.must("daemon", "restart");
    expect(laboratory.daemonPid()).not.toBe(before);
  });
});

describe("a daemon that hangs", () => {
  it("is reported as not answering, and is killed if it does not stop", async () => {
    const { home } = laboratory;
    const pid = laboratory.daemonPid();
    process.kill(pid, "SIGSTOP");
    const status = await laboratory.run("daemon", "status");
    expect(status).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`(process ${pid}) does not answer`) });
    expect(status.stderr).toContain("help: aedev daemon restart");
    expect(await laboratory.run("watchdog", "--plain")).toMatchObject({
      exitCode: 1,
      stdout: `aedev HANGS: the daemon (process ${pid}) does not answer`,
    });
    expect(await stopDaemon({ home, environment: laboratory.environment, graceMs: 200 })).toBe("killed");
    await laboratory.must("daemon", "start");
    await laboratory.must("events", "verify");
    // The control: a daemon that answers ends by itself.
    expect(await stopDaemon({ home, environment: laboratory.environment })).toBe("stopped");
  });
});
