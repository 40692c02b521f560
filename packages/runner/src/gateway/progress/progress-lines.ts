/** Describes what the coder is doing, one line per step, from the gateway's traffic. It is never evidence, and no decision depends on it. */
import { z } from "zod";
import type { AnswerBlock, ToolResult } from "../wire/wire.ts";
import { oneLine, stepOf } from "./step-text.ts";

const lineCharactersMax = 300;
/** Lines per run, and steps that can be open at once. */
const progressLinesMax = 2_000;
const openMax = 256;

export interface ProgressLines {
  /** Takes the results of the coder's tools, which its next request carries. */
  take(results: readonly ToolResult[]): void;
  /** Takes a whole answer of the model. */
  answer(blocks: readonly AnswerBlock[]): void;
}

/** `write` gets one line without control characters. Contract: never throws, whatever a sandbox or an endpoint sends. */
export function createProgressLines(write: (line: string) => void): ProgressLines {
  const open = new Map<string, string>();
  let written = 0;
  const say = (line: string) => {
    written += 1;
    if (written < progressLinesMax) write(oneLine(line, lineCharactersMax));
    if (written === progressLinesMax) write("further steps of this run are not shown");
  };
  return {
    take(results) {
      for (const { id, isError, content } of results) {
        const step = open.get(id);
        if (step === undefined) continue;
        open.delete(id);
        say(isError ? `failed: ${step}: ${whyOf(content)}` : `ok: ${step}`);
      }
    },
    answer(blocks) {
      for (const block of blocks) {
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

const textSchema = z.array(z.looseObject({ type: z.literal("text"), text: z.string() })).min(1);

function whyOf(content: unknown): string {
  const blocks = textSchema.safeParse(content);
  const text = blocks.success ? (blocks.data[0]?.text ?? "") : String(content ?? "");
  return oneLine(text.replace(/<\/?tool_use_error>/g, ""), 150);
}
