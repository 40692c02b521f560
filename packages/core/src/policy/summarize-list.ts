/** Names a list in a bounded number of characters, saying how many it left out. */

/** The items joined by commas, as many as fit into `charactersMax`, then `and N more`. Never longer than that. */
export function summarizeList(items: readonly string[], charactersMax: number): string {
  const whole = items.join(", ");
  if (whole.length <= charactersMax) return whole;
  const room = charactersMax - ` and ${items.length} more`.length;
  let shown = 0;
  let text = "";
  for (const item of items) {
    const next = shown === 0 ? item : `${text}, ${item}`;
    if (next.length > room) break;
    text = next;
    shown += 1;
  }
  if (shown === 0) text = cutText(items[0] ?? "", Math.max(1, room));
  return `${text} and ${items.length - Math.max(1, shown)} more`;
}

/** At most `charactersMax` UTF-16 units, never half a surrogate pair, the cut marked by `…`. */
export function cutText(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  return `${text.slice(0, charactersMax - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
