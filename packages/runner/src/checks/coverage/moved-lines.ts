/**
 * Finds long `return` lines that a change only moves: they stand in the changed files no more often than before. Other statements do not count, because their order
 * with others is part of what they mean. Whether tests took the line where it was is not known, and files that the change deletes do not count. Pure.
 */

/** Shorter ones may stand anywhere by chance. */
const returning = /^return\b.{24,}/u;

interface TwoTexts {
  readonly path: string;
  /** Only lines that are statements count. Empty if the base has no such file. */
  readonly before: string;
  readonly after: string;
}

/** Whether a line of a file, counted from 1, is moved. */
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
