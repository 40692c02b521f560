/** Backticks that a text can't close, because it has no run of as many. `min`: at least so many, such as 3 for a block. */
export function backticksAround(text: string, min = 1): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(Math.max(min, longest + 1));
}
