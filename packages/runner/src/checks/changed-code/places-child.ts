/** Child process that locates lines in hostile source files: reads a JSON request, writes one JSON line per text; killed at its bounds (SECURITY T21). */
import { readFileSync } from "node:fs";
import { linePlaces } from "@aedev/languages/shared/line-places";
import { z } from "zod";

const requestSchema = z.array(z.strictObject({ grammar: z.string(), text: z.string() }));

for (const { grammar, text } of requestSchema.parse(JSON.parse(readFileSync(0, "utf8"))))
  process.stdout.write(
    `${JSON.stringify(linePlaces(text, grammar)?.map(({ within, isText }) => [isText ? 1 : 0, ...within]) ?? null)}\n`,
  );
