/** Another account of the machine attacks a home, its daemon and its command line (SECURITY T35). Needs root; each refusal is next to a right request. */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { apiOf, sendTo } from "./support/api.ts";
import { copyHome } from "./support/copy-home.ts";
import { isNight } from "./support/is-night.ts";
import type { CommandResult, Laboratory } from "./support/laboratory.ts";
import { changing, criterion, expectRefusals, openWaitingHome, unknown, wordsOf } from "./support/refusals.ts";
import { canMakeAccounts, makeAccount, type SecondAccount } from "./support/second-account.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });
const program = fileURLToPath(new URL("../bin/aedev", import.meta.url));

let laboratory: Laboratory;
let missionId = "";
beforeAll(async () => {
  ({ laboratory, missionId } = await openWaitingHome());
  // Only the home is private, so that it keeps others out, and not the folder around it.
  chmodSync(laboratory.folder, 0o755);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

/** A copy of the home without sockets, whose daemon is down. */
function copyOf(name: string): string {
  const copy = join(laboratory.folder, name);
  copyHome(laboratory.home, copy);
  return copy;
}

const socketOf = (home: string) => join(home, "run/api.sock");
const approve = () => ["mission", "approve", missionId, "--digest", "0".repeat(64)];

describe("the token of a home", () => {
  it("is new at each start of the daemon, and the old one is refused", async () => {
    const before = apiOf(laboratory.home);
    const ask = async (port: number, token: string) =>
      (await sendTo(port, "/api/status", { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await ask(before.port, before.token)).toBe(200);
    await laboratory.must("daemon", "stop");
    await laboratory.must("daemon", "start");
    const after = apiOf(laboratory.home);
    expect(after.token).toMatch(/^[0-9a-f]{64}$/);
    expect(after.token).not.toBe(before.token);
    expect(await ask(after.port, before.token)).toBe(401);
    expect(await ask(after.port, after.token)).toBe(200);
    expect((await laboratory.run("mission", "wait", missionId, "--timeout", "1s")).exitCode).not.toBe(3);
  });
});

describe("the socket of a home", () => {
  it("is in the home with mode 0600, in a folder of mode 0700, and disappears with the daemon", async () => {
    const { mode } = statSync(socketOf(laboratory.home));
    expect(mode & 0o777).toBe(0o600);
    expect(statSync(dirname(socketOf(laboratory.home))).mode & 0o777).toBe(0o700);
    await laboratory.must("daemon", "stop");
    expect(existsSync(socketOf(laboratory.home))).toBe(false);
    await laboratory.must("daemon", "start");
  });

  it.runIf(isNight)("a killed daemon's socket is replaced at the next start", async () => {
    process.kill(laboratory.daemonPid(), "SIGKILL");
    expect(existsSync(socketOf(laboratory.home))).toBe(true);
    await laboratory.until(async () => (await laboratory.run("daemon", "status")).exitCode === 3);
    await expectRefusals(laboratory, [approve()], { exitCode: 3 });
    await laboratory.must("daemon", "start");
    await expectRefusals(laboratory, [approve()], { exitCode: 1, says: /specification|digest/ });
  });

  it("a home with a long path has its socket in a private folder in /tmp, which must be this user's", async () => {
    const home = join(laboratory.folder, "l".repeat(120));
    await laboratory.must("init", "--yes", "--home", home);
    const { dev, ino, uid } = statSync(home);
    const folder = `/tmp/aedev-${uid}-${dev}-${ino}`;
    const start = () => laboratory.run("daemon", "start", "--home", home);
    try {
      mkdirSync(folder, { mode: 0o755 });
      expect(await start()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(folder) });
      chmodSync(folder, 0o700);
      expect((await start()).exitCode).toBe(0);
      expect((await laboratory.run("repo", "pause", "nobody", "--home", home)).exitCode).toBe(1);
      chmodSync(folder, 0o711);
      expect(await laboratory.run("repo", "pause", "nobody", "--home", home)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining("only this user can enter"),
      });
      chmodSync(folder, 0o700);
    } finally {
      await laboratory.run("daemon", "stop", "--home", home);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("a home that others can read or change", () => {
  const byNight: [name: string, open: number][] = [
    ["", 0o710],
    ["secrets", 0o750],
    ["secrets/execution.env", 0o604],
    ["secrets/judgement.env", 0o620],
    ["keys/head.key", 0o644],
    ["keys/approval.key", 0o602],
    ["aedev.db", 0o644],
    ["head.json", 0o666],
  ];
  it.each<[name: string, open: number]>([
    ...(isNight ? byNight : []),
    ["", 0o755],
    ["secrets/control.env", 0o640],
    ["token", 0o644],
    ["keys", 0o711],
    ["run", 0o755],
    ["policies.yaml", 0o666],
  ])(
    "%j with mode %o is refused by start, doctor and every verb that needs it; the command shown helps",
    async (name, mode) => {
      const home = copyOf(`open-${name.replaceAll("/", "-")}-${mode.toString(8)}`);
      const path = join(home, name);
      chmodSync(path, mode);
      const at = ["--home", home];
      const lines = [
        ["daemon", "start"],
        ["secrets", "set", "AEDEV_OPENAI_API_KEY"],
        approve(),
        ["status"],
        ["init", "--yes"],
      ];
      for (const line of lines) {
        const refused = await laboratory.run(...line, ...at, "--json");
        expect(refused, line.join(" ")).toMatchObject({ exitCode: 1 });
        expect(refused.json<{ error: object }>().error).toMatchObject({ code: "secrets-exposed" });
      }
      const doctor = await laboratory.run("doctor", ...at);
      expect(doctor.exitCode).toBe(1);
      expect(doctor.stdout).toMatch(/INVALID +permissions: /);
      const { hint } = (await laboratory.run("status", ...at, "--json")).json<{ error: { hint: string } }>().error;
      expect(hint).toMatch(/^chmod (600|700) /);
      await execa("sh", ["-c", hint]);
      expect((await laboratory.run("status", ...at)).exitCode).toBe(0);
      expect((await laboratory.run("doctor", ...at)).stdout).toMatch(/ok +permissions: /);
      rmSync(home, { recursive: true });
    },
  );

  it("is refused if a file in it is a link, unlike a link of this user to the whole home", async () => {
    const home = copyOf("linked");
    renameSync(join(home, "secrets"), join(home, "elsewhere"));
    symlinkSync(join(home, "elsewhere"), join(home, "secrets"));
    expect(await laboratory.run("status", "--home", home)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/symbolic link.*help: put the real/s),
    });
    rmSync(join(home, "secrets"));
    renameSync(join(home, "elsewhere"), join(home, "secrets"));
    const link = join(laboratory.folder, "link");
    symlinkSync(home, link);
    expect((await laboratory.run("status", "--home", link)).exitCode).toBe(0);
    chmodSync(home, 0o755);
    expect((await laboratory.run("status", "--home", link)).exitCode).toBe(1);
  });
});

describe.skipIf(!canMakeAccounts)("another account (needs root and useradd)", () => {
  let other: SecondAccount;
  beforeAll(async () => {
    other = await makeAccount();
  });
  afterAll(() => other[Symbol.asyncDispose]());

  const everyVerb = () => changing.map((verb) => [...wordsOf(verb), ...(unknown[verb] ?? [])]);

  it("can't enter the home, read the token or connect to the socket, although this user can", async () => {
    const script = `
      const { readFileSync, readdirSync } = require("node:fs");
      const [home] = process.argv.slice(1);
      const tried = (work) => { try { work(); return "done"; } catch (error) { return error.code; } };
      const found = [tried(() => readdirSync(home)), tried(() => readFileSync(home + "/token")), tried(() => readFileSync(home + "/aedev.db"))];
      const socket = require("node:net").connect(home + "/run/api.sock", () => end("done"));
      socket.on("error", (error) => end(error.code));
      const end = (answer) => { console.log(JSON.stringify([...found, answer])); process.exit(0); };`;
    const args = ["-e", script, laboratory.home];
    const refused = await other.run(process.execPath, args);
    expect(JSON.parse(refused.stdout)).toEqual(["EACCES", "EACCES", "EACCES", "EACCES"]);
    const own = await execa(process.execPath, args);
    expect(JSON.parse(own.stdout)).toEqual(["done", "done", "done", "done"]);
  });

  it("can connect to the port, but gets no figures from /metrics without the token", async () => {
    const script = `
      const [port, ...tokens] = process.argv.slice(1);
      const ask = async (token) => (await fetch("http://127.0.0.1:" + port + "/metrics", { headers: { authorization: "Bearer " + token } })).status;
      Promise.all(tokens.map(ask)).then((found) => console.log(JSON.stringify(found)));`;
    const { port, token } = apiOf(laboratory.home);
    const answered = await other.run(process.execPath, ["-e", script, String(port), "0".repeat(64), token]);
    expect(JSON.parse(answered.stdout)).toEqual([401, 200]);
  });

  it("gets no token and no body by listening on the daemon's port while it is down", async () => {
    const { port, token } = apiOf(laboratory.home);
    const { dev, ino } = statSync(laboratory.home);
    const record = readFileSync(join(laboratory.home, "run/daemon.json"), "utf8");
    const { pid } = JSON.parse(record) as { pid: number };
    process.kill(pid, "SIGKILL");
    await laboratory.until(async () => (await laboratory.run("daemon", "status")).exitCode === 3);
    await using fake = await other.listen(port, { status: "ok", pid, home: `${dev}:${ino}` });
    const before = laboratory.environment["AEDEV_PORT"];
    laboratory.environment["AEDEV_PORT"] = String(port);
    const secret = "a mission text that stays at home";
    const lines = [...everyVerb(), ["intake", secret, "--repo", "small", ...criterion], ["events", "--follow"]];
    await expectRefusals(laboratory, lines, { exitCode: 3, says: /aedev daemon start/ });
    for (const verb of ["status", "daemon status", "doctor", "doctor --probe", "events verify", "daemon stop"])
      await laboratory.run(...wordsOf(verb));
    await expectRefusals(laboratory, [["daemon", "start"]], { exitCode: 1, says: new RegExp(`port ${port}`) });
    expect(fake.received()).toBe("");
    // The control: the listener records what reaches it.
    await sendTo(port, "/health", { headers: { authorization: `Bearer ${token}` } });
    await laboratory.until(async () => fake.received().includes(token));
    laboratory.environment["AEDEV_PORT"] = before;
    await laboratory.must("daemon", "start");
    await expectRefusals(laboratory, [approve()], { exitCode: 1, says: /specification|digest/ });
    expect(fake.received()).not.toContain(secret);
  });

  it("gets nothing by a socket of its own behind a link in the home", async () => {
    const home = copyOf("redirected");
    const run = join(other.folder, "run");
    const made = await other.run(process.execPath, [
      "-e",
      "require('node:fs').mkdirSync(process.argv[1], { mode: 0o700 })",
      run,
    ]);
    expect(made.exitCode).toBe(0);
    renameSync(join(home, "run"), join(home, "run.away"));
    symlinkSync(run, join(home, "run"));
    expect(await laboratory.run(...approve(), "--home", home)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("symbolic link"),
    });
    rmSync(join(home, "run"));
    renameSync(join(home, "run.away"), join(home, "run"));
    expect((await laboratory.run(...approve(), "--home", home)).exitCode).toBe(3);
  });

  it("a home, or a file in it, owned by another account is refused, even for root, with the commands that help", async () => {
    const home = copyOf("taken");
    const at = ["--home", home];
    const refused = async (lines: readonly (readonly string[])[]) => {
      for (const line of lines) {
        const ran: CommandResult = await laboratory.run(...line, ...at, "--json");
        expect(ran, line.join(" ")).toMatchObject({ exitCode: 1 });
        expect(ran.json<{ error: object }>().error).toMatchObject({
          code: "home-owner",
          reason: expect.stringContaining(`uid ${other.uid}`),
          hint: expect.stringMatching(new RegExp(`sudo -u '#${other.uid}' aedev .*chown -R 0 `)),
        });
      }
    };
    const lines = [
      ["daemon", "start"],
      ["status"],
      ["secrets", "set", "AEDEV_OPENAI_API_KEY"],
      ["init", "--yes"],
      approve(),
    ];
    for (const name of ["token", "secrets/judgement.env", "keys/head.key", "aedev.db", "policies.yaml", ""]) {
      chownSync(join(home, name), other.uid, other.uid);
      await refused(name === "" ? lines : lines.slice(0, 2));
      expect((await laboratory.run("doctor", ...at)).stdout).toMatch(/INVALID +permissions: .*belongs to another user/);
      chownSync(join(home, name), 0, 0);
    }
    expect((await laboratory.run("status", ...at)).exitCode).toBe(0);
  });

  it("reads titles on the status board while it is public, and nothing once board.public is false", async () => {
    const fetched = async (path: string) => {
      const address = `http://127.0.0.1:${apiOf(laboratory.home).port}${path}`;
      const program = `fetch(${JSON.stringify(address)}).then(async (answer) => console.log(answer.status, await answer.text()))`;
      return (await other.run(process.execPath, ["-e", program])).stdout;
    };
    const restart = async (isPublic: string) => {
      await laboratory.must("config", "set", "board.public", isPublic);
      await laboratory.must("daemon", "restart");
    };
    expect((await laboratory.run("doctor")).stdout).toContain(
      "status board: every account of this machine can read it",
    );
    for (const path of ["/status-board", "/status-board.json"]) expect(await fetched(path)).toMatch(/^200 .*half\(\)/s);
    await restart("false");
    for (const path of ["/status-board", "/status-board.json"]) {
      expect(await fetched(path)).toMatch(/^401 /);
      expect(await fetched(path)).not.toContain("half()");
    }
    await restart("true");
    expect(await fetched("/status-board")).toMatch(/^200 /);
  });

  it("can't use this user's home, even if it may enter it, but can use its own", async () => {
    const home = copyOf("entered");
    chmodSync(home, 0o755);
    const environment = { AEDEV_PORT: "0" };
    const foreign = await other.run(program, ["status", "--home", home, "--json"], environment);
    expect(foreign.exitCode).toBe(1);
    expect(JSON.parse(foreign.stdout).error).toMatchObject({
      code: "home-owner",
      hint: expect.stringContaining("--home DIR"),
    });
    const own = join(other.folder, "home");
    expect(await other.run(program, ["init", "--yes", "--home", own], environment)).toMatchObject({ exitCode: 0 });
    expect(await other.run(program, ["daemon", "start", "--home", own], environment)).toMatchObject({ exitCode: 0 });
    expect(await other.run(program, ["repo", "pause", "nobody", "--home", own], environment)).toMatchObject({
      exitCode: 1,
    });
    // Root could read it, but is refused.
    expect(await laboratory.run("repo", "pause", "nobody", "--home", own)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("belongs to another user"),
    });
    expect(await other.run(program, ["daemon", "stop", "--home", own], environment)).toMatchObject({ exitCode: 0 });
  });
});

it.runIf(!canMakeAccounts)("attacks by a second account are skipped: they need root and useradd", ({ skip }) => skip());
