/**
 * A home, an export of its log and an exported evidence file, all written by an earlier version. Today's program must verify, rebuild, show and continue them.
 * test/recorded/README.md describes the archive and how it was made; the recordings are never edited.
 */
import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyHome as copy, makePrivate } from "./support/copy-home.ts";
import { type CommandResult, Laboratory, type MissionView } from "./support/laboratory.ts";

type RecordedMission = MissionView & { readonly title: string };

const archive = fileURLToPath(new URL("recorded/372e44a.tar.br", import.meta.url));
let laboratory: Laboratory;
let missions: readonly RecordedMission[];
let recordedLines: readonly string[];
let copies = 0;

beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await execa("tar", ["-x", "-C", laboratory.folder], { input: brotliDecompressSync(readFileSync(archive)) });
  makePrivate(recorded("home"));
  // The archive contains no secret: the token is this test's own.
  writeFileSync(recorded("home/token"), `${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
  missions = (
    JSON.parse(readFileSync(recorded("missions.json"), "utf8")) as { missions: RecordedMission[] }
  ).missions.map(inTodaysWords);
  recordedLines = linesOf(readFileSync(recorded("events.jsonl"), "utf8"));
}, 180_000);
afterAll(() => laboratory[Symbol.asyncDispose]());

function recorded(path: string): string {
  return join(laboratory.folder, "recorded", path);
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

const isEvent = (line: string) => !("view" in (JSON.parse(line) as object));

function copyHome(): string {
  copies += 1;
  const home = join(laboratory.folder, `copy-${copies}`);
  copy(recorded("home"), home);
  return home;
}

/** A copy of the home in whose events `statement` was run without the triggers. */
function tampered(statement: string): string {
  const home = copyHome();
  using database = new DatabaseSync(join(home, "aedev.db"));
  for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all())
    database.exec(`DROP TRIGGER ${name}`);
  expect(database.prepare(statement).run().changes).toBe(1);
  return home;
}

/** That version called a task held if its coder asked a question; today it has questions for the person. */
function inTodaysWords(told: RecordedMission): RecordedMission {
  const isAsked = ({ hold_code }: { hold_code: string | null }) => hold_code === "HOLD-QUESTION";
  if (!told.tasks.some(isAsked)) return told;
  const tasks = told.tasks.map((task) => (isAsked(task) ? { ...task, status: "clarifying" as const } : task));
  return { ...told, status: "clarifying", tasks };
}

function at(home: string, ...args: string[]): Promise<CommandResult> {
  return laboratory.run(...args, "--home", home);
}

async function documentOf<T>(home: string, ...args: string[]): Promise<T> {
  const result = await at(home, ...args, "--json");
  expect({ args, exitCode: result.exitCode, stderr: result.stderr }).toEqual({ args, exitCode: 0, stderr: "" });
  return result.json<T>();
}

/** The recorded mission whose title has this text. */
function mission(text: string): RecordedMission {
  const found = missions.find(({ title }) => title.includes(text));
  if (found === undefined) throw new Error(`no recorded mission has "${text}" in its title`);
  return found;
}

function taskOf(text: string): string {
  return mission(text).tasks[0]?.task_id ?? "";
}

/** The facts that every version of the program reports about a mission and its tasks, without the sentences. */
function essence({ mission_id, status, spec_digest, tasks }: MissionView): object {
  return {
    ...{ mission_id, status, spec_digest },
    tasks: tasks.map(({ usage: _usage, hold_detail: _detail, ...rest }) => rest),
  };
}

describe("a log from an earlier version", () => {
  it("verifies, even with rebuilt views, and still folds to every recorded entity with the same bytes", async () => {
    const home = copyHome();
    expect(await documentOf(home, "events", "verify")).toMatchObject({ ok: true, problems: [] });
    expect((await at(home, "events", "rebuild")).exitCode).toBe(0);
    const exported = linesOf((await at(home, "events", "export", "--views")).stdout);
    expect(exported.filter(isEvent)).toEqual(recordedLines.filter(isEvent));
    const rows = recordedLines.filter((line) => !isEvent(line));
    expect(rows.length).toBeGreaterThan(100);
    const present = new Set(exported);
    expect(rows.filter((row) => !present.has(row))).toEqual([]);
    expect(await documentOf(home, "events", "verify")).toMatchObject({ ok: true, problems: [] });
  });

  it("is refused once anything in it was changed, but not for having been copied", async () => {
    const last = "(SELECT max(position) FROM events)";
    for (const statement of [
      "UPDATE events SET data = replace(data, 'CVE-2021-44906', 'CVE-2021-44907') WHERE type = 'MissionSubmitted' AND data LIKE '%CVE-2021-44906%'",
      "DELETE FROM events WHERE position = 100",
      `DELETE FROM events WHERE position = ${last}`,
    ]) {
      const refused = await at(tampered(statement), "events", "verify", "--json");
      const { ok, problems } = refused.json<{ ok: boolean; problems: unknown[] }>();
      expect({ statement, exitCode: refused.exitCode, ok }).toEqual({ statement, exitCode: 1, ok: false });
      expect(problems.length).toBeGreaterThan(0);
    }
    const forged = copyHome();
    const head = readFileSync(join(forged, "head.json"), "utf8");
    writeFileSync(join(forged, "head.json"), head.replace(/"position":\d+/, '"position":470'));
    expect((await at(forged, "events", "verify")).exitCode).toBe(1);

    const untouched = tampered(`UPDATE events SET actor = actor WHERE position = ${last}`);
    expect((await at(untouched, "events", "verify")).exitCode).toBe(0);
  });

  it("has every kind of event known to that version, and missions in every state that waits for a person", () => {
    const types = new Set(recordedLines.filter(isEvent).map((line) => (JSON.parse(line) as { type: string }).type));
    expect(types.size).toBe(42);
    expect(new Set(missions.map(({ status }) => status))).toEqual(
      new Set([...["clarifying", "awaiting_approval", "approved", "asked", "held", "landed", "cancelled", "rejected"]]),
    );
  });
});

describe("a home from an earlier version", () => {
  it("shows every mission, task and hold as that version did", async () => {
    const home = recorded("home");
    const listed = await documentOf<{ missions: MissionView[] }>(home, "mission", "list");
    expect(listed.missions.map(essence)).toEqual(missions.map(essence));
    const count = (status: string) => missions.filter((each) => each.status === status).length;
    expect(await documentOf(home, "status")).toMatchObject({
      daemon: "down",
      missions: { clarifying: 3, awaiting_approval: 1, approved: 2, asked: 1, held: count("held") },
    });
    for (const text of ["CVE-2021-44906", "[case open-question]", "Make it nicer"])
      expect(essence(await documentOf(home, "mission", "show", mission(text).mission_id))).toEqual(
        essence(mission(text)),
      );
    const { holds } = await documentOf<{ holds: { mission_id: string; code: string }[] }>(home, "hold", "list");
    const held = missions.filter(({ status, tasks }) => status === "held" || tasks[0]?.hold_code === "HOLD-QUESTION");
    expect(holds.map(({ mission_id, code }) => [mission_id, code])).toEqual(
      held.map(({ mission_id, tasks }) => [mission_id, tasks[0]?.hold_code]),
    );
    for (const text of ["[case third]", "[case secret]", "[case moved]"]) {
      const { task_id, runs, change_digest } = mission(text).tasks[0] ?? {};
      expect(await documentOf(home, "task", "show", task_id ?? "")).toMatchObject({ task_id, runs, change_digest });
    }
    expect((await at(home, "task", "show", "t-0000000000000000")).exitCode).toBe(1);
  });

  it("keeps the evidence of its changes: shown, verified, with the original points", async () => {
    const home = copyHome();
    for (const text of ["CVE-2021-44906", "[case third]"]) {
      const { task_id, evidence_digest, decision, risk_score } = mission(text).tasks[0] ?? {};
      const task = task_id ?? "";
      expect(await documentOf(home, "evidence", "show", task)).toMatchObject({
        ...{ task_id, bundle_digest: evidence_digest },
      });
      expect(await documentOf(home, "risk", "explain", task)).toMatchObject({ task_id, decision, risk_score });
      expect(await documentOf(home, "evidence", "verify", task)).toMatchObject({
        ...{ ok: true, bundle_digest: evidence_digest },
      });
    }
    const { manifest } = await documentOf<{ manifest: { entries: { patch: { digest: string } } } }>(
      ...[home, "evidence", "show", taskOf("[case third]")],
    );
    const { digest } = manifest.entries.patch;
    writeFileSync(join(home, "blobs", digest.slice(0, 2), digest), "another patch\n");
    expect((await at(home, "evidence", "verify", taskOf("[case third]"))).exitCode).toBe(1);
  });

  it("is taken over by a daemon: open missions are open, and a person's decisions have their effect", async () => {
    const home = copyHome();
    signHeadAgain(home);
    await laboratory.must("init", "--yes", "--home", home);
    await laboratory.must("daemon", "start", "--home", home);
    try {
      const { missions: open } = await documentOf<{ missions: MissionView[] }>(home, "mission", "list");
      expect(open.map(essence)).toEqual(missions.map(essence));
      const show = (text: string) => documentOf<MissionView>(home, "mission", "show", mission(text).mission_id);

      expect((await at(home, "mission", "approve", mission("Make it nicer").mission_id)).exitCode).toBe(1);
      await laboratory.must("mission", "approve", mission("half()").mission_id, "--home", home);
      expect((await show("half()")).tasks).toHaveLength(1);
      // The repository was on the machine of the recording and is gone; on that machine the engine is missing.
      await expect.poll(async () => (await show("half()")).status).toBe("held");
      expect((await show("half()")).tasks[0]?.hold_code).toMatch(/^HOLD-(FETCH-FAILED|DOCKER-UNAVAILABLE)$/);

      await laboratory.must("task", "reject", taskOf("[case asked]"), "--home", home);
      expect((await show("[case asked]")).status).toBe("rejected");
      expect((await show("[case paused]")).status).toBe("approved");
      await laboratory.must("repo", "resume", "paused", "--home", home);
      await expect.poll(async () => (await show("[case paused]")).status).toBe("held");
    } finally {
      await laboratory.must("daemon", "stop", "--home", home);
    }
    expect(await documentOf(home, "events", "verify")).toMatchObject({ ok: true, problems: [] });
    const events = recordedLines.filter(isEvent);
    const exported = linesOf((await at(home, "events", "export")).stdout);
    expect(exported.slice(0, events.length)).toEqual(events);
    expect(exported.length).toBeGreaterThan(events.length);
  }, 180_000);
});

describe("an evidence file from an earlier version", () => {
  const verify = (file: string) => laboratory.run("evidence", "verify", file, "--key", recorded("evidence.pub"));

  it("verifies with the public key that came with it, and is refused with one byte changed in any part", async () => {
    expect((await verify(recorded("evidence.json"))).exitCode).toBe(0);
    const bytes = readFileSync(recorded("evidence.json"));
    const changed = join(laboratory.folder, "changed.json");
    for (const part of ["blobs", "decision", "evidence", "manifest", "public_key"]) {
      const mutant = Buffer.from(bytes);
      const place = bytes.indexOf(`"${part}":`) + part.length + 40;
      mutant[place] = mutant[place] === 0x61 ? 0x62 : 0x61;
      writeFileSync(changed, mutant);
      expect({ part, exitCode: (await verify(changed)).exitCode }).toEqual({ part, exitCode: 1 });
    }
    const stranger = join(laboratory.folder, "stranger.pub");
    writeFileSync(stranger, generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }));
    expect((await laboratory.run("evidence", "verify", recorded("evidence.json"), "--key", stranger)).exitCode).toBe(1);
  });

  it("is exported identically by that home today, byte by byte; a change with a secret is not handed out", async () => {
    const home = recorded("home");
    const again = join(laboratory.folder, "again.json");
    const exported = await at(home, "evidence", "export", taskOf("[case heals]"), "--output", again);
    expect(exported.exitCode).toBe(0);
    expect(readFileSync(again, "utf8")).toBe(readFileSync(recorded("evidence.json"), "utf8"));
    expect((await at(home, "evidence", "export", taskOf("[case secret]"))).exitCode).toBe(1);
  });
});

/** The private key of the recorded head is not in the archive. A new pair signs the same head, so that the daemon can continue. */
function signHeadAgain(home: string): void {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  writeFileSync(join(home, "keys/head.key"), privateKey, { mode: 0o600 });
  writeFileSync(join(home, "keys/head.pub"), publicKey, { mode: 0o600 });
  const file = join(home, "head.json");
  const { at: signedAt, epoch, hash, position } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const claim = { at: signedAt, epoch, hash, position };
  const signature = sign(null, Buffer.from(JSON.stringify(claim)), createPrivateKey(privateKey)).toString("base64");
  writeFileSync(file, `${JSON.stringify({ ...claim, signature })}\n`);
}
