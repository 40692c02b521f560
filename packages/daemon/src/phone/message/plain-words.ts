/** Cuts a text to a number of bytes. */

/** The text cut to at most `bytesMax` bytes of UTF-8, between characters, with an ellipsis if anything was cut. */
export function fitBytes<T extends string>(text: T, bytesMax: number): T {
  if (Buffer.byteLength(text) <= bytesMax) return text;
  const ellipsis = "…";
  let used = Buffer.byteLength(ellipsis);
  let kept = "";
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytesMax) break;
    kept += character;
  }
  return `${kept}${ellipsis}` as T;
}
