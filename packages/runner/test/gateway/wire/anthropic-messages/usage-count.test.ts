/** The counter finds exactly the counts in a stream's events, whatever is between them and whatever its chunks. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMessagesCounter } from "../../../../src/gateway/wire/anthropic-messages/usage-count.ts";
import type { TokenCounts } from "../../../../src/gateway/wire/wire.ts";

const none: TokenCounts = { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
const tokens = fc.nat({ max: 1_000_000 });
/** Text that nearly matches, and letters of more than one byte. */
const words = [
  "message_",
  "messa",
  "ge_",
  "ssage_",
  "page_",
  "message_message_",
  '"message_delta"',
  "ü",
  "🙂",
  "x",
  "\n",
];
const text = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((parts) => parts.join(""));
const starts = tokens.map((input) => ({
  data: { type: "message_start", message: { usage: { input_tokens: input, output_tokens: 1 } } },
  said: { input_tokens: input, output_tokens: 1 } as Partial<TokenCounts>,
}));
const deltas = tokens.map((output) => ({
  data: { type: "message_delta", usage: { output_tokens: output } },
  said: { output_tokens: output } as Partial<TokenCounts>,
}));
const others = text.map((piece) => ({
  data: { type: "content_block_delta", delta: { type: "text_delta", text: piece } },
  said: null,
}));
const events = fc.array(fc.oneof({ weight: 3, arbitrary: others }, starts, deltas), { maxLength: 12 });
const lineEnds = fc.constantFrom("\n", "\r\n", "\r");

describe("createMessagesCounter", () => {
  it("counts what the events state, and nothing that their text states, wherever chunks end", () => {
    fc.assert(
      fc.property(events, lineEnds, fc.array(fc.nat(), { maxLength: 20 }), (sent, lineEnd, cuts) => {
        const lines = sent.flatMap(({ data }) => [`event: ${data.type}`, `data: ${JSON.stringify(data)}`, ""]);
        const bytes = Buffer.from([": begun", ...lines, ""].join(lineEnd));
        const first = ": begun".length + lineEnd.length;
        const ends = cuts.map((cut) => first + (cut % Math.max(1, bytes.length - first))).sort((a, b) => a - b);
        const counter = createMessagesCounter("text/event-stream");
        for (const [place, end] of [...ends, bytes.length].entries())
          counter.take(bytes.subarray(place === 0 ? 0 : ends[place - 1], end));
        const said = sent.flatMap((one) => one.said ?? []);
        expect(counter.counts()).toEqual(said.length === 0 ? null : Object.assign({ ...none }, ...said));
        expect(counter.isFinal()).toBe(sent.some(({ data }) => data.type === "message_delta"));
      }),
      { numRuns: 300 },
    );
  });
});
