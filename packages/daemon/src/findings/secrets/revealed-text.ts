/**
 * Reveals the hidden content of a text: it removes terminal colours and invisible characters, decodes escapes and Base64, and joins string literals and
 * continued lines. Every revealed text knows its original place. It does not search for secrets.
 */

export interface RevealedText {
  readonly text: string;
  /** The original place of `text.slice(start, end)`; null if nothing was hidden in it. */
  placeOf(start: number, end: number): { start: number; end: number } | null;
}

const escapeCharacter = String.raw`(?:[\x1b]|\\(?:u001b|u\{1b\}|x1b|033|e))`;
const colour = String.raw`${escapeCharacter}\[[0-?]{0,40}[ -/]{0,4}[@-~]|\x9b[0-?]{0,40}[@-~]`;
const terminalTitle = String.raw`${escapeCharacter}\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)`;
const invisible = String.raw`\p{Default_Ignorable_Code_Point}`;
const encoded = String.raw`%[2-7][0-9a-f]|\\u00[2-7][0-9a-f]|\\u\{[2-7][0-9a-f]\}|\\x[2-7][0-9a-f]|&#x[2-7][0-9a-f];|&#\d{2,3};`;
/** The gap in `"a" + "b"`, `'a' . 'b'`, `"a" \⏎ "b"` or `"a"⏎"b"`; the quotes may be escaped. */
const joint = String.raw`\\?(["'\x60])\s{0,100}(?:(?:[+.&~]|\.\.|\|\|)\s{0,100}|\\\r?\n\s{0,100}|\n\s{0,100}|(?<=\s))(?:[rbfu]{0,2}\\?["'\x60])`;
/** The end of a continued line of shell, C, Python, Make or PowerShell. */
const continuation = String.raw`[\\\x60]\r?\n[ \t]{0,100}`;
const disguise = new RegExp([colour, terminalTitle, invisible, encoded, joint, continuation].join("|"), "giu");

/** The text without its disguises; null if it has none. */
export function revealText(text: string): RevealedText | null {
  const parts: string[] = [];
  /** The start of each part, in the revealed text and in the original. */
  const [starts, origins]: [number[], number[]] = [[0], [0]];
  /** The places of replacements in the revealed text. */
  const seams: number[] = [];
  let [length, from] = [0, 0];
  for (const match of text.matchAll(disguise)) {
    const replacement = decoded(match[0]);
    const kept = text.slice(from, match.index) + replacement;
    parts.push(kept);
    length += kept.length;
    seams.push(length);
    from = match.index + match[0].length;
    starts.push(length);
    origins.push(from);
  }
  if (seams.length === 0) return null;
  parts.push(text.slice(from));
  const originOf = (offset: number) => {
    const part = lastAtMost(starts, offset);
    return Math.min((origins[part] ?? 0) + offset - (starts[part] ?? 0), origins[part + 1] ?? text.length);
  };
  return {
    text: parts.join(""),
    placeOf(start, end) {
      const seam = seams[lastAtMost(seams, end)];
      return seam === undefined || seam < start ? null : { start: originOf(start), end: originOf(end) };
    },
  };
}

function decoded(disguised: string): string {
  const hex = /^(?:%|\\u00|\\u\{|\\x|&#x)([0-9a-f]{2})[;}]?$/i.exec(disguised)?.[1];
  if (hex !== undefined) return printable(Number.parseInt(hex, 16));
  const decimal = /^&#(\d{2,3});$/.exec(disguised)?.[1];
  return decimal === undefined ? "" : printable(Number(decimal));
}

function printable(code: number): string {
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : " ";
}

/** The index of the last of the sorted numbers that is at most `limit`; -1 if there is none. */
function lastAtMost(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** At least 18 bytes on one line, or several lines that are only Base64. */
const base64Run =
  /(?:^[ \t]{0,40}[A-Za-z0-9+/]{16,200}={0,2}[ \t]{0,4}\r?\n){1,4000}[ \t]{0,40}[A-Za-z0-9+/]{1,200}={0,2}|[A-Za-z0-9+/_-]{24,100000}={0,2}/gm;

/** Decodes every run of Base64 that contains text; all of it has the run's place. */
export function* decodeBase64(text: string): Generator<RevealedText> {
  for (const match of text.matchAll(base64Run)) {
    const bytes = Buffer.from(match[0].replace(/\s+/g, ""), "base64");
    // UTF-16, as PowerShell encodes its commands, is ASCII with zeros between.
    const revealed = bytes.toString("latin1").replaceAll("\0", "");
    if (!/^[\t\n\r\x20-\x7e]{12,64}/.test(revealed)) continue;
    const place = { start: match.index, end: match.index + match[0].length };
    yield { text: revealed, placeOf: () => place };
  }
}
