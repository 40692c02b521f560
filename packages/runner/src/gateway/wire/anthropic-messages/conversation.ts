/** The conversation in a request to the Messages endpoint: where results of tools are, and texts of a person beside them. */
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { Conversation, ToolResult } from "../wire.ts";
import { messagesSchema } from "./request-schema.ts";

type Message = z.infer<typeof messagesSchema>["messages"][number];

const newestSchema = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })).min(1),
});
const resultSchema = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  is_error: z.boolean().optional(),
  content: z.unknown(),
});

/** The results in the newest message; older results were reported before. */
export function newMessageResults(body: string): ToolResult[] {
  const parsed = newestSchema.safeParse(parseJson(body));
  const content = parsed.success ? parsed.data.messages.at(-1)?.content : undefined;
  if (!Array.isArray(content)) return [];
  return content.flatMap((block) => {
    const { data } = resultSchema.safeParse(block);
    return data === undefined ? [] : [{ id: data.tool_use_id, isError: data.is_error === true, content: data.content }];
  });
}

export function conversationOf(text: string): Conversation {
  const body = messagesSchema.parse(JSON.parse(text));
  return {
    entries: body.messages.map((message) => ({ isModels: message.role === "assistant", results: resultIds(message) })),
    withTexts(texts) {
      const messages = body.messages.map((message, at) => withTexts(message, texts.get(at) ?? []));
      return JSON.stringify({ ...body, messages });
    },
  };
}

function resultIds({ role, content }: Message): string[] {
  if (role !== "user" || typeof content === "string") return [];
  return content.flatMap((block) => (block.type === "tool_result" ? block.tool_use_id : []));
}

function withTexts(message: Message, texts: readonly string[]): Message {
  if (texts.length === 0 || typeof message.content === "string") return message;
  return { ...message, content: [...message.content, ...texts.map((text) => ({ type: "text" as const, text }))] };
}
