/** The child process that reads hostile source files and inserts what reports their runs: a JSON request on standard input, one line per file on standard output. It is killed if it takes too long or too much memory (SECURITY T21). */
import { readFileSync } from "node:fs";
import { readersOf } from "@aedev/languages/readers";
import { type ProbedFile, TooManyPlaces } from "@aedev/languages/shared/probing";
import { ifReadable, UnreadableText } from "@aedev/languages/tree/syntax-node";
import { z } from "zod";
import { randomName } from "../../engine/random-name.ts";

const requestSchema = z.strictObject({
  channel: z.string(),
  files: z.array(
    z.strictObject({
      grammar: z.string(),
      text: z.string(),
      lines: z.array(z.strictObject({ first: z.int(), last: z.int() })),
    }),
  ),
});
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

function probed({ grammar, text, lines }: (typeof files)[number]): ProbedFile {
  // Code under test knows neither the function's name nor what another place reports.
  const options = { path: grammar, lines, channel, name: `v${randomName()}`, newToken: randomName };
  const found = readersOf(grammar)?.probe?.(text, options);
  if (found === undefined) throw new UnreadableText("no probe of its language");
  return found;
}
