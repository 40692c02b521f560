/** A home on a real file system: made once, private, locked only by the living, its secrets sorted to their planes. */
import { spawn } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decide } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { sha256 } from "@aedev/host/sha256";
import { describe, expect, it } from "vitest";
import { verifyHome } from "../../src/home/audit.ts";
import { blobStore } from "../../src/home/blobs.ts";
import { readDaemonRecord, removeDaemonRecord, writeDaemonRecord } from "../../src/home/daemon-record.ts";
import { takeLock } from "../../src/home/lock.ts";
import { readControlSecrets, setSecret, sortEnvironmentSecrets } from "../../src/home/secrets.ts";
import { readSignedHead, signHead } from "../../src/home/signed-head.ts";
import { openEventLog } from "../../src/log/event-log.ts";
import { initHome } from "../../src/process/initialize-home.ts";
import { configure, temporaryFolder } from "../log/story.ts";

function filesOf(home: string): Map<string, string> {
  const entries = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.sort().map((path) => [path, sha256(readFileSync(path))]));
}

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe("init", () => {
  it("init makes a private home with a log that verifies; run again, it changes no byte", async () => {
    using folder = temporaryFolder();
    const home = folder.at("home");
    expect(await initHome(home)).toEqual({ changed: true });
    const layout = homeLayout(home);
    for (const path of layout.folders) expect(mode(path)).toBe("700");
    const first = filesOf(home);
    for (const path of first.keys()) expect([path, mode(path)]).toEqual([path, "600"]);
    expect(readFileSync(layout.token, "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
    expect(await initHome(home)).toEqual({ changed: false });
    expect(filesOf(home)).toEqual(first);
    expect(verifyHome(home)).toMatchObject({ ok: true, position: 1 });
  });

  it("init makes only what is missing, and leaves a running daemon's home alone", async () => {
    using folder = temporaryFolder();
    const home = folder.at("home");
    await initHome(home);
    const { policies, token } = homeLayout(home);
    writeFileSync(policies, "profiles: {}\n");
    using _lock = takeLock(home);
    const before = filesOf(home);
    expect(await initHome(home)).toEqual({ changed: false });
    writeFileSync(token, "mine\n");
    expect(await initHome(home)).toEqual({ changed: false });
    expect([readFileSync(policies, "utf8"), readFileSync(token, "utf8")]).toEqual(["profiles: {}\n", "mine\n"]);
    expect([...filesOf(home).keys()]).toEqual([...before.keys()]);
  });

  it("the head is signed when something changed, and only then", async () => {
    using folder = temporaryFolder();
    const home = folder.at("home");
    await initHome(home);
    await using log = await openEventLog({ path: homeLayout(home).log, decide });
    const at = new Date().toISOString();
    expect(signHead(home, log, at)).toBe(false);
    await log.submit(configure("c-1"));
    expect(signHead(home, log, at)).toBe(true);
    expect(readSignedHead(home)).toEqual({ kind: "head", ...log.head, epoch: 1, accepted: null });
    expect(signHead(home, log, at)).toBe(false);
  });
});

describe("the lock", () => {
  it("one holder at a time has the lock, and releasing frees it", async () => {
    using folder = temporaryFolder();
    const home = folder.at("home");
    await initHome(home);
    const lock = takeLock(home);
    expect(() => takeLock(home)).toThrow(expect.objectContaining({ code: "home-locked", hint: "aedev daemon stop" }));
    lock.release();
    takeLock(home).release();
  });

  it("the kernel frees the lock when its holder is killed", async () => {
    using folder = temporaryFolder();
    const home = folder.at("home");
    await initHome(home);
    const holder = fileURLToPath(new URL("./hold-lock.ts", import.meta.url));
    const child = spawn(process.execPath, [holder, home], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    expect(() => takeLock(home)).toThrow(/is running/);
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGKILL");
    await ended;
    takeLock(home).release();
  });
});

describe("secrets", () => {
  it("a secret goes to its plane's file with mode 0600, on one line, replaced in place", async () => {
    using folder = temporaryFolder();
    const home = folder.at("home");
    await initHome(home);
    expect(setSecret(home, "AEDEV_OPENAI_API_KEY", "first=value\n")).toEqual({ kind: "done", plane: "judgement" });
    expect(setSecret(home, "AEDEV_GEMINI_API_KEY", "second")).toEqual({ kind: "done", plane: "judgement" });
    expect(setSecret(home, "AEDEV_OPENAI_API_KEY", "third")).toEqual({ kind: "done", plane: "judgement" });
    expect(setSecret(home, "AEDEV_CLAUDE_OAUTH_TOKEN", "coder")).toEqual({ kind: "done", plane: "execution" });
    expect(readFileSync(homeLayout(home).secrets("judgement"), "utf8")).toBe(
      "AEDEV_OPENAI_API_KEY=third\nAEDEV_GEMINI_API_KEY=second\n",
    );
    expect(readFileSync(homeLayout(home).secrets("execution"), "utf8")).toBe("AEDEV_CLAUDE_OAUTH_TOKEN=coder\n");
    expect(mode(homeLayout(home).secrets("judgement"))).toBe("600");
  });

  it("a secret with an unknown name, no value or several lines is refused, and nothing is written", async () => {
    using folder = temporaryFolder();
    const home = folder.at("home");
    await initHome(home);
    const before = filesOf(home);
    for (const [name, value] of [
      ["AEDEV_OTHER", "x"],
      ["toString", "x"],
      ["AEDEV_OPENAI_API_KEY", " \n"],
      ["AEDEV_OPENAI_API_KEY", "a\nB=c"],
      ["AEDEV_OPENAI_API_KEY", "a\u001b[2Jb"],
      ["AEDEV_OPENAI_API_KEY", "a\u009bb"],
      ["AEDEV_OPENAI_API_KEY", "x".repeat(16_385)],
    ] as const)
      expect(setSecret(home, name, value)).toMatchObject({ kind: "refused" });
    expect(filesOf(home)).toEqual(before);
  });

  it("the control plane's secrets are not read from a file that others can read", async () => {
    using folder = temporaryFolder();
    const home = folder.at("home");
    await initHome(home);
    expect(readControlSecrets(home)).toEqual({});
    chmodSync(homeLayout(home).secrets("control"), 0o644);
    expect(() => readControlSecrets(home)).toThrow(expect.objectContaining({ code: "secrets-exposed" }));
  });

  it("an environment's secrets are sorted to their planes, even empty ones, and other variables are ignored", () => {
    const environment = {
      AEDEV_CLAUDE_OAUTH_TOKEN: "a",
      AEDEV_OPENAI_API_KEY: "",
      AEDEV_HOME: "/h",
      PATH: "/bin",
      AEDEV_GEMINI_API_KEY: undefined,
    };
    expect(sortEnvironmentSecrets(environment)).toEqual({
      control: {},
      execution: { AEDEV_CLAUDE_OAUTH_TOKEN: "a" },
      judgement: { AEDEV_OPENAI_API_KEY: "" },
    });
  });
});

describe("the rest of a home", () => {
  it("a home keeps blobs by their hash, and names one that was changed", async () => {
    using folder = temporaryFolder();
    const home = folder.at("home");
    await initHome(home);
    const blobs = blobStore(home);
    const blob = blobs.put("content", "text/plain");
    expect(Buffer.from(blobs.get(blob.digest)).toString()).toBe("content");
    writeFileSync(blobs.pathOf(blob.digest), "contenT");
    expect(() => blobs.get(blob.digest)).toThrow(blob.digest);
  });

  it("a home remembers where the daemon listens, until it is forgotten", async () => {
    using folder = temporaryFolder();
    const home = folder.at("home");
    await initHome(home);
    expect(readDaemonRecord(home)).toBeNull();
    const record = { pid: process.pid, port: 7247, approval_port: null, started_at: "2026-01-02T03:04:05.678Z" };
    writeDaemonRecord(home, record);
    expect(readDaemonRecord(home)).toEqual(record);
    writeFileSync(homeLayout(home).daemonRecord, "{broken}\n");
    expect(readDaemonRecord(home)).toBeNull();
    removeDaemonRecord(home);
    expect(readDaemonRecord(home)).toBeNull();
  });
});
