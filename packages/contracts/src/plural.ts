/** Writes a count with its noun in English. */

/** "1 run", "0 runs". `plural`: the plural of a noun that does not just add "s". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
