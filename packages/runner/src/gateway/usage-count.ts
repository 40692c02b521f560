/** Counts tokens by kind from what the endpoint itself streams (THREATS T6). It believes nothing that the sandbox wrote and keeps no text. */
import type { Usage } from "@aedev/core/wire";
import { z } from "zod";

const lineCharsMax = 1024 * 1024;
const count = z.int().nonnegative().nullish();
const usageFields = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
});
const eventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message_start"), message: z.object({ usage: usageFields }) }),
  z.object({ type: z.literal("message_delta"), usage: usageFields }),
]);
const messageSchema = z.object({ type: z.literal("message"), usage: usageFields });

export type TokenCounts = Omit<Usage, "requests">;

export interface UsageCounter {
  take(bytes: Buffer): void;
  /** What the answer said by now; null where it said nothing. */
  counts(): TokenCounts | null;
  /** True once the answer's last count came: the stream's `message_delta`, or a whole message. */
  isFinal(): boolean;
}

/** A counter for one answer: server-sent events, or one JSON document. */
export function createUsageCounter(contentType: string): UsageCounter {
  let counts: TokenCounts | null = null;
  let final = false;
  const decoder = new TextDecoder();
  const merge = (fields: z.infer<typeof usageFields>) => {
    const before = counts ?? { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
    // Counts in later events are cumulative: the last one given stands.
    counts = {
      input_tokens: fields.input_tokens ?? before.input_tokens,
      output_tokens: fields.output_tokens ?? before.output_tokens,
      cache_read_tokens: fields.cache_read_input_tokens ?? before.cache_read_tokens,
      cache_write_tokens: fields.cache_creation_input_tokens ?? before.cache_write_tokens,
    };
  };
  const takeLine = (line: string) => {
    if (!line.startsWith("data:") || !/"message_(start|delta)"/.test(line)) return;
    const event = eventSchema.safeParse(jsonOf(line.slice(5)));
    if (!event.success) return;
    merge(event.data.type === "message_start" ? event.data.message.usage : event.data.usage);
    if (event.data.type === "message_delta") final = true;
  };

  let pending = "";
  const takeEvents = (bytes: Buffer) => {
    pending += decoder.decode(bytes, { stream: true });
    const lines = pending.split(/\r\n|\n|\r/);
    pending = (lines.pop() ?? "").slice(-lineCharsMax);
    for (const line of lines) takeLine(line);
  };
  const takeDocument = (bytes: Buffer) => {
    pending += decoder.decode(bytes, { stream: true });
    if (!pending.trimEnd().endsWith("}")) return;
    const message = messageSchema.safeParse(jsonOf(pending));
    if (!message.success) return;
    merge(message.data.usage);
    final = true;
  };
  return {
    take: /^text\/event-stream/i.test(contentType) ? takeEvents : takeDocument,
    counts: () => counts,
    isFinal: () => final,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
