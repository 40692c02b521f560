/** Child process that makes mutants of hostile source files: reads a JSON request, writes one JSON line per file; killed at its bounds (SECURITY T21). */
import { readFileSync } from "node:fs";
import { mutantsOf } from "@aedev/languages/mutants";
import { ifReadable } from "@aedev/languages/tree/syntax-node";
import { z } from "zod";

const requestSchema = z.array(z.strictObject({ path: z.string(), text: z.string() }));

for (const { path, text } of requestSchema.parse(JSON.parse(readFileSync(0, "utf8"))))
  process.stdout.write(`${JSON.stringify(ifReadable(() => mutantsOf(text, path), []))}\n`);
