/** The child process that instruments hostile source files: a JSON request on standard input, one line per file on standard output. It is killed if it takes too long or too much memory (THREATS T21). */
import { readFileSync } from "node:fs";
import { UnreadableText } from "@aedev/host/syntax/syntax-tree";
import { z } from "zod";
import { instrumentGo } from "./instrument-go.ts";
import { instrument } from "./instrument-javascript.ts";

const scriptSchema = z.strictObject({ path: z.string(), text: z.string(), recorder: z.string() });
const goSchema = z.strictObject({
  path: z.string(),
  text: z.string(),
  original: z.string(),
  own: z.string(),
  importPath: z.string(),
  isSetUp: z.boolean(),
});
const requestSchema = z.union([scriptSchema, goSchema]);
/** What one file is to become. */
export type InstrumentRequest = z.infer<typeof requestSchema>;

for (const request of z.array(requestSchema).parse(JSON.parse(readFileSync(0, "utf8"))))
  process.stdout.write(`${JSON.stringify(answerOf(request))}\n`);

function answerOf(request: InstrumentRequest) {
  try {
    return "recorder" in request
      ? instrument(request.text, request.path, request.recorder)
      : instrumentGo(request.text, request.original, request);
  } catch (error) {
    // A text nested too deep for the stack can't be read either.
    if (error instanceof RangeError || error instanceof UnreadableText) return null;
    throw error;
  }
}
