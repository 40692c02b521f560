/** Finds lines that a change only moves: they stand in the changed files as often as before. What no test takes in them, no test took before. Pure. */
/** Shorter ones (`return null;`, `if (done) return;`) may stand anywhere by chance. */
const charactersMin = 30;

interface TwoTexts {
  readonly path: string;
  /** Empty if the base has no such file. */
  readonly before: string;
  /** Empty if the change deletes it. */
  readonly after: string;
}

/** Whether a line of a file, counted from 1, is moved. */
export function movedLines(files: readonly TwoTexts[]): (path: string, line: number) => boolean {
  const before = countLines(files.map((file) => file.before));
  const after = countLines(files.map((file) => file.after));
  const texts = new Map(files.map(({ path, after: text }) => [path, text.split("\n")]));
  return (path, line) => {
    const text = texts.get(path)?.[line - 1]?.trim() ?? "";
    return text.length >= charactersMin && (before.get(text) ?? 0) >= (after.get(text) ?? 1);
  };
}

function countLines(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of texts.flatMap((text) => text.split("\n"))) {
    const text = line.trim();
    if (text.length >= charactersMin) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}
