/** Blanks all lines of the base's files except those that begin with a `return` statement. Contract: an unreadable file keeps no lines. */
import { fileURLToPath } from "node:url";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { readablePath } from "@aedev/languages";
import type { Language } from "@aedev/languages/language";
import { z } from "zod";

const childBounds = { timeoutMs: 20_000, memoryMegabytes: 512, answerBytesMax: 64 * 1024 * 1024 };
const linesSchema = z.array(z.string());

/** The files, with only those lines left in `before`. */
export async function withOnlyReturns<File extends { path: string; language: Language | null; before: string }>(
  files: readonly File[],
): Promise<File[]> {
  const asked = files.map(({ path, language, before }) => ({
    grammar: readablePath(path, language),
    text: before,
  }));
  const script = fileURLToPath(new URL("./returns-child.ts", import.meta.url));
  const answers = (await runBoundedChild(script, asked, childBounds)).stdout.split("\n");
  return files.map((file, index) => {
    const lines = linesSchema.safeParse(parseJson(answers[index] ?? "")).data ?? [];
    return { ...file, before: lines.join("\n") };
  });
}
