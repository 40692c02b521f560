/** Decides whether a text names a place in the code: a file, folder, route, function, flag, package or identifier. Prose about a feature does not. */
import { type AnchorKind, anchorMark, anchorsOf } from "./anchors.ts";
import { phrasesIn } from "./phrases.ts";

const places: ReadonlySet<AnchorKind> = new Set(["code", "path", "route", "flag", "package", "symbol"]);

/** `words`: names that count although they do not look like a place, e.g. README. */
export function namesPlace(text: string, words: readonly string[]): boolean {
  const { anchors, prose } = anchorsOf(text.normalize("NFKC").replaceAll(/\p{Cf}/gu, ""));
  return anchors.some(({ kind }) => places.has(kind)) || phrasesIn(prose, words).length > 0;
}

/** The distinct places that a text names, in its order. */
export function placesIn(text: string): string[] {
  const { anchors } = anchorsOf(text.normalize("NFKC").replaceAll(/\p{Cf}/gu, ""));
  return [...new Set(anchors.filter(({ kind }) => places.has(kind)).map((anchor) => anchor.text))];
}

/** The text without the exact things that it names, in which words have no meaning ("/etc/hosts"). */
export function proseOf(text: string): string {
  return anchorsOf(text).prose.replaceAll(anchorMark, " ");
}
