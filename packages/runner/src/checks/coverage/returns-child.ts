/** The child process that finds the `return` statements of hostile source files: a JSON request on standard input, one line per file on standard output. It is killed if it takes too long or too much memory (SECURITY T21). */
import { readFileSync } from "node:fs";
import { returnLines } from "@aedev/languages/shared/return-lines";
import { z } from "zod";

const requestSchema = z.array(z.strictObject({ grammar: z.string().nullable(), text: z.string() }));

for (const { grammar, text } of requestSchema.parse(JSON.parse(readFileSync(0, "utf8"))))
  process.stdout.write(`${JSON.stringify(grammar === null ? [] : returnLines(text, grammar))}\n`);
