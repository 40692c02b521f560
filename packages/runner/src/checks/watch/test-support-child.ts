/** The child process that decides which files are test support: a JSON request on standard input, the answer on standard output. It is killed if it takes too long or too much memory (SECURITY T21). */
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
