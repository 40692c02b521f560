/** The child process that reads hostile source files and inserts what reports their runs: a JSON request on standard input, one line per file on standard output. It is killed if it takes too long or too much memory (SECURITY T21). */
import { readFileSync } from "node:fs";
import { UnreadableText } from "@aedev/languages/tree/syntax-node";
import { z } from "zod";
import { randomName } from "../../engine/random-name.ts";
import { probeGo } from "./go.ts";
import { grammarPath } from "./grammar-path.ts";
import { probeJavaScript } from "./javascript.ts";
import { type ProbedFile, type ProbeOptions, TooManyPlaces } from "./places.ts";
import { probePython } from "./python.ts";

const requestSchema = z.strictObject({
  channel: z.string(),
  files: z.array(
    z.strictObject({
      path: z.string(),
      language: z.enum(["javascript", "python", "go"]),
      text: z.string(),
      lines: z.array(z.strictObject({ first: z.int(), last: z.int() })),
    }),
  ),
});
const probes: Record<"javascript" | "python" | "go", (text: string, options: ProbeOptions) => ProbedFile> = {
  javascript: probeJavaScript,
  python: probePython,
  go: probeGo,
};

const { channel, files } = requestSchema.parse(JSON.parse(readFileSync(0, "utf8")));
for (const file of files) process.stdout.write(`${JSON.stringify(answerOf(file))}\n`);

function answerOf({ path, language, text, lines }: (typeof files)[number]): ProbedFile | "too-large" | "unreadable" {
  try {
    // Code under test knows neither the function's name nor what another place reports.
    return probes[language](text, {
      path: grammarPath(path, language),
      lines,
      channel,
      name: `v${randomName()}`,
      newToken: randomName,
    });
  } catch (error) {
    if (error instanceof TooManyPlaces) return "too-large";
    // A text nested too deep for the stack can't be read either.
    if (error instanceof RangeError || error instanceof UnreadableText) return "unreadable";
    throw error;
  }
}
