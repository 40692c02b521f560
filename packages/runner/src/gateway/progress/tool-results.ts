/** Reads the results of the coder's tools from the newest message of a forwarded request. Contract: never throws, whatever a sandbox sends. */
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
/** The result of one tool call. */
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

/** Durations and times of day, which differ between otherwise equal results. */
const durations = /\b\d+(?:\.\d+)?\s?(?:ms|s|secs?|seconds?|m|min|minutes?)\b|\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\b/gi;
const textSchema = z.looseObject({ type: z.literal("text"), text: z.string() });

/** A short key that is the same for results that differ only in times, so that a whole file's text is not kept in memory. */
export function toolResultKey({ is_error, content }: Pick<ToolResult, "is_error" | "content">): string {
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
  // The CLI's marks for caching are not part of the result, and move between requests.
  const parts = blocks.map((block) => {
    const text = textSchema.safeParse(block);
    const value = text.success ? text.data.text : block;
    return typeof value === "string" ? value.replaceAll(durations, "?") : value;
  });
  return createHash("sha256")
    .update(JSON.stringify([is_error === true, parts]))
    .digest("base64");
}
