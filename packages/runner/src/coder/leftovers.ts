/** Reads what the coder left beside the tree: its result, its CLI's envelope, a question. For people only; none of it becomes evidence. */

import { join } from "node:path";
import { replaceUnsafe, testNamesSchema } from "@aedev/contracts";
import { isAbsent, readRegular } from "@aedev/host/nofollow-read";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

const fileBytesMax = 1024 * 1024;
const questionCharsMax = 300;
/** Reads no more than this, because matching links can take quadratic time and block the whole plane. */
const readCharsMax = 16 * questionCharsMax;

export interface Leftovers {
  /** All of it as JSON text for a blob; null if there is nothing. */
  transcript: string | null;
  /** The coder's question as plain text; null if it asked none. */
  question: string | null;
  /** The tests that, by its question, the request breaks; null if it names none. */
  breaks: string[] | null;
}

export async function readLeftovers(workspace: string, output: string): Promise<Leftovers> {
  const [result, envelope, question] = await Promise.all(
    ["result.json", "cli-envelope.json", "question.json"].map((name) => readText(join(workspace, name))),
  );
  const isAsking = !(await isAbsent(join(workspace, "question.json")));
  return {
    transcript: JSON.stringify({
      result: result ?? null,
      cli_envelope: envelope ?? null,
      question: question ?? null,
      output,
    }),
    question: isAsking ? plainQuestion(question ?? "") : null,
    breaks: isAsking ? namedTests(question ?? "") : null,
  };
}

async function readText(path: string): Promise<string | null> {
  const read = await readRegular(path, fileBytesMax);
  if (read === null) return null;
  const omitted = read.sizeBytes - read.bytes.length;
  return read.bytes.toString("utf8") + (omitted > 0 ? `\n[${omitted} bytes omitted]` : "");
}

const questionSchema = z.union([
  z.string(),
  z.object({ question: z.string() }).transform(({ question }) => question),
  z.object({ text: z.string() }).transform(({ text }) => text),
]);

const breaksSchema = z.object({
  tests: testNamesSchema.transform((names) => names.map((name) => replaceUnsafe(name, () => " "))),
});

/** Null unless the file is a valid list of tests. */
function namedTests(file: string): string[] | null {
  return breaksSchema.safeParse(parseJson(file)).data?.tests ?? null;
}

/** One line of at most 300 characters without control characters, direction marks or links (SECURITY T23). */
export function plainQuestion(file: string): string {
  const text = questionSchema.safeParse(parseJson(file)).data ?? file;
  const withoutLinks = text
    .slice(0, readCharsMax)
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+|\bwww\.\S+/gi, "[link left out]");
  const plain = replaceUnsafe(withoutLinks, () => " ")
    .replace(/[\p{Co}\s]+/gu, " ")
    .trim();
  const characters = [...plain];
  if (characters.length === 0) return "(the question can't be read)";
  return characters.length <= questionCharsMax ? plain : `${characters.slice(0, questionCharsMax - 1).join("")}…`;
}
