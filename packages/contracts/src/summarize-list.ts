/** Shortens lists and texts to a number of characters. */

/** As many items as fit into `charactersMax`, joined by commas, then `and N more`. `left` counts items that were omitted before and are not in `items`. */
export function summarizeList(items: readonly string[], charactersMax: number, left = 0): string {
  const whole = items.join(", ");
  const total = items.length + left;
  if (left === 0 && whole.length <= charactersMax) return whole;
  const room = charactersMax - ` and ${total} more`.length;
  let listed = 0;
  let text = "";
  for (const item of items) {
    const next = listed === 0 ? item : `${text}, ${item}`;
    if (next.length > room) break;
    text = next;
    listed += 1;
  }
  if (listed === 0) text = truncateText(items[0] ?? "", Math.max(1, room));
  return `${text} and ${total - Math.max(1, listed)} more`;
}

/** At most `charactersMax` UTF-16 units, never half a surrogate pair; a truncated text ends with `…`. */
export function truncateText(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  return `${text.slice(0, charactersMax - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

const partCharactersMax = 120;
/** Characters kept before the first difference. */
const leadCharacters = 40;

/** Cuts two texts to at most 120 characters each, starting shortly before their first difference, which may lie in a part that was left out before. */
export function shortenedPair(one: string, other: string): [string, string] {
  let same = 0;
  while (same < one.length && same < other.length && one[same] === other[same]) same += 1;
  const longest = Math.max(one.length, other.length);
  const from =
    longest <= partCharactersMax ? 0 : Math.max(0, Math.min(same - leadCharacters, longest - partCharactersMax + 1));
  const part = (text: string) =>
    truncateText(from === 0 ? text : `…${text.slice(from).toWellFormed()}`, partCharactersMax);
  return one === other ? [part(one), `${part(other)} (further on)`] : [part(one), part(other)];
}
