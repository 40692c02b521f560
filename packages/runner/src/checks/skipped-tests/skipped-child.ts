/** Child process that finds code checked only by skipped tests: reads a JSON request, writes a JSON answer; killed at its bounds (SECURITY T21). */
import { readFileSync } from "node:fs";
import { rootedMatcher } from "@aedev/host/globs";
import { z } from "zod";
import { skippedCode } from "./skipped-code.ts";

const requestSchema = z.strictObject({
  paths: z.array(z.string()),
  texts: z.array(z.tuple([z.string(), z.string()])),
  skipped: z.array(z.string()),
  ran: z.array(z.string()),
  changed: z.array(z.strictObject({ path: z.string(), isMissed: z.boolean().nullable() })),
  tests: z.array(z.string()),
});
const { texts, tests, ...request } = requestSchema.parse(JSON.parse(readFileSync(0, "utf8")));
process.stdout.write(JSON.stringify(skippedCode({ ...request, texts: new Map(texts), isTest: rootedMatcher(tests) })));
