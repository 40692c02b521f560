/** The child process that reads hostile source files and inserts what reports their runs: a JSON request on standard input, one line per file on standard output. It is killed if it takes too long or too much memory (SECURITY T21). */
import { readFileSync } from "node:fs";
import { probeGo } from "@aedev/languages/go/probe";
import { probeJavaScript } from "@aedev/languages/javascript/probe";
import { probePython } from "@aedev/languages/python/probe";
import { grammarPath } from "@aedev/languages/shared/code-language";
import { type ProbedFile, type ProbeOptions, TooManyPlaces } from "@aedev/languages/shared/probing";
import { ifReadable } from "@aedev/languages/tree/syntax-node";
import { z } from "zod";
import { randomName } from "../../engine/random-name.ts";

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

function answerOf(file: (typeof files)[number]): ProbedFile | "too-large" | "unreadable" {
  try {
    return ifReadable(() => probed(file), "unreadable");
  } catch (error) {
    if (error instanceof TooManyPlaces) return "too-large";
    throw error;
  }
}

function probed({ path, language, text, lines }: (typeof files)[number]): ProbedFile {
  // Code under test knows neither the function's name nor what another place reports.
  const options = { lines, channel, name: `v${randomName()}`, newToken: randomName };
  return probes[language](text, { ...options, path: grammarPath(path, language) });
}
