/**
 * Blanks comments and string literals of one line, and knows at its end what the next line begins in. Equal texts get equal numbers, so that
 * what a change does to them still shows while what they say does not. Total: code of any form comes out as some line.
 */
import type { Language, Quote } from "./language.ts";

/** What a line begins in; the last frame counts. `close` null: plain code. */
interface Frame {
  readonly kind: "code" | "text";
  readonly close: string | null;
  readonly quote: Quote | null;
}
export type Scan = readonly Frame[];

const code: Frame = { kind: "code", close: null, quote: null };
export const scanOfCode: Scan = [code];

/** A scan that begins inside of a block comment. */
export function scanOfComment(close: string): Scan {
  return [code, { kind: "text", close, quote: null }];
}

/** Holes in holes that are followed; deeper ones are text. */
const depthMax = 50;
/** Characters of a regular expression that is found as one, and those before it that tell it from a division. */
const regexCharactersMax = 300;
const lookBackCharacters = 20;

/** Gives each text its number; the same text always the same one. */
export type NumberText = (text: string) => number;

interface Reading {
  readonly line: string;
  readonly language: Language;
  readonly number: NumberText;
  stack: Frame[];
  at: number;
  /** The line's end is escaped: the text that it stands in goes on in the next one. */
  goesOn: boolean;
  readonly parts: string[];
}

export function blankLine(
  line: string,
  { scan, language, number }: { scan: Scan; language: Language; number: NumberText },
): { text: string; scan: Scan } {
  const reading: Reading = { line, language, number, stack: [...scan], at: 0, goesOn: false, parts: [] };
  while (reading.at < line.length) {
    const frame = reading.stack.at(-1) ?? code;
    if (frame.kind === "text") readText(reading, frame);
    else readCode(reading, frame);
  }
  // What does not go on over the end of a line ends with it.
  const last = reading.stack.length - 1;
  const kept = reading.stack.filter(
    ({ quote }, at) => quote === null || quote.multiline || (reading.goesOn && at === last),
  );
  return { text: reading.parts.join(""), scan: kept.length === 0 ? scanOfCode : kept };
}

/** Up to the text's end, a hole in it, or the line's end. */
function readText(reading: Reading, { close, quote }: Frame): void {
  const { line } = reading;
  const start = reading.at;
  for (let at = start; at < line.length; at += 1) {
    if (quote?.escape != null && line[at] === quote.escape) {
      at += 1;
      reading.goesOn = at === line.length;
    } else if (close !== null && line.startsWith(close, at)) {
      write(reading, line.slice(start, at), close);
      reading.stack.pop();
      return;
    } else if (quote?.holes === true && line.startsWith("${", at) && reading.stack.length < depthMax) {
      write(reading, line.slice(start, at), "${");
      reading.stack.push({ kind: "code", close: "}", quote: null });
      return;
    }
  }
  write(reading, line.slice(start), "");
}

function write(reading: Reading, text: string, after: string): void {
  const said = text.trim();
  reading.parts.push(said === "" ? text : `…${reading.number(said)}`, after);
  reading.at += text.length + after.length;
}

/** One step of code: an opener, the end of a hole, a regular expression, or a character. */
function readCode(reading: Reading, { close }: Frame): void {
  const { line, language, at } = reading;
  const plain = plainLength(line, at);
  if (plain > 0) {
    take(reading, plain);
    return;
  }
  const text = openerAt(reading);
  if (text !== null) {
    reading.stack.push({ kind: "text", close: text.close, quote: text.quote });
    take(reading, text.open.length);
    return;
  }
  const comment = language.line.find((open) => line.startsWith(open, at));
  if (comment !== undefined && (!language.lineAfterSpace || /\s/.test(line[at - 1] ?? " "))) {
    take(reading, comment.length);
    write(reading, line.slice(reading.at), "");
    return;
  }
  if (language.regex && line[at] === "/") {
    take(reading, regexLength(line, at));
    return;
  }
  // Braces inside of a hole are its own.
  if (close === "}" && line[at] === "{" && reading.stack.length < depthMax)
    reading.stack.push({ kind: "code", close: "}", quote: null });
  if (close !== null && line[at] === close) reading.stack.pop();
  take(reading, 1);
}

/** Characters that begin nothing in any language. */
function plainLength(line: string, at: number): number {
  const run = /[^"'`/#<{}[-]+/y;
  run.lastIndex = at;
  return run.exec(line)?.[0].length ?? 0;
}

/** The block comment or string literal that begins here, or null. */
function openerAt({ line, language, at }: Reading): { open: string; close: string; quote: Quote | null } | null {
  const block = language.block.find(({ open }) => line.startsWith(open, at));
  if (block !== undefined) return { ...block, quote: null };
  const before = line[at - 1] ?? " ";
  const quote = language.quotes.find(
    ({ open, after }) => line.startsWith(open, at) && (after === null || after === before),
  );
  return quote === undefined ? null : { open: quote.open, close: quote.close, quote };
}

function take(reading: Reading, length: number): void {
  reading.parts.push(reading.line.slice(reading.at, reading.at + length));
  reading.at += length;
}

/** Length of the regular expression at `at`; 1 where the slash divides. */
function regexLength(line: string, at: number): number {
  const before = line.slice(Math.max(0, at - lookBackCharacters), at).trimEnd();
  const divides = /[\w$)\]]$/.test(before) && !/\b(return|typeof|case|in|of|void)$/.test(before);
  if (divides) return 1;
  let inClass = false;
  for (let end = at + 1; end < line.length && end - at < regexCharactersMax; end += 1) {
    const sign = line[end];
    if (sign === "\\") end += 1;
    else if (sign === "[") inClass = true;
    else if (sign === "]") inClass = false;
    else if (sign === "/" && !inClass) return end + 1 - at;
  }
  return 1;
}
