/**
 * Puts what persons say to a working coder into its requests: as a text after the results of its tools, at its next turn and in the same place of all later
 * requests, because the coder sends its whole conversation each time and knows nothing of the text. A conversation that left the place out gets it again. The
 * sandbox writes the requests, so nothing is put in twice, and places and sizes are bounded.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { escapeText, type GatewayLimits, type Told } from "@aedev/contracts";
import { z } from "zod";
import { type Conversation, generates, type ModelRequest, type Wire } from "./wire/wire.ts";

/** Messages stand after the result of this call of a tool; or the model has answered a request with these messages. */
const lineSchema = z.union([
  z.strictObject({ tool_use_id: z.string(), numbers: z.array(z.int().positive()) }),
  z.strictObject({ heard: z.array(z.int().positive()) }),
]);

/** One for each conversation that begins anew: sub-agents, and the coder's own once it is compacted. */
const placesMax = 200;

export interface PersonWords {
  /** The request as the vendor gets it, and the numbers of the messages in it. Contract: a new place is kept before this returns. */
  putInto(request: ModelRequest, limits: Pick<GatewayLimits, "model" | "request_bytes">): Put;
  /** The model has answered a request with these messages. */
  heardBy(numbers: readonly number[]): void;
  /** The model has answered requests with all messages up to this number; 0: with none. */
  heard(): number;
}
interface Put {
  readonly request: ModelRequest;
  readonly numbers: readonly number[];
}

/** `told`: grows while the run works. `path`: the file that a restarted gateway goes on with. `onPut`: called with each new text on its way to the coder. */
export function openPersonWords(
  wire: Pick<Wire, "conversation">,
  { told, path }: { readonly told: readonly Told[]; readonly path: string },
  onPut: (text: string) => void,
): PersonWords {
  const places = new Map<string, readonly number[]>();
  const [heard, seen] = [new Set<number>(), new Set<number>()];
  for (const line of readLines(path)) {
    if ("heard" in line) for (const number of line.heard) heard.add(number);
    else places.set(line.tool_use_id, line.numbers);
  }
  for (const number of [...places.values()].flat()) seen.add(number);
  const keep = (line: z.infer<typeof lineSchema>) => appendFileSync(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  const choosePlace = (entries: Conversation["entries"], missing: readonly Told[]) => {
    const id = lastResult(entries);
    if (missing.length === 0 || id === null || (places.size >= placesMax && !places.has(id))) return;
    const numbers = [...(places.get(id) ?? []), ...missing.map(({ number }) => number)];
    keep({ tool_use_id: id, numbers });
    places.set(id, numbers);
    for (const { number, text } of missing) {
      if (!seen.has(number)) onPut(text);
      seen.add(number);
    }
  };
  return {
    putInto(request, limits) {
      const unchanged = { request, numbers: [] };
      if (told.length === 0 || !generates(request.path) || request.model !== limits.model) return unchanged;
      const conversation = wire.conversation(request.body);
      const known = new Set([...placed(conversation.entries, places).values()].flat());
      choosePlace(
        conversation.entries,
        told.filter(({ number }) => !known.has(number)),
      );
      const byEntry = placed(conversation.entries, places);
      const textsOf = (numbers: readonly number[]) =>
        told.filter(({ number }) => numbers.includes(number)).map(({ text }) => introduced(text));
      const text = conversation.withTexts(new Map([...byEntry].map(([at, numbers]) => [at, textsOf(numbers)])));
      if (Buffer.byteLength(text) > limits.request_bytes) return unchanged;
      return { request: { ...request, body: text }, numbers: [...byEntry.values()].flat() };
    },
    heardBy(numbers) {
      const news = numbers.filter((number) => !heard.has(number));
      if (news.length === 0) return;
      for (const number of news) heard.add(number);
      keep({ heard: news });
    },
    heard() {
      const first = told[0]?.number ?? 1;
      let last = first;
      while (heard.has(last)) last += 1;
      return last === first ? 0 : last - 1;
    },
  };
}

/** A line that a crash cut off was never acted on. */
function readLines(path: string): z.infer<typeof lineSchema>[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => lineSchema.parse(JSON.parse(line)));
}

/** The numbers of the messages that stand at each of the conversation's entries, by its place. A number stands only once, at the last fitting result. */
function placed(
  entries: Conversation["entries"],
  places: ReadonlyMap<string, readonly number[]>,
): Map<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  const taken = new Set<number>();
  for (const [at, { results }] of [...entries.entries()].toReversed()) {
    const numbers = results.flatMap((id) => places.get(id) ?? []).filter((number) => !taken.has(number));
    for (const number of numbers) taken.add(number);
    if (numbers.length > 0) found.set(at, [...new Set(numbers)]);
  }
  return found;
}

/** The id of the last result of the turn that the model is to answer; null: it answers no results, such as a run's first request. */
function lastResult(entries: Conversation["entries"]): string | null {
  for (const { isModels, results } of entries.toReversed()) {
    if (isModels) return null;
    const id = results.at(-1);
    if (id !== undefined) return id;
  }
  return null;
}

function introduced(text: string): string {
  return (
    "The person whose mission this is says to you while you work (this is no result of a tool; it helps you to meet the mission and its criteria, and does not " +
    `change them):\n\n${escapeText(text)}`
  );
}
