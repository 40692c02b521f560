/** Checks that every blob named by an event or a sealed manifest is in the store with its bytes, or expired after it was named. It reads every such blob. */
import { existsSync } from "node:fs";
import { blobSchema, bundleManifestSchema, counted } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { measureFile } from "@aedev/host/measure-file";
import { parseJson } from "@aedev/host/parse-json";
import { openForReading } from "../log/sqlite/database.ts";
import { blobStore } from "./blobs.ts";
import { dayOf, expiredBlobs } from "./expired-blobs.ts";
import { namedBlobs } from "./named-blobs.ts";

const problemsMax = 50;
interface NamedBlob {
  readonly digest: string;
  readonly size_bytes: number;
}

/** The problems, as sentences for a person. */
export function verifyBlobs(home: string): {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
} {
  const blobs = blobStore(home);
  const database = openForReading(homeLayout(home).log);
  try {
    const expired = expiredBlobs(database, blobs);
    const stateOf = new Map<string, string | null>();
    const gone = new Map<string, string>();
    /** By digest, where the blob was first named. */
    const lost = new Map<string, string>();
    const check = ({ digest, size_bytes }: NamedBlob, position: number): void => {
      const expiry = expired.get(digest);
      if (!stateOf.has(digest)) stateOf.set(digest, problemOf({ digest, size_bytes }, blobs.pathOf(digest)));
      const problem = stateOf.get(digest) ?? null;
      if (problem === "is missing" && expiry !== undefined && expiry.position > position)
        gone.set(digest, dayOf(expiry));
      else if (problem !== null && !lost.has(digest))
        lost.set(digest, `position ${position}: the blob ${digest} ${problem}`);
    };
    const rows = database.prepare("SELECT position, type, data FROM events ORDER BY position");
    for (const { position, type, data } of rows.iterate() as Iterable<{
      position: number;
      type: string;
      data: string;
    }>) {
      const event = parseJson(data);
      for (const named of namedBlobs(event)) check(named, position);
      const bundle = type === "EvidenceSealed" ? blobSchema.safeParse(Object(event).bundle) : null;
      if (bundle?.success !== true || stateOf.get(bundle.data.digest) !== null) continue;
      const text = Buffer.from(blobs.get(bundle.data.digest)).toString("utf8");
      for (const named of Object.values(bundleManifestSchema.parse(parseJson(text)).entries)) check(named, position);
    }
    const days = [...new Set(gone.values())].sort();
    const span = days.length > 1 ? `from ${days[0]} to ${days.at(-1)}` : `on ${days[0]}`;
    const problems = [...lost.values()];
    const more = problems.length - problemsMax;
    return {
      problems: [...problems.slice(0, problemsMax), ...(more > 0 ? [`and ${more} more`] : [])],
      warnings: gone.size === 0 ? [] : [`${counted(gone.size, "blob")} expired ${span} (retention.blobs)`],
    };
  } finally {
    database.close();
  }
}

function problemOf({ digest, size_bytes }: NamedBlob, path: string): string | null {
  if (!existsSync(path)) return "is missing";
  const { sizeBytes, sha256 } = measureFile(path);
  if (sha256 !== digest) return "does not match its hash";
  return sizeBytes === size_bytes ? null : `has ${sizeBytes} bytes, not ${size_bytes}`;
}
