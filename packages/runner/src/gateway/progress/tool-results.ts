/** Reads what a coder's tools returned, from the newest message of a forwarded request. Contract: never throws on what a sandbox sends. */
import { createHash } from "node:crypto";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

const resultsSchema = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })).min(1),
});
const resultSchema = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  is_error: z.boolean().optional(),
  content: z.unknown(),
});
/** What one tool call returned. */
export type ToolResult = z.infer<typeof resultSchema>;

/** The results in the newest message; older results were reported before. */
export function lastResults(body: string): ToolResult[] {
  const parsed = resultsSchema.safeParse(parseJson(body));
  const content = parsed.success ? parsed.data.messages.at(-1)?.content : undefined;
  if (!Array.isArray(content)) return [];
  return content.flatMap((block) => {
    const result = resultSchema.safeParse(block);
    return result.success ? [result.data] : [];
  });
}

/** How long something took and times of day: they differ although nothing else does. */
const durations = /\b\d+(?:\.\d+)?\s?(?:ms|s|secs?|seconds?|m|min|minutes?)\b|\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\b/gi;
const textSchema = z.looseObject({ type: z.literal("text"), text: z.string() });

/** The same for results that say the same, whatever time they took; short, so that a whole file's text is not remembered. */
export function toolResultKey({ is_error, content }: Pick<ToolResult, "is_error" | "content">): string {
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
  // What the CLI marks for caching is no part of the result, and moves between requests.
  const parts = blocks.map((block) => {
    const text = textSchema.safeParse(block);
    const said = text.success ? text.data.text : block;
    return typeof said === "string" ? said.replaceAll(durations, "?") : said;
  });
  return createHash("sha256")
    .update(JSON.stringify([is_error === true, parts]))
    .digest("base64");
}
