/** Reads the script files of the fake vendors. A value that a script can't know in advance is a placeholder (fill.ts). */
import { z } from "zod";
import { readScript } from "./read-script.ts";

const count = z.int().nonnegative();
/** Usage under the vendor's own names; the fake reports what its script states. */
const usageSchema = z.strictObject({
  input_tokens: count.exactOptional(),
  output_tokens: count.exactOptional(),
  prompt_tokens: count.exactOptional(),
  completion_tokens: count.exactOptional(),
  promptTokenCount: count.exactOptional(),
  candidatesTokenCount: count.exactOptional(),
});
const toolArguments = z.union([z.string(), z.record(z.string(), z.unknown())]);
const toolCallSchema = z.strictObject({ name: z.string(), arguments: toolArguments, id: z.string().exactOptional() });
const blockSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string() }),
  toolCallSchema.extend({ type: z.literal("toolCall") }),
]);

/** All given conditions must hold. `turnIndex` is the number of the model's own turns so far. The first fixture that matches answers. */
const matchSchema = z.strictObject({
  /** Must occur in the last user message that has text. */
  userMessage: z.string().min(1).exactOptional(),
  turnIndex: count.exactOptional(),
  hasToolResult: z.boolean().exactOptional(),
  /** Must occur in the result of the last tool call. */
  toolResultContains: z.string().exactOptional(),
  /** A tool that the request must offer. */
  toolName: z.string().exactOptional(),
  model: z.string().exactOptional(),
});
/** `content` may be a JSON object, which is sent as JSON text. */
const responseSchema = z.union([
  z.strictObject({
    error: z.strictObject({ message: z.string(), type: z.string().exactOptional(), code: z.string().exactOptional() }),
    status: z.int().min(400).max(599),
    retryAfter: count.exactOptional(),
  }),
  z.strictObject({
    content: z.union([z.string(), z.record(z.string(), z.unknown())]).exactOptional(),
    toolCalls: z.array(toolCallSchema).min(1).exactOptional(),
    blocks: z.array(blockSchema).min(1).exactOptional(),
    usage: usageSchema,
  }),
]);
const fixtureSchema = z.strictObject({ match: matchSchema, response: responseSchema });
const fileSchema = z.strictObject({ fixtures: z.array(fixtureSchema).min(1) });
export type Fixture = z.infer<typeof fixtureSchema>;
export type FixtureResponse = Fixture["response"];

/** Throws a fault that names the file and the place in it. */
export function readFixtures(path: string): Fixture[] {
  return readScript(path, fileSchema, JSON.parse).fixtures;
}
