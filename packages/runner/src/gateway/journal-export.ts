/** Exports a journal as files that people can read and edit, and imports them: one file per request and response body, and an index. It runs nothing. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Fault } from "@aedev/contracts";
import type { BlobStore } from "@aedev/host/blob-store";
import { makeNewFolder, writeNewFile } from "@aedev/host/new-file";
import { z } from "zod";
import { type Exchange, exchangeSchema, readJournal } from "./journal.ts";

const fileName = z
  .string()
  .max(100)
  .refine((name) => basename(name) === name && !name.startsWith("."), "a plain file name");
const indexSchema = z.strictObject({
  schema: z.literal(1),
  exchanges: z.array(exchangeSchema.extend({ request: fileName, response: fileName.nullable() })),
});

const newName = "name a new folder with --export";

/** Writes the journal into the new folder `dir` and returns the number of exchanges. Throws a Fault that names a missing or changed blob. */
export function exportJournal(digest: string, dir: string, blobs: Pick<BlobStore, "get">): number {
  const exchanges = readJournal(digest, blobs);
  makeNewFolder(dir, newName);
  const put = (name: string, bytes: Uint8Array): string => {
    writeNewFile(join(dir, name), bytes, newName);
    return name;
  };
  const index: z.infer<typeof indexSchema> = {
    schema: 1,
    exchanges: exchanges.map((exchange, at) => {
      const number = String(at + 1).padStart(3, "0");
      const isStream = exchange.headers["content-type"]?.startsWith("text/event-stream") ?? false;
      return {
        ...exchange,
        request: put(`${number}-request.json`, blobs.get(exchange.request)),
        response:
          exchange.response === null
            ? null
            : put(`${number}-response.${isStream ? "sse" : "json"}`, blobs.get(exchange.response)),
      };
    }),
  };
  put("index.json", Buffer.from(`${JSON.stringify(index, null, 2)}\n`));
  return exchanges.length;
}

/** Reads an exported folder. Its bodies may have been edited, so their digests are computed again. */
export function importJournal(dir: string): { exchanges: Exchange[]; blobs: Pick<BlobStore, "get"> } {
  const bodies = new Map<string, Uint8Array>();
  const take = (name: string): string => {
    const bytes = readFileSync(join(dir, name));
    const digest = createHash("sha256").update(bytes).digest("hex");
    bodies.set(digest, bytes);
    return digest;
  };
  try {
    const index = indexSchema.parse(JSON.parse(readFileSync(join(dir, "index.json"), "utf8")));
    const exchanges = index.exchanges.map((exchange) => ({
      ...exchange,
      request: take(exchange.request),
      response: exchange.response === null ? null : take(exchange.response),
    }));
    return { exchanges, blobs: { get: (digest) => bodyOf(bodies, digest) } };
  } catch (error) {
    throw new Fault("journal-broken", `${dir} is not an exported journal`, { cause: error });
  }
}

function bodyOf(bodies: ReadonlyMap<string, Uint8Array>, digest: string): Uint8Array {
  const bytes = bodies.get(digest);
  if (bytes === undefined) throw new Fault("blob-missing", `blob ${digest} is not in the export`);
  return bytes;
}
