/** Child process that inserts probes into hostile source files: reads a JSON request, writes one JSON line per file; killed at its bounds (SECURITY T21). */
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
  // The function's name and the tokens are random, so that code under test knows neither.
  const options = { path: grammar, lines, channel, name: `v${randomName()}`, newToken: randomName };
  const found = readersOf(grammar)?.probe?.(text, options);
  if (found === undefined) throw new UnreadableText("no probe of its language");
  return found;
}
