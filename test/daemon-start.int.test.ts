/** A start of the daemon that is cut short, by a signal or because the API can't be opened. */
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Laboratory } from "./support/laboratory.ts";

const daemon = fileURLToPath(new URL("../packages/daemon/src/main.ts", import.meta.url));
/** The daemon gets the signal when it starts the execution plane, and prints whether a daemon's record exists then. */
const signalAtPlane = `
  import { subscribe } from "node:diagnostics_channel";
  import { existsSync } from "node:fs";
  const isPlane = (child) => child.spawnargs.some((argument) => argument.includes("packages/runner/"));
  subscribe("child_process", ({ process: child }) =>
    queueMicrotask(() => {
      if (!isPlane(child)) return;
      process.stderr.write("record: " + existsSync(process.argv[2] + "/run/daemon.json"));
      process.kill(process.pid, "SIGTERM");
    }));`;

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
});
beforeEach(() => {
  const logs = join(laboratory.home, "logs");
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { mode: 0o700 });
});
afterAll(() => laboratory[Symbol.asyncDispose]());

/** The daemon's own report, and whether its leftovers are complete. */
async function left() {
  const { records } = (await laboratory.must("daemon", "logs", "--json")).json<{
    records: { process: string; message: string }[];
  }>();
  const { position } = JSON.parse(readFileSync(join(laboratory.home, "head.json"), "utf8")) as { position: number };
  const { events } = (await laboratory.must("events", "--json")).json<{ events: { position: number }[] }>();
  return {
    said: records.filter(({ process: name }) => name === "daemon").map(({ message }) => message),
    isSignedWhole: events.every((event) => event.position <= position) && events.length > 0,
    status: await laboratory.run("daemon", "status", "--json"),
  };
}
const isDown = { exitCode: 3, stdout: expect.stringMatching(/"ended": ?null/) };

describe("a daemon that gets SIGTERM", () => {
  it("a daemon that gets SIGTERM while its planes start ends in order with exit code 0, without an older daemon's record", async () => {
    const preload = `data:text/javascript,${encodeURIComponent(signalAtPlane)}`;
    const { environment, home } = laboratory;
    mkdirSync(join(home, "run"), { recursive: true });
    writeFileSync(
      join(home, "run/daemon.json"),
      JSON.stringify({ port: 1, approval_port: null, pid: 1, started_at: "" }),
    );
    const ended = await execa(process.execPath, ["--import", preload, daemon, home, "--supervised"], {
      env: environment,
      extendEnv: false,
      reject: false,
    });
    expect(ended).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("record: false") });
    const { said, isSignedWhole, status } = await left();
    expect(said).toEqual(["the daemon starts", "the daemon stops", "the daemon has stopped"]);
    expect(isSignedWhole).toBe(true);
    expect(status).toMatchObject(isDown);
  });
});

describe("a daemon whose API can't be opened", () => {
  const refused = async (words: RegExp) => {
    const { exitCode, stderr } = await laboratory.run("daemon", "start");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(words);
    const { said, isSignedWhole, status } = await left();
    expect(said).toEqual(expect.arrayContaining(["the daemon stops", "the daemon has stopped"]));
    expect(said).not.toContain("the daemon is ready");
    expect(isSignedWhole).toBe(true);
    expect(status).toMatchObject(isDown);
  };

  it("a daemon whose port is in use says so and leaves nothing half done", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    laboratory.environment["AEDEV_PORT"] = String(port);
    await refused(new RegExp(`port ${port} is in use[\\s\\S]*help: stop what uses that port`));
    other.close();
  });

  it("a daemon whose socket's name is taken says so, and starts once it is free", async () => {
    laboratory.environment["AEDEV_PORT"] = "0";
    const socket = join(laboratory.home, "run/api.sock");
    rmSync(socket, { force: true });
    mkdirSync(socket, { recursive: true });
    await refused(/api\.sock/);
    rmSync(socket, { recursive: true });
    await laboratory.must("daemon", "start");
    expect((await left()).said).toContain("the daemon is ready");
    await laboratory.must("daemon", "stop");
  });
});
