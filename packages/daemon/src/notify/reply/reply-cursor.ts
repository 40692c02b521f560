/** How far the reply topic was read: a small file in the home's `run/`. It may be lost or old: what is read again is harmless, because a token is used once. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { parseJson, readIfThere, writeDurably } from "../../home/durable-file.ts";

const cursorSchema = z.strictObject({
  /** Digest of server and topic: a cursor of another topic says nothing. */
  source: z.string(),
  id: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/),
});

export interface ReplyCursor {
  /** The id of the last message that was dealt with; null: none is known. */
  last(): string | null;
  /** Remembered at once, kept in the file by `save`. */
  advance(id: string): void;
  save(): void;
}

export function openReplyCursor({ home, source }: { home: string; source: string }): ReplyCursor {
  const path = join(home, "run", "replies.json");
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
