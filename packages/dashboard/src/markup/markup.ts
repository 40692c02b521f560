/**
 * HTML templates: every text is made visible, as the page defines it, and escaped. Pages must not build HTML in any other way.
 *
 * Folder: escaping: the HTML templates that every page is built with.
 */

/** HTML that is inserted unescaped. Only a tag of `markupTag` makes it, or aedev's own constants. */
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

/** Makes a template tag that escapes texts, inserts markup unchanged and omits null. `visible` shows hidden characters of a foreign text and limits its length. */
export function markupTag(visible: (text: string) => string) {
  const render = (part: Part): string => {
    if (part === null) return "";
    if (typeof part === "number") return String(part);
    if (typeof part === "string") return visible(part).replace(/[&<>"']/g, (character) => entities[character] ?? "");
    if ("markup" in part) return part.markup;
    return part.map(({ markup }) => markup).join("");
  };
  return (strings: TemplateStringsArray, ...values: readonly Part[]): Markup => ({
    markup: strings.reduce((page, piece, at) => page + render(values[at - 1] ?? null) + piece),
  });
}
