/** Counts tokens by kind from the endpoint's stream (SECURITY T6). It ignores what the sandbox wrote and keeps no text. */
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { TokenCounts, UsageCounter } from "../wire.ts";

const lineBytesMax = 1024 * 1024;
const [lineFeed, carriageReturn] = [0x0a, 0x0d];
/** Part of every line with counts: `message_start` and `message_delta`. The search begins at its end, which has a rare character and is found much faster. */
const marker = Buffer.from("message_");
const markerEnd = Buffer.from("ge_");
const markerStartBytes = marker.length - markerEnd.length;
const count = z.int().nonnegative().nullish();
const usageFields = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  cache_creation: z.object({ ephemeral_1h_input_tokens: count }).nullish(),
});
const eventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message_start"), message: z.object({ usage: usageFields }) }),
  z.object({ type: z.literal("message_delta"), usage: usageFields }),
]);
const messageSchema = z.object({ type: z.literal("message"), usage: usageFields });

/** A counter for one answer: server-sent events, or one JSON document. */
export function createMessagesCounter(contentType: string): UsageCounter {
  let counts: TokenCounts | null = null;
  let final = false;
  const decoder = new TextDecoder();
  const merge = (fields: z.infer<typeof usageFields>) => {
    const before: TokenCounts = counts ?? {
      input_tokens: 0,
      output_tokens: 0,
      cache_read_tokens: 0,
      cache_write_tokens: 0,
    };
    // A one-hour cache write costs twice the input, so it is charged a second time.
    const hourWrites = fields.cache_creation?.ephemeral_1h_input_tokens ?? before.surcharge_tokens;
    // Counts in later events are cumulative: the last one wins.
    counts = {
      input_tokens: fields.input_tokens ?? before.input_tokens,
      output_tokens: fields.output_tokens ?? before.output_tokens,
      cache_read_tokens: fields.cache_read_input_tokens ?? before.cache_read_tokens,
      cache_write_tokens: fields.cache_creation_input_tokens ?? before.cache_write_tokens,
      ...(hourWrites === undefined || hourWrites === 0 ? {} : { surcharge_tokens: hourWrites }),
    };
  };
  const takeLine = (line: string) => {
    if (!line.startsWith("data:")) return;
    const event = eventSchema.safeParse(parseJson(line.slice(5)));
    if (!event.success) return;
    merge(event.data.type === "message_start" ? event.data.message.usage : event.data.usage);
    if (event.data.type === "message_delta") final = true;
  };

  let unended: Buffer = Buffer.alloc(0);
  let hasReturns: boolean | null = null;
  const firstEnd = (bytes: Buffer, from: number) =>
    firstOf(bytes.indexOf(lineFeed, from), hasReturns ? bytes.indexOf(carriageReturn, from) : -1);
  const lastEnd = (bytes: Buffer, before: number) =>
    Math.max(bytes.lastIndexOf(lineFeed, before), hasReturns ? bytes.lastIndexOf(carriageReturn, before) : -1);
  /** Decodes only lines that may be one of the two events, because an answer is long and only two of its lines have counts. */
  const takeLines = (lines: Buffer) => {
    for (let at = markerIn(lines, 0); at !== -1; ) {
      const stop = firstEnd(lines, at);
      takeLine(lines.toString("utf8", lastEnd(lines, at) + 1, stop));
      at = markerIn(lines, stop);
    }
  };
  const takeEvents = (bytes: Buffer) => {
    // The first chunk shows how a stream ends its lines. A stream that changes this is not counted and is charged its reservation.
    hasReturns ??= bytes.includes(carriageReturn);
    const end = lastEnd(bytes, bytes.length) + 1;
    if (end > 0) {
      // Copies only the line that crosses the chunks' border: copying every chunk would double the garbage.
      const border = unended.length === 0 ? 0 : firstEnd(bytes, 0) + 1;
      if (border > 0) takeLines(Buffer.concat([unended, bytes.subarray(0, border)]));
      takeLines(bytes.subarray(border, end));
      unended = Buffer.alloc(0);
    }
    const rest = Buffer.concat([unended, bytes.subarray(end)]);
    unended = rest.subarray(Math.max(0, rest.length - lineBytesMax));
  };
  let pending = "";
  const takeDocument = (bytes: Buffer) => {
    pending += decoder.decode(bytes, { stream: true });
    if (!pending.trimEnd().endsWith("}")) return;
    const message = messageSchema.safeParse(parseJson(pending));
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

/** Index of the marker at or after `from`, or -1. */
function markerIn(bytes: Buffer, from: number): number {
  for (let end = bytes.indexOf(markerEnd, from); end !== -1; end = bytes.indexOf(markerEnd, end + 1)) {
    const at = end - markerStartBytes;
    if (at >= from && bytes.compare(marker, 0, marker.length, at, at + marker.length) === 0) return at;
  }
  return -1;
}

/** The smaller of two indexes; -1 means not found. */
function firstOf(left: number, right: number): number {
  if (left === -1 || right === -1) return Math.max(left, right);
  return Math.min(left, right);
}
