/** Reads one of the demo's script files strictly. A problem is a fault that names the file and the place in it. */
import { readFileSync } from "node:fs";
import { Fault } from "@aedev/contracts";
import type { z } from "zod";

const hint = "config/demo/README.md describes the format";

/** `read`: parses the text into a document; throws if it is malformed. */
export function readScript<S extends z.ZodType>(path: string, schema: S, read: (text: string) => unknown): z.infer<S> {
  let document: unknown;
  try {
    document = read(readFileSync(path, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault("script-unreadable", `${path} can't be read: ${why}`, { hint, cause });
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const keyPath = issue?.path.map(String).join(".") ?? "";
  throw new Fault("script-unreadable", `${path}: ${keyPath}: ${issue?.message ?? "unexpected form"}`, { hint });
}
