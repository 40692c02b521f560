/** Remembers how far the reply topic was read, in a small file in the home's `run/`. Losing it is harmless: a token can be used only once, so reading messages again changes nothing. */
import { createHash } from "node:crypto";
import { readIfThere, writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

const cursorSchema = z.strictObject({
  /** Digest of server and topic: a cursor of another topic is ignored. */
  source: z.string(),
  id: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/),
});

export interface ReplyCursor {
  /** The id of the last handled message; null: unknown. */
  last(): string | null;
  /** Kept in memory at once, written to the file by `save`. */
  advance(id: string): void;
  save(): void;
}

export function openReplyCursor({ home, source }: { home: string; source: string }): ReplyCursor {
  const path = homeLayout(home).replyCursor;
  const digest = createHash("sha256").update(source).digest("hex");
  const stored = cursorSchema.safeParse(parseJson(readIfThere(path) ?? ""));
  let id = stored.success && stored.data.source === digest ? stored.data.id : null;
  let saved = id;
  return {
    last: () => id,
    advance: (next) => {
      id = next;
    },
    save() {
      if (id === null || id === saved) return;
      writeDurably(path, `${JSON.stringify({ source: digest, id })}\n`);
      saved = id;
    },
  };
}
