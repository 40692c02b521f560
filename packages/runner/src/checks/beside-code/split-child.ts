/** The child process that parts hostile files of code from the tests in them: a JSON request on standard input, one answer on standard output. It is killed if it takes too long or too much memory (SECURITY T21). */
import { readFileSync } from "node:fs";
import { readRustFile, withTestsOf } from "@aedev/languages/rust/rust-file";
import { UnreadableText } from "@aedev/languages/tree/syntax-node";
import { z } from "zod";
import { splitFiles } from "./split-files.ts";

const text = z.string();
const requestSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("split"),
    files: z.array(z.strictObject({ path: text, before: text.nullable(), after: text })),
  }),
  z.strictObject({ kind: z.literal("join"), pairs: z.array(z.strictObject({ code: text, tests: text })) }),
]);

process.stdout.write(JSON.stringify(answer()));

function answer(): unknown {
  try {
    const request = requestSchema.parse(JSON.parse(readFileSync(0, "utf8")));
    return request.kind === "split" ? splitFiles(request.files) : request.pairs.map(join);
  } catch (error) {
    // A text nested too deep for the stack can't be read either.
    if (error instanceof RangeError || error instanceof UnreadableText) return [];
    throw error;
  }
}

function join({ code, tests }: { code: string; tests: string }): string | null {
  const [one, other] = [readRustFile(code), readRustFile(tests)];
  return one === null || other === null ? null : withTestsOf(one, other);
}
