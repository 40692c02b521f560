/**
 * Backs up and restores a home with 10,000 missions, some hundreds of them with signed evidence, and checks the result: every file, the log, the evidence, and
 * the log's fold. Times are compared with `cp -r` and `sha256sum` of the same files. A wrong count ends the bench with an error.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { canonicalJson } from "@aedev/contracts";
import { type CommandBody, decide } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { sha256 } from "@aedev/host/sha256";
import { execa } from "execa";
import { makeCommand } from "../../packages/daemon/src/control/control.ts";
import { backupHome } from "../../packages/daemon/src/home/backup.ts";
import { blobStore } from "../../packages/daemon/src/home/blobs.ts";
import { signHead } from "../../packages/daemon/src/home/signed-head.ts";
import { openEventLog } from "../../packages/daemon/src/log/event-log.ts";
import { foldEntities } from "../../packages/daemon/src/log/fold-log.ts";
import { openForReading } from "../../packages/daemon/src/log/sqlite/database.ts";
import { initHome } from "../../packages/daemon/src/process/initialize-home.ts";
import { restoreHome } from "../../packages/daemon/src/process/restore-home.ts";
import { verifyLog } from "../../packages/daemon/src/reader/offline.ts";
import { verifyEvidenceTask } from "../../packages/daemon/src/reader/verify-evidence.ts";
import { addSealedMission, registration, type SealedMission } from "../../test/support/sealed-missions.ts";
import { atMost, type Figure } from "./figure.ts";
import { writeEndedMissions } from "./growth/ended-missions.ts";

const missions = 10_000;
/** Missions with signed evidence among these, and missions between the two backups. */
const sealedMissions = 300;
const later = 10;
const recordingBytes = 64 * 1024;
/** Both flush every file to the disk and verify the log event by event, unlike `cp` and `sha256sum`. A restore also hashes the backup first. */
const [backupMax, restoreMax] = [30, 40];

export async function benchBackup(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "aedev-backup-"));
  const [home, to, restored] = [join(folder, "home"), join(folder, "backup"), join(folder, "restored")];
  try {
    const sealed = await makeHome(home);
    const [first, firstMs] = await timed(() => backupHome({ home, to }));
    const whole = blobsOf(home);
    assert.deepEqual(first.blobs, { total: whole.size, copied: whole.size, copied_bytes: sum(whole) });
    assert.deepEqual(first.corrupt_blobs, []);
    const { files, bytes } = sizeOf(to);
    const copyMs = await copyByHand(home, join(folder, "copy"));

    await addMissions(home, { from: missions, count: later }, sealed);
    const now = blobsOf(home);
    const added = new Map([...now].filter(([digest]) => !whole.has(digest)));
    const [second, secondMs] = await timed(() => backupHome({ home, to }));
    assert.deepEqual(second.blobs, { total: now.size, copied: added.size, copied_bytes: sum(added) });

    const [{ blobs, landings_paused }, restoreMs] = await timed(() => restoreHome({ from: to, home: restored }));
    assert.equal(blobs, now.size);
    assert.deepEqual(blobsOf(restored), now);
    const landed = await verifyRestored(restored, sealed);
    const entities = compareFolds(home, restored, landings_paused);

    const times = (name: string, { limit, ms, detail }: { limit: number; ms: number; detail: string }) =>
      atMost(name, {
        ...{ limit, value: ms / copyMs, unit: " × by hand" },
        detail: `${seconds(ms)}, cp -r and sha256sum ${seconds(copyMs)}; ${detail}`,
      });
    const copied = ({ blobs: { total, copied: count, copied_bytes } }: typeof first) =>
      `${count} of ${total} blobs copied, ${megabytes(copied_bytes)}`;
    const size = `${missions} missions, ${first.position} events, ${files} files, ${megabytes(bytes)}`;
    const proved = `log and blobs verified, evidence of ${landed} landings verified, ${entities} entities equal`;
    return [
      times("backup, empty folder", { limit: backupMax, ms: firstMs, detail: `${size}; ${copied(first)}` }),
      times(`backup, ${later} missions later`, { limit: backupMax, ms: secondMs, detail: copied(second) }),
      times("restore", { limit: restoreMax, ms: restoreMs, detail: `${blobs} blobs; ${proved}` }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies and hashes the files of a backup by hand. Returns the milliseconds. */
async function copyByHand(home: string, copy: string): Promise<number> {
  mkdirSync(copy);
  const { log, head, keys, blobs, configuration, policies } = homeLayout(home);
  const [, ms] = await timed(async () => {
    await execa("cp", ["-r", log, head, keys, blobs, configuration, policies, copy]);
    await execa("find", [copy, "-type", "f", "-exec", "sha256sum", "{}", "+"], { stdout: "ignore" });
  });
  return ms;
}

/** Returns the number of landings, after verifying the evidence of all. */
async function verifyRestored(home: string, sealed: readonly SealedMission[]): Promise<number> {
  assert.deepEqual(verifyLog({ home, blobs: true }), { ok: true, problems: [], warnings: [] });
  const landed = sealed.filter(({ end }) => end === "landed");
  for (const { taskId } of landed) {
    const { ok, problem } = await verifyEvidenceTask(taskId, { home });
    assert.ok(ok, `${taskId}: ${problem?.part}: ${problem?.what}`);
  }
  return landed.length;
}

/** Returns the missions with signed evidence. The others also have blobs: small ones, and a manifest of their own. */
async function makeHome(home: string): Promise<SealedMission[]> {
  await initHome(home);
  const { log, logSidecars, head } = homeLayout(home);
  for (const path of [log, ...logSidecars, head]) rmSync(path, { force: true });
  const blobs = blobStore(home);
  const small = new Map([..."12345678a"].map((letter) => [letter.repeat(64), blobs.put(letter, "text/plain").digest]));
  const names = new RegExp([...small.keys()].join("|"), "g");
  await writeEndedMissions(log, missions - sealedMissions, (data, number) => {
    const text = data.replace(names, (name) => small.get(name) ?? name);
    const bundle = `"bundle":{"digest":"e${number.toString(16).padStart(63, "0")}","media_type":"text/plain","size_bytes":1}`;
    if (!text.includes(bundle)) return text;
    const manifest = canonicalJson({ schema: 1, parent: sha256(String(number)), entries: {} });
    const own = { digest: sha256(manifest), media_type: "application/json", size_bytes: manifest.length };
    // Written without syncing, which takes minutes; nobody needs these if the machine stops now.
    mkdirSync(dirname(blobs.pathOf(own.digest)), { recursive: true, mode: 0o700 });
    writeFileSync(blobs.pathOf(own.digest), manifest, { mode: 0o600 });
    return text.replace(bundle, `"bundle":${canonicalJson(own)}`);
  });
  const sealed: SealedMission[] = [];
  await addMissions(home, { from: missions - sealedMissions, count: sealedMissions }, sealed);
  return sealed;
}

async function addMissions(
  home: string,
  { from, count }: { from: number; count: number },
  sealed: SealedMission[],
): Promise<void> {
  await using log = await openEventLog({ path: homeLayout(home).log, decide });
  const submit = async (body: CommandBody) => {
    const answer = await log.submit(makeCommand(body, "operator"));
    if (answer.kind === "refused") throw new Error(`${body.kind}: ${answer.reason}`);
  };
  if (sealed.length === 0) await submit(registration);
  const living = { home, log, blobs: blobStore(home), submit };
  for (let number = from; number < from + count; number += 1) {
    const end = (["landed", "landed", "landed", "held", "cancelled"] as const)[number % 5] ?? "landed";
    sealed.push(await addSealedMission(living, { number, end, recordingBytes }));
  }
  signHead(home, log, new Date().toISOString());
}

/** Only restoring's own records may differ. Returns the number of equal entities. */
function compareFolds(home: string, restored: string, paused: readonly string[]): number {
  const before = folded(home);
  const after = folded(restored);
  const differing = [...after].filter(([id, digest]) => before.get(id) !== digest).map(([id]) => id);
  const expected = ["system/system", ...paused.map((name) => `repositories/${name}`)];
  assert.deepEqual(differing.sort(), expected.sort());
  assert.equal(after.size, before.size);
  return after.size - differing.length;
}

/** The digest of each entity in the log's fold. */
function folded(home: string): Map<string, string> {
  const database = openForReading(homeLayout(home).log);
  try {
    const found = new Map<string, string>();
    for (const entities of foldEntities(database))
      for (const { kind, id, entity } of entities) found.set(`${kind}/${id}`, sha256(canonicalJson(entity)));
    return found;
  } finally {
    database.close();
  }
}

/** Sizes of a home's blobs by their digests. */
function blobsOf(home: string): Map<string, number> {
  const entries = readdirSync(homeLayout(home).blobs, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(files.map(({ name, parentPath }) => [name, statSync(join(parentPath, name)).size] as const).sort());
}

function sizeOf(folder: string): { files: number; bytes: number } {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sizes = entries.map(({ name, parentPath }) => statSync(join(parentPath, name)).size);
  return { files: sizes.length, bytes: sizes.reduce((total, size) => total + size, 0) };
}

const sum = (sizes: ReadonlyMap<string, number>) => [...sizes.values()].reduce((total, size) => total + size, 0);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

async function timed<T>(act: () => Promise<T>): Promise<[T, number]> {
  const startedAt = performance.now();
  const value = await act();
  return [value, performance.now() - startedAt];
}
