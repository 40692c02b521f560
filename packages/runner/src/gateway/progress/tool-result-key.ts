/** A key by which equal results of tools are recognized. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { ToolResult } from "../wire/wire.ts";

/** Durations and times of day, which differ between otherwise equal results. */
const durations = /\b\d+(?:\.\d+)?\s?(?:ms|s|secs?|seconds?|m|min|minutes?)\b|\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\b/gi;
const textSchema = z.looseObject({ type: z.literal("text"), text: z.string() });

/** A short key that is the same for results that differ only in times, so that a whole file's text is not kept in memory. */
export function toolResultKey({ isError, content }: Pick<ToolResult, "isError" | "content">): string {
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
  // The CLI's marks for caching are not part of the result, and move between requests.
  const parts = blocks.map((block) => {
    const text = textSchema.safeParse(block);
    const value = text.success ? text.data.text : block;
    return typeof value === "string" ? value.replaceAll(durations, "?") : value;
  });
  return createHash("sha256")
    .update(JSON.stringify([isError, parts]))
    .digest("base64");
}
