/** Instruments hostile source files in a child process. */
import { fileURLToPath } from "node:url";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import type { z } from "zod";
import type { InstrumentRequest } from "./instrument-child.ts";

/** Larger files are not instrumented. */
export const sourceBytesMax = 256 * 1024;
const childBounds = { timeoutMs: 20_000, memoryMegabytes: 512, answerBytesMax: 32 * 1024 * 1024 };

/** The answer to each request; null where none fits the schema. `isDone`: the child process finished. */
export async function instrumented<S extends z.ZodType>(
  requests: readonly InstrumentRequest[],
  schema: S,
): Promise<{ answers: (z.infer<S> | null)[]; isDone: boolean }> {
  if (requests.length === 0) return { answers: [], isDone: true };
  const script = fileURLToPath(new URL("./instrument-child.ts", import.meta.url));
  const { stdout, end } = await runBoundedChild(script, requests, childBounds);
  const lines = stdout.split("\n");
  const answers = requests.map((_, index) => schema.safeParse(parseJson(lines[index] ?? "")).data ?? null);
  return { answers, isDone: end === "done" };
}
