/** `aedev status-board`, the board of the ancestor key by key: each key is a row with what it has to say about a real home whose daemon died once and is down. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type StatusBoardDocument, statusBoardSchema } from "@aedev/contracts/api";
import { productVersion } from "@aedev/host/product";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sendTo } from "./support/api.ts";
import { isNight } from "./support/is-night.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

const aedev = fileURLToPath(new URL("../bin/aedev", import.meta.url));
const hostile = "<img onerror=alert(1)> \u202eabc\u001b]8;;http://evil\u0007";
const seen = "<img onerror=alert(1)> \\u{202e}abc\\u{1b}]8;;http://evil\\u{7}";

const readCount = isNight ? 1_000 : 200;
let laboratory: Laboratory;
let missionId = "";
let board: StatusBoardDocument;
let served: { process: ChildProcess; port: number; path: string } | undefined;

beforeAll(async () => {
  laboratory = await Laboratory.open({ configuration: "limits: { day_usd: 20 }\n" });
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  process.kill(laboratory.daemonPid(), "SIGKILL");
  await laboratory.until(async () => (await laboratory.run("daemon", "status")).exitCode === 3);
  await laboratory.must("daemon", "start");
  const criterion = ["--criterion", "a new test shows it", "--json"];
  const submitted = await laboratory.must("intake", hostile, "--repo", "small", ...criterion);
  missionId = submitted.json<{ mission_id: string }>().mission_id;
  await laboratory.must("repo", "pause", "small");
  await laboratory.must("pause");
  await laboratory.must("daemon", "stop");
  board = await read();
}, 120_000);
afterAll(async () => {
  served?.process.kill("SIGKILL");
  await laboratory[Symbol.asyncDispose]();
});

async function read(...options: string[]): Promise<StatusBoardDocument> {
  const { stdout } = await laboratory.must("status-board", "--json", ...options);
  return statusBoardSchema.parse(JSON.parse(stdout));
}

/** Starts `--serve` and resolves when it has printed its address. */
async function serve(): Promise<NonNullable<typeof served>> {
  const child = spawn(aedev, ["status-board", "--serve", "--json"], { env: laboratory.environment as never });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const url = new URL((JSON.parse(line.toString()) as { url: string }).url);
  return { process: child, port: Number(url.port), path: `${url.pathname}${url.search}` };
}

const digestOf = (path: string) =>
  existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : "none";
const bytesOfLog = () => ["aedev.db", "aedev.db-wal"].map((name) => digestOf(join(laboratory.home, name)));

/** What each key has to say. The compiler wants a row for each. */
const rows: { readonly [K in keyof StatusBoardDocument]: (value: StatusBoardDocument[K]) => void } = {
  schema_version: (value) => expect(value).toBe(1),
  generated_at: (value) => expect(Math.abs(Date.parse(value) - Date.now())).toBeLessThan(60_000),
  position: (value) => expect(value).toBeGreaterThan(5),
  release_state: (value) =>
    expect(value).toEqual({ version: productVersion(), commit: expect.stringMatching(/^[0-9a-f]{40}$/), why: null }),
  soak: (value) =>
    expect(value).toMatchObject({
      ...{ required_seconds: 86_400, progress_percent: 0, result: "fail", why: null },
      interruptions: { rows: [{ what: "daemon-died" }], more: 0 },
    }),
  runtime_health(value) {
    expect(value.daemon).toMatchObject({ status: "stopped", since: null, pass_age_ms: null });
    expect(value).toMatchObject({
      ...{ untrusted: null, engine: { answers: false, why: null }, judges_out: 0 },
      notifier: { status: "not-configured", undelivered: 0 },
    });
    expect(value.alerts.rows.map(({ kind }) => kind)).toEqual([
      "daemon-stopped",
      "work-paused",
      "repository-paused",
      "engine-silent",
    ]);
  },
  queue: (value) =>
    expect(value).toMatchObject({
      ...{ repositories: 1, proposals: 0, missions: { awaiting_approval: 1, landed: 0 } },
      waiting: { rows: [{ mission_id: missionId, title: seen, help: `aedev mission approve ${missionId}` }], more: 0 },
      oldest: { mission_id: missionId, title: seen },
    }),
  task_state: (value) => expect(Object.keys(value)).toEqual(["running", "judging", "approved", "landed"]),
  signals: (value) => expect(value).toEqual([]),
  ga_gates(value) {
    expect(value.why).toBeNull();
    expect((value.passed ?? 0) + (value.noted ?? 0) + value.blocked.rows.length + value.blocked.more).toBe(value.total);
    expect(value.passed).toBeGreaterThan(50);
  },
  usage: (value) =>
    expect(value).toMatchObject({
      ...{ runs: 0, tokens: 0, nano_usd: 0, why: null },
      budgets: expect.arrayContaining([{ key: "limits.day_usd", unit: "nano_usd", used: 0, limit: 20e9 }]),
    }),
  pause(value) {
    const since = expect.stringMatching(/^20/);
    expect(value.home).toEqual({ since, stop_runs: false, by: "operator" });
    expect(value.repositories.rows).toEqual([{ name: "small", paused: "repository", since, by: "operator" }]);
  },
  lane: (value) => expect(value).toEqual({ merged_alone: null, closed: { rows: [], more: 0 } }),
  judges: (value) =>
    expect(value.families).toMatchObject([
      { family: "openai", status: "not-asked", planted: 0, counts: true },
      { family: "gemini", status: "not-asked", planted: 0, counts: true },
    ]),
  holds: (value) => expect(value).toEqual({ rows: [], more: 0 }),
};

describe("the board's document", () => {
  it.each(Object.keys(rows) as (keyof StatusBoardDocument)[])("has the key %s, and it is true", (key) => {
    (rows[key] as (value: unknown) => void)(board[key]);
  });

  it("has these keys in this order, and no other", () => {
    expect(Object.keys(board)).toEqual(Object.keys(rows));
  });

  it("counts the soak from a given time, and refuses one that is none or in the future", async () => {
    const t0 = new Date(Date.now() - 30 * 3_600_000).toISOString();
    const { soak } = await read("--t0", t0);
    expect(soak).toMatchObject({ t0, progress_percent: 100, result: "fail" });
    expect(soak.interruptions.rows.map(({ what }) => what)).toEqual(["daemon-died", "daemon-stopped"]);
    for (const wrong of ["yesterday", "2026-01-31", "2999-01-01T00:00Z"])
      expect(await laboratory.run("status-board", "--t0", wrong)).toMatchObject({ exitCode: 2 });
  });
});

describe("the verb", () => {
  it("shows what needs attention first, in a text, and in one text message", async () => {
    const { stdout } = await laboratory.must("status-board");
    expect(stdout).toMatch(/^aedev stopped, 4 things need attention, 1 waits for you\nattention:\n {2}The daemon is/u);
    for (const words of [
      "All work is paused, since",
      "by operator\n      aedev resume\n",
      "interrupted: 0 h of 24 h",
      seen,
    ])
      expect(stdout).toContain(words);
    const plain = (await laboratory.must("status-board", "--plain")).stdout;
    expect(plain).toMatch(
      /^aedev stopped: 1 awaiting your approval; \$0\.00 today\nAll work is paused: aedev resume\n/u,
    );
    expect(plain.length).toBeLessThanOrEqual(320);
  });

  it("writes Markdown, replaces only what it wrote, and leaves hostile titles as text", async () => {
    const file = join(laboratory.folder, "board.md");
    for (const _ of [1, 2]) await laboratory.must("status-board", "--write-md", file);
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(/\n# aedev stopped, 4 things need attention/u);
    expect(text).toContain("\\<img onerror=alert(1)\\>");
    const other = join(laboratory.folder, "other.md");
    writeFileSync(other, "# mine\n");
    expect(await laboratory.run("status-board", "--write-md", other)).toMatchObject({ exitCode: 1 });
    expect(readFileSync(other, "utf8")).toBe("# mine\n");
    expect(await laboratory.run("status-board", "--plain", "--serve")).toMatchObject({ exitCode: 2 });
  });
});

describe("its own server", () => {
  it("answers page and document by GET only, to its own Host, with a nonce that is new each time, and ends on Ctrl-C", async () => {
    served = await serve();
    const { port, process: child } = served;
    const page = await sendTo(port, "/status-board");
    expect(page.status).toBe(200);
    expect(Buffer.byteLength(page.body)).toBeLessThanOrEqual(25_000);
    expect(page.body).toContain("All work is paused");
    expect(page.body).not.toContain("<img");
    const nonceOf = ({ headers }: typeof page) =>
      /script-src 'nonce-([\w+/=]+)'/.exec(String(headers["content-security-policy"]))?.[1] ?? "";
    expect(page.body).toContain(`nonce="${nonceOf(page)}"`);
    expect(nonceOf(await sendTo(port, "/status-board"))).not.toBe(nonceOf(page));
    expect(page.headers["content-security-policy"]).not.toContain("unsafe");
    const document = await sendTo(port, "/status-board.json");
    expect(Object.keys(JSON.parse(document.body))).toEqual(Object.keys(rows));
    for (const method of ["POST", "PUT", "DELETE", "HEAD"])
      expect([method, (await sendTo(port, "/status-board", { method })).status]).toEqual([method, 404]);
    for (const path of ["/", "/health", "/api/missions", "/status-board/"])
      expect([path, (await sendTo(port, path)).status]).not.toEqual([path, 200]);
    for (const headers of [{ host: "evil.example" }, { host: "127.0.0.1" }, { via: "1.1 x" }, { origin: "null" }])
      expect([headers, (await sendTo(port, "/status-board", { headers })).status]).toEqual([headers, 403]);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
    served = undefined;
  });

  it(`keeps the log byte for byte over ${readCount} reads, and shows what changes meanwhile`, async () => {
    served = await serve();
    const { port } = served;
    const before = bytesOfLog();
    for (let reads = 0; reads < readCount; reads += 1) {
      const { status } = await sendTo(port, reads % 2 === 0 ? "/status-board.json" : "/status-board");
      expect(status).toBe(200);
    }
    expect(bytesOfLog()).toEqual(before);
    await laboratory.must("daemon", "start");
    await laboratory.must("resume");
    const { body } = await sendTo(port, "/status-board.json");
    const now = statusBoardSchema.parse(JSON.parse(body));
    expect(now.runtime_health.daemon).toMatchObject({ status: "running", since: expect.any(String) });
    expect(now.pause.home).toBeNull();
    expect(bytesOfLog()).not.toEqual(before);
    served.process.kill("SIGINT");
    served = undefined;
  }, 240_000);

  it("shows nothing to others if the board is not public, and all to whoever has its link or the token", async () => {
    await laboratory.must("daemon", "stop");
    await laboratory.must("config", "set", "board.public", "false");
    served = await serve();
    const { port, path } = served;
    expect(path).toMatch(/^\/status-board\?key=[0-9a-f]{64}$/);
    for (const closed of ["/status-board", "/status-board.json", `/status-board?key=${"0".repeat(64)}`]) {
      const answer = await sendTo(port, closed);
      expect([closed, answer.status]).toEqual([closed, 401]);
      expect(answer.body).not.toContain("img onerror");
    }
    expect((await sendTo(port, path)).body).toContain("img onerror");
    expect((await sendTo(port, path.replace("board?", "board.json?"))).status).toBe(200);
    const headers = { authorization: `Bearer ${readFileSync(join(laboratory.home, "token"), "utf8").trim()}` };
    expect((await sendTo(port, "/status-board.json", { headers })).status).toBe(200);
    served.process.kill("SIGINT");
    await delay(0);
    served = undefined;
  });
});
