/** Tells which blobs retention deleted, and when, from the log's `BlobsExpired` events. A missing blob that none of them lists is lost. */
import { Fault, isFault } from "@aedev/contracts";
import { expiredBlobsSchema } from "@aedev/contracts/events";
import type { BlobStore } from "@aedev/host/blob-store";
import { homeLayout } from "@aedev/host/home-layout";
import { openForReading, type SqliteDatabase } from "../log/sqlite/database.ts";

export interface Expiry {
  /** Position of the event. */
  readonly position: number;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** The last expiry of each blob. If a list's own bytes are lost or changed, it lists nothing. */
export function expiredBlobs(events: SqliteDatabase, blobs: Pick<BlobStore, "get">): ReadonlyMap<string, Expiry> {
  const rows = events
    .prepare(
      "SELECT position, recorded_at AS at, json_extract(data, '$.manifest.digest') AS digest FROM events WHERE stream = 'system' AND type = 'BlobsExpired' ORDER BY position",
    )
    .all() as (Expiry & { digest: string })[];
  return new Map(
    rows.flatMap(({ position, at, digest }) =>
      listedDigests(digest, blobs).map((expired): [string, Expiry] => [expired, { position, at }]),
    ),
  );
}

/** The day on which a blob of a task's last evidence expired, such as `2026-01-31`; null if none has since the evidence was sealed. */
export function expiredSinceSealed(
  home: string,
  { taskId, blobs }: { taskId: string; blobs: Pick<BlobStore, "get"> },
): (digest: string) => string | null {
  const database = openForReading(homeLayout(home).log);
  try {
    const expired = expiredBlobs(database, blobs);
    const sql = "SELECT max(position) FROM events WHERE stream = ? AND type = 'EvidenceSealed'";
    const sealed = database.prepare(sql).pluck().get(`task/${taskId}`) as number | null;
    return (digest) => {
      const expiry = expired.get(digest);
      return expiry === undefined || expiry.position < (sealed ?? 0) ? null : dayOf(expiry);
    };
  } finally {
    database.close();
  }
}

/** Wraps a store so that an expired blob is reported with its day, not as missing. */
export function namingExpired(blobs: Pick<BlobStore, "get">, events: SqliteDatabase): Pick<BlobStore, "get"> {
  return {
    get(digest) {
      try {
        return blobs.get(digest);
      } catch (error) {
        const expiry = isFault(error, "blob-missing") ? expiredBlobs(events, blobs).get(digest) : undefined;
        if (expiry === undefined) throw error;
        throw new Fault("blob-expired", `blob ${digest} expired on ${dayOf(expiry)} (retention.blobs)`, {
          cause: error,
          hint: "an earlier backup may have it",
        });
      }
    },
  };
}

export const dayOf = ({ at }: Pick<Expiry, "at">) => at.slice(0, "2026-01-31".length);

function listedDigests(digest: string, blobs: Pick<BlobStore, "get">): readonly string[] {
  try {
    return expiredBlobsSchema.parse(JSON.parse(Buffer.from(blobs.get(digest)).toString("utf8"))).digests;
  } catch (error) {
    if (isFault(error, "blob-missing") || isFault(error, "blob-corrupt")) return [];
    throw error;
  }
}
