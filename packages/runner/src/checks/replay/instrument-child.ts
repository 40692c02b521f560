/** Child process that instruments hostile source files: reads a JSON request, writes one JSON line per file; killed at its bounds (SECURITY T21). */
import { readFileSync } from "node:fs";
import { instrumentGo } from "@aedev/languages/go/instrument";
import { instrument } from "@aedev/languages/javascript/instrument";
import { ifReadable } from "@aedev/languages/tree/syntax-node";
import { z } from "zod";
import { declarationsIn } from "./declarations.ts";

const scriptSchema = z.strictObject({ path: z.string(), text: z.string(), recorder: z.string() });
const goSchema = z.strictObject({
  path: z.string(),
  text: z.string(),
  original: z.string(),
  own: z.string(),
  importPath: z.string(),
  isSetUp: z.boolean(),
});
const declarationsSchema = z.strictObject({ path: z.string(), declarationsOf: z.string() });
const requestSchema = z.union([scriptSchema, goSchema, declarationsSchema]);
/** The order to instrument one file, or to list its declarations. */
export type InstrumentRequest = z.infer<typeof requestSchema>;

for (const request of z.array(requestSchema).parse(JSON.parse(readFileSync(0, "utf8"))))
  process.stdout.write(`${JSON.stringify(ifReadable(() => answerOf(request), null))}\n`);

function answerOf(request: InstrumentRequest) {
  if ("declarationsOf" in request) return declarationsIn(request.declarationsOf, request.path);
  return "recorder" in request
    ? instrument(request.text, request.path, request.recorder)
    : instrumentGo(request.text, request.original, request);
}
