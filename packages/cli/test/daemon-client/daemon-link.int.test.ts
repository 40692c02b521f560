/** Talking to the daemon over real HTTP: what is sent, how answers are handled, and everything that can go wrong. */
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeDaemon, openFakeDaemon, type Reply, served } from "../fake-daemon.ts";
import { makeHome, run, type TestHome, token } from "../outside.ts";

let home: TestHome;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

const mission = { mission_id: "m-1", title: "t", status: "approved", spec_digest: "d1", questions: [], tasks: [] };
const task = { task_id: "t-1", status: "running", change_digest: "c1", spec_digest: "s1" };
const changing: [line: string[], path: string, body: unknown, answer: unknown, says: string][] = [
  [
    ["intake", "do it", "--repo", "tool", "--criterion", "a test shows it"],
    "/api/missions",
    { text: "do it", repo: "tool", criterion: ["a test shows it"] },
    { mission_id: "m-1", status: "awaiting_approval", score: 60, questions: [] },
    "aedev mission approve m-1",
  ],
  [
    ["mission", "answer", "m-1", "--answer", "target=lib/a=b.js"],
    "/api/missions/m-1/answer",
    { answers: [{ id: "target", text: "lib/a=b.js" }] },
    { mission_id: "m-1", status: "awaiting_approval", score: 0, questions: [] },
    "aedev mission approve m-1",
  ],
  [["mission", "approve", "m-1"], "/api/missions/m-1/approve", {}, mission, "specification d1"],
  [["mission", "approve", "m-1", "--digest", "d1"], "/api/missions/m-1/approve", { digest: "d1" }, mission, "m-1"],
  [["mission", "reject", "m-1", "--reason", "no"], "/api/missions/m-1/reject", { reason: "no" }, mission, "m-1"],
  [["mission", "cancel", "m-1"], "/api/missions/m-1/cancel", {}, mission, "m-1"],
  [["task", "approve", "t-1", "--digest", "c1"], "/api/tasks/t-1/approve", { digest: "c1" }, task, "change c1"],
  [["task", "reject", "t-1"], "/api/tasks/t-1/reject", {}, task, "change c1"],
  [["task", "reject", "t-1", "--reason", "so"], "/api/tasks/t-1/reject", { reason: "so" }, task, "the task has ended"],
  [
    ["task", "send-back", "t-1", "--reason", "so"],
    "/api/tasks/t-1/send-back",
    { reason: "so" },
    task,
    "specification s1",
  ],
  [
    ["task", "send-back", "t-1", "--reason", "so"],
    "/api/tasks/t-1/send-back",
    { reason: "so" },
    task,
    "next: aedev task logs t-1",
  ],
  [["task", "retry", "t-1"], "/api/tasks/t-1/retry", {}, task, "t-1 running"],
  [["task", "cancel", "t-1"], "/api/tasks/t-1/cancel", {}, task, "t-1"],
  [["hold", "release", "h-1"], "/api/holds/h-1/release", {}, { hold_id: "h-1" }, "h-1 released"],
  [["events", "rebuild"], "/api/events/rebuild", {}, { rebuilt: true }, "views"],
];

async function withDaemon<T>(reply: Reply | undefined, use: (fakeDaemon: FakeDaemon) => Promise<T>): Promise<T> {
  await using fakeDaemon = await openFakeDaemon(({ path }) => (path === "/health" ? undefined : reply));
  home.daemonAt({ port: fakeDaemon.port });
  return await use(fakeDaemon);
}

describe("a changing verb", () => {
  it.each(changing)("%j posts to %s with the token and only what was given", async (line, path, body, answer, says) => {
    await withDaemon({ status: 200, body: answer }, async ({ asked }) => {
      const ran = await run(line, { home: home.home });
      expect(ran).toMatchObject({ exit: 0, err: "", out: expect.stringContaining(says) });
      expect(asked.at(-1)).toEqual({ method: "POST", path, body, authorization: `Bearer ${token}` });
      expect(asked[0]).toMatchObject({ path: "/health", authorization: undefined });
      const json = await run([...line, "--json"], { home: home.home });
      expect(JSON.parse(json.out)).toBeTypeOf("object");
    });
  });

  it.each(changing)("%j exits 1 with the daemon's reason if the daemon refuses", async (line) => {
    const body = { error: { code: "wrong-digest", reason: "the digest\u001b is d2", hint: "aedev mission show m-1" } };
    await withDaemon({ status: 409, body }, async () => {
      const ran = await run(line, { home: home.home });
      expect(ran).toEqual({
        exit: 1,
        out: "",
        err: "aedev: the digest\\u{1b} is d2\n  help: aedev mission show m-1\n",
      });
      const json = await run([...line, "--json"], { home: home.home });
      expect(JSON.parse(json.out)).toEqual(body);
    });
  });

  it.each(changing.filter(([line]) => line[0] !== "events"))(
    "%j exits 3 if the daemon is not running",
    async (line) => {
      expect(await run(line, { home: home.home })).toMatchObject({
        exit: 3,
        out: "",
        err: expect.stringContaining("aedev daemon start"),
      });
      const { port } = await withDaemon(undefined, async (fakeDaemon) => fakeDaemon);
      home.daemonAt({ port });
      expect(await run(line, { home: home.home })).toMatchObject({
        exit: 3,
        err: expect.stringContaining("aedev daemon start"),
      });
    },
  );
});

describe("questions at intake", () => {
  it("exits 4 and shows the questions at intake", async () => {
    const body = { mission_id: "m-1", status: "clarifying", score: 60, questions: [{ text: "which file?" }] };
    await withDaemon({ status: 200, body }, async () => {
      const ran = await run(["intake", "x", "--repo", "r", "--criterion", "it works"], { home: home.home });
      expect(ran).toMatchObject({ exit: 4, out: expect.stringContaining("? which file?") });
    });
  });
});

describe("failures of the connection", () => {
  const line = ["mission", "approve", "m-1"];

  it.each<[string, Reply, RegExp]>([
    [
      "another token",
      { status: 401, body: { error: { code: "no-token", reason: "…", hint: null } } },
      /does not accept the home's token.*aedev daemon restart/s,
    ],
    ["an answer that is no JSON", { status: 200, body: "<html>" }, /answered 200/],
    ["a document of another form", { status: 200, body: { frob: 1 } }, /does not have the form/],
    [
      "a failure inside",
      { status: 500, body: { error: { code: "internal", reason: "the daemon failed", hint: null } } },
      /the daemon failed/,
    ],
    ["a broken connection", (response) => response.destroy(), /did not answer/],
  ])("reports %s without a stack, exit 1", async (_name, reply, words) => {
    await withDaemon(reply, async () => {
      const ran = await run(line, { home: home.home });
      expect(ran).toMatchObject({ exit: 1, out: "", err: expect.stringMatching(words) });
      expect(ran.err).not.toMatch(/\n\s+at /);
    });
  });

  it("sends nothing over TCP, whatever listens on the recorded port or on AEDEV_PORT", async () => {
    await using other = await openFakeDaemon(() => undefined);
    home.daemonAt({ port: other.port, pid: process.pid });
    // The positive control: with the daemon's socket in the home, the verb reaches the daemon.
    expect(await run(["daemon", "status"], { home: home.home })).toMatchObject({ exit: 0 });
    expect(other.asked).toHaveLength(1);
    rmSync(join(home.home, "run", "api.sock"));
    expect(await run(line, { home: home.home })).toMatchObject({ exit: 3 });
    expect(await run(["status"], { home: home.home })).toMatchObject({ exit: 0, out: expect.stringContaining("down") });
    expect(other.askedOverTcp).toEqual([]);
    expect(other.asked).toHaveLength(1);
  });

  it("does not give the token to another program on the socket", async () => {
    for (const health of [
      { status: 200, body: "<html>hello</html>" },
      { status: 200, body: { status: "ok", pid: 2 } },
      { status: 404, body: {} },
      { status: 200, body: { status: "ok", pid: 2, home: served.home } },
      { status: 200, body: { status: "ok", pid: 1, home: "1:1" } },
    ]) {
      await using other = await openFakeDaemon(() => health);
      home.daemonAt({ port: other.port, pid: 1 });
      expect(await run(line, { home: home.home })).toMatchObject({
        exit: 1,
        err: expect.stringContaining("api.sock, but it is not this home's daemon"),
      });
      expect(other.asked.map(({ authorization, body }) => [authorization, body])).toEqual([[undefined, undefined]]);
      const status = await run(["status"], { home: home.home });
      expect(status).toMatchObject({ exit: 0, out: expect.stringContaining("down, something answers on ") });
    }
  });

  it("does not connect to a socket in a folder that others can enter, or through a link", async () => {
    const socket = join(home.home, "run", "api.sock");
    await withDaemon({ status: 200, body: mission }, async ({ asked }) => {
      const refused = async (says: RegExp) => {
        expect(await run(line, { home: home.home })).toMatchObject({ exit: 1, err: expect.stringMatching(says) });
        expect(asked).toEqual([]);
      };
      chmodSync(join(home.home, "run"), 0o711);
      await refused(/chmod 700 .*run/);
      chmodSync(join(home.home, "run"), 0o700);
      renameSync(socket, `${socket}.moved`);
      symlinkSync(`${socket}.moved`, socket);
      await refused(/is not a socket of this user/);
      renameSync(`${socket}.moved`, socket);
      expect(await run(line, { home: home.home })).toMatchObject({ exit: 0 });
    });
  });

  it("refuses a home, token, key or log that others can read, and accepts it after the command that helps", async () => {
    writeFileSync(join(home.home, "aedev.db"), "", { mode: 0o600 });
    mkdirSync(join(home.home, "keys"), { mode: 0o700 });
    writeFileSync(join(home.home, "keys", "head.key"), "", { mode: 0o600 });
    await withDaemon({ status: 200, body: mission }, async ({ asked }) => {
      for (const [name, open, closed] of [
        ["", 0o750, 0o700],
        ["token", 0o640, 0o600],
        ["token", 0o602, 0o600],
        ["keys", 0o701, 0o700],
        ["keys/head.key", 0o604, 0o600],
        ["aedev.db", 0o660, 0o600],
      ] as const) {
        const path = join(home.home, name);
        chmodSync(path, open);
        const ran = await run(line, { home: home.home });
        expect(ran, name).toMatchObject({
          exit: 1,
          err: expect.stringContaining(`chmod ${closed.toString(8)} ${path}`),
        });
        expect(asked).toEqual([]);
        chmodSync(path, closed);
      }
      expect(await run(line, { home: home.home })).toMatchObject({ exit: 0 });
    });
  });

  it("names a token or an address that can't be used", async () => {
    await withDaemon({ status: 200, body: mission }, async () => {
      writeFileSync(join(home.home, "token"), "");
      expect(await run(line, { home: home.home })).toMatchObject({ exit: 1, err: expect.stringContaining("token") });
      writeFileSync(join(home.home, "run", "daemon.json"), "{");
      expect(await run(line, { home: home.home })).toMatchObject({
        exit: 1,
        err: expect.stringContaining("daemon.json"),
      });
    });
  });

  it("names a token that can't be read", async () => {
    await withDaemon({ status: 200, body: mission }, async () => {
      rmSync(join(home.home, "token"));
      mkdirSync(join(home.home, "token"), { mode: 0o700 });
      expect(await run(line, { home: home.home })).toMatchObject({ exit: 1, err: expect.stringContaining("EISDIR") });
    });
  });
});

describe("aedev daemon status", () => {
  it("`daemon status` exits 0 if the daemon answers and 3 if it does not", async () => {
    await withDaemon(undefined, async ({ port }) => {
      expect(await run(["daemon", "status"], { home: home.home })).toMatchObject({
        exit: 0,
        out: expect.stringContaining(`port ${port}`),
      });
    });
    expect(await run(["daemon", "status"], { home: home.home })).toMatchObject({
      exit: 3,
      err: expect.stringContaining("aedev daemon start"),
    });
  });
});

describe("aedev events", () => {
  const event = {
    position: 8,
    stream: "system",
    type: "PolicyLoaded",
    actor: "control",
    recorded_at: "2026-01-02T03:04:05.678Z",
    data: { a: "\u202e" },
  };

  it("`events --follow` prints each line of the stream until it ends", async () => {
    const stream: Reply = (response) =>
      void response.writeHead(200).end(`${JSON.stringify(event)}\n\n${JSON.stringify({ ...event, position: 9 })}\n`);
    const exportLog = async ({ write }: { write: (text: string) => void }) =>
      write(`${JSON.stringify({ ...event, position: 7 })}\n`);
    await withDaemon(stream, async ({ asked }) => {
      const ran = await run(["events", "--follow", "--limit", "2", "--json"], {
        home: home.home,
        daemon: { exportLog },
      });
      expect(ran.exit).toBe(0);
      expect(
        ran.out
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line).position),
      ).toEqual([8, 9]);
      expect(asked.at(-1)?.path).toBe("/api/events?follow=1&after=5");
      const plain = await run(["events", "--follow"], { home: home.home, daemon: { exportLog } });
      expect(plain.out).toContain("\\u202e");
      expect(plain.out).not.toContain("\u202e");
    });
  });

  it("`events verify` goes through the daemon if it is running", async () => {
    await withDaemon(
      { status: 200, body: { ok: false, problems: ["position 3: hash"], warnings: [] } },
      async ({ asked }) => {
        const ran = await run(["events", "verify"], { home: home.home });
        expect(ran).toMatchObject({ exit: 1, out: expect.stringContaining("position 3") });
        expect(asked.at(-1)?.path).toBe("/api/events/verify");
      },
    );
  });
});
