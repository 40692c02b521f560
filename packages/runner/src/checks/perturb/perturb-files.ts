/** Alters test files in a child process with a deadline and a memory bound. Contract: never throws on any text; a file without an answer is unaltered. */
import { fileURLToPath } from "node:url";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

const timeoutMs = 60_000;
const memoryMegabytes = 768;
const answerBytesMax = 64 * 1024 * 1024;

const fileSchema = z.strictObject({
  path: z.string(),
  /** The altered text; null if nothing was altered. */
  text: z.string().nullable(),
  tests: z.array(
    z.strictObject({
      name: z.string(),
      why: z.enum(["no-assertion", "no-safe-alteration", "snapshot-file"]).nullable(),
    }),
  ),
  assertions: z.strictObject({ found: z.int(), alterable: z.int() }),
  problem: z.enum(["unreadable"]).nullable(),
});
/** The alterations in one file, and the tests that were left unaltered. */
export type FileAnswer = z.infer<typeof fileSchema>;

/** Returns one answer per file, in order. `seed` decides the altered values. */
export async function perturbFiles(
  files: readonly { path: string; text: string }[],
  seed: string,
): Promise<FileAnswer[]> {
  if (files.length === 0) return [];
  const script = fileURLToPath(new URL("./perturb-child.ts", import.meta.url));
  const wellFormed = files.map(({ path, text }) => ({ path, text: text.toWellFormed() }));
  const { stdout } = await runBoundedChild(
    script,
    { seed, files: wellFormed },
    { timeoutMs, memoryMegabytes, answerBytesMax },
  );
  const lines = stdout.split("\n");
  return files.map(({ path }, index): FileAnswer => {
    const answer = fileSchema.safeParse(parseJson(lines[index] ?? "")).data;
    if (answer?.path === path) return answer;
    return { path, text: null, tests: [], assertions: { found: 0, alterable: 0 }, problem: "unreadable" };
  });
}
