/** Compares manifests and lockfiles, which are hostile text, in a child process with a deadline and a memory bound. Contract: never throws for any text. */
import { fileURLToPath } from "node:url";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { type FileComparison, fileComparisonSchema } from "./compare-readings.ts";
import type { DependencyFile } from "./dependency-changes.ts";
import { isRead } from "./readers/file-names.ts";

const bounds = { timeoutMs: 30_000, memoryMegabytes: 1024, answerBytesMax: 64 * 1024 * 1024 };
const charactersMax = 64 * 1024 * 1024;

/** The comparisons by path. A file that is missing here was added, deleted or could not be read. */
export async function readDependencies(
  files: readonly DependencyFile[],
  within = bounds,
): Promise<ReadonlyMap<string, FileComparison>> {
  const jobs = files.filter(({ path, before, after }) => isRead(path) && before !== null && after !== null);
  const size = jobs.reduce((sum, { before, after }) => sum + (before?.length ?? 0) + (after?.length ?? 0), 0);
  if (size > charactersMax || jobs.every(({ before, after }) => before === after)) return new Map();
  const script = fileURLToPath(new URL("./read-dependencies-child.ts", import.meta.url));
  const { stdout } = await runBoundedChild(script, jobs, within);
  // The text after the last line end is not a complete line.
  const answers = stdout.split("\n").slice(0, -1);
  return new Map(
    jobs.flatMap(({ path }, index) => {
      const { data } = fileComparisonSchema.safeParse(parseJson(answers[index] ?? ""));
      return data === undefined ? [] : [[path, data] as const];
    }),
  );
}
