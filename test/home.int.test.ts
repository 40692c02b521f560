/** A home by command line: its daemon up, down, started twice and misconfigured; damaged homes; init and doctor. */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { verbNames } from "../packages/cli/src/verb-table.ts";
import { copyHome } from "./support/copy-home.ts";
import type { Laboratory } from "./support/laboratory.ts";
import { changing, expectRefusals, openWaitingHome, reads, unknown, wordsOf } from "./support/refusals.ts";

// Hundreds of processes, each taking a tenth of a second on an idle machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let laboratory: Laboratory;
let missionId = "";

beforeAll(async () => {
  ({ laboratory, missionId } = await openWaitingHome());
});
afterAll(() => laboratory[Symbol.asyncDispose]());

function portOf(): number {
  return (JSON.parse(readFileSync(join(laboratory.home, "run/daemon.json"), "utf8")) as { port: number }).port;
}

describe("a home's daemon", () => {
  it("is not asked by commands about a copy of that home", async () => {
    const copy = join(laboratory.folder, "copy");
    copyHome(laboratory.home, copy);
    expect((await laboratory.run("daemon", "status", "--home", copy)).exitCode).toBe(3);
    await expectRefusals(laboratory, [["mission", "approve", missionId, "--home", copy]], { exitCode: 3 });
    expect((await laboratory.run("daemon", "status")).exitCode).toBe(0);
  });

  it("is started once: a second start leaves the running one alone", async () => {
    const pid = laboratory.daemonPid();
    const again = await laboratory.must("daemon", "start", "--json");
    expect(again.json()).toMatchObject({ running: true, pid, port: portOf() });
    expect(laboratory.daemonPid()).toBe(pid);
  });

  it("ends with its two planes at stop, with the head signed", async () => {
    const daemon = laboratory.daemonPid();
    const children = readFileSync(`/proc/${daemon}/task/${daemon}/children`, "utf8").trim().split(" ").map(Number);
    // The small process that starts git for the daemon ends once it notices that the daemon has ended.
    const isStarter = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("git-starter-process");
    const { starters = [], planes = [] } = Object.groupBy(children, (pid) => (isStarter(pid) ? "starters" : "planes"));
    expect(planes).toHaveLength(2);
    await laboratory.must("daemon", "stop");
    const isThere = (pid: number) => existsSync(`/proc/${pid}`);
    expect([daemon, ...planes].filter(isThere)).toEqual([]);
    await expect.poll(() => starters.filter(isThere)).toEqual([]);
    const events = (await laboratory.must("events", "export")).stdout.split("\n");
    const head = JSON.parse(readFileSync(join(laboratory.home, "head.json"), "utf8")) as { position: number };
    expect(head.position).toBe(events.length);
    expect((await laboratory.must("events", "verify")).stdout).toBe("the log is whole");
    expect((await laboratory.run("daemon", "status")).exitCode).toBe(3);
    expect((await laboratory.run("daemon", "stop")).exitCode).toBe(0);
  });

  it("a daemon that is down makes changing verbs exit 3, while reads still answer", async () => {
    const lines = changing.map((verb) => [...wordsOf(verb), ...(unknown[verb] ?? [])]);
    await expectRefusals(laboratory, [...lines, ["events", "--follow"]], { exitCode: 3, says: /aedev daemon start/ });
    for (const verb of [...reads, "repo show small", `mission show ${missionId}`, "events export", "events rebuild"])
      expect([verb, (await laboratory.run(...wordsOf(verb))).exitCode]).toEqual([verb, 0]);
    expect((await laboratory.must("status", "--plain")).stdout).toMatch(/^aedev down: 1 awaiting your approval/);
    const ids = Object.entries(unknown).filter(([verb]) => !changing.includes(verb));
    await expectRefusals(
      laboratory,
      ids.map(([verb, rest]) => [...wordsOf(verb), ...rest]),
      { exitCode: 1 },
    );
  });

  it("refuses to start with an unknown key or a bad value in a config, naming it; without that, it starts", async () => {
    const broken: [string, string, RegExp][] = [
      ["config.yaml", "system: { colour: blue }\n", /system\.?.*colour/],
      ["config.yaml", "shape: round\n", /shape/],
      ["config.yaml", "limits: { run_timeout: soon }\n", /limits\.run_timeout/],
      ["config.yaml", "system: [\n", /config\.yaml/],
      ["policies.yaml", "risk: { colour: blue }\n", /risk\.?.*colour/],
      ["policies.yaml", "shape: round\n", /shape/],
      ["policies.yaml", "judges: { timeout: soon }\n", /judges\.timeout/],
    ];
    for (const [file, text, names] of broken) {
      const path = join(laboratory.home, file);
      const before = readFileSync(path, "utf8");
      writeFileSync(path, text);
      await expectRefusals(laboratory, [["daemon", "start"]], { exitCode: 1, says: names });
      if (file === "policies.yaml")
        await expectRefusals(laboratory, [["policy", "check"]], { exitCode: 1, says: names });
      const copy = join(laboratory.folder, "overlay.yaml");
      writeFileSync(copy, text);
      if (file === "policies.yaml")
        await expectRefusals(laboratory, [["policy", "check", "--policy", copy]], { exitCode: 1, says: names });
      expect((await laboratory.run("status", "--plain")).exitCode).toBe(0);
      writeFileSync(path, before);
    }
    for (const [name, value] of [
      ["AEDEV_PORT", "many"],
      ["AEDEV_OPENAI_BASE_URL", "ftp://x"],
    ] as const) {
      const before = laboratory.environment[name];
      laboratory.environment[name] = value;
      await expectRefusals(laboratory, [["daemon", "start"]], { exitCode: 1, says: new RegExp(name) });
      laboratory.environment[name] = before;
    }
    expect((await laboratory.run("policy", "check")).exitCode).toBe(0);
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    laboratory.environment["AEDEV_PORT"] = String(port);
    await expectRefusals(laboratory, [["daemon", "start"]], {
      exitCode: 1,
      says: new RegExp(`port ${port}.*AEDEV_PORT`, "s"),
    });
    taken.close();
    laboratory.environment["AEDEV_PORT"] = "0";
    await laboratory.must("daemon", "start");
    await laboratory.must("daemon", "stop");
  });
});

describe("a home that can't be used", () => {
  it("is reported by every verb, with the command that helps", async () => {
    const file = join(laboratory.folder, "a-file");
    writeFileSync(file, "");
    const needing = verbNames.filter(
      (verb) =>
        ![
          ...["init", "doctor", "demo", "policy check", "policy diff", "policy test", "completion", "restore"],
          ...["setup", "upgrade", "mcp"],
        ].includes(verb),
    );
    const lines = (home: string, verbs: readonly string[]) =>
      verbs.map((verb) => [
        ...wordsOf(verb),
        ...({ ...unknown, "operator add": ["anna"], "budget raise": ["limits.day_usd", "1"], "memory search": ["x"] }[
          verb
        ] ?? []),
        "--home",
        home,
      ]);
    await expectRefusals(laboratory, lines(join(laboratory.folder, "nowhere"), needing), {
      exitCode: 1,
      says: /aedev init/,
    });
    for (const home of [file, join(file, "below")])
      await expectRefusals(laboratory, lines(home, ["status", "mission approve", "events verify", "daemon start"]), {
        exitCode: 1,
      });
    await expectRefusals(laboratory, [["init", "--yes", "--home", file]], { exitCode: 1 });
  });

  it("is refused without a stack trace if parts of it are damaged", async () => {
    const damaged = (name: string, change: (home: string) => void) => {
      const home = join(laboratory.folder, name);
      copyHome(laboratory.home, home);
      change(home);
      return home;
    };
    const homes = [
      damaged("no-log", (home) => renameSync(join(home, "aedev.db"), join(home, "elsewhere"))),
      damaged("bad-log", (home) => writeFileSync(join(home, "aedev.db"), "this is not a database ".repeat(1000))),
      damaged("folder-as-log", (home) => {
        renameSync(join(home, "aedev.db"), join(home, "elsewhere"));
        mkdirSync(join(home, "aedev.db"));
      }),
    ];
    for (const home of homes)
      for (const verb of ["status", "mission list", "events export", "events verify", "events rebuild", "daemon start"])
        await expectRefusals(laboratory, [[...wordsOf(verb), "--home", home]], { exitCode: 1 });
    const open = damaged("open-secrets", (home) => chmodSync(join(home, "secrets/control.env"), 0o644));
    await expectRefusals(laboratory, [["daemon", "start", "--home", open]], { exitCode: 1, says: /chmod 600/ });
    const stale = damaged("stale-record", (home) => writeFileSync(join(home, "run/daemon.json"), "{}"));
    await expectRefusals(laboratory, [["mission", "approve", missionId, "--home", stale]], {
      exitCode: 1,
      says: /daemon\.json/,
    });
  });
});

describe("init and doctor", () => {
  const hashes = (home: string) =>
    [...laboratory.filesOfHome(home)]
      .map(({ path, bytes }) => `${path} ${createHash("sha256").update(bytes, "latin1").digest("hex")}`)
      .toSorted();

  it("make a home without Docker, keys or network; run again, they change nothing", async () => {
    const home = join(laboratory.folder, "fresh/deep/home");
    const before = laboratory.environment;
    laboratory.environment = { PATH: process.env["PATH"], HOME: laboratory.folder, DOCKER_HOST: before["DOCKER_HOST"] };
    try {
      const made = await laboratory.must("init", "--yes", "--home", home, "--json");
      expect(made.json()).toMatchObject({ home });
      const first = hashes(home);
      expect(first.length).toBeGreaterThan(5);
      expect((await laboratory.must("init", "--yes", "--home", home)).stdout).toContain("nothing was changed");
      expect(hashes(home)).toEqual(first);
      expect((await laboratory.must("status", "--plain", "--home", home)).stdout).toBe("aedev down: no missions");

      const doctor = await laboratory.run("doctor", "--home", home);
      expect(doctor.exitCode).toBe(1);
      for (const name of ["docker", "runner image", "claude credential", "openai key", "gemini key"])
        expect(doctor.stdout).toMatch(new RegExp(`MISSING +${name}: .*\\n +help: \\S`));
      for (const name of ["home", "configuration", "policy", "git", "disk"])
        expect(doctor.stdout).toMatch(new RegExp(`ok +${name}: `));
      expect(doctor.stderr).toContain("missing: docker, runner image, claude credential, openai key, gemini key");
      laboratory.environment["DOCKER_HOST"] = "nonsense";
      expect((await laboratory.run("doctor", "--home", home)).stdout).toMatch(/MISSING +docker: nonsense/);
      const none = await laboratory.run("doctor", "--home", join(laboratory.folder, "nowhere"), "--json");
      expect(none.exitCode).toBe(1);
      expect(none.json<{ checks: { name: string; ok: boolean }[] }>().checks).toContainEqual(
        expect.objectContaining({ name: "home", ok: false }),
      );
    } finally {
      laboratory.environment = before;
    }
    // The keys in the laboratory's environment are found, but their values are shown nowhere.
    const found = await laboratory.run("doctor", "--home", home);
    expect(found.stdout).toMatch(/ok +openai key: /);
    expect(found.stdout).not.toContain("laboratory-");
  });
});
