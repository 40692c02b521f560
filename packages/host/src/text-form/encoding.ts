/**
 * Finds the encoding of a text file's bytes by decoding them with the system's decoders and judging the result. An encoding other than UTF-8 and UTF-16
 * is an estimate.
 *
 * Folder: encodings and line endings of text files, and putting back the latter.
 */
import { isUtf8 } from "node:buffer";

/** The form of a word. A Slavic or Greek word has a vowel, and no word mixes alphabets. */
const cyrillicTerm =
  /(?<!\p{L})(?=\p{Script=Cyrillic}+(?!\p{L}))\p{Lu}?(?=\p{L}*[аеёиоуыэюяіїєАЕЁИОУЭЮЯІЄ])\p{Ll}+(?!\p{L})|(?<!\p{L})[вкосиуяаієВКОСИУЯА](?!\p{L})/gu;
const greekTerm = /(?<!\p{L})(?=\p{Script=Greek}+(?!\p{L}))\p{Lu}?(?=\p{L}*[αεηιουωάέήίόύώΑΕΗΙΟΥΩ])\p{Ll}+(?!\p{L})/gu;
/** Latin words have few accented letters, and signs stand alone. */
const latinTerm =
  /(?<=[A-Za-z])(?:(?![A-Za-z])\p{L}){1,3}|(?<!\p{L})(?:(?![A-Za-z])\p{L}){1,2}(?=[A-Za-z]|(?!\p{L}))|[\u2013-\u2026\u00a0\u00a7\u00a9\u00ab\u00ae\u00b0\u00bb\u20ac]/gu;

/** The usual letters in each encoding. The first encoding wins a tie, except that the last never does. */
const oneByteForms = [
  ["windows-1252", /\p{Script=Latin}/u, latinTerm],
  ["koi8-r", /\p{Script=Cyrillic}/u, cyrillicTerm],
  ["windows-1251", /\p{Script=Cyrillic}/u, cyrillicTerm],
  ["windows-1253", /\p{Script=Greek}/u, greekTerm],
  ["windows-1250", /\p{Script=Latin}/u, latinTerm],
] as const;
/** Encodings in which each byte is a letter. */
export const oneByteEncodings = oneByteForms.map(([label]) => label);
/** The lead bytes of usual letters, and the lowest second byte. */
const twoByteForms = [
  ["gbk", 0xb0, 0xd7, 0xa1],
  ["euc-jp", 0xa4, 0xcf, 0xa1],
  ["shift_jis", 0x81, 0x97, 0x40],
  ["big5", 0xa4, 0xc6, 0x40],
] as const;
const legacyEncodings: readonly string[] = [...oneByteEncodings, ...twoByteForms.map(([label]) => label), "euc-kr"];
/** A real text is typical throughout, except for a sign here and there. */
const typicalShareMin = 0.6;
/** A Chinese text of this length has letters outside the Korean ones. */
const koreanLettersMin = 6;
const names: Readonly<Record<string, string>> = {
  gbk: "GBK",
  shift_jis: "Shift_JIS",
  big5: "Big5",
  "windows-1252": "Latin-1 (windows-1252)",
};

/** The encoding's name as people write it. */
export function encodingName(encoding: string): string {
  return names[encoding] ?? encoding.replace(/^(utf|euc|koi8)/, (name) => name.toUpperCase()).replace(/-r$/, "-R");
}

/** Null: the bytes are not text. */
export function encodingOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decoded(bytes, "utf-16le") === null ? null : "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decoded(bytes, "utf-16be") === null ? null : "utf-16be";
  if (bytes.includes(0)) return null;
  if (isUtf8(bytes)) return "utf-8";
  if (hasControlBytes(bytes)) return null;
  return legacyEncoding(bytes);
}

/**
 * The encodings of a file before and after a change; null if one side is not text. Each side helps to identify the other: a line that both have in
 * different bytes shows what the bytes mean, and the file's old encoding is kept if the new bytes can be read in it.
 */
export function encodingsOf(before: Uint8Array, after: Uint8Array): { before: string; after: string } | null {
  const [old, now] = [encodingOf(before), encodingOf(after)];
  if (old === null || (now === null && decoded(after, old) === null)) return null;
  const isOldKnown = old.startsWith("utf-");
  if (isOldKnown && now?.startsWith("utf-") === true) return { before: old, after: now };
  if (!isOldKnown && (now === null || !now.startsWith("utf-")))
    return decoded(after, old) === null ? null : { before: old, after: old };
  if (now === null) return null;
  return isOldKnown
    ? { before: old, after: encodingByLines(after, now, decoded(before, old) ?? "") }
    : { before: encodingByLines(before, old, decoded(after, now) ?? ""), after: now };
}

/** The encoding in which the most lines equal lines of the other text. */
function encodingByLines(bytes: Uint8Array, guessed: string, other: string): string {
  const known = new Set(other.split(/\r?\n/).filter((line) => /\P{ASCII}/u.test(line)));
  const countOf = (encoding: string) =>
    (decoded(bytes, encoding) ?? "").split(/\r?\n/).filter((line) => known.has(line)).length;
  let best = { encoding: guessed, lines: countOf(guessed) };
  for (const encoding of known.size === 0 ? [] : legacyEncodings) {
    const lines = countOf(encoding);
    if (lines > best.lines) best = { encoding, lines };
  }
  return best.encoding;
}

/** The text, without a byte order mark; null if the bytes are not in this encoding. */
export function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function legacyEncoding(bytes: Uint8Array): string | null {
  let best: { label: string; share: number } | null = null;
  const take = (label: string, share: number) => {
    if (share >= typicalShareMin && share > (best?.share ?? 0)) best = { label, share };
  };
  const takeOneByte = ([label, script, term]: (typeof oneByteForms)[number]) =>
    take(label, shareOfWords(decoded(bytes, label) ?? "", script, term));
  for (const form of oneByteForms.slice(0, -1)) takeOneByte(form);
  for (const [label, first, last, trailMin] of twoByteForms) {
    const pairs = decoded(bytes, label) === null ? [] : highPairs(bytes, label);
    const isUsual = ([lead, trail]: readonly [number, number]) =>
      trail >= trailMin && ((lead >= first && lead <= last) || lead === 0xa1 || (lead === 0xa3 && trailMin === 0xa1));
    take(label, pairs.filter(isUsual).length / Math.max(1, pairs.length));
  }
  for (const form of oneByteForms.slice(-1)) takeOneByte(form);
  const found = (best as { label: string } | null)?.label ?? null;
  return found === "gbk" && isKorean(bytes) ? "euc-kr" : found;
}

/** The share of letters beyond ASCII that are in words of this script. */
function shareOfWords(text: string, script: RegExp, term: RegExp): number {
  const lengthOf = (part: string) => [...part].filter((letter) => /\P{ASCII}/u.test(letter)).length;
  let typical = 0;
  for (const [found] of text.matchAll(term))
    if (script.test(found) || !/\p{L}/u.test(found)) typical += lengthOf(found);
  return typical / Math.max(1, lengthOf(text));
}

/** The letters of two bytes. In Shift_JIS some letters have one byte; these never count as typical. */
function highPairs(bytes: Uint8Array, label: string): [number, number][] {
  const pairs: [number, number][] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    if (label === "shift_jis" && lead >= 0xa0 && lead <= 0xdf) pairs.push([0, 0]);
    else {
      pairs.push([lead, bytes[at + 1] ?? 0]);
      at += 1;
    }
  }
  return pairs;
}

function isKorean(bytes: Uint8Array): boolean {
  const pairs = highPairs(bytes, "gbk");
  return pairs.length >= koreanLettersMin && pairs.every(([lead]) => lead >= 0xb0 && lead <= 0xc8);
}

function hasControlBytes(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte < 0x20 && (byte < 0x09 || byte > 0x0d) && byte !== 0x1b);
}
