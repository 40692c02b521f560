/** A tool call as one line for people. */
import { counted, replaceUnsafe } from "@aedev/contracts";
import { z } from "zod";

const repository = "/workspace/repo/";
const inputSchema = z.looseObject({
  file_path: z.string().optional(),
  content: z.string().optional(),
  command: z.string().optional(),
});

/** For example `edits lib/add.js` or `runs npm test`. Contract: never throws, whatever an endpoint sends. */
export function stepOf(name: string, input: unknown): string {
  const parsed = inputSchema.safeParse(input);
  const { file_path: path = "?", content, command } = parsed.success ? parsed.data : {};
  const file = inRepository(path);
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
  return counted(count, "line");
}

/** The path relative to the checkout, if it is inside. */
export function inRepository(path: string): string {
  return path.startsWith(repository) ? path.slice(repository.length) : path;
}

/** Removes control, format and separator characters, which could forge a line or move a terminal's cursor. */
export function oneLine(text: string, charactersMax: number): string {
  const line = replaceUnsafe(text.slice(0, charactersMax * 8), () => " ")
    .replace(/\s+/gu, " ")
    .trim();
  return line.length <= charactersMax ? line : `${line.slice(0, charactersMax - 1)}…`.toWellFormed();
}
