/**
 * Finds long `return` lines that a change only moves, because the changed files have them no more often than before. Moving any other statement counts as a
 * change, because its order matters. It is not known whether tests ran the line at its old place. Deleted files are not considered. Pure.
 */

/** A shorter line may occur elsewhere by chance. */
const returning = /^return\b.{24,}/u;

interface TwoTexts {
  readonly path: string;
  /** Only lines that begin with a statement. Empty if the base has no such file. */
  readonly before: string;
  readonly after: string;
}

/** Returns whether a line of a file, counted from 1, was moved. */
export function movedLines(files: readonly TwoTexts[]): (path: string, line: number) => boolean {
  const before = countLines(files.map((file) => file.before));
  const after = countLines(files.map((file) => file.after));
  const texts = new Map(files.map(({ path, after: text }) => [path, text.split("\n")]));
  return (path, line) => {
    const text = texts.get(path)?.[line - 1]?.trim() ?? "";
    return returning.test(text) && (before.get(text) ?? 0) >= (after.get(text) ?? 1);
  };
}

function countLines(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const line of text.split("\n")) {
      const trimmed = line.trim();
      if (returning.test(trimmed)) counts.set(trimmed, (counts.get(trimmed) ?? 0) + 1);
    }
  return counts;
}
