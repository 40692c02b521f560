/** Where the running daemon listens, for the CLI to find an ephemeral port. Not a lock and not a proof: the daemon may be gone. */
import { rmSync } from "node:fs";
import { instantSchema } from "@aedev/core/wire";
import { z } from "zod";
import { parseJson, readIfThere, writeDurably } from "./durable-file.ts";
import { homeLayout } from "./layout.ts";

const daemonRecordSchema = z.strictObject({
  pid: z.int().positive(),
  port: z.int().min(1).max(65_535),
  /** Of the approval listener; null where it is not open. */
  approval_port: z.int().min(1).max(65_535).nullable().default(null),
  started_at: instantSchema,
});
export type DaemonRecord = z.infer<typeof daemonRecordSchema>;

export function writeDaemonRecord(home: string, record: DaemonRecord): void {
  writeDurably(homeLayout(home).daemonRecord, `${JSON.stringify(record)}\n`);
}

/** Null where there is none, or where it is not one. */
export function readDaemonRecord(home: string): DaemonRecord | null {
  const text = readIfThere(homeLayout(home).daemonRecord);
  const parsed = daemonRecordSchema.safeParse(parseJson(text ?? ""));
  return parsed.success ? parsed.data : null;
}

export function removeDaemonRecord(home: string): void {
  rmSync(homeLayout(home).daemonRecord, { force: true });
}
