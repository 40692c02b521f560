/** Every verb's error paths through the real program: an exit code, what is wrong and the command that helps, and never a stack trace. Reads answer with the daemon down. */
import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { verbNames } from "../packages/cli/src/line/verb-table.ts";
import { type CommandResult, Laboratory, registerSmallProject } from "./support/laboratory.ts";

const atOnce = 4;
const plainLengthMax = 320;
const criterion = ["--criterion", "a new test shows it"];

/** What a verb needs behind its name, with ids that are nobody's. */
const unknown: Record<string, readonly string[]> = {
  "repo add": ["/nonexistent/repository", "--name", "other"],
  "repo show": ["nobody"],
  "secrets set": ["AEDEV_NOBODYS_KEY"],
  intake: ["Do it", "--repo", "nobody", ...criterion],
  "mission show": ["m-nobody"],
  "mission approve": ["m-nobody"],
  "mission reject": ["m-nobody"],
  "mission cancel": ["m-nobody"],
  "mission wait": ["m-nobody"],
  "task show": ["t-nobody"],
  "task logs": ["t-nobody"],
  "task approve": ["t-nobody"],
  "task reject": ["t-nobody"],
  "task retry": ["t-nobody"],
  "task cancel": ["t-nobody"],
  "task replay": ["t-nobody"],
  "hold show": ["h-nobody"],
  "hold release": ["h-nobody"],
  "evidence show": ["t-nobody"],
  "risk explain": ["t-nobody"],
};
/** Verbs that change something through the daemon. */
const changing = Object.keys(unknown).filter((verb) =>
  /^(repo add|intake|mission (approve|reject|cancel|wait)|task (approve|reject|retry|cancel)|hold release)$/.test(verb),
);
const reads = [
  "repo list",
  "mission list",
  "task list",
  "hold list",
  "status",
  "events",
  "events verify",
  "policy check",
];

// Hundreds of processes, each a tenth of a second on an idle machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let laboratory: Laboratory;
let missionId = "";

beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  missionId = (await laboratory.must("intake", "Add half()", "--repo", "small", ...criterion, "--json")).json<{
    mission_id: string;
  }>().mission_id;
});
afterAll(() => laboratory[Symbol.asyncDispose]());

interface Expected {
  readonly exitCode: number;
  readonly says?: RegExp;
}

/** Runs the lines, a few at a time, and expects of each the exit code, a reason and a help line. */
async function allRefused(lines: readonly (readonly string[])[], expected: Expected): Promise<void> {
  const queue = [...lines];
  const worker = async () => {
    for (let line = queue.shift(); line !== undefined; line = queue.shift())
      isRefusal(line, await laboratory.run(...line), expected);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function isRefusal(line: readonly string[], { exitCode, stdout, stderr }: CommandResult, expected: Expected): void {
  const said = { line: line.join(" "), exitCode, stderr };
  expect(said).toEqual({ ...said, exitCode: expected.exitCode });
  expect(stderr, said.line).toMatch(/^aedev: \S.*\n {2}help: \S/s);
  if (expected.says !== undefined) expect(stderr, said.line).toMatch(expected.says);
  hasNoStack(said.line, stdout + stderr);
}

function hasNoStack(line: string, text: string): void {
  expect({
    line,
    found: /^\s+at \S+ ?\(|node:internal|\.ts:\d+|ZodError|\[object Object\]|undefined|SqliteError/m.exec(text)?.[0],
  }).toEqual({ line });
}

const wordsOf = (verb: string) => verb.split(" ");

describe("wrong usage", () => {
  it("of every verb exits 2: a missing argument, one too many, an unknown option, an option without its value", async () => {
    const needing = Object.keys(unknown).map(wordsOf);
    const surplus = verbNames.map((verb) => [...wordsOf(verb), ...(unknown[verb] ?? []), "surplus"]);
    const options = verbNames.map((verb) => [...wordsOf(verb), ...(unknown[verb] ?? []), "--frobnicate"]);
    const home = verbNames.slice(0, 5).map((verb) => [...wordsOf(verb), ...(unknown[verb] ?? []), "--home"]);
    await allRefused([...needing, ...surplus, ...options, ...home], { exitCode: 2 });
  });

  it("of the program exits 2: a verb or a group member that is not there, a group alone", async () => {
    const groups = ["daemon", "repo", "secrets", "mission", "task", "hold", "evidence", "risk", "policy"];
    await allRefused([["frobnicate"], ["mission", "frobnicate"], ["--frobnicate"], ...groups.map((group) => [group])], {
      exitCode: 2,
    });
  });

  it("of an option's value exits 1 or 2 naming the option", async () => {
    const lines: [string[], RegExp][] = [
      [["mission", "wait", missionId, "--timeout", "soon"], /--timeout/],
      [["mission", "wait", missionId, "--timeout", "-5s"], /--timeout/],
      [["events", "--limit", "many"], /--limit/],
      [["events", "--limit", "-1"], /--limit/],
      [["repo", "add", laboratory.folder, "--name", "../x"], /name/],
      [["repo", "add", join(laboratory.folder, "small.git"), "--name", "small", "--profile", "reckless"], /profile/],
      [["intake", "Do it", "--repo", "small"], /--criterion/],
      [["intake", "Do it", "--repo", "small", "--criterion", "short"], /12 characters/],
      [["intake", "", "--repo", "small", ...criterion], /text/],
      [["secrets", "set", "AEDEV_OPENAI_API_KEY"], /standard input/],
      [["policy", "check", "--policy", "/nonexistent.yaml"], /nonexistent\.yaml/],
      [["events", "verify", "--checkpoint", "/nonexistent.json"], /not whole|nonexistent\.json/],
    ];
    for (const [line, says] of lines) {
      const answer = await laboratory.run(...line);
      expect([1, 2], line.join(" ")).toContain(answer.exitCode);
      isRefusal(line, answer, { exitCode: answer.exitCode, says });
    }
    expect((await laboratory.mission(missionId)).status).toBe("awaiting_approval");
  });

  it("never happens to --help, which shows an example of every verb", async () => {
    const queue = [...verbNames];
    const worker = async () => {
      for (let verb = queue.shift(); verb !== undefined; verb = queue.shift()) {
        const { exitCode, stdout } = await laboratory.run(...wordsOf(verb), "--help");
        expect({ verb, exitCode }).toEqual({ verb, exitCode: 0 });
        expect(stdout, verb).toMatch(new RegExp(`Examples:\\n {2}\\$ .*aedev .*${wordsOf(verb)[0]}`));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  });
});

describe("an id that is nobody's", () => {
  it("exits 1 naming it, with the daemon up; the same verb finds what is there", async () => {
    const lines = Object.entries(unknown).map(([verb, rest]) => [...wordsOf(verb), ...rest]);
    await allRefused(lines, { exitCode: 1 });
    for (const id of ["constructor", "__proto__", "m-1/../../tasks", ""])
      await allRefused(
        [
          ["mission", "show", id],
          ["mission", "approve", id],
          ["repo", "show", id],
        ],
        { exitCode: 1 },
      );
    expect((await laboratory.run("mission", "show", missionId)).exitCode).toBe(0);
    expect((await laboratory.run("repo", "show", "small")).exitCode).toBe(0);
  });

  it("is one JSON document with --json, also where the verb is refused", async () => {
    for (const [verb, rest] of Object.entries(unknown)) {
      const answer = await laboratory.run(...wordsOf(verb), ...rest, "--json");
      expect(answer.json()).toMatchObject({ error: { reason: expect.any(String) } });
    }
  });
});

describe("reads", () => {
  it("print exactly one JSON document each", async () => {
    for (const verb of [...reads, "daemon status", "repo show small", `mission show ${missionId}`, "doctor"]) {
      const answer = await laboratory.run(...wordsOf(verb), "--json");
      expect(answer.json(), verb).toEqual(expect.any(Object));
      hasNoStack(verb, answer.stderr);
    }
  });
});

describe("a token that is not the daemon's", () => {
  it("exits 1 and says so; the right one is taken again", async () => {
    const path = join(laboratory.home, "token");
    const right = readFileSync(path, "utf8");
    for (const [token, says] of [
      [`${"0".repeat(64)}\n`, /does not accept the home's token/],
      ["not a token\n", /does not hold a token/],
      ["", /does not hold a token/],
    ] as const) {
      writeFileSync(path, token);
      await allRefused([["mission", "approve", missionId]], { exitCode: 1, says });
    }
    writeFileSync(path, right);
    expect((await laboratory.run("mission", "show", missionId)).exitCode).toBe(0);
    await allRefused([["mission", "approve", missionId, "--digest", "0".repeat(64)]], {
      exitCode: 1,
      says: /digest|specification/,
    });
  });
});

describe("status --plain", () => {
  it("has at most 320 characters in every state", async () => {
    const plain = async (...args: string[]) => {
      const { stdout, stderr, exitCode } = await laboratory.run("status", "--plain", ...args);
      expect(`${stdout}${stderr}`.length, `${stdout}${stderr}`).toBeLessThanOrEqual(plainLengthMax);
      expect(`${stdout}${stderr}`).not.toBe("");
      return { stdout, exitCode };
    };
    expect(await plain()).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^aedev running: 1 awaiting_approval/),
    });
    await laboratory.must("intake", `An emoji 👩‍👩‍👧 ${"long ".repeat(60)}`, "--repo", "small", ...criterion);
    const more = Array.from({ length: 40 }, (_, index) => `Mission ${index} ${"word ".repeat(index)}`);
    const queue = [...more];
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let text = queue.shift(); text !== undefined; text = queue.shift())
          await laboratory.must("intake", text, "--repo", "small", ...criterion);
      }),
    );
    expect((await plain()).stdout).toMatch(/^aedev running: 42 awaiting_approval[\s\S]*\+\d+ more$/);
    expect((await plain("--home", join(laboratory.folder, "nowhere"))).exitCode).toBe(1);
    const board = await fetch(`http://127.0.0.1:${portOf()}/status-board`);
    expect(Buffer.byteLength(await board.text())).toBeLessThanOrEqual(25 * 1024);
  });
});

function portOf(): number {
  return (JSON.parse(readFileSync(join(laboratory.home, "run/daemon.json"), "utf8")) as { port: number }).port;
}

describe("the daemon", () => {
  it("of a home is not asked about a copy of that home", async () => {
    const copy = join(laboratory.folder, "copy");
    cpSync(laboratory.home, copy, { recursive: true });
    expect((await laboratory.run("daemon", "status", "--home", copy)).exitCode).toBe(3);
    await allRefused([["mission", "approve", missionId, "--home", copy]], { exitCode: 3 });
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
    const planes = readFileSync(`/proc/${daemon}/task/${daemon}/children`, "utf8").trim().split(" ").map(Number);
    expect(planes.length).toBeGreaterThanOrEqual(2);
    await laboratory.must("daemon", "stop");
    for (const pid of [daemon, ...planes]) expect(existsSync(`/proc/${pid}`), String(pid)).toBe(false);
    const events = (await laboratory.must("events", "export")).stdout.split("\n");
    const head = JSON.parse(readFileSync(join(laboratory.home, "head.json"), "utf8")) as { position: number };
    expect(head.position).toBe(events.length);
    expect((await laboratory.must("events", "verify")).stdout).toBe("the log is whole");
    expect((await laboratory.run("daemon", "status")).exitCode).toBe(3);
    expect((await laboratory.run("daemon", "stop")).exitCode).toBe(0);
  });

  it("being down, changing verbs exit 3 and reads answer", async () => {
    const lines = changing.map((verb) => [...wordsOf(verb), ...(unknown[verb] ?? [])]);
    await allRefused([...lines, ["events", "--follow"]], { exitCode: 3, says: /aedev daemon start/ });
    for (const verb of [...reads, "repo show small", `mission show ${missionId}`, "events export", "events rebuild"])
      expect([verb, (await laboratory.run(...wordsOf(verb))).exitCode]).toEqual([verb, 0]);
    const plain = (await laboratory.must("status", "--plain")).stdout;
    expect(plain).toMatch(/^aedev down: 42 awaiting_approval/);
    expect(plain.length).toBeLessThanOrEqual(plainLengthMax);
    const ids = Object.entries(unknown).filter(([verb]) => !changing.includes(verb));
    await allRefused(
      ids.map(([verb, rest]) => [...wordsOf(verb), ...rest]),
      { exitCode: 1 },
    );
  });

  it("refuses to start with an unknown key or a bad value in a config, naming it; without it, starts", async () => {
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
      await allRefused([["daemon", "start"]], { exitCode: 1, says: names });
      if (file === "policies.yaml") await allRefused([["policy", "check"]], { exitCode: 1, says: names });
      const copy = join(laboratory.folder, "overlay.yaml");
      writeFileSync(copy, text);
      if (file === "policies.yaml")
        await allRefused([["policy", "check", "--policy", copy]], { exitCode: 1, says: names });
      expect((await laboratory.run("status", "--plain")).exitCode).toBe(0);
      writeFileSync(path, before);
    }
    for (const [name, value] of [
      ["AEDEV_PORT", "many"],
      ["AEDEV_OPENAI_BASE_URL", "ftp://x"],
    ] as const) {
      const before = laboratory.environment[name];
      laboratory.environment[name] = value;
      await allRefused([["daemon", "start"]], { exitCode: 1, says: new RegExp(name) });
      laboratory.environment[name] = before;
    }
    expect((await laboratory.run("policy", "check")).exitCode).toBe(0);
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    laboratory.environment["AEDEV_PORT"] = String(port);
    await allRefused([["daemon", "start"]], { exitCode: 1, says: new RegExp(`port ${port}.*AEDEV_PORT`, "s") });
    taken.close();
    laboratory.environment["AEDEV_PORT"] = "0";
    await laboratory.must("daemon", "start");
    await laboratory.must("daemon", "stop");
  });
});

describe("a home that can't be used", () => {
  it("is named by every verb, with what helps", async () => {
    const file = join(laboratory.folder, "a-file");
    writeFileSync(file, "");
    for (const home of [file, join(file, "below"), join(laboratory.folder, "nowhere")]) {
      const lines = verbNames
        .filter((verb) => !["init", "doctor", "demo", "policy check", "task replay"].includes(verb))
        .map((verb) => [...wordsOf(verb), ...(unknown[verb] ?? []), "--home", home]);
      await allRefused(lines, { exitCode: 1 });
    }
    await allRefused([["init", "--yes", "--home", file]], { exitCode: 1 });
  });

  it("whose parts are damaged is refused without a stack", async () => {
    const damaged = (name: string, change: (home: string) => void) => {
      const home = join(laboratory.folder, name);
      cpSync(laboratory.home, home, { recursive: true });
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
        await allRefused([[...wordsOf(verb), "--home", home]], { exitCode: 1 });
    const open = damaged("open-secrets", (home) => chmodSync(join(home, "secrets/control.env"), 0o644));
    await allRefused([["daemon", "start", "--home", open]], { exitCode: 1, says: /chmod 600/ });
    const stale = damaged("stale-record", (home) => writeFileSync(join(home, "run/daemon.json"), "{}"));
    await allRefused([["mission", "approve", missionId, "--home", stale]], { exitCode: 1, says: /daemon\.json/ });
  });
});

describe("init and doctor", () => {
  const hashes = (home: string) =>
    [...laboratory.filesOfHome(home)]
      .map(({ path, bytes }) => `${path} ${createHash("sha256").update(bytes, "latin1").digest("hex")}`)
      .toSorted();

  it("makes a home without Docker, keys or network, and run again changes nothing", async () => {
    const home = join(laboratory.folder, "fresh/deep/home");
    const before = laboratory.environment;
    laboratory.environment = { PATH: process.env["PATH"], HOME: laboratory.folder, DOCKER_HOST: before["DOCKER_HOST"] };
    try {
      const made = await laboratory.must("init", "--yes", "--home", home, "--json");
      expect(made.json()).toMatchObject({ home });
      const first = hashes(home);
      expect(first.length).toBeGreaterThan(5);
      expect((await laboratory.must("init", "--yes", "--home", home)).stdout).toContain("nothing to do");
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
    // The keys of the laboratory's environment are found; its value is shown nowhere.
    const found = await laboratory.run("doctor", "--home", home);
    expect(found.stdout).toMatch(/ok +openai key: /);
    expect(found.stdout).not.toContain("laboratory-");
  });
});
