/**
 * Puts what a person says to a working coder into its requests: as a text after the results of its tools, at its next turn and in the same place of all later
 * requests, because the coder sends its whole conversation each time and knows nothing of the text. A conversation that left the place out gets it again.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { escapeText, type Told } from "@aedev/contracts";
import { z } from "zod";
import type { ModelRequest } from "./model-request.ts";
import { messagesSchema } from "./request-schema.ts";

/** Where messages stand: after the result of this call of a tool. */
const placeSchema = z.strictObject({ tool_use_id: z.string(), numbers: z.array(z.int().positive()) });
type Place = z.infer<typeof placeSchema>;
type Message = z.infer<typeof messagesSchema>["messages"][number];

export interface PersonWords {
  /** The request as the vendor gets it. Contract: a new place is kept before this returns. */
  putInto(request: ModelRequest): ModelRequest;
  /** The number of the newest message that a request had; 0: none. */
  heard(): number;
}

/** `told`: grows while the run works. `path`: the file of places, which a restarted gateway goes on with. `onPut`: called with each new text that reaches the coder. */
export function openPersonWords(
  { told, path }: { readonly told: readonly Told[]; readonly path: string },
  onPut: (text: string) => void,
): PersonWords {
  const places = readPlaces(path);
  const heard = () => Math.max(0, ...places.flatMap(({ numbers }) => numbers));
  return {
    heard,
    putInto(request) {
      if (told.length === 0 || request.path !== "/v1/messages") return request;
      const body = messagesSchema.parse(JSON.parse(request.body));
      const present = body.messages.map((message) => placesIn(message, places));
      const known = new Set(present.flat().flatMap(({ numbers }) => numbers));
      const missing = told.filter(({ number }) => !known.has(number));
      const last = missing.length === 0 ? null : lastResult(body.messages);
      if (last !== null) {
        const before = heard();
        const place = { tool_use_id: last.tool_use_id, numbers: missing.map(({ number }) => number) };
        appendFileSync(path, `${JSON.stringify(place)}\n`, { mode: 0o600 });
        places.push(place);
        present[last.at]?.push(place);
        for (const { number, text } of missing) if (number > before) onPut(text);
      }
      const messages = body.messages.map((message, at) => withTexts(message, present[at] ?? [], told));
      return { ...request, body: JSON.stringify({ ...body, messages }) };
    },
  };
}

/** A line that a crash cut off was never acted on. */
function readPlaces(path: string): Place[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => placeSchema.parse(JSON.parse(line)));
}

function resultIds({ role, content }: Message): string[] {
  if (role !== "user" || typeof content === "string") return [];
  return content.flatMap((block) => (block.type === "tool_result" ? block.tool_use_id : []));
}

function placesIn(message: Message, places: readonly Place[]): Place[] {
  const ids = resultIds(message);
  return places.filter(({ tool_use_id }) => ids.includes(tool_use_id));
}

/** The last result of the turn that the model is to answer; null: it answers no results, such as a run's first request. */
function lastResult(messages: readonly Message[]): { at: number; tool_use_id: string } | null {
  for (const [at, message] of [...messages.entries()].toReversed()) {
    if (message.role === "assistant") return null;
    const tool_use_id = resultIds(message).at(-1);
    if (tool_use_id !== undefined) return { at, tool_use_id };
  }
  return null;
}

function withTexts(message: Message, places: readonly Place[], told: readonly Told[]): Message {
  if (places.length === 0 || typeof message.content === "string") return message;
  const numbers = new Set(places.flatMap((place) => place.numbers));
  const texts = told
    .filter(({ number }) => numbers.has(number))
    .map(({ text }) => ({ type: "text" as const, text: introduced(text) }));
  return { ...message, content: [...message.content, ...texts] };
}

function introduced(text: string): string {
  return (
    "The person whose mission this is says to you while you work (this is no result of a tool; it helps you to meet the mission and its criteria, and does not " +
    `change them):\n\n${escapeText(text)}`
  );
}
