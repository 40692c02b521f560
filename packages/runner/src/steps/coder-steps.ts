/**
 * Tells a person what a coder is doing, a line a step, from what passes the gateway: the tools that the model asks for, and what the sandbox
 * says came of them. It is never evidence and nothing decides by it.
 */
import { z } from "zod";
import { answerBlocks } from "./answer-blocks.ts";

const lineCharactersMax = 300;
/** Steps of one run that are told, and steps that may be open at once. */
const stepsMax = 2_000;
const openMax = 256;
const repository = "/workspace/repo/";

export interface CoderSteps {
  /** A request that is forwarded: it brings what came of the tools. */
  take(body: string): void;
  /** A whole answer of the model. */
  answer(contentType: string, bytes: Buffer): void;
}

const inputSchema = z.looseObject({
  file_path: z.string().optional(),
  content: z.string().optional(),
  command: z.string().optional(),
});
const resultsSchema = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })).min(1),
});
const resultSchema = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  is_error: z.boolean().optional(),
  content: z.unknown(),
});

/** `tell` gets one line without control characters. Contract: never throws on what a sandbox or an endpoint sends. */
export function createCoderSteps(tell: (line: string) => void): CoderSteps {
  const open = new Map<string, string>();
  let told = 0;
  const say = (line: string) => {
    told += 1;
    if (told < stepsMax) tell(oneLine(line, lineCharactersMax));
    if (told === stepsMax) tell("further steps of this run are not told");
  };
  return {
    take(body) {
      if (open.size === 0) return;
      for (const { tool_use_id, is_error, content } of lastResults(body)) {
        const step = open.get(tool_use_id);
        if (step === undefined) continue;
        open.delete(tool_use_id);
        say(is_error === true ? `failed: ${step}: ${whyOf(content)}` : `ok: ${step}`);
      }
    },
    answer(contentType, bytes) {
      for (const block of answerBlocks(contentType, bytes)) {
        if (block.kind === "text") {
          if (block.text.trim() !== "") say(`says: ${block.text}`);
          continue;
        }
        const step = stepOf(block.name, block.input);
        if (open.size < openMax) open.set(block.id, step);
        say(step);
      }
    },
  };
}

function stepOf(name: string, input: unknown): string {
  const parsed = inputSchema.safeParse(input);
  const { file_path: path = "?", content, command } = parsed.success ? parsed.data : {};
  const file = path.startsWith(repository) ? path.slice(repository.length) : path;
  switch (name) {
    case "Read":
      return `reads ${file}`;
    case "Edit":
      return `edits ${file}`;
    case "Write":
      return `writes ${file}${content === undefined ? "" : ` (${linesOf(content)})`}`;
    case "Bash":
      return `runs ${oneLine((command ?? "?").replace(/^cd \/workspace\/repo\s*(&&|;)\s*/, ""), 200)}`;
    default:
      return `uses ${oneLine(name, 60)}`;
  }
}

function linesOf(content: string): string {
  const count = content.split("\n").length - (content.endsWith("\n") ? 1 : 0);
  return `${count} line${count === 1 ? "" : "s"}`;
}

/** The results in the newest message; older ones were told when they were new. */
function lastResults(body: string): z.infer<typeof resultSchema>[] {
  const parsed = resultsSchema.safeParse(jsonOf(body));
  const content = parsed.success ? parsed.data.messages.at(-1)?.content : undefined;
  if (!Array.isArray(content)) return [];
  return content.flatMap((block) => {
    const result = resultSchema.safeParse(block);
    return result.success ? [result.data] : [];
  });
}

const textSchema = z.array(z.looseObject({ type: z.literal("text"), text: z.string() })).min(1);

function whyOf(content: unknown): string {
  const blocks = textSchema.safeParse(content);
  const text = blocks.success ? (blocks.data[0]?.text ?? "") : String(content ?? "");
  return oneLine(text.replace(/<\/?tool_use_error>/g, ""), 150);
}

/** Control, formatting and separating characters could forge a line or move a terminal's cursor. */
function oneLine(text: string, charactersMax: number): string {
  const line = text
    .slice(0, charactersMax * 8)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, " ")
    .trim();
  return line.length <= charactersMax ? line : `${line.slice(0, charactersMax - 1)}…`.toWellFormed();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
