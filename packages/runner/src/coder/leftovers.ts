/** What the coder left beside the tree: its result, its CLI's envelope, a question. For the person only; nothing in it is believed, and no bundle has it. */
import { join } from "node:path";
import { z } from "zod";
import { isAbsent, readRegular } from "../capture/careful-read.ts";

const fileBytesMax = 1024 * 1024;
const questionCharsMax = 300;
/** More is not looked at: a link's pattern may take the square of the text's length, and the whole plane would wait. */
const readCharsMax = 16 * questionCharsMax;

export interface Leftovers {
  /** JSON text of everything, for a blob; null where there is nothing. */
  transcript: string | null;
  /** The coder's question as plain text; null where it asked none. */
  question: string | null;
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

/** One line of at most 300 characters without control characters, marks of direction or links (THREATS T23). */
export function plainQuestion(file: string): string {
  const text = questionSchema.safeParse(jsonOf(file)).data ?? file;
  const plain = text
    .slice(0, readCharsMax)
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+|\bwww\.\S+/gi, "[link left out]")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...plain];
  if (characters.length === 0) return "(the question can't be read)";
  return characters.length <= questionCharsMax ? plain : `${characters.slice(0, questionCharsMax - 1).join("")}…`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
