/** The only way that text gets into a page of aedev's, this board's or the daemon's: escaped for the eye, as the page wants it, and for HTML. */

/** HTML that is safe to show as it is; made only by a tag of `markupTag`. */
export interface Markup {
  readonly markup: string;
}
type Part = string | number | Markup | readonly Markup[] | null;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A template tag whose texts are escaped; markup made by a tag goes in as it is, null as nothing. `visible`: makes a foreign text harmless to the eye, and bounds it. */
export function markupTag(visible: (text: string) => string) {
  const render = (part: Part): string => {
    if (part === null) return "";
    if (typeof part === "number") return String(part);
    if (typeof part === "string") return visible(part).replace(/[&<>"']/g, (character) => entities[character] ?? "");
    if ("markup" in part) return part.markup;
    return part.map((one) => one.markup).join("");
  };
  return (strings: TemplateStringsArray, ...values: readonly Part[]): Markup => ({
    markup: strings.reduce((page, piece, at) => page + render(values[at - 1] ?? null) + piece),
  });
}
