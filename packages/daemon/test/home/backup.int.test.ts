/** Backups of real homes: beside a busy writer, interrupted, tampered with, and restored elsewhere. */
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decide } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { expect, it } from "vitest";
import { verifyHome } from "../../src/home/audit.ts";
import { backupHome } from "../../src/home/backup.ts";
import { blobStore } from "../../src/home/blobs.ts";
import { takeLock } from "../../src/home/lock.ts";
import { setSecret } from "../../src/home/secrets.ts";
import { openEventLog } from "../../src/log/event-log.ts";
import { openForReading } from "../../src/log/sqlite/database.ts";
import { openApprovalListener } from "../../src/phone/approval/listener.ts";
import { approvalKey, mintToken } from "../../src/phone/approval/token.ts";
import { initHome } from "../../src/process/initialize-home.ts";
import { restoreHome } from "../../src/process/restore-home.ts";
import { configure, temporaryFolder } from "../log/story.ts";
import { addressOf, send } from "../phone/approval/ask.ts";
import { openControl } from "../phone/approval/asked-home.ts";
import { openPhone } from "../phone/approval/phone.ts";

const appender = fileURLToPath(new URL("../log/append-until-killed.ts", import.meta.url));
const commandsOf = (home: string) => {
  const log = openForReading(homeLayout(home).log);
  const ids = log.prepare("SELECT command_id FROM events").pluck().all();
  log.close();
  return new Set(ids as string[]);
};

it("a backup beside a busy writer has every command acknowledged before, opens elsewhere and continues", async () => {
  using folder = temporaryFolder();
  const home = folder.at("home");
  await initHome(home);
  const writer = spawn(process.execPath, [appender, homeLayout(home).log, "4"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => writer.once("close", resolve));
  let answered = "";
  writer.stdout.on("data", (chunk) => {
    answered += chunk;
  });
  const until = async (count: number) => {
    while (answered.split("\n").length <= count) await new Promise((resolve) => writer.stdout.once("data", resolve));
  };
  try {
    for (const [number, count] of [1, 37, 211, 400].entries()) {
      await until(count);
      const before = answered.split("\n").slice(0, -1);
      const report = await backupHome({ home, to: folder.at("backup") });
      const restored = folder.at(`restored-${number}`);
      const { landings_paused } = await restoreHome({ from: folder.at("backup"), home: restored });
      const stored = commandsOf(restored);
      expect(before.length).toBeGreaterThanOrEqual(count);
      expect(before.filter((id) => !stored.has(id))).toEqual([]);
      expect(verifyHome(restored)).toMatchObject({ ok: true, position: report.position + 1 + landings_paused.length });
    }
  } finally {
    writer.kill("SIGKILL");
    await ended;
  }
  await using log = await openEventLog({ path: homeLayout(folder.at("restored-3")).log, decide });
  expect(await log.submit(configure("after"))).toMatchObject({ kind: "done" });
});

it("a backup copies a blob once, repairs a damaged one of an earlier backup, and leaves out the home's damaged ones", async () => {
  using folder = temporaryFolder();
  const home = folder.at("home");
  await initHome(home);
  const blobs = blobStore(home);
  const [first, second] = ["first", "second"].map((text) => blobs.put(text, "text/plain").digest);
  const backup = () => backupHome({ home, to: folder.at("backup") });
  expect(await backup()).toMatchObject({ blobs: { total: 2, copied: 2, copied_bytes: 11 }, corrupt_blobs: [] });
  blobs.put("third", "text/plain");
  expect(await backup()).toMatchObject({ blobs: { total: 3, copied: 1 } });
  const inBackup = join(folder.at("backup"), "blobs", `${first}`.slice(0, 2), `${first}`);
  writeFileSync(inBackup, "broken");
  expect(await backup()).toMatchObject({ blobs: { total: 3, copied: 1 } });
  expect(readFileSync(inBackup, "utf8")).toBe("first");
  writeFileSync(blobs.pathOf(`${second}`), "broken");
  rmSync(folder.at("backup"), { recursive: true });
  expect(await backup()).toMatchObject({ blobs: { total: 2, copied: 2 }, corrupt_blobs: [second] });
});

it("a backup is not written inside another one, which then still takes the next", async () => {
  using folder = temporaryFolder();
  const home = folder.at("home");
  await initHome(home);
  const backup = folder.at("backup");
  await backupHome({ home, to: backup });
  symlinkSync(backup, folder.at("link"));
  for (const inner of ["x", "blobs/x", "home", "deep/er"])
    for (const outer of [backup, folder.at("link")])
      await expect(backupHome({ home, to: join(outer, inner) }), inner).rejects.toMatchObject({
        code: "backup-folder",
        message: expect.stringContaining("inside the backup"),
      });
  expect(await backupHome({ home, to: backup })).toMatchObject({ corrupt_blobs: [] });
  expect(await backupHome({ home, to: folder.at("beside") })).toMatchObject({ corrupt_blobs: [] });
});

it("a home without a key is not backed up, and the earlier backup with the key stays", async () => {
  using folder = temporaryFolder();
  const home = folder.at("home");
  await initHome(home);
  const backup = folder.at("backup");
  const { keys, evidenceKey } = homeLayout(home);
  await backupHome({ home, to: backup });
  for (const lost of [evidenceKey, keys]) {
    renameSync(lost, folder.at("lost"));
    const attempt = backupHome({ home, to: backup });
    await expect(attempt).rejects.toMatchObject({ code: "signing-key", message: expect.stringContaining(evidenceKey) });
    expect(existsSync(homeLayout(join(backup, "home")).evidenceKey)).toBe(true);
    renameSync(folder.at("lost"), lost);
  }
  expect(await backupHome({ home, to: backup })).toMatchObject({ corrupt_blobs: [] });
});

it("a backup has credentials only on request, and nothing that others can read", async () => {
  using folder = temporaryFolder();
  const home = folder.at("home");
  await initHome(home);
  setSecret(home, "AEDEV_OPENAI_API_KEY", "sk-planted-for-this-test");
  const holdsSecret = (dir: string) =>
    filesIn(dir).some((path) => readFileSync(path, "utf8").includes("sk-planted-for-this-test"));
  await backupHome({ home, to: folder.at("without") });
  await backupHome({ home, to: folder.at("with"), withSecrets: true });
  expect(holdsSecret(folder.at("without"))).toBe(false);
  expect(holdsSecret(folder.at("with"))).toBe(true);
  for (const path of filesIn(folder.at("with"))) expect(statSync(path).mode & 0o077, path).toBe(0);
  for (const name of ["without", "with"]) {
    const restored = folder.at(`from-${name}`);
    expect(await restoreHome({ from: folder.at(name), home: restored })).toMatchObject({
      has_secrets: name === "with",
    });
    expect(holdsSecret(homeLayout(restored).secretsFolder)).toBe(name === "with");
    expect(readFileSync(homeLayout(restored).evidenceKey)).toEqual(readFileSync(homeLayout(home).evidenceKey));
  }
});

it("a backup is restored only unchanged: every changed, missing or foreign file is named, and nothing is left behind", async () => {
  using folder = temporaryFolder();
  const home = folder.at("home");
  await initHome(home);
  const { digest } = blobStore(home).put("a blob", "text/plain");
  const backup = folder.at("backup");
  await backupHome({ home, to: backup });
  const target = folder.at("target");
  const attempt = () => restoreHome({ from: backup, home: target });
  const blob = `blobs/${digest.slice(0, 2)}/${digest}`;
  for (const name of [
    "home/aedev.db",
    "home/head.json",
    "home/keys/head.pub",
    "home/config.yaml",
    "home/SHA256SUMS",
    blob,
  ]) {
    const path = join(backup, name);
    const bytes = readFileSync(path);
    const flipped = Buffer.from(bytes);
    flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 1;
    for (const spoil of [() => writeFileSync(path, flipped), () => rmSync(path)]) {
      spoil();
      await expect(attempt(), name).rejects.toMatchObject({ code: "backup-broken" });
      expect(readdirSync(folder.path).toSorted()).toEqual(["backup", "home"]);
      writeFileSync(path, bytes);
    }
  }
  const record = join(backup, "home", "backup.json");
  const finished = readFileSync(record);
  rmSync(record);
  await expect(attempt()).rejects.toMatchObject({ code: "backup-broken" });
  writeFileSync(record, finished);
  expect(await attempt()).toMatchObject({ home: target, blobs: 1, kept: null, epoch: 2 });
  expect(verifyHome(target)).toMatchObject({ ok: true });
});

it("an interrupted backup continues at any step, and until then the one before it counts", async () => {
  using folder = temporaryFolder();
  const home = folder.at("home");
  await initHome(home);
  const backup = folder.at("backup");
  const { position } = await backupHome({ home, to: backup });
  mkdirSync(join(backup, "home.next", "keys"), { recursive: true });
  renameSync(join(backup, "home"), join(backup, "home.before"));
  expect(await restoreHome({ from: backup, home: folder.at("restored") })).toMatchObject({ position });
  await backupHome({ home, to: backup });
  expect(readdirSync(backup).toSorted()).toEqual(
    ["blobs", "home", "lock.db"].filter((name) => existsSync(join(backup, name))),
  );
  expect(await restoreHome({ from: backup, home: folder.at("again") })).toMatchObject({ position });
});

it("a backup goes into no folder of the home or of others, and replaces an unused home only on request", async () => {
  using folder = temporaryFolder();
  const home = folder.at("home");
  await initHome(home);
  mkdirSync(folder.at("mine"), { mode: 0o700 });
  writeFileSync(join(folder.at("mine"), "letter.txt"), "dear");
  for (const to of [home, join(home, "below"), folder.at("mine"), join(folder.at("mine"), "letter.txt")])
    await expect(backupHome({ home, to }), to).rejects.toMatchObject({ code: "backup-folder" });
  // A folder of somebody else whose parts have the names of a backup's.
  for (const part of ["home", "home.before", "home.next", "blobs"]) {
    const to = folder.at(`disk-${part}`);
    mkdirSync(join(to, part, "ada"), { recursive: true, mode: 0o700 });
    writeFileSync(join(to, part, "ada", "letter.txt"), "dear");
    await expect(backupHome({ home, to }), to).rejects.toMatchObject({ code: "backup-folder" });
    expect(readdirSync(to)).toEqual([part]);
    expect(readFileSync(join(to, part, "ada", "letter.txt"), "utf8")).toBe("dear");
  }
  const backup = folder.at("backup");
  await backupHome({ home, to: backup });
  await expect(restoreHome({ from: backup, home })).rejects.toMatchObject({ code: "home-not-empty" });
  await expect(restoreHome({ from: backup, home: folder.at("mine"), replace: true })).rejects.toMatchObject({
    code: "home-not-empty",
  });
  {
    using _lock = takeLock(home);
    await expect(restoreHome({ from: backup, home, replace: true })).rejects.toMatchObject({ code: "home-locked" });
  }
  const { kept, epoch } = await restoreHome({ from: backup, home, replace: true });
  expect(verifyHome(kept ?? "")).toMatchObject({ ok: true, position: 1 });
  expect(verifyHome(home)).toMatchObject({ ok: true, position: 2 });
  // The replaced home had a later epoch than the backup.
  const second = await restoreHome({ from: backup, home, replace: true });
  expect([epoch, second.epoch]).toEqual([2, 3]);
});

it("a restored home answers every open tap with 410, and the home that was backed up still takes it", async () => {
  await using phone = await openPhone();
  const { approval } = await phone.asked();
  const backup = join(phone.folder, "backup");
  await backupHome({ home: phone.control.home, to: backup });
  const restored = join(phone.folder, "restored");
  await restoreHome({ from: backup, home: restored });
  await using control = await openControl(restored);
  const listener = await openApprovalListener(control);
  const token = mintToken(approvalKey(restored), approval, { action: "approve" });
  const address = addressOf(approval.approval_id, token);
  expect((await send(listener?.port ?? 0, address, { method: "POST" })).status).toBe(410);
  await listener?.close();
  expect((await send(phone.port, address, { method: "POST" })).status).toBe(200);
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
