/** Splits one line into code, comments and string literals. Total: the pieces of any input join to the line again. */
import type { Quote, SourceLanguage } from "./source-language.ts";

/** A level of the lexer's state, which is a stack. `close` null: plain code. */
interface Frame {
  readonly kind: "code" | "text";
  readonly close: string | null;
  readonly quote: Quote | null;
}
export type Scan = readonly Frame[];

const code: Frame = { kind: "code", close: null, quote: null };
export const scanOfCode: Scan = [code];

/** A scan that starts inside a block comment. */
export function scanOfComment(close: string): Scan {
  return [code, { kind: "text", close, quote: null }];
}

/** The deepest nesting of `${…}` that is followed; anything deeper is text. */
const depthMax = 50;
/** The longest regular expression that is recognized, and how many characters before a slash decide that it is not a division. */
const regexCharactersMax = 300;
const precedingCharactersMax = 20;

/** `text`: the content of a comment or string. `mark`: its opening or closing mark. `regex`: a regular expression with its slashes. */
export interface SourcePiece {
  readonly kind: "code" | "regex" | "mark" | "text";
  readonly text: string;
}
export interface SplitSourceLine {
  readonly pieces: readonly SourcePiece[];
  readonly scan: Scan;
  /** An open string can't continue on the next line. */
  readonly isUnterminated: boolean;
}

interface Reading {
  readonly line: string;
  readonly language: SourceLanguage;
  stack: Frame[];
  at: number;
  /** The line's end is escaped, so its text continues on the next line. */
  goesOn: boolean;
  readonly pieces: SourcePiece[];
}

export function splitSourceLine(line: string, scan: Scan, language: SourceLanguage): SplitSourceLine {
  const reading: Reading = { line, language, stack: [...scan], at: 0, goesOn: false, pieces: [] };
  while (reading.at < line.length) {
    const frame = reading.stack.at(-1) ?? code;
    if (frame.kind === "text") readText(reading, frame);
    else readCode(reading, frame);
  }
  // Anything that can't continue on the next line ends here.
  const last = reading.stack.length - 1;
  const kept = reading.stack.filter(
    ({ quote }, at) => quote === null || quote.multiline || (reading.goesOn && at === last),
  );
  const isUnterminated = kept.length < reading.stack.length;
  return { pieces: reading.pieces, scan: kept.length === 0 ? scanOfCode : kept, isUnterminated };
}

/** Reads up to the text's end, a `${`, or the line's end. */
function readText(reading: Reading, { close, quote }: Frame): void {
  const { line } = reading;
  const start = reading.at;
  for (let at = start; at < line.length; at += 1) {
    if (quote?.escape != null && line[at] === quote.escape) {
      at += 1;
      reading.goesOn = at === line.length;
    } else if (close !== null && line.startsWith(close, at)) {
      take(reading, "text", at - start);
      take(reading, "mark", close.length);
      reading.stack.pop();
      return;
    } else if (quote?.holes === true && line.startsWith("${", at) && reading.stack.length < depthMax) {
      take(reading, "text", at - start);
      take(reading, "mark", 2);
      reading.stack.push({ kind: "code", close: "}", quote: null });
      return;
    }
  }
  take(reading, "text", line.length - start);
}

/** Reads one step of code: an opener, the end of a `${…}`, a regular expression, or a character. */
function readCode(reading: Reading, { close }: Frame): void {
  const { line, language, at } = reading;
  const plain = plainLength(line, at);
  if (plain > 0) {
    take(reading, "code", plain);
    return;
  }
  const text = openerAt(reading);
  if (text !== null) {
    reading.stack.push({ kind: "text", close: text.close, quote: text.quote });
    take(reading, "mark", text.open.length);
    return;
  }
  const comment = language.line.find((open) => line.startsWith(open, at));
  if (comment !== undefined && (!language.lineAfterSpace || /\s/.test(line[at - 1] ?? " "))) {
    take(reading, "mark", comment.length);
    take(reading, "text", line.length - reading.at);
    return;
  }
  if (language.regex && line[at] === "/") {
    const length = regexLength(line, at);
    take(reading, length === 1 ? "code" : "regex", length);
    return;
  }
  const isHoleEnd = line[at] === close && reading.stack.at(-2)?.kind === "text";
  // Braces inside `${…}` belong to its code.
  if (close === "}" && line[at] === "{" && reading.stack.length < depthMax)
    reading.stack.push({ kind: "code", close: "}", quote: null });
  if (close !== null && line[at] === close) reading.stack.pop();
  take(reading, isHoleEnd ? "mark" : "code", 1);
}

/** The length of a run of characters that open nothing in any language. */
function plainLength(line: string, at: number): number {
  const run = /[^"'`/#<{}[-]+/y;
  run.lastIndex = at;
  return run.exec(line)?.[0].length ?? 0;
}

/** The block comment or string literal that starts here, or null. */
function openerAt({ line, language, at }: Reading): { open: string; close: string; quote: Quote | null } | null {
  const block = language.block.find(({ open }) => line.startsWith(open, at));
  if (block !== undefined) return { ...block, quote: null };
  const before = line[at - 1] ?? " ";
  const quote = language.quotes.find(
    ({ open, after }) => line.startsWith(open, at) && (after === null || after === before),
  );
  return quote === undefined ? null : { open: quote.open, close: quote.close, quote };
}

function take(reading: Reading, kind: SourcePiece["kind"], length: number): void {
  if (length > 0) reading.pieces.push({ kind, text: reading.line.slice(reading.at, reading.at + length) });
  reading.at += length;
}

/** Length of the regular expression at `at`; 1 if the slash is a division. */
function regexLength(line: string, at: number): number {
  const before = line.slice(Math.max(0, at - precedingCharactersMax), at).trimEnd();
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
