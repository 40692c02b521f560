/** A row of `events`: its columns, its typed form, its hash in the chain. The API's schema repeats the columns; loading it here would slow every start. */
import { instantSchema, sha256Schema } from "@aedev/contracts";
import type { DomainEvent } from "@aedev/contracts/events";
import { parseEvent } from "@aedev/core/reading";
import { sha256 } from "@aedev/host/sha256";
import { z } from "zod";

/** The columns. `data` is canonical JSON. Further events of one command have the `command_id` `<id>#1`, `<id>#2`, …. */
export const eventRowSchema = z.strictObject({
  position: z.int().positive(),
  stream: z.string(),
  version: z.int().positive(),
  type: z.string(),
  schema: z.int().positive(),
  data: z.string(),
  actor: z.string(),
  command_id: z.string(),
  correlation_id: z.string(),
  causation_id: z.string().nullable(),
  recorded_at: instantSchema,
  hash: sha256Schema,
});
export type EventRow = z.infer<typeof eventRowSchema>;
/** The columns that are hashed besides `data`, whose text is passed separately. */
export type ChainedColumns = Omit<EventRow, "hash" | "data">;

/** An event with everything the log knows about it. */
export type StoredEvent = DomainEvent & Omit<EventRow, "type" | "data">;

/** The hash before the first event. */
export const genesisHash = "0".repeat(64);

/**
 * The hash of the chain: SHA-256 of the canonical JSON of `{…every column but hash, previous_hash}`, where `data` is the column's text. The keys are written
 * out in order because every append runs this; a test compares it with canonical JSON.
 */
export function chainHash(columns: ChainedColumns, data: string, previousHash: string): string {
  return sha256(
    JSON.stringify({
      actor: columns.actor,
      causation_id: columns.causation_id,
      command_id: columns.command_id,
      correlation_id: columns.correlation_id,
      data,
      position: columns.position,
      previous_hash: previousHash,
      recorded_at: columns.recorded_at,
      schema: columns.schema,
      stream: columns.stream,
      type: columns.type,
      version: columns.version,
    }),
  );
}

/** The typed event of a row. Throws if this version does not know its type, schema number or data. */
export function parseRow(row: EventRow): StoredEvent {
  return { ...row, ...parseEvent(row.type, row.schema, JSON.parse(row.data)) };
}
