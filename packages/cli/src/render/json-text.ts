/** JSON and events for standard output: characters that a terminal or an editor could act on are written as `\uXXXX`, which does not change the document. */
import { escapeLine, localSecond, replaceUnsafe } from "@aedev/contracts";
import type { ExportedEvent } from "@aedev/contracts/events";

/** The document on several lines, ended by a newline. */
export function jsonText(document: unknown): string {
  return `${escapeJson(JSON.stringify(document ?? null, null, 2))}\n`;
}

/** The document on one line, for JSON Lines. */
export function jsonLine(document: unknown): string {
  return `${escapeJson(JSON.stringify(document ?? null))}\n`;
}

/** JSON with those characters escaped; newlines between its values stay. */
export function escapeJson(json: string): string {
  return replaceUnsafe(json, (character) => (character === "\n" ? character : units(character)));
}

function units(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("");
}

export function eventLine({ position, recorded_at, stream, type, actor, data }: ExportedEvent): string {
  const text = typeof data === "string" ? data : jsonLine(data);
  return `${position}  ${localSecond(recorded_at)}  ${stream}  ${type}  ${actor}  ${escapeLine(text, 160)}`;
}
