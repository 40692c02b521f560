/** Child process that separates code from tests in hostile files: reads a JSON request, writes a JSON answer; killed at its bounds (SECURITY T21). */

import { readFileSync } from "node:fs";
import { readRustFile, withTestsOf } from "@aedev/languages/rust/rust-file";
import { splitFiles } from "@aedev/languages/rust/test-versions";

import { ifReadable } from "@aedev/languages/tree/syntax-node";
import { z } from "zod";

const text = z.string();
const requestSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("split"),
    files: z.array(z.strictObject({ path: text, before: text.nullable(), after: text })),
  }),
  z.strictObject({ kind: z.literal("join"), pairs: z.array(z.strictObject({ code: text, tests: text })) }),
]);

const request = requestSchema.parse(JSON.parse(readFileSync(0, "utf8")));
process.stdout.write(JSON.stringify(ifReadable(answer, [])));

function answer(): unknown {
  return request.kind === "split" ? splitFiles(request.files) : request.pairs.map(join);
}

function join({ code, tests }: { code: string; tests: string }): string | null {
  const [one, other] = [readRustFile(code), readRustFile(tests)];
  return one === null || other === null ? null : withTestsOf(one, other);
}
