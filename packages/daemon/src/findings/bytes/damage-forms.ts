/**
 * The ways in which a tool damages a line that nobody edits: it misreads the encoding, loses letters, or writes the same letters in another form. Each function
 * returns what a tool would leave of an old line, or a form in which the old and the damaged line are equal. Pure.
 */
import { withoutInvisibles } from "@aedev/contracts";
import { decoded, oneByteEncodings } from "@aedev/host/text-form/encoding";

const replacement = "\ufffd";
const beyondAscii = /\P{ASCII}/u;

/** The texts that a line's bytes become if a tool takes them for UTF-8 or another encoding, except the right one. */
export function misreadings(bytes: Uint8Array, right: string): string[] {
  if (!bytes.some((byte) => byte > 0x7f)) return [];
  const wrong = [...oneByteEncodings, "gbk", "shift_jis", "latin1"].filter((encoding) => encoding !== right);
  const texts = wrong.map((encoding) =>
    encoding === "latin1" ? Buffer.from(bytes).toString("latin1") : decoded(bytes, encoding),
  );
  const lossy = right === "utf-8" ? null : Buffer.from(bytes).toString("utf8");
  return [lossy, ...texts].filter((text) => text !== null);
}

/** A form that is equal for a line and its copy in which letters became `?` or U+FFFD; null if the line has none of these. */
export function withHoles(text: string): string | null {
  const holes = text.replace(/[\P{ASCII}?]+/gu, "\0");
  return holes === text ? null : holes;
}

/** Whether a line has more of these signs than before, so that they may stand for letters. */
export function hasNewHoles(before: string, after: string): boolean {
  return ["?", replacement].some((sign) => count(after, sign) > count(before, sign));
}

/** Whether a text has letters beyond ASCII. */
export function hasLetters(text: string): boolean {
  return /(?=\P{ASCII})\p{L}/u.test(text);
}

/** A line without its letters beyond ASCII; null if it has none. */
export function withoutLetters(text: string): string | null {
  return hasLetters(text) ? text.replace(/\P{ASCII}+/gu, "") : null;
}

/** The ways to type a line on a keyboard with plain letters only; none if the line stays the same. */
export function plainLetters(text: string): string[] {
  if (!hasLetters(text)) return [];
  const plain = (said: string) => said.replace(/ß/g, "ss").normalize("NFKD").replace(/\p{M}/gu, "");
  const twoLetters = text.replace(/[äöüÄÖÜ]/g, (letter) => `${letter.normalize("NFD").charAt(0)}e`);
  return [...new Set([plain(text), plain(twoLetters)])].filter((said) => said !== text && !beyondAscii.test(said));
}

/** A form that is equal for lines with the same letters written differently: normalized, as escapes or entities, with other quotes, dashes or spaces. */
export function canonicalForm(text: string): string {
  return withoutInvisibles(text)
    .replace(/\\u\{([0-9a-f]{2,6})\}|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|&#x([0-9a-f]{2,6});/gi, (all, ...codes) =>
      characterOf(all, Number.parseInt(codes.slice(0, 4).find((code) => code !== undefined) ?? "", 16)),
    )
    .replace(/&#(\d{2,7});/g, (all, code) => characterOf(all, Number(code)))
    .replace(/&([a-z]{2,8});/gi, (all, name) => entities[name] ?? all)
    .normalize("NFKC")
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟″]/g, '"')
    .replace(/[‐‑‒–—―−]/g, "-")
    .replace(/-{2,3}/g, "-")
    .replace(/[ \t]+/g, " ")
    .trimEnd();
}

/** The number of letters beyond ASCII in a line. */
export function letterCount(text: string): number {
  return [...text].filter((character) => beyondAscii.test(character)).length;
}

/** The words of a text that have U+FFFD or letters beyond ASCII. */
export function wordsWithHoles(text: string): string[] {
  return [...text.matchAll(/[\p{L}\p{M}\ufffd]*\P{ASCII}[\p{L}\p{M}\ufffd]*/gu)].map(([found]) => found);
}

/** The letter of an escape; any other escape, such as a newline or a quotation mark, is code and stays. */
function characterOf(all: string, code: number): string {
  return code < 0x80 || code > 0x10ffff ? all : String.fromCodePoint(code);
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}

const entities: Readonly<Record<string, string>> = {
  auml: "ä",
  ouml: "ö",
  uuml: "ü",
  Auml: "Ä",
  Ouml: "Ö",
  Uuml: "Ü",
  szlig: "ß",
  eacute: "é",
  egrave: "è",
  ecirc: "ê",
  agrave: "à",
  acirc: "â",
  aacute: "á",
  ccedil: "ç",
  ntilde: "ñ",
  oacute: "ó",
  ocirc: "ô",
  uacute: "ú",
  iacute: "í",
  icirc: "î",
  ugrave: "ù",
  aring: "å",
  aelig: "æ",
  oslash: "ø",
  nbsp: "\u00a0",
  copy: "©",
  reg: "®",
  euro: "€",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  laquo: "«",
  raquo: "»",
  times: "×",
  deg: "°",
  middot: "·",
  bull: "•",
};
