/** Text of models and repositories as a phone may show it (THREATS T21, T23): one line, no links, nothing that a phone would turn into one; and texts cut to a number of bytes. */
import { escapeLine } from "@aedev/core";

const address = /\b(?:[a-z][a-z0-9+.-]*:\/\/|www\.|mailto:|tel:)\S*/gi;
/** A dot between letters makes phones guess an address: the one-dot leader looks like it and is none. */
const innerDot = /(?<=[\p{L}\p{N}_-])\.(?=[\p{L}\p{N}_-])/gu;

/** At most `length` characters. */
export function plainWords(text: string, length: number): string {
  return escapeLine(text.replace(address, "[link]").replace(innerDot, "\u2024"), length);
}

/** Words of another, between quotation marks that they cannot close: what stands behind the mark would be in aedev's voice. */
export function quotedWords(text: string, length: number): string {
  return `“${plainWords(text, length).replace(/["“”„‟〝〞〟＂]/gu, "'")}”`;
}

/** The text with at most `bytesMax` bytes in UTF-8, cut between characters, the cut marked with an ellipsis. */
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
