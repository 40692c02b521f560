/** Child process that finds `return` statements in hostile files: reads a JSON request, writes one line per file; killed at its bounds (SECURITY T21). */

import { readFileSync } from "node:fs";
import { returnLines } from "@aedev/languages/shared/line-places";

import { z } from "zod";

const requestSchema = z.array(z.strictObject({ grammar: z.string().nullable(), text: z.string() }));

for (const { grammar, text } of requestSchema.parse(JSON.parse(readFileSync(0, "utf8"))))
  process.stdout.write(`${JSON.stringify(grammar === null ? [] : returnLines(text, grammar))}\n`);
