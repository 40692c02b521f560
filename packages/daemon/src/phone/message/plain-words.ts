/** Makes text of models and repositories safe for a phone (THREATS T21, T23): one line, without anything that a phone would turn into a link, and cut to a number of bytes. */
import { escapeLine } from "@aedev/contracts";

const address = /\b(?:[a-z][a-z0-9+.-]*:\/\/|www\.|mailto:|tel:)\S*/gi;
/** File name endings that are not top-level domains, so that no phone makes a link of such a name. Endings that are also domains (`md`, `py`, `rs`, `sh` and others) can't be listed here. */
const fileEndings = [
  ..."c cfg cjs conf config cpp cs css csv cts d env go gradle h hpp htm html ini java jpg js json jsonc jsx kt lock lua".split(
    " ",
  ),
  ..."mjs mod mts php png proto rb scss snap spec sql sum svg swift test toml ts tsx txt vue xml yaml yml".split(" "),
].join("|");
/** Phones take a dot between letters for an address, so it becomes the one-dot leader, which looks the same. Names of common files keep their dot. */
const innerDot = new RegExp(
  `(?<=[\\p{L}\\p{N}_-])\\.(?=[\\p{L}\\p{N}_-])(?:(?<=@[^\\s@]{0,255})|(?!(?:${fileEndings})(?![\\p{L}\\p{N}_-])))`,
  "giu",
);

/** At most `length` characters. */
export function plainWords(text: string, length: number): string {
  return escapeLine(text.replace(address, "[link]").replace(innerDot, "\u2024"), length);
}

/** Another author's text, in quotation marks that it can't close: anything after them would be in aedev's voice. */
export function quotedWords(text: string, length: number): string {
  return `“${plainWords(text, length).replace(/["“”„‟〝〞〟＂]/gu, "'")}”`;
}

/** The text cut to at most `bytesMax` bytes of UTF-8, between characters, with an ellipsis if anything was cut. */
export function fitBytes(text: string, bytesMax: number): string {
  if (Buffer.byteLength(text) <= bytesMax) return text;
  const ellipsis = "…";
  let used = Buffer.byteLength(ellipsis);
  let kept = "";
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytesMax) break;
    kept += character;
  }
  return `${kept}${ellipsis}`;
}
