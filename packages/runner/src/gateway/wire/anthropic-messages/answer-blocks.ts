/** Reads text and tool calls, for progress lines, from one answer of the model, streamed or whole. Unreadable parts are skipped. */
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { AnswerBlock } from "../wire.ts";

/** Larger answers are not read, because only progress lines need them. */
const answerBytesMax = 4 * 1024 * 1024;
const blocksMax = 64;

const blockSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text"), text: z.string() }),
  z.looseObject({ type: z.literal("tool_use"), id: z.string(), name: z.string(), input: z.unknown() }),
]);
const documentSchema = z.looseObject({ type: z.literal("message"), content: z.array(z.unknown()) });
const eventSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("content_block_start"), index: z.int(), content_block: blockSchema }),
  z.looseObject({
    type: z.literal("content_block_delta"),
    index: z.int(),
    delta: z.discriminatedUnion("type", [
      z.looseObject({ type: z.literal("text_delta"), text: z.string() }),
      z.looseObject({ type: z.literal("input_json_delta"), partial_json: z.string() }),
    ]),
  }),
]);

/** The blocks in order, at most 64. Contract: never throws, whatever an endpoint sends. */
export function messageBlocks(contentType: string, bytes: Buffer): AnswerBlock[] {
  if (bytes.length > answerBytesMax) return [];
  const text = bytes.toString("utf8");
  const blocks = /^text\/event-stream/i.test(contentType) ? ofStream(text) : ofDocument(text);
  return blocks.slice(0, blocksMax);
}

function ofDocument(text: string): AnswerBlock[] {
  const document = documentSchema.safeParse(parseJson(text));
  if (!document.success) return [];
  return document.data.content.flatMap((content) => {
    const block = blockSchema.safeParse(content);
    return block.success ? [blockOf(block.data, "")] : [];
  });
}

/** A stream sends text and input in pieces, each with the index of its block. */
function ofStream(text: string): AnswerBlock[] {
  const started = new Map<number, z.infer<typeof blockSchema>>();
  const pieces = new Map<number, string[]>();
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (!line.startsWith("data:") || !line.includes('"content_block_')) continue;
    const event = eventSchema.safeParse(parseJson(line.slice(5)));
    if (!event.success) continue;
    const { data } = event;
    if (data.type === "content_block_start") started.set(data.index, data.content_block);
    else {
      const piece = data.delta.type === "text_delta" ? data.delta.text : data.delta.partial_json;
      const before = pieces.get(data.index);
      if (before === undefined) pieces.set(data.index, [piece]);
      else before.push(piece);
    }
  }
  return [...started].map(([index, block]) => blockOf(block, (pieces.get(index) ?? []).join("")));
}

function blockOf(block: z.infer<typeof blockSchema>, rest: string): AnswerBlock {
  if (block.type === "text") return { kind: "text", text: block.text + rest };
  return { kind: "tool", id: block.id, name: block.name, input: rest === "" ? block.input : parseJson(rest) };
}
