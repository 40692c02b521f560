/** Backticks that the text can't close, because it has no equally long run. `min`: the smallest number, such as 3 for a block. */
export function backticksAround(text: string, min = 1): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(Math.max(min, longest + 1));
}
