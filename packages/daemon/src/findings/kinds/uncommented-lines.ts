/** Leaves comments for people out of the lines that git found, as the reader of each language sees them. */
import { languageOf } from "@aedev/languages";
import { readChanges } from "../test-diff/read-changes.ts";
import type { ChangeKindsInput, NamingLine } from "./change-kinds-input.ts";

const filesMax = 200;

/** Lines of files without a reader, or of too many files, stay as they are. */
export async function uncommentedLines(
  lines: readonly NamingLine[],
  { readUnchanged }: Pick<ChangeKindsInput, "readUnchanged">,
): Promise<NamingLine[]> {
  const paths = [...new Set(lines.map(({ path }) => path))].filter((path) => languageOf(path) !== null);
  if (paths.length === 0 || paths.length > filesMax) return [...lines];
  const texts = await readUnchanged(paths);
  const jobs = paths.flatMap((path) => {
    const after = texts.get(path) ?? null;
    return after === null ? [] : [{ kind: "uncommented" as const, path, before: null, after }];
  });
  const answers = await readChanges(jobs);
  const read = new Map(
    jobs.flatMap(({ path }, index) => {
      const answer = answers[index];
      return answer?.kind === "uncommented" ? [[path, answer.text.split("\n")] as const] : [];
    }),
  );
  const others = lines.filter(({ path }) => !read.has(path));
  return [...others, ...[...read].flatMap(([path, rows]) => rows.map((text) => ({ path, text })))];
}
