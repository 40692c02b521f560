/** Keeps the push server's pause in a small file of the home's `run/`, for a restarted daemon, and for `aedev status` and `aedev doctor` without one. */
import { rmSync } from "node:fs";
import { Fault } from "@aedev/contracts";
import { writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { isAbsent, readRegular } from "@aedev/host/nofollow-read";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

const fileBytesMax = 1024;
const instantMsSchema = z.int().nonnegative().max(8_640_000_000_000_000);
const pauseSchema = z.strictObject({
  origin: z.string().max(500),
  reason: z.enum(["quota", "busy"]),
  sinceMs: instantMsSchema,
  untilMs: instantMsSchema,
  answers: z.int().positive().max(1_000_000),
});
type WrittenPause = z.infer<typeof pauseSchema>;

/** Null: no pause. Throws a Fault `home-unreadable` if the file has another form. */
export async function readPushPause(home: string): Promise<WrittenPause | null> {
  const path = homeLayout(home).pushPause;
  const file = await readRegular(path, fileBytesMax);
  if (file === null && (await isAbsent(path))) return null;
  const text = file === null || file.sizeBytes > fileBytesMax ? "" : file.bytes.toString("utf8");
  const parsed = pauseSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Fault("home-unreadable", `${path} is not what a daemon wrote`, { hint: "aedev daemon restart" });
}

/** Null removes the file. */
export function writePushPause(home: string, pause: WrittenPause | null): void {
  const path = homeLayout(home).pushPause;
  if (pause === null) rmSync(path, { force: true });
  else writeDurably(path, `${JSON.stringify(pause)}\n`);
}
