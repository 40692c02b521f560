/**
 * The recording of a run's exchanges: bodies as blobs, one append-only index in the run's folder, one manifest at the end. Contract: a line is
 * durable before its function returns; the credential is never here, because requests are recorded before it is added.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { type Blob, type BlobStore, canonicalJson, Fault, sha256Schema, usageSchema } from "@aedev/core/wire";
import { z } from "zod";
import { modelPaths } from "./model-request.ts";

const tokenCountsSchema = usageSchema.omit({ requests: true });
const openedSchema = z.strictObject({
  event: z.literal("opened"),
  number: z.int().positive(),
  path: z.enum(modelPaths),
  model: z.string(),
  request: sha256Schema,
  reserved_tokens: z.int().nonnegative(),
});
const closedSchema = z.strictObject({
  event: z.literal("closed"),
  number: z.int().positive(),
  status: z.int().nullable(),
  headers: z.record(z.string(), z.string()),
  response: sha256Schema,
  /** False where the stream broke off, on either side. */
  complete: z.boolean(),
  usage: tokenCountsSchema.nullable(),
  usage_is_final: z.boolean(),
});
const lineSchema = z.discriminatedUnion("event", [openedSchema, closedSchema]);
export type OpenedExchange = Omit<z.infer<typeof openedSchema>, "event">;
export type ClosedExchange = Omit<z.infer<typeof closedSchema>, "event">;

/** One exchange of a finished journal; `response` null and `status` null where no answer came. */
export const exchangeSchema = z.strictObject({
  path: z.enum(modelPaths),
  model: z.string(),
  request: sha256Schema,
  response: sha256Schema.nullable(),
  status: z.int().nullable(),
  headers: z.record(z.string(), z.string()),
  complete: z.boolean(),
});
export const journalSchema = z.strictObject({ schema: z.literal(1), exchanges: z.array(exchangeSchema) });
export type Exchange = z.infer<typeof exchangeSchema>;

export interface Journal {
  open(exchange: Omit<OpenedExchange, "number" | "request"> & { body: string }): number;
  /** The answer's bytes are durable before. */
  close(exchange: ClosedExchange): void;
  /** What an earlier gateway of this run wrote, in order. */
  readonly earlier: readonly { opened: OpenedExchange; closed: ClosedExchange | null }[];
  /** The manifest of everything until now, as a blob. */
  seal(): Blob;
  end(): void;
}

/** Opens or continues the index at `path`; a last line torn by a crash was never acted on and is dropped. */
export function openJournal(path: string, blobs: BlobStore): Journal {
  const exchanges = readIndex(path);
  const earlier = [...exchanges.values()];
  const descriptor = openSync(path, "a", 0o600);
  const append = (line: z.infer<typeof lineSchema>) => {
    const bytes = Buffer.from(`${canonicalJson(line)}\n`);
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  };
  let isOpen = true;
  let last = Math.max(0, ...exchanges.keys());
  return {
    earlier,
    open({ body, ...exchange }) {
      last += 1;
      const opened = { ...exchange, number: last, request: blobs.put(body, "application/json").digest };
      append({ event: "opened", ...opened });
      exchanges.set(last, { opened, closed: null });
      return last;
    },
    close(exchange) {
      const known = exchanges.get(exchange.number);
      if (known === undefined) throw new Fault("JOURNAL-BROKEN", `exchange ${exchange.number} was never opened`);
      known.closed = exchange;
      append({ event: "closed", ...exchange });
    },
    seal() {
      const manifest: z.infer<typeof journalSchema> = {
        schema: 1,
        exchanges: [...exchanges.values()].map(({ opened, closed }) => ({
          path: opened.path,
          model: opened.model,
          request: opened.request,
          response: closed?.response ?? null,
          status: closed?.status ?? null,
          headers: closed?.headers ?? {},
          complete: closed?.complete ?? false,
        })),
      };
      return blobs.put(canonicalJson(manifest), "application/vnd.aedev.journal+json");
    },
    end() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}

/** Reads a journal's manifest. Throws a Fault naming the blob where it is missing, changed or no journal. */
export function readJournal(digest: string, blobs: Pick<BlobStore, "get">): Exchange[] {
  const text = Buffer.from(blobs.get(digest)).toString("utf8");
  try {
    return journalSchema.parse(JSON.parse(text)).exchanges;
  } catch (error) {
    throw new Fault("JOURNAL-BROKEN", `blob ${digest} is not a journal`, { cause: error });
  }
}

/** By their numbers; none where there is no index. Throws a Fault where a line is none of the gateway's. */
export function readIndex(path: string): Map<number, { opened: OpenedExchange; closed: ClosedExchange | null }> {
  const exchanges = new Map<number, { opened: OpenedExchange; closed: ClosedExchange | null }>();
  if (!existsSync(path)) return exchanges;
  const bytes = readFileSync(path);
  const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
  if (whole.length < bytes.length) truncateSync(path, whole.length);
  for (const text of whole.toString("utf8").split("\n").slice(0, -1)) {
    const line = lineOf(path, text);
    if (line.event === "opened") {
      const { event: _event, ...opened } = line;
      exchanges.set(line.number, { opened, closed: null });
    } else {
      const { event: _event, ...closed } = line;
      const known = exchanges.get(line.number);
      if (known !== undefined) known.closed = closed;
    }
  }
  return exchanges;
}

function lineOf(path: string, text: string): z.infer<typeof lineSchema> {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Fault("JOURNAL-BROKEN", `${path} has a line that is none of the gateway's`, { cause: error });
  }
}
