/**
 * Stores the archives of prepared outputs by digest, with a record for each cache key. It copies and syncs them itself, because host's durable files are
 * written in one piece and these are too large for that.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { canonicalJson, Fault, sha256Schema } from "@aedev/contracts";
import { writeDurably } from "@aedev/host/durable-file";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { noteUse } from "./bound-archives.ts";
import { type BuildWrites, buildWritesSchema } from "./build-writes.ts";

/** `writes`: the fetch step's files that the build step changed; null without both steps. */
export interface KeptOutputs {
  readonly archivePath: string;
  readonly writes: BuildWrites | null;
}

const recordSchema = z.strictObject({
  schema: z.literal(2),
  archive: sha256Schema,
  writes: buildWritesSchema.nullable(),
});
/** The container's user must read the mounted file; its folder stays private. */
const archiveMode = 0o644;
const copyChunkBytes = 1024 * 1024;

/** The archive of a finished key, hashed again; null if it is missing, its record is unreadable, or its bytes don't match its name. */
export function readRecord(store: string, cacheKey: string): KeptOutputs | null {
  const path = join(store, `${cacheKey}.json`);
  if (!existsSync(path)) return null;
  const record = recordSchema.safeParse(parseJson(readFileSync(path, "utf8")));
  if (!record.success) return null;
  const archive = join(store, `${record.data.archive}.tar`);
  if (!existsSync(archive)) return null;
  // Renews its time, so that `retention.prepared` does not delete it as unused.
  const now = new Date();
  utimesSync(path, now, now);
  noteUse(archive);
  if (copyHashed(archive, null) !== record.data.archive) return null;
  return { archivePath: archive, writes: record.data.writes };
}

/** Unfinished files stay in `work`, which is always deleted, so that none of them remains on a full disk. */
export function keepArchive({
  store,
  cacheKey,
  work,
  writes,
}: {
  store: string;
  cacheKey: string;
  work: string;
  writes: BuildWrites | null;
}): string {
  const temporary = join(work, "kept");
  const digest = copyHashed(join(work, "packed", "outputs.tar"), temporary);
  const archive = join(store, `${digest}.tar`);
  renameSync(temporary, archive);
  noteUse(archive);
  writeDurably(join(store, `${cacheKey}.json`), canonicalJson({ schema: 2, archive: digest, writes }));
  return archive;
}

/** SHA-256 of a regular file, which is also copied to `to` if given. Throws a Fault for a link, pipe or device. */
function copyHashed(from: string, to: string | null): string {
  const source = openSync(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const target = to === null ? null : openSync(to, "wx", archiveMode);
  try {
    if (!fstatSync(source).isFile())
      throw new Fault("HOLD-PREPARE-FAILED", "the packed outputs are not a regular file", { detail: "outputs" });
    const hash = createHash("sha256");
    const chunk = Buffer.alloc(copyChunkBytes);
    for (let size = readSync(source, chunk); size > 0; size = readSync(source, chunk)) {
      hash.update(chunk.subarray(0, size));
      for (let at = 0; target !== null && at < size; ) at += writeSync(target, chunk, at, size - at);
    }
    if (target !== null) fsyncSync(target);
    return hash.digest("hex");
  } finally {
    closeSync(source);
    if (target !== null) closeSync(target);
  }
}
