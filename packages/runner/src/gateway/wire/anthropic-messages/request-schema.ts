/**
 * The schema of a sandbox's requests to the model's endpoint (SECURITY T4): an allow-list of keys at every depth. Everything else is refused: server-side
 * tools, MCP servers, containers, files, sources by URL, more expensive tiers. Only a tool's input is free; a JSON schema has its own allow-list. Any value but
 * text for the model must be a word or base64, so that no address passes in it.
 */
import { z } from "zod";
import { jsonSchema } from "../json-schema.ts";

/** A plain name, as the vendor or the CLI uses. */
const plain = (charactersMax: number) =>
  z
    .string()
    .max(charactersMax)
    .regex(/^[\w.-]*$/);
const mediaType = z
  .string()
  .max(100)
  .regex(/^[a-z]+\/[\w.+-]+$/i);
const base64 = z.string().regex(/^[A-Za-z0-9+/\s]*={0,2}\s*$/);

const cacheControl = z
  .strictObject({
    type: z.literal("ephemeral"),
    ttl: z.enum(["5m", "1h"]).optional(),
    scope: plain(40).optional(),
  })
  .nullable()
  .optional();
const textBlock = z.strictObject({
  type: z.literal("text"),
  text: z.string(),
  cache_control: cacheControl,
  citations: z.null().optional(),
});
const base64Source = z.strictObject({ type: z.literal("base64"), media_type: mediaType, data: base64 });
const textSource = z.strictObject({ type: z.literal("text"), media_type: mediaType, data: z.string() });
const imageBlock = z.strictObject({ type: z.literal("image"), source: base64Source, cache_control: cacheControl });
const documentBlock = z.strictObject({
  type: z.literal("document"),
  source: z.discriminatedUnion("type", [base64Source, textSource]),
  title: z.string().nullable().optional(),
  context: z.string().nullable().optional(),
  cache_control: cacheControl,
});
/** Free JSON, whose depth and number of values the body's bounds limit. */
const freeObject = z.record(z.string(), z.unknown());
const toolUseBlock = z.strictObject({
  type: z.literal("tool_use"),
  id: plain(200),
  name: plain(128),
  input: freeObject,
  caller: z.strictObject({ type: z.literal("direct") }).optional(),
  cache_control: cacheControl,
});
const toolResultBlock = z.strictObject({
  type: z.literal("tool_result"),
  tool_use_id: plain(200),
  content: z
    .union([z.string(), z.array(z.discriminatedUnion("type", [textBlock, imageBlock, documentBlock]))])
    .optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
});
const thinkingBlock = z.strictObject({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() });
const redactedBlock = z.strictObject({ type: z.literal("redacted_thinking"), data: z.string() });

const messageSchema = z.strictObject({
  role: z.enum(["user", "assistant", "system"]),
  content: z.union([
    z.string(),
    z.array(
      z.discriminatedUnion("type", [
        textBlock,
        imageBlock,
        documentBlock,
        toolUseBlock,
        toolResultBlock,
        thinkingBlock,
        redactedBlock,
      ]),
    ),
  ]),
});

/** Only client tools, which run in the sandbox. A tool with another `type` would run at the vendor. */
const toolSchema = z.strictObject({
  name: plain(128),
  description: z.string().optional(),
  input_schema: jsonSchema,
  type: z.literal("custom").nullable().optional(),
  cache_control: cacheControl,
  defer_loading: z.boolean().optional(),
  strict: z.boolean().optional(),
  eager_input_streaming: z.boolean().optional(),
});

const amount = (...types: [string, ...string[]]) =>
  z
    .strictObject({ type: z.enum(types), value: z.int().nonnegative() })
    .nullable()
    .optional();
/** Both kinds only leave out parts of the conversation. */
const contextEdit = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("clear_thinking_20251015"),
    keep: z
      .union([
        z.literal("all"),
        z.strictObject({ type: z.literal("all") }),
        z.strictObject({ type: z.literal("thinking_turns"), value: z.int().positive() }),
      ])
      .optional(),
  }),
  z.strictObject({
    type: z.literal("clear_tool_uses_20250919"),
    trigger: amount("input_tokens", "tool_uses"),
    keep: amount("tool_uses"),
    clear_at_least: amount("input_tokens"),
    clear_tool_inputs: z
      .union([z.boolean(), z.array(plain(128)).max(64)])
      .nullable()
      .optional(),
    exclude_tools: z.array(plain(128)).max(64).nullable().optional(),
  }),
]);

const shared = {
  model: z.string().max(100),
  messages: z.array(messageSchema),
  system: z.union([z.string(), z.array(textBlock)]).optional(),
  tools: z.array(toolSchema).max(64).optional(),
  tool_choice: z
    .strictObject({
      type: z.enum(["auto", "any", "tool", "none"]),
      name: plain(128).optional(),
      disable_parallel_tool_use: z.boolean().optional(),
    })
    .optional(),
  thinking: z
    .strictObject({
      type: z.enum(["enabled", "adaptive", "disabled"]),
      budget_tokens: z.int().positive().optional(),
      display: plain(40).optional(),
    })
    .optional(),
  context_management: z
    .strictObject({
      edits: z.array(contextEdit).max(8),
    })
    .nullable()
    .optional(),
  output_config: z
    .strictObject({
      effort: plain(20).optional(),
      format: z
        .strictObject({ type: z.literal("json_schema"), schema: jsonSchema })
        .nullable()
        .optional(),
    })
    .optional(),
};
export const messagesSchema = z.strictObject({
  ...shared,
  max_tokens: z.int().positive(),
  stream: z.boolean().optional(),
  metadata: z.strictObject({ user_id: z.string().max(1000).nullable().optional() }).optional(),
  stop_sequences: z.array(z.string()).max(16).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().optional(),
  top_k: z.number().optional(),
});
export const countTokensSchema = z.strictObject(shared);
