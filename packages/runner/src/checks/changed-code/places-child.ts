/** The child process that finds where the lines of hostile source files stand: a JSON request on standard input, one line per text on standard output. It is killed if it takes too long or too much memory (SECURITY T21). */
import { readFileSync } from "node:fs";
import { linePlaces } from "@aedev/languages/shared/line-places";
import { z } from "zod";

const requestSchema = z.array(z.strictObject({ grammar: z.string(), text: z.string() }));

for (const { grammar, text } of requestSchema.parse(JSON.parse(readFileSync(0, "utf8"))))
  process.stdout.write(
    `${JSON.stringify(linePlaces(text, grammar)?.map(({ within, isText }) => [isText ? 1 : 0, ...within]) ?? null)}\n`,
  );
