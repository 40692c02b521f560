/** Which existing tests a change weakened: fewer assertions, or gone. Only a specification that names the test file may allow it, and then a person is asked. */
import type { PathReport, Specification, TestChanges } from "../wire/index.ts";

/** A test file of the base with fewer assertions than before. */
export interface WeakenedTest {
  readonly path: string;
  readonly before: number;
  readonly after: number;
  readonly allowed: boolean;
}

/** A file renamed with all its assertions is not weakened; a deleted test file always is. */
export function weakenedTests(
  changes: TestChanges,
  pathReport: PathReport,
  specification: Pick<Specification, "text" | "criteria" | "instructions">,
): WeakenedTest[] {
  const criteria = specification.criteria.map((criterion) => criterion.text);
  const text = [specification.text, ...criteria, ...(specification.instructions ?? [])].join("\n");
  return changes.files.flatMap((file) => {
    if (file.status === "added") return [];
    const after = file.status === "deleted" ? renamedAssertions(file.path, changes, pathReport) : file.assertions_after;
    if (after !== null && after >= file.assertions_before) return [];
    const allowed = namesPath(text, file.path);
    return [{ path: file.path, before: file.assertions_before, after: after ?? 0, allowed }];
  });
}

/** Assertions under the new name; null where the test was not renamed to another test. */
function renamedAssertions(path: string, changes: TestChanges, report: PathReport): number | null {
  const target = report.renames.find((rename) => rename.from === path)?.to;
  const renamed = changes.files.find((file) => file.path === target && file.status === "added");
  return renamed?.assertions_after ?? null;
}

/** True where `text` names exactly this path, not merely a longer one that contains it. */
export function namesPath(text: string, path: string): boolean {
  let at = text.indexOf(path);
  while (at >= 0) {
    const before = text.slice(0, at).replace(/(^|[^\w./-])\.\/$/, "$1");
    const after = text.slice(at + path.length);
    if (!/[\w./@-]$/.test(before) && !/^([\w/@-]|\.\w)/.test(after)) return true;
    at = text.indexOf(path, at + 1);
  }
  return false;
}
