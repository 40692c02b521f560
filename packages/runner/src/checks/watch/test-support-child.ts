/** Child process that decides which files are test support: reads a JSON request, writes a JSON answer; killed at its bounds (SECURITY T21). */
import { readFileSync } from "node:fs";
import { rootedMatcher } from "@aedev/host/globs";
import { z } from "zod";
import { testSupport } from "./test-support.ts";

const requestSchema = z.strictObject({
  paths: z.array(z.string()),
  texts: z.array(z.tuple([z.string(), z.string()])),
  opened: z.array(z.string()),
  tests: z.array(z.string()),
});
const { paths, texts, opened, tests } = requestSchema.parse(JSON.parse(readFileSync(0, "utf8")));
process.stdout.write(
  JSON.stringify(testSupport({ paths, texts: new Map(texts), opened, isTest: rootedMatcher(tests) })),
);
