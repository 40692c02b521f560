/** What the child process reads from files, read in the test's own process. */
import { compareReadings, type FileComparison } from "../../../src/findings/dependencies/compare-readings.ts";
import type { DependencyFile } from "../../../src/findings/dependencies/dependency-changes.ts";
import { readerOf } from "../../../src/findings/dependencies/readers/readers.ts";

export function comparisonsOf(files: readonly DependencyFile[]): Map<string, FileComparison> {
  return new Map(
    files.flatMap(({ path, before, after }) => {
      const read = readerOf(path);
      if (read === null || before === null || after === null) return [];
      const [old, young] = [read(before), read(after)];
      return old === null || young === null ? [] : [[path, compareReadings(old, young)]];
    }),
  );
}
