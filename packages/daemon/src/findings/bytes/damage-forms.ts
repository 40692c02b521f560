/**
 * The ways in which a tool changes a line that nobody edits: it reads an encoding as another, loses letters, or writes the same letters in another
 * form. Pure: each function makes of an old line what such a tool would leave, or the form in which an old and a new line are then equal.
 */
import { withoutInvisibles } from "@aedev/contracts";
import { decoded, oneByteEncodings } from "@aedev/host/text-form/encoding";

const replacement = "\ufffd";
const beyondAscii = /\P{ASCII}/u;

/** What the bytes of a line become if a tool takes them for UTF-8 or for another encoding; without what they are. */
export function misreadings(bytes: Uint8Array, right: string): string[] {
  if (!bytes.some((byte) => byte > 0x7f)) return [];
  const wrong = [...oneByteEncodings, "gbk", "shift_jis", "latin1"].filter((encoding) => encoding !== right);
  const texts = wrong.map((encoding) =>
    encoding === "latin1" ? Buffer.from(bytes).toString("latin1") : decoded(bytes, encoding),
  );
  const lossy = right === "utf-8" ? null : Buffer.from(bytes).toString("utf8");
  return [lossy, ...texts].filter((text) => text !== null);
}

/** Equal for a line and what is left of it when letters became `?` or U+FFFD; null if the line has none of these. */
export function withHoles(text: string): string | null {
  const holes = text.replace(/[\P{ASCII}?]+/gu, "\0");
  return holes === text ? null : holes;
}

/** Whether a line has more of these signs than the old one, so that they may stand for letters. */
export function hasNewHoles(before: string, after: string): boolean {
  return ["?", replacement].some((sign) => count(after, sign) > count(before, sign));
}

/** Whether letters beyond ASCII are in it. */
export function hasLetters(text: string): boolean {
  return /(?=\P{ASCII})\p{L}/u.test(text);
}

/** The line without them; null if it has none. */
export function withoutLetters(text: string): string | null {
  return hasLetters(text) ? text.replace(/\P{ASCII}+/gu, "") : null;
}

/** The line in plain letters, as somebody types it whose keyboard has no others; none if that is the same line. */
export function plainLetters(text: string): string[] {
  if (!hasLetters(text)) return [];
  const plain = (said: string) => said.replace(/ß/g, "ss").normalize("NFKD").replace(/\p{M}/gu, "");
  const twoLetters = text.replace(/[äöüÄÖÜ]/g, (letter) => `${letter.normalize("NFD").charAt(0)}e`);
  return [...new Set([plain(text), plain(twoLetters)])].filter((said) => said !== text && !beyondAscii.test(said));
}

/** Equal for lines that have the same letters in another form: normalized, as an escape or an entity, with other quotation marks, dashes or spaces. */
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

/** The letters beyond ASCII of a line. */
export function letterCount(text: string): number {
  return [...text].filter((character) => beyondAscii.test(character)).length;
}

/** Words of a text with a hole, and the same of words with letters. */
export function wordsWithHoles(text: string): string[] {
  return [...text.matchAll(/[\p{L}\p{M}\ufffd]*\P{ASCII}[\p{L}\p{M}\ufffd]*/gu)].map(([found]) => found);
}

/** Escapes of what is no letter (a newline, a quotation mark) are code. */
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
