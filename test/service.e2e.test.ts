/** The service under a real systemd, in a container that boots it: a killed daemon, a hanging loop, a reboot and an orderly end. */
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageWith } from "./support/image-with.ts";

const root = join(import.meta.dirname, "..");
const name = `aedev-test-service-${process.pid}`;
const packages = ["systemd", "systemd-sysv", "dbus", "dbus-user-session", "libpam-systemd"];
/** The options that systemd needs to boot in a container. */
const bootable = [
  ...["--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"],
  ...["--cgroupns=private", "--tmpfs", "/run", "--tmpfs", "/run/lock", "--tmpfs", "/tmp", "--network", "none"],
];

async function docker(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await execa("docker", args, { reject: false, timeout: 300_000 });
  if (exitCode !== 0) throw new Error(`docker ${args.join(" ")}: ${stderr}${stdout}`);
  return stdout;
}

const asRoot = (command: string) => docker("exec", name, "sh", "-c", command);

/** Runs a command as a person in their own session; the exit code is the last line. */
async function asBob(command: string): Promise<{ exitCode: number; text: string }> {
  const shell = `export XDG_RUNTIME_DIR=/run/user/$(id -u) AEDEV_PORT=0 NO_COLOR=1 PATH=${root}/bin:$PATH; { ${command}; } 2>&1; echo $?`;
  const lines = (await docker("exec", name, "su", "-", "bob", "-c", shell)).trimEnd().split("\n");
  return { exitCode: Number(lines.pop()), text: lines.join("\n") };
}

async function aedev<T>(command: string): Promise<T> {
  const { text } = await asBob(`aedev ${command} --json 2>/dev/null`);
  return JSON.parse(text) as T;
}

interface DaemonAnswer {
  readonly running: boolean;
  readonly pid: number | null;
}

/** The daemon's new process, once one other than `before` answers. */
async function otherThan(before: number | null): Promise<number> {
  for (;;) {
    const { running, pid } = await aedev<DaemonAnswer>("daemon status");
    if (running && pid !== null && pid !== before) return pid;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function booted(): Promise<void> {
  for (;;) {
    const { stdout } = await execa("docker", ["exec", name, "systemctl", "is-system-running"], { reject: false });
    if (/^(running|degraded)$/.test(stdout.trim())) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

beforeAll(async () => {
  const tag = await imageWith("systemd", packages);
  if (tag === null) throw new Error("the image with systemd can't be made: Debian's packages don't answer");
  await docker(
    "run",
    "--detach",
    "--name",
    name,
    ...bootable,
    "--volume",
    `${root}:${root}:ro`,
    "--user",
    "root",
    "--entrypoint",
    "/sbin/init",
    tag,
  );
  await booted();
  await asRoot("useradd --create-home bob");
});
afterAll(async () => {
  await execa("docker", ["rm", "--force", "--volumes", name], { reject: false });
});

describe("the service under systemd", () => {
  it("is refused without a manager of the user, and says how the machine gets one", async () => {
    expect((await asBob("aedev init --yes")).exitCode).toBe(0);
    const refused = await asBob(
      "XDG_RUNTIME_DIR=/nonexistent DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent aedev service install",
    );
    expect(refused).toMatchObject({ exitCode: 1, text: expect.stringContaining("sudo loginctl enable-linger bob") });
    expect(await asBob("aedev service status")).toMatchObject({
      exitCode: 3,
      text: expect.stringContaining("aedev service install"),
    });
  });

  it("takes over a daemon that was started by hand, and says how to start it with the machine", async () => {
    await asRoot("loginctl enable-linger bob");
    await booted();
    const { pid: byHand } = await aedev<DaemonAnswer>("daemon start");
    const installed = await aedev<DaemonAnswer & { starts_at_boot: boolean }>("service install");
    expect(installed).toMatchObject({ starts_at_boot: true });
    expect(installed.pid).not.toBe(byHand);
    expect(await aedev("service status")).toMatchObject({ installed: true, running: true, restarts: 0, current: true });
  });

  it("restarts a killed daemon, and one whose loop hangs", async () => {
    const first = await otherThan(null);
    await asRoot(`kill -KILL ${first}`);
    const second = await otherThan(first);
    // The unit's minute is for real machines; it decides how often the loop reports.
    await asBob(
      "mkdir -p ~/.config/systemd/user/aedev.service.d && printf '[Service]\\nWatchdogSec=4\\n' > ~/.config/systemd/user/aedev.service.d/fast.conf && systemctl --user daemon-reload && aedev daemon stop && aedev daemon start",
    );
    const third = await otherThan(second);
    // While alive, it outlasts its limit several times.
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    expect((await aedev<DaemonAnswer>("daemon status")).pid).toBe(third);
    await asRoot(`kill -STOP ${third}`);
    expect(await otherThan(third)).not.toBe(third);
    const { restarts } = await aedev<{ restarts: number }>("service status");
    expect(restarts).toBeGreaterThanOrEqual(1);
    expect(await asBob("aedev events verify")).toMatchObject({ exitCode: 0 });
  });

  it("is stopped by daemon stop, stays stopped, and refuses a second daemon while it runs", async () => {
    expect((await asBob("aedev daemon stop")).exitCode).toBe(0);
    expect((await asBob("systemctl --user is-active aedev.service")).text).toBe("inactive");
    expect(await asBob("aedev service status")).toMatchObject({ exitCode: 3 });
    const { pid } = await aedev<DaemonAnswer>("daemon start");
    expect((await aedev<DaemonAnswer>("daemon start")).pid).toBe(pid);
    expect((await asBob("systemctl --user show --property=MainPID aedev.service")).text).toBe(`MainPID=${pid}`);
  });

  it("runs again after a reboot of the machine", async () => {
    await docker("restart", name);
    await booted();
    await otherThan(null);
    expect(await aedev("service status")).toMatchObject({ running: true, starts_at_boot: true });
  });

  it("leaves nothing when it is removed", async () => {
    await asBob("rm -r ~/.config/systemd/user/aedev.service.d");
    const { pid } = await aedev<DaemonAnswer>("daemon status");
    expect((await asBob("aedev service uninstall")).exitCode).toBe(0);
    expect((await asBob("find ~/.config -name 'aedev*'")).text).toBe("");
    expect((await asBob("systemctl --user list-unit-files 'aedev*' --no-legend")).text).toBe("");
    expect((await asRoot(`test -e /proc/${pid} && echo there || echo gone`)).trim()).toBe("gone");
    expect((await asBob("aedev daemon status")).exitCode).toBe(3);
    expect(await asBob("aedev service uninstall")).toMatchObject({ exitCode: 0, text: "no service was installed" });
  });
});
