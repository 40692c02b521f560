/**
 * Defines what a backup consists of and where its parts are. Each backup adds to the folder `blobs` and writes the folder `home`. `home.before` remains only if
 * a backup was interrupted between its last two steps; then that one counts.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, instantSchema, sha256Schema } from "@aedev/contracts";
import { blobPathOf } from "@aedev/host/blob-store";
import { readIfThere } from "@aedev/host/durable-file";
import { homeLayout, type SecretPlane } from "@aedev/host/home-layout";
import { measureFile } from "@aedev/host/measure-file";
import { parseJson } from "@aedev/host/parse-json";
import { sha256 } from "@aedev/host/sha256";
import { z } from "zod";
import { secretPlanes } from "./secrets.ts";

/** The record of a finished backup, written last. `sums_sha256`: hash of the list of all its files. */
export const backupRecordSchema = z.strictObject({
  schema: z.literal(1),
  made_at: instantSchema,
  home_id: z.string(),
  epoch: z.int().positive(),
  position: z.int().positive(),
  hash: sha256Schema,
  /** Whether it has credentials of vendors, GitHub and the push server. */
  has_secrets: z.boolean(),
  sums_sha256: sha256Schema,
});
export type BackupRecord = z.infer<typeof backupRecordSchema>;

export function backupLayout(dir: string) {
  const home = join(dir, "home");
  return {
    home,
    before: join(dir, "home.before"),
    next: join(dir, "home.next"),
    blobs: join(dir, "blobs"),
    lock: join(dir, "lock.db"),
  };
}

/** The files beside the log's copy: this record, and the hash of every other file in the form that `sha256sum --check` reads. */
export const recordName = "backup.json";
export const sumsName = "SHA256SUMS";

/** The paths of a home's files that a backup keeps besides log and blobs. Keys are always among them: without them no evidence verifies. */
export function keptFiles(hasSecrets: boolean): readonly string[] {
  const { head, untrusted, configuration, policies, policyCases, prices, secrets } = homeLayout("");
  return [
    ...[head, untrusted, configuration, policies, policyCases, prices],
    ...homeKeys(""),
    ...(hasSecrets ? secretPlanes.map((plane: SecretPlane) => secrets(plane)) : []),
  ];
}

/** The files of a home's keys. */
export function homeKeys(home: string): readonly string[] {
  const { signingKey, verifyingKey, evidenceKey, evidencePublicKey, approvalKey } = homeLayout(home);
  return [signingKey, verifyingKey, evidenceKey, evidencePublicKey, approvalKey];
}

/** Whether a folder has a backup, even an interrupted one. */
export function isBackup(dir: string): boolean {
  const { home, before, next } = backupLayout(dir);
  return existsSync(next) || [home, before].some((path) => existsSync(join(path, recordName)));
}

/** The log's name in a home and in a backup. */
export const logName = homeLayout("").log;

/** The text of the list of files with their hashes. */
export function sumsText(sums: Readonly<Record<string, string>>): string {
  return Object.entries(sums)
    .map(([path, hash]) => `${hash}  ${path}\n`)
    .join("");
}

export interface ReadBackup {
  readonly record: BackupRecord;
  /** The folder with the log's copy. */
  readonly home: string;
  /** Digests of the backup's blobs. */
  readonly blobs: readonly string[];
  /** The backup's files, the log included, as paths in the home with their hashes. */
  readonly files: ReadonlyMap<string, string>;
}

/** Reads a backup and hashes every file. Throws a Fault `backup-broken` that names the first file that differs from what was written. */
export function readBackup(dir: string): ReadBackup {
  const layout = backupLayout(dir);
  const home = [layout.home, layout.before].find((path) => existsSync(join(path, recordName)));
  if (home === undefined)
    throw brokenBackup(`${dir} is no finished backup: there is no ${recordName} in ${layout.home}`, "aedev backup DIR");
  const parsed = backupRecordSchema.safeParse(parseJson(readIfThere(join(home, recordName)) ?? ""));
  if (!parsed.success) throw brokenBackup(`${join(home, recordName)} is not what aedev backup writes`);
  const record = parsed.data;
  const sums = readIfThere(join(home, sumsName));
  if (sums === null || sha256(sums) !== record.sums_sha256)
    throw brokenBackup(`${join(home, sumsName)} is not the one that the backup was finished with`);
  const known = new Set([logName, ...keptFiles(record.has_secrets)]);
  const blobs: string[] = [];
  const files = new Map<string, string>();
  for (const line of sums.split("\n").slice(0, -1)) {
    const [, hash = "", path = ""] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    const isBlob = path === `blobs/${blobPathOf(hash)}`;
    const name = path.replace(/^home\//, "");
    if (!isBlob && !(path === `home/${name}` && known.has(name)))
      throw brokenBackup(`${join(home, sumsName)} names a file that no backup has: ${JSON.stringify(path)}`);
    const place = isBlob ? join(dir, path) : join(home, name);
    if (!existsSync(place)) throw brokenBackup(`${place} is missing`);
    if (measureFile(place).sha256 !== hash) throw brokenBackup(`${place} does not match its hash`);
    if (isBlob) blobs.push(hash);
    else files.set(name, hash);
  }
  if (!files.has(logName)) throw brokenBackup(`${home} has no log`);
  return { record, home, blobs, files };
}

export function brokenBackup(what: string, hint = "use another backup"): Fault {
  return new Fault("backup-broken", what, { hint });
}

/** The bytes of a small file of a home or backup; null if it is missing. */
export function bytesIfThere(path: string): Buffer | null {
  return existsSync(path) ? readFileSync(path) : null;
}
