/** The child process that makes variants of hostile source files: a JSON request on standard input, one line per file on standard output. It is killed if it takes too long or too much memory (SECURITY T21). */
import { readFileSync } from "node:fs";
import { UnreadableText } from "@aedev/languages/tree/syntax-node";
import { z } from "zod";
import { variantsOf } from "./variants.ts";

const requestSchema = z.array(
  z.strictObject({
    path: z.string(),
    text: z.string(),
    lines: z.array(z.strictObject({ first: z.number(), last: z.number() })),
  }),
);

for (const { path, text, lines } of requestSchema.parse(JSON.parse(readFileSync(0, "utf8"))))
  process.stdout.write(`${JSON.stringify(answerOf(path, text, lines))}\n`);

function answerOf(path: string, text: string, lines: { first: number; last: number }[]) {
  try {
    return variantsOf(text, path, lines);
  } catch (error) {
    // A text nested too deep for the stack can't be read either.
    if (error instanceof RangeError || error instanceof UnreadableText) return [];
    throw error;
  }
}
