/** The service under systemd's user manager: a person's own unit, without root. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { escapeLine, Fault } from "@aedev/contracts";
import { writeDurably } from "@aedev/host/durable-file";
import type { CallProgram, ProgramResult } from "./call-program.ts";
import type { ServicePlan } from "./service-plan.ts";
import type { Supervisor } from "./supervisor.ts";
import { systemdUnit } from "./systemd-unit.ts";

/** A start waits until the daemon is ready; systemd itself limits that. */
const callTimeoutMs = 330_000;
/** The first version with a pause that grows with each failure. */
const growingPausesSince = 254;

export function openSystemd(
  plan: ServicePlan,
  { environment, run }: { environment: NodeJS.ProcessEnv; run: CallProgram },
): Supervisor {
  const unit = `${plan.name}.service`;
  const folder = join(environment["XDG_CONFIG_HOME"] || join(environment["HOME"] ?? "/", ".config"), "systemd/user");
  const path = join(folder, unit);
  const { username, uid } = userInfo();

  async function call(program: string, ...args: string[]): Promise<ProgramResult> {
    const { PATH, HOME, DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR = `/run/user/${uid}` } = environment;
    const bus = DBUS_SESSION_BUS_ADDRESS === undefined ? {} : { DBUS_SESSION_BUS_ADDRESS };
    return run(program, args, { environment: { PATH, HOME, XDG_RUNTIME_DIR, ...bus }, timeoutMs: callTimeoutMs });
  }

  async function systemctl(...args: string[]): Promise<string> {
    const result = await call("systemctl", "--user", ...args);
    if (result.code === 0) return result.output;
    throw new Fault("service-failed", `systemctl --user ${args.join(" ")} failed: ${causeIn(result)}`, {
      hint: "aedev daemon logs",
    });
  }

  async function text(): Promise<string> {
    const { output } = await call("systemctl", "--version");
    const version = Number(/^systemd (\d+)/.exec(output)?.[1] ?? 0);
    return systemdUnit(plan, { growingPauses: version >= growingPausesSince });
  }

  async function requireManager(): Promise<void> {
    const result = await call("systemctl", "--user", "show", "--property=Version");
    if (result.code === 0) return;
    throw new Fault("no-supervisor", `systemd's manager of your user does not answer: ${causeIn(result)}`, {
      hint:
        "aedev daemon start; for a service, log in as this user (not by su), or: sudo loginctl enable-linger " +
        username,
    });
  }

  return {
    kind: "systemd",
    path,
    text,
    async install() {
      await requireManager();
      mkdirSync(folder, { recursive: true });
      writeDurably(path, await text());
      await systemctl("daemon-reload");
      await systemctl("enable", unit);
    },
    async uninstall() {
      await requireManager();
      if (existsSync(path)) await systemctl("disable", "--now", unit);
      rmSync(path, { force: true });
      await systemctl("daemon-reload");
      // Fails if there is nothing to reset.
      await call("systemctl", "--user", "reset-failed", unit);
    },
    async start() {
      await call("systemctl", "--user", "reset-failed", unit);
      await systemctl("start", unit);
    },
    stop: async () => void (await systemctl("stop", unit)),
    async state() {
      const names = "ActiveState,NRestarts";
      const found = propertiesIn(await systemctl("show", `--property=${names}`, unit));
      const linger = await call("loginctl", "show-user", String(uid), "--property=Linger");
      const { Linger } = propertiesIn(linger.output);
      return {
        running: found["ActiveState"] === "active",
        gaveUp: found["ActiveState"] === "failed",
        restarts: Number(found["NRestarts"] ?? 0),
        startsAtBoot: Linger === undefined ? null : Linger === "yes",
        bootHelp: `sudo loginctl enable-linger ${username}`,
      };
    },
  };
}

function propertiesIn(text: string): Readonly<Record<string, string | undefined>> {
  const lines = text.split("\n").map((line) => line.split("="));
  return Object.fromEntries(lines.map(([name = "", ...rest]) => [name, rest.join("=")]));
}

function causeIn({ code, complaint }: ProgramResult): string {
  return escapeLine(complaint.trim().replace(/\s*\n\s*/g, "; "), 300) || `exit ${code}`;
}
