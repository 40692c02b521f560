/** The child process that alters hostile test files: a JSON request on standard input, one line per file on standard output. It is killed if it takes too long or too much memory (SECURITY T21). */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { perturb } from "./perturb.ts";

const requestSchema = z.strictObject({
  seed: z.string(),
  files: z.array(z.strictObject({ path: z.string(), text: z.string() })),
});

const { seed, files } = requestSchema.parse(JSON.parse(readFileSync(0, "utf8")));
for (const { path, text } of files) process.stdout.write(`${JSON.stringify({ path, ...perturb(text, path, seed) })}\n`);
