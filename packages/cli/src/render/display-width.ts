/** How many columns of a terminal a text takes, and a text cut to fit some. It escapes nothing: that has been done before. */

/** East Asian wide and full-width characters and pictographs take two columns. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Marks stand on the character before them. */
const zero = /\p{M}/u;

export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** At most `columns` columns of the text, a cut marked with an ellipsis. */
export function fitWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = "";
  let width = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return columns < 1 ? "" : `${kept}…`;
}

/** The text in exactly `columns` columns: cut, or filled with spaces. */
export function padWidth(text: string, columns: number): string {
  const fitted = fitWidth(text, columns);
  return fitted + " ".repeat(Math.max(0, columns - displayWidth(fitted)));
}

function widthOf(character: string): 0 | 1 | 2 {
  if (zero.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
