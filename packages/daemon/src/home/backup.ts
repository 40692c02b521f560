/**
 * Backs a home up into a folder, with its daemon up or down, and verifies what was written. The signed head is read before the log is copied as of one moment,
 * so that the copy extends the head. Blobs are copied before and after the log: an event's blobs are stored before the event, and the daemon may delete old
 * ones meanwhile. It changes nothing in the home.
 * Folder: files of the home: lock, secrets, blobs, keys, signed head, backups.
 */
import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { copyFile, open, rename } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { canonicalJson, Fault } from "@aedev/contracts";
import { blobPathOf } from "@aedev/host/blob-store";
import { writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { measureFile } from "@aedev/host/measure-file";
import { assertPrivate, assertPrivateHome } from "@aedev/host/private-home";
import { sha256 } from "@aedev/host/sha256";
import { logEnd } from "../log/log-place.ts";
import { copyDatabase, openExclusively, openForReading, sqliteCode } from "../log/sqlite/database.ts";
import { epochAt } from "../log/verify-chain.ts";
import { verifyHome } from "./audit.ts";
import {
  type BackupRecord,
  backupLayout,
  brokenBackup,
  bytesIfThere,
  homeKeys,
  isBackup,
  keptFiles,
  logName,
  recordName,
  sumsName,
  sumsText,
} from "./backup-folder.ts";

/** Files copied at the same time, which lets several flushes of the disk overlap. */
export const copiesAtOnce = 16;

export interface BackupReport extends Omit<BackupRecord, "schema" | "sums_sha256"> {
  /** Absolute path of the folder. */
  readonly backup: string;
  /** Blobs in the backup, and those whose bytes were copied now. */
  readonly blobs: { readonly total: number; readonly copied: number; readonly copied_bytes: number };
  /** Blobs of the home whose bytes do not match their name; the backup leaves them out. */
  readonly corrupt_blobs: readonly string[];
}

/**
 * Writes the backup and returns once it is verified. Only `withSecrets` copies credentials. Throws a Fault `signing-key` if the home lacks a key,
 * `backup-folder` if `to` can't hold a backup, `backup-broken` if the copy does not verify; then the earlier backup remains.
 */
export async function backupHome({
  home,
  to,
  withSecrets = false,
}: {
  home: string;
  to: string;
  withSecrets?: boolean;
}): Promise<BackupReport> {
  assertPrivateHome(home);
  requireKeys(home);
  const dir = resolve(to);
  prepareFolder(dir, home);
  const layout = backupLayout(dir);
  const lock = lockFolder(layout.lock);
  try {
    settleInterrupted(layout);
    mkdirSync(homeLayout(layout.next).keys, { recursive: true, mode: 0o700 });
    mkdirSync(homeLayout(layout.next).secretsFolder, { mode: 0o700 });
    const sums: Record<string, string> = {};
    for (const name of keptFiles(withSecrets)) {
      const bytes = bytesIfThere(join(home, name));
      if (bytes === null) continue;
      writeDurably(join(layout.next, name), bytes);
      sums[`home/${name}`] = sha256(bytes);
    }
    const blobs = { seen: new Set<string>(), copied: 0, copied_bytes: 0, corrupt: new Set<string>() };
    await copyBlobs(home, layout.blobs, blobs);
    const made_at = new Date().toISOString();
    const end = await copyLog(homeLayout(home).log, join(layout.next, logName));
    await copyBlobs(home, layout.blobs, blobs);
    const verification = verifyHome(layout.next);
    if (!verification.ok)
      throw brokenBackup(
        `the copy of the log does not verify: ${verification.problems[0]?.what}`,
        "aedev events verify",
      );
    sums[`home/${logName}`] = measureFile(join(layout.next, logName)).sha256;
    for (const digest of [...blobs.seen].sort()) sums[`blobs/${blobPathOf(digest)}`] = digest;
    const text = sumsText(sums);
    writeDurably(join(layout.next, sumsName), text);
    const record = { made_at, ...end, has_secrets: withSecrets };
    const written: BackupRecord = { schema: 1, ...record, sums_sha256: sha256(text) };
    writeDurably(join(layout.next, recordName), `${canonicalJson(written)}\n`);
    if (existsSync(layout.home)) renameSync(layout.home, layout.before);
    renameSync(layout.next, layout.home);
    rmSync(layout.before, { recursive: true, force: true });
    const { seen, copied, copied_bytes, corrupt } = blobs;
    return {
      backup: dir,
      ...record,
      blobs: { total: seen.size, copied, copied_bytes },
      corrupt_blobs: [...corrupt].sort(),
    };
  } finally {
    lock.close();
  }
}

/** Refuses a backup without keys, because its evidence could never be verified and it would replace one that has them. */
function requireKeys(home: string): void {
  const missing = homeKeys(home).filter((path) => !existsSync(path));
  if (missing.length > 0)
    throw new Fault("signing-key", `the home's keys are missing, so it is not backed up: ${missing.join(", ")}`, {
      hint: "put them back from an earlier backup (DIR/home/keys); new ones, with which earlier evidence does not verify: aedev init",
    });
}

/** Creates the folder, or makes sure that it is empty or a backup, private, and outside the home. */
function prepareFolder(dir: string, home: string): void {
  const inside = relative(resolve(home), dir);
  const refuse = (what: string) => new Fault("backup-folder", what, { hint: "aedev backup --help" });
  if (inside === "" || !inside.startsWith(".."))
    throw refuse(`${dir} is part of the home: a backup belongs somewhere else`);
  const around = backupAround(dir);
  if (around !== null) throw refuse(`${dir} is inside the backup in ${around}: a backup belongs beside it`);
  if (existsSync(dir) && !statSync(dir).isDirectory()) throw refuse(`${dir} is no folder`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const names = readdirSync(dir);
  const foreign = names.find((name) => !isOfBackup(dir, name));
  if (foreign !== undefined)
    throw refuse(`${dir} is not empty and no backup: there is ${JSON.stringify(foreign)} in it`);
  assertPrivate(dir);
}

/** Whether an entry was written by a backup and may be replaced. The name alone does not tell: another folder's `home` may be somebody's. */
function isOfBackup(dir: string, name: string): boolean {
  const { lock, home, before } = backupLayout(dir);
  if (name === "home" || name === "home.before") return existsSync(join(dir, name, recordName));
  if (name === "home.next" || name === "blobs")
    return existsSync(lock) || [home, before].some((path) => existsSync(join(path, recordName)));
  return [basename(lock), `${basename(lock)}-journal`].includes(name);
}

/** The nearest parent folder that is a backup, finished or not. */
function backupAround(dir: string): string | null {
  for (let folder = dirname(realPathOf(dir)); ; folder = dirname(folder)) {
    if (isBackup(folder)) return folder;
    if (folder === dirname(folder)) return null;
  }
}

/** The real path, even of something that does not exist yet. */
function realPathOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realPathOf(dirname(path)), basename(path));
}

function lockFolder(path: string): ReturnType<typeof openExclusively> {
  try {
    return openExclusively(path);
  } catch (cause) {
    if (sqliteCode(cause)?.startsWith("SQLITE_BUSY") !== true) throw cause;
    throw new Fault("backup-folder", "another backup into this folder is under way", {
      hint: "wait until it has ended",
      cause,
    });
  }
}

/** Removes what an interrupted backup left, and restores the one before it. */
function settleInterrupted({ home, before, next }: ReturnType<typeof backupLayout>): void {
  rmSync(next, { recursive: true, force: true });
  if (!existsSync(home) && existsSync(before)) renameSync(before, home);
  rmSync(before, { recursive: true, force: true });
}

async function copyLog(
  from: string,
  to: string,
): Promise<Pick<BackupRecord, "home_id" | "epoch" | "position" | "hash">> {
  const source = openForReading(from);
  try {
    await copyDatabase(source, to);
  } finally {
    source.close();
  }
  const copy = openForReading(to);
  try {
    const end = logEnd(copy);
    if (end.position === 0) throw new Fault("no-home", `the log at ${from} is empty`, { hint: "aedev init" });
    const id: unknown = copy
      .prepare("SELECT json_extract(data, '$.home_id') FROM events WHERE type = 'HomeInitialized' LIMIT 1")
      .pluck()
      .get();
    return { ...end, epoch: epochAt(copy, end.position), home_id: typeof id === "string" ? id : "" };
  } finally {
    copy.close();
  }
}

interface CopiedBlobs {
  /** Blobs of the backup whose hash was checked there. */
  readonly seen: Set<string>;
  readonly corrupt: Set<string>;
  copied: number;
  copied_bytes: number;
}

/** Copies the blobs that the backup lacks, and hashes each copy once. */
async function copyBlobs(home: string, to: string, blobs: CopiedBlobs): Promise<void> {
  const from = homeLayout(home).blobs;
  for (const folder of existsSync(from) ? readdirSync(from).filter((name) => /^[0-9a-f]{2}$/.test(name)) : []) {
    const names = readdirSync(join(from, folder));
    const missing = names.filter((name) => /^[0-9a-f]{64}$/.test(name) && !blobs.seen.has(name));
    if (missing.length === 0) continue;
    mkdirSync(join(to, folder), { recursive: true, mode: 0o700 });
    for (let at = 0; at < missing.length; at += copiesAtOnce)
      await Promise.all(missing.slice(at, at + copiesAtOnce).map((digest) => copyBlob(digest, { from, to, blobs })));
    await syncFolder(join(to, folder));
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  await folder.sync().finally(() => folder.close());
}

async function copyBlob(
  digest: string,
  { from, to, blobs }: { from: string; to: string; blobs: CopiedBlobs },
): Promise<void> {
  const target = join(to, blobPathOf(digest));
  if (existsSync(target) && measureFile(target).sha256 === digest) return void blobs.seen.add(digest);
  const bytes = await copyHashed(join(from, blobPathOf(digest)), target, digest);
  if (bytes === "corrupt") return void blobs.corrupt.add(digest);
  // The daemon may have deleted it since it was listed.
  if (bytes === null) return;
  blobs.seen.add(digest);
  blobs.copied += 1;
  blobs.copied_bytes += bytes;
}

/** Copies a file durably if its bytes have this hash, and returns their number. Null: the file is gone. */
export async function copyHashed(from: string, to: string, digest: string): Promise<number | "corrupt" | null> {
  const temporary = `${to}.new`;
  try {
    await copyFile(from, temporary);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  const { sizeBytes, sha256: found } = measureFile(temporary);
  if (found !== digest) {
    rmSync(temporary);
    return "corrupt";
  }
  const file = await open(temporary, "r+");
  try {
    await file.chmod(0o600);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, to);
  return sizeBytes;
}
