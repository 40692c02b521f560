/** The texts for the machine's supervisors: the systemd unit and the launchd agent of a home. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeFlags } from "@aedev/host/node-flags";
import { describe, expect, it } from "vitest";
import { smallProcessFlags } from "../../src/planes/small-process.ts";
import { launchdAgent } from "../../src/supervisor/launchd-agent.ts";
import { servicePlan, supervisedFlag } from "../../src/supervisor/service-plan.ts";
import { systemdUnit } from "../../src/supervisor/systemd-unit.ts";

const caller = {
  HOME: "/home/bob",
  PATH: "/usr/bin:/bin",
  AEDEV_PORT: "7300",
  AEDEV_OPENAI_API_KEY: "sk-proj-a-secret",
  AEDEV_CLAUDE_OAUTH_TOKEN: "sk-ant-oat01-a-secret",
  SSH_AUTH_SOCK: "/tmp/ssh-1/agent",
  HTTPS_PROXY: "http://user:password@proxy",
};
const plan = servicePlan({ home: "/home/bob/.aedev", environment: caller }, "/opt/aedev/node");

describe("the plan of a service", () => {
  it("the service runs the daemon's entry with the given Node, for this home, as a supervised process", () => {
    expect(plan.command[0]).toBe("/opt/aedev/node");
    expect(plan.command.slice(-3)).toEqual([
      expect.stringMatching(/packages\/daemon\/src\/main\.ts$/),
      "/home/bob/.aedev",
      supervisedFlag,
    ]);
  });

  it("the service, the planes and bin/aedev run Node without protection keys, with which V8 loses pages of WebAssembly", () => {
    const started = readFileSync(join(import.meta.dirname, "../../../../bin/aedev"), "utf8");
    expect(nodeFlags).toEqual(["--no-memory-protection-keys"]);
    for (const flag of nodeFlags) {
      expect(plan.command).toContain(flag);
      expect(smallProcessFlags).toContain(flag);
      expect(started).toMatch(new RegExp(`^exec "\\$node" .*${flag} `, "mu"));
    }
  });

  it("the service keeps settings of the caller, but no secrets, no proxies and not the ssh agent's address", () => {
    expect(plan.environment).toEqual({ HOME: "/home/bob", PATH: "/usr/bin:/bin", AEDEV_PORT: "7300" });
    for (const text of [systemdUnit(plan, { growingPauses: true }), launchdAgent(plan)]) {
      expect(text).toContain("AEDEV_PORT");
      expect(text).not.toMatch(/secret|password|agent\b.*sock|API_KEY|OAUTH/i);
    }
  });

  it("the service of another home is named after that home", () => {
    const other = servicePlan({ home: "/home/bob/second", environment: caller });
    const third = servicePlan({ home: "/home/bob/third", environment: caller });
    expect([plan.name, other.name]).toEqual(["aedev", expect.stringMatching(/^aedev-[0-9a-f]{8}$/)]);
    expect(third.name).not.toBe(other.name);
  });
});

describe("the systemd unit", () => {
  it("the systemd unit is ready when the daemon says so, watched, restarted with a limit, and stopped in order", () => {
    const lines = systemdUnit(plan, { growingPauses: false }).split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "Type=notify",
        "NotifyAccess=all",
        "WatchdogSec=60",
        "Restart=on-failure",
        "RestartSec=2",
        "StartLimitIntervalSec=600",
        "StartLimitBurst=20",
        "KillMode=mixed",
        "StandardError=append:/home/bob/.aedev/logs/daemon.log",
        'Environment="PATH=/usr/bin:/bin"',
        "WantedBy=default.target",
      ]),
    );
    expect(lines.filter((line) => /^RestartSteps|^RestartMaxDelaySec/.test(line))).toEqual([]);
  });

  it("the systemd unit waits longer with each failure if systemd can", () => {
    const lines = systemdUnit(plan, { growingPauses: true }).split("\n");
    expect(lines).toEqual(expect.arrayContaining(["RestartSteps=8", "RestartMaxDelaySec=300"]));
  });

  it("the systemd unit keeps a path in one word, whatever is in it, and takes no control character", () => {
    const home = '/home/a b/50%/"q"/$HOME';
    const text = systemdUnit(
      { ...plan, home, command: ["/node", home], environment: { AEDEV_PORT: "$1" } },
      { growingPauses: false },
    );
    expect(text).toContain('ExecStart="/node" "/home/a b/50%%/\\"q\\"/$$HOME"\n');
    expect(text).toContain('Environment="AEDEV_PORT=$1"\n');
    const evil = { ...plan, environment: { PATH: "/bin\nExecStartPre=/bin/evil" } };
    expect(() => systemdUnit(evil, { growingPauses: false })).toThrow(/control character/);
  });
});

describe("the launchd agent", () => {
  it("the launchd agent runs at login and again after anything but an orderly end, with every text escaped", () => {
    const text = launchdAgent({ ...plan, environment: { PATH: "/a&b:<c>" } });
    expect(text).toContain("<string>/a&amp;b:&lt;c&gt;</string>");
    expect(text).toMatch(/<key>RunAtLoad<\/key>\n\s*<true\/>/);
    expect(text).toMatch(/<key>KeepAlive<\/key>\n\s*<dict>\n\s*<key>SuccessfulExit<\/key>\n\s*<false\/>/);
    expect(text).toContain("<string>org.aedev.aedev</string>");
    const opened = [...text.matchAll(/<(\w+)>/g)].map(([, name]) => name).toSorted();
    expect([...text.matchAll(/<\/(\w+)>/g)].map(([, name]) => name).toSorted()).toEqual(
      opened
        .filter((name) => name !== "plist")
        .concat("plist")
        .toSorted(),
    );
    expect(() => launchdAgent({ ...plan, home: "/h", logPath: "/h\n" })).toThrow(/control character/);
  });
});
