/** Child process that alters hostile test files: reads a JSON request, writes one JSON line per file; killed at its time and memory bounds (SECURITY T21). */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { perturb } from "./perturb.ts";

const requestSchema = z.strictObject({
  seed: z.string(),
  files: z.array(z.strictObject({ path: z.string(), text: z.string() })),
});

const { seed, files } = requestSchema.parse(JSON.parse(readFileSync(0, "utf8")));
for (const { path, text } of files) process.stdout.write(`${JSON.stringify({ path, ...perturb(text, path, seed) })}\n`);
