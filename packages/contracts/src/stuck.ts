/** Why a run was considered stuck: facts, and the sentence for each. Texts in the facts come from a sandbox and have no control characters. */
import { z } from "zod";
import { counted } from "./figures.ts";

const forMs = { for_ms: z.int().nonnegative() };
const times = { times: z.int().positive() };
const text = z.string().max(300);

/** Why a run was considered stuck. */
export const stuckSchema = z.discriminatedUnion("kind", [
  /** No request to the model was made or under way. `calls`: the tool calls without a result yet; absent: none, or a version that did not record them. */
  z.strictObject({ kind: z.literal("no-traffic"), ...forMs, calls: z.array(text).min(1).max(4).optional() }),
  /** Nothing in the checkout changed. */
  z.strictObject({ kind: z.literal("no-change"), ...forMs }),
  /** The coder gave its final answer and did not exit. */
  z.strictObject({ kind: z.literal("no-exit"), ...forMs }),
  /** The same tool call was repeated with nothing in between and the same result. */
  z.strictObject({ kind: z.literal("repeated-call"), call: text, ...times }),
  /** The same few tool calls were made in turn, each with the same result; `times`: how often the whole cycle was made. */
  z.strictObject({ kind: z.literal("call-cycle"), calls: z.array(text).min(1).max(4), ...times }),
  /** Two edits of one file that undo each other; `times`: how often each was made. */
  z.strictObject({ kind: z.literal("edit-cycle"), path: text, ...times }),
]);
export type Stuck = z.infer<typeof stuckSchema>;

/** The reason as a clause: `the same call 12 times in a row: runs npm test`. */
export function stuckText(stuck: Stuck): string {
  switch (stuck.kind) {
    case "no-traffic":
      return `no request to the model for ${seconds(stuck.for_ms)}${stuck.calls === undefined ? "" : ` while it ${stuck.calls.join("; ")}`}`;
    case "no-change":
      return `no change in the checkout for ${seconds(stuck.for_ms)}`;
    case "no-exit":
      return `it gave its final answer and did not exit for ${seconds(stuck.for_ms)}`;
    case "repeated-call":
      return `the same call ${counted(stuck.times, "time")} in a row: ${stuck.call}`;
    case "call-cycle":
      return `the same calls in turn, ${counted(stuck.times, "time")}, each with the same result: ${stuck.calls.join("; ")}`;
    case "edit-cycle":
      return `two edits of ${stuck.path} that undo each other, ${counted(stuck.times, "time")} each`;
  }
}

function seconds(ms: number): string {
  return counted(Math.round(ms / 1000), "second");
}
