/** Child process that makes variants of hostile source files: reads a JSON request, writes one JSON line per file; killed at its bounds (SECURITY T21). */
import { readFileSync } from "node:fs";
import { variantsOf } from "@aedev/languages/shared/variants";
import { ifReadable } from "@aedev/languages/tree/syntax-node";
import { z } from "zod";

const requestSchema = z.array(
  z.strictObject({
    path: z.string(),
    text: z.string(),
    lines: z.array(z.strictObject({ first: z.number(), last: z.number() })),
  }),
);

for (const { path, text, lines } of requestSchema.parse(JSON.parse(readFileSync(0, "utf8"))))
  process.stdout.write(`${JSON.stringify(ifReadable(() => variantsOf(text, path, lines), []))}\n`);
