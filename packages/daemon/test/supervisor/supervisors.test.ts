/** Which commands the supervisors get, and what systemd is told of the daemon; fakes answer as the real programs do. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CallProgram, ProgramResult } from "../../src/supervisor/call-program.ts";
import { openLaunchd } from "../../src/supervisor/launchd.ts";
import { servicePlan } from "../../src/supervisor/service-plan.ts";
import { openSignOfLife } from "../../src/supervisor/sign-of-life.ts";
import { openSystemd } from "../../src/supervisor/systemd.ts";

let folder: string;
let calls: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aedev-service-"));
  calls = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Records each call. `answers`: by the start of the call. */
function fake(answers: Readonly<Record<string, Partial<ProgramResult>>> = {}): CallProgram {
  return async (program, args) => {
    const line = [program, ...args].join(" ");
    calls.push(line);
    const found = Object.entries(answers).find(([start]) => line.startsWith(start))?.[1];
    return { code: 0, output: "", complaint: "", ...found };
  };
}

const planOf = (environment: NodeJS.ProcessEnv) => servicePlan({ home: join(folder, ".aedev"), environment }, "/node");

describe("systemd", () => {
  const answers = {
    "systemctl --version": { output: "systemd 254 (254.1)\n" },
    "systemctl --user show --property=ActiveState": { output: "ActiveState=failed\nNRestarts=7\n" },
    "loginctl show-user": { output: "Linger=no\n" },
  };
  const open = (more: Readonly<Record<string, Partial<ProgramResult>>> = {}) => {
    const environment = { HOME: folder, PATH: "/bin" };
    return openSystemd(planOf(environment), { environment, run: fake({ ...more, ...answers }) });
  };

  it("installing enables a systemd unit, and uninstalling removes everything that belongs to it", async () => {
    const systemd = open();
    await systemd.install();
    expect(systemd.path).toBe(join(folder, ".config/systemd/user/aedev.service"));
    expect(readFileSync(systemd.path, "utf8")).toContain("RestartSteps=8");
    expect(calls.slice(-2)).toEqual(["systemctl --user daemon-reload", "systemctl --user enable aedev.service"]);
    await systemd.uninstall();
    expect(calls).toContain("systemctl --user disable --now aedev.service");
    expect(existsSync(systemd.path)).toBe(false);
  });

  it("a service that systemd gave up is recognized, and starts again from its first try", async () => {
    const systemd = open();
    expect(await systemd.state()).toMatchObject({ running: false, gaveUp: true, restarts: 7, startsAtBoot: false });
    await systemd.start();
    expect(calls.slice(-2)).toEqual([
      "systemctl --user reset-failed aedev.service",
      "systemctl --user start aedev.service",
    ]);
  });

  it("if systemd does not answer or refuses, a fault has its words and nothing is written", async () => {
    const silent = open({
      "systemctl --user show --property=Version": { code: 1, complaint: "Failed to connect to bus\n" },
    });
    await expect(silent.install()).rejects.toMatchObject({
      code: "no-supervisor",
      message: expect.stringContaining("connect to bus"),
    });
    expect(existsSync(silent.path)).toBe(false);
    const refusing = open({ "systemctl --user start": { code: 1, complaint: "Job failed" } });
    await expect(refusing.start()).rejects.toMatchObject({
      code: "service-failed",
      message: expect.stringContaining("Job failed"),
    });
  });
});

describe("launchd", () => {
  it("installing makes a launchd agent that is loaded at the start, and uninstalling removes it", async () => {
    const environment = { HOME: folder, PATH: "/bin" };
    let loaded = false;
    const run: CallProgram = async (program, args, options) => {
      await fake()(program, args, options);
      if (args[0] === "bootstrap") loaded = true;
      if (args[0] === "bootout") loaded = false;
      const output = loaded ? "\tstate = running\n" : "";
      return { code: args[0] === "print" && !loaded ? 113 : 0, output, complaint: "" };
    };
    const launchd = openLaunchd(planOf(environment), { environment, run });
    await launchd.install();
    expect(await launchd.state()).toMatchObject({ running: false });
    await launchd.start();
    expect(await launchd.state()).toMatchObject({ running: true });
    await launchd.uninstall();
    expect(loaded).toBe(false);
    expect(existsSync(launchd.path)).toBe(false);
  });
});

describe("a sign of life", () => {
  it("a sign of life goes to systemd at most four times in its limit, and no child process can send one", async () => {
    const environment = { NOTIFY_SOCKET: "/run/n", WATCHDOG_USEC: "60000000", WATCHDOG_PID: "1", PATH: "/bin" };
    const life = openSignOfLife(environment, fake());
    expect(environment).toEqual({ PATH: "/bin" });
    expect(life.everyMs).toBe(15_000);
    await life.ready();
    life.alive();
    life.alive();
    expect(calls).toEqual(["systemd-notify READY=1", "systemd-notify WATCHDOG=1"]);
  });

  it("a sign of life goes nowhere without systemd", async () => {
    const life = openSignOfLife({ PATH: "/bin", WATCHDOG_USEC: "1" }, fake());
    await life.ready();
    life.alive();
    expect([life.everyMs, calls]).toEqual([null, []]);
  });
});
