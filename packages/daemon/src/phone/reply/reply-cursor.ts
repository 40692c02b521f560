/** Remembers in the home's `run/` how far the reply topic was read. Losing it is harmless, because a token works only once. */
import { createHash } from "node:crypto";
import { readIfThere, writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

const cursorSchema = z.strictObject({
  /** Digest of server and topic; the cursor of another topic is ignored. */
  source: z.string(),
  id: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/),
});

export interface ReplyCursor {
  /** The last handled message's id; null: unknown. */
  last(): string | null;
  /** Kept in memory until `save` writes the file. */
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
