/**
 * Records a run's exchanges: bodies as blobs, one append-only index in the run's folder, one manifest at the end. Contract: a line is durable before its
 * function returns. The credential is never recorded, because it is added to requests later. The index is synced here, because lines are appended and no file
 * is replaced.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { type Blob, billingSchema, canonicalJson, Fault, sha256Schema, usageSchema } from "@aedev/contracts";
import type { BlobStore } from "@aedev/host/blob-store";
import { z } from "zod";

/** A path of one of the wires. */
const pathSchema = z.string().regex(/^\/[\w.:/-]{1,200}$/);
const tokenCountsSchema = usageSchema.omit({ requests: true, models: true });
const openedSchema = z.strictObject({
  event: z.literal("opened"),
  number: z.int().positive(),
  path: pathSchema,
  model: z.string(),
  request: sha256Schema,
  reserved_tokens: z.int().nonnegative(),
  /** Absent if the run has no dollar budget. */
  reserved_nano_usd: z.int().positive().optional(),
  /** How the exchange is paid. Absent if an earlier version opened it. */
  billing: billingSchema.optional(),
});
const closedSchema = z.strictObject({
  event: z.literal("closed"),
  number: z.int().positive(),
  status: z.int().nullable(),
  headers: z.record(z.string(), z.string()),
  response: sha256Schema,
  /** False if the stream broke off on either side. */
  complete: z.boolean(),
  usage: tokenCountsSchema.nullable(),
  usage_is_final: z.boolean(),
  /** The gateway tried again, and the sandbox saw nothing of this try. `free`: it certainly cost nothing. */
  again: z.enum(["free", "charged"]).optional(),
  /** The last try got no complete answer and certainly cost nothing. */
  free: z.literal(true).optional(),
});
const lineSchema = z.discriminatedUnion("event", [openedSchema, closedSchema]);
export type OpenedExchange = Omit<z.infer<typeof openedSchema>, "event">;
export type ClosedExchange = Omit<z.infer<typeof closedSchema>, "event">;

/** One exchange of a finished journal; `response` and `status` are null if no answer came. */
export const exchangeSchema = z.strictObject({
  path: pathSchema,
  model: z.string(),
  request: sha256Schema,
  response: sha256Schema.nullable(),
  status: z.int().nullable(),
  headers: z.record(z.string(), z.string()),
  complete: z.boolean(),
});
const journalSchema = z.strictObject({ schema: z.literal(1), exchanges: z.array(exchangeSchema) });
export type Exchange = z.infer<typeof exchangeSchema>;

export interface Journal {
  open(exchange: Omit<OpenedExchange, "number" | "request"> & { body: string }): number;
  /** Contract: the answer's bytes are already durable. */
  close(exchange: ClosedExchange): void;
  /** The exchanges that earlier gateways of this run recorded, in order. */
  readonly earlier: readonly { opened: OpenedExchange; closed: ClosedExchange | null }[];
  /** Stores the manifest of all exchanges so far as a blob. */
  seal(): Blob;
  end(): void;
}

/** Opens or continues the index at `path`. Drops a last line that a crash cut off; nothing acted on it. */
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
      if (known === undefined) throw new Fault("journal-broken", `exchange ${exchange.number} was never opened`);
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

/** Reads a journal's manifest. Throws a Fault that names the blob if it is missing, changed or not a journal. */
export function readJournal(digest: string, blobs: Pick<BlobStore, "get">): Exchange[] {
  const text = Buffer.from(blobs.get(digest)).toString("utf8");
  try {
    return journalSchema.parse(JSON.parse(text)).exchanges;
  } catch (error) {
    throw new Fault("journal-broken", `blob ${digest} is not a journal`, { cause: error });
  }
}

/** The exchanges by number; empty if there is no index. Throws a Fault if a line is invalid. */
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
    throw new Fault("journal-broken", `${path} has an invalid line`, { cause: error });
  }
}
