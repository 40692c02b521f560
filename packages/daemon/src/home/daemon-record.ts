/** Records where the running daemon listens, so that the CLI finds its port. It is neither a lock nor a proof: the daemon may be gone. */
import { rmSync } from "node:fs";
import { instantSchema } from "@aedev/contracts";
import { readIfThere, writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

const daemonRecordSchema = z.strictObject({
  pid: z.int().positive(),
  port: z.int().min(1).max(65_535),
  /** Port of the approval listener; null if it is closed. */
  approval_port: z.int().min(1).max(65_535).nullable().default(null),
  /** Port of the listener for GitHub's webhook; absent if it is closed. */
  webhook_port: z.int().min(1).max(65_535).optional(),
  started_at: instantSchema,
});
export type DaemonRecord = z.infer<typeof daemonRecordSchema>;

export function writeDaemonRecord(home: string, record: DaemonRecord): void {
  writeDurably(homeLayout(home).daemonRecord, `${JSON.stringify(record)}\n`);
}

/** Null if there is no valid record. */
export function readDaemonRecord(home: string): DaemonRecord | null {
  const text = readIfThere(homeLayout(home).daemonRecord);
  const parsed = daemonRecordSchema.safeParse(parseJson(text ?? ""));
  return parsed.success ? parsed.data : null;
}

export function removeDaemonRecord(home: string): void {
  rmSync(homeLayout(home).daemonRecord, { force: true });
}
