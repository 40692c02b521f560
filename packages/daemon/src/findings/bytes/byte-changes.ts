/**
 * Finds damage to bytes that nobody edited: destroyed or rewritten letters, another encoding, other line endings. Contract: a line counts only if nothing else
 * in it changed; an edited line counts only if one of its words lost letters.
 *
 * Folder: finds damage to bytes that nobody edited.
 */
import type { ByteChange, ByteChangeKind } from "@aedev/contracts";
import { appearance, lineAsText, spelledLine } from "@aedev/host/patch/visible-patch";
import { decoded, encodingName, encodingsOf } from "@aedev/host/text-form/encoding";
import { endingName, type Line, type LineEnding, textLines } from "@aedev/host/text-form/lines";
import { isMarked, withoutMark } from "@aedev/host/text-form/put-back";
import {
  canonicalForm,
  hasLetters,
  hasNewHoles,
  letterCount,
  misreadings,
  plainLetters,
  withHoles,
  withoutLetters,
  wordsWithHoles,
} from "./damage-forms.ts";

/** Larger files are not compared. */
const fileBytesMax = 4 * 1024 * 1024;
/** At most so many lines without an equal on the other side are compared. */
const linesMax = 20_000;
/** A single line without its letters may be an edit. */
const goneLinesMin = 2;
/** Fewer lines may be the edit of a block. */
const indentedLinesMin = 5;
const examplesMax = 3;
const exampleCharactersMax = 120;

/** Changes of a file's bytes besides the edit; `endingLines`: lines that differ only in their ending. */
export interface ByteReport {
  readonly changes: readonly ByteChange[];
  readonly endingLines: number;
}

/** Compares both versions of a file; null for a new or deleted file, which has nothing to compare. */
export function compareBytes(path: string, before: Uint8Array | null, after: Uint8Array | null): ByteReport {
  const nothing = { changes: [], endingLines: 0 };
  if (before === null || after === null || before.length > fileBytesMax || after.length > fileBytesMax) return nothing;
  const encodings = encodingsOf(before, after);
  if (encodings === null) return nothing;
  const [old, now] = [readText(before, encodings.before), readText(after, encodings.after)];
  const found = new Findings(path);
  const endings = changedEndings(old.lines, now.lines);
  if (endings !== null) found.add("line-endings", { lines: endings.lines, from: endings.from, to: endings.to });
  if (isMarked(before) !== isMarked(after) && old.encoding === now.encoding) {
    const named = (bytes: Uint8Array) => (isMarked(bytes) ? "a byte order mark" : "none");
    found.add("byte-order-mark", { from: named(before), to: named(after) });
  }
  compareLines(old, now, found);
  return { changes: found.list(), endingLines: endings?.lines ?? 0 };
}

interface TextLine extends Line {
  readonly text: string;
  readonly number: number;
}
interface FileText {
  readonly encoding: string;
  readonly lines: readonly TextLine[];
}

function readText(bytes: Uint8Array, encoding: string): FileText {
  const isWide = encoding.startsWith("utf-16");
  const plain = isWide ? Buffer.from(decoded(bytes, encoding) ?? "") : Buffer.from(withoutMark(bytes));
  const lines = textLines(plain).map((line, index) => {
    const lineBytes = Buffer.from(line.content, "latin1");
    const text = isWide || encoding === "utf-8" ? lineBytes.toString("utf8") : decoded(lineBytes, encoding);
    // A line with two bytes per letter never equals a line in UTF-8.
    const content = isWide ? `\0${line.content}` : line.content;
    return { ending: line.ending, content, text: text ?? lineBytes.toString("latin1"), number: index + 1 };
  });
  return { encoding, lines };
}

/** The lines whose ending alone changed, with the ending that most of them had and the one that most have now. */
function changedEndings(before: readonly Line[], after: readonly Line[]) {
  const waiting = new Map<string, LineEnding[]>();
  for (const { content, ending } of before) {
    const known = waiting.get(content);
    if (known === undefined) waiting.set(content, [ending]);
    else known.push(ending);
  }
  const pairs = new Map<string, number>();
  let lines = 0;
  for (const { content, ending } of after) {
    const endings = waiting.get(content);
    if (endings === undefined || endings.length === 0) continue;
    const at = endings.indexOf(ending);
    const [was = ""] = endings.splice(Math.max(0, at), 1);
    // A newline that is added or removed at the end of a file is no other ending.
    if (at !== -1 || was === "" || ending === "") continue;
    lines += 1;
    const pair = `${endingName(was)} ${endingName(ending)}`;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  const [most] = [...pairs].sort(([, one], [, other]) => other - one);
  const [from = "", to = ""] = most?.[0].split(" ") ?? [];
  return lines === 0 ? null : { lines, from, to };
}

function compareLines(old: FileText, now: FileText, found: Findings): void {
  const removed = without(old.lines, now.lines);
  const added = new Lookup(without(now.lines, old.lines));
  const encodings = { from: encodingName(old.encoding), to: encodingName(now.encoding) };
  const isOtherEncoding = old.encoding !== now.encoding;
  const gone: [TextLine, TextLine][] = [];
  const indented: [TextLine, TextLine][] = [];
  const edited: TextLine[] = [];
  for (const line of removed) {
    const same = isOtherEncoding && hasBeyondAscii(line) ? added.take("text", line.text) : null;
    if (same !== null) {
      found.line("encoding", line, same, encodings);
      continue;
    }
    const destroyed = destroyedForm(line, old.encoding, added);
    if (destroyed !== null) {
      found.line("letters-destroyed", line, destroyed, isOtherEncoding ? encodings : {});
      continue;
    }
    const bare = withoutLetters(line.text);
    const without = bare === null || bare.trim() === "" ? null : added.take("text", bare);
    if (without !== null) {
      gone.push([line, without]);
      continue;
    }
    const canonical = canonicalForm(line.text);
    const alike = canonical.trim() === "" ? null : added.take("canonical", canonical);
    if (alike === null) edited.push(line);
    else if (withoutSpace(alike.text) !== withoutSpace(line.text)) found.line("letters-rewritten", line, alike, {});
    else if (hasOtherIndent(line.text, alike.text)) indented.push([line, alike]);
  }
  if (gone.length >= goneLinesMin) for (const [line, is] of gone) found.line("letters-destroyed", line, is, {});
  if (indented.length >= indentedLinesMin) for (const [line, is] of indented) found.line("indentation", line, is, {});
  brokenWords(edited, added.left(), found);
}

/** The new line that remains of an old line with destroyed letters. */
function destroyedForm(line: TextLine, encoding: string, added: Lookup): TextLine | null {
  if (!hasBeyondAscii(line)) return null;
  for (const text of misreadings(Buffer.from(line.content, "latin1"), encoding)) {
    const found = added.take("text", text);
    if (found !== null) return found;
  }
  const holes = withHoles(line.text);
  if (holes !== null) {
    const found = added.take("holes", holes, (is) => hasNewHoles(line.text, is.text));
    if (found !== null) return found;
  }
  for (const plain of plainLetters(line.text)) {
    const found = added.take("text", plain);
    if (found !== null) return found;
  }
  return null;
}

/** Finds words of edited lines that have U+FFFD instead of letters in a new line. */
function brokenWords(edited: readonly TextLine[], added: readonly TextLine[], found: Findings): void {
  const words = new Map<string, TextLine>();
  for (const line of edited)
    if (hasLetters(line.text))
      for (const whole of wordsWithHoles(line.text)) words.set(withHoles(whole) ?? whole, line);
  for (const line of added) {
    if (!line.text.includes("\ufffd")) continue;
    const broken = wordsWithHoles(line.text).find(
      (whole) => whole.includes("\ufffd") && words.has(withHoles(whole) ?? ""),
    );
    const before = broken === undefined ? undefined : words.get(withHoles(broken) ?? "");
    if (before !== undefined) found.line("letters-destroyed", before, line, {});
  }
}

function hasBeyondAscii({ content }: Line): boolean {
  return /\P{ASCII}/u.test(content);
}

function withoutSpace(text: string): string {
  return text.replace(/[ \t\f\v]+/g, "");
}

/** Whether tabs replaced spaces in the indentation, or the reverse. */
function hasOtherIndent(before: string, after: string): boolean {
  const [was, is] = [before, after].map((text) => /^[ \t]*/.exec(text)?.[0] ?? "");
  return was?.includes("\t") !== is?.includes("\t");
}

/** The lines that the other side has less often. */
function without(lines: readonly TextLine[], others: readonly TextLine[]): TextLine[] {
  const counts = new Map<string, number>();
  for (const { content } of others) counts.set(content, (counts.get(content) ?? 0) + 1);
  const left = lines.filter(({ content }) => {
    const count = counts.get(content) ?? 0;
    counts.set(content, count - 1);
    return count <= 0;
  });
  return left.slice(0, linesMax);
}

type Form = "text" | "canonical" | "holes";

/** Finds new lines by their forms; each is taken once. */
class Lookup {
  readonly #lines: readonly TextLine[];
  readonly #taken = new Set<TextLine>();
  readonly #forms: Partial<Record<Form, Map<string, TextLine[]>>> = {};

  constructor(lines: readonly TextLine[]) {
    this.#lines = lines;
  }

  take(form: Form, value: string, fits: (line: TextLine) => boolean = () => true): TextLine | null {
    const found =
      this.#of(form)
        .get(value)
        ?.find((line) => !this.#taken.has(line) && fits(line)) ?? null;
    if (found !== null) this.#taken.add(found);
    return found;
  }

  left(): TextLine[] {
    return this.#lines.filter((line) => !this.#taken.has(line));
  }

  #of(form: Form): Map<string, TextLine[]> {
    const known = this.#forms[form];
    if (known !== undefined) return known;
    const made = new Map<string, TextLine[]>();
    for (const line of this.#lines) {
      const key = formOf[form](line.text);
      if (key !== null) made.set(key, [...(made.get(key) ?? []), line]);
    }
    this.#forms[form] = made;
    return made;
  }
}

const formOf: Record<Form, (text: string) => string | null> = {
  text: (text) => text,
  canonical: canonicalForm,
  holes: withHoles,
};

interface Facts {
  readonly lines?: number;
  readonly from?: string;
  readonly to?: string;
}

/** Collects the findings of one file by kind. */
class Findings {
  readonly #path: string;
  readonly #found = new Map<ByteChangeKind, ByteChange>();

  constructor(path: string) {
    this.#path = path;
  }

  add(kind: ByteChangeKind, { lines = 1, from, to }: Facts): void {
    this.#found.set(kind, {
      ...{ path: this.#path, kind, lines, letters: 0, examples: [] },
      ...(from === undefined || to === undefined ? {} : { from, to }),
    });
  }

  line(kind: ByteChangeKind, was: TextLine, is: TextLine, facts: Facts): void {
    if (!this.#found.has(kind)) this.add(kind, { ...facts, lines: 0 });
    const known = this.#found.get(kind);
    if (known === undefined) return;
    const letters =
      kind === "indentation"
        ? 0
        : Math.max(letterCount(was.text), kind === "letters-destroyed" ? 1 : letterCount(is.text));
    const examples = known.examples.length < examplesMax ? [...known.examples, exampleOf(was, is)] : known.examples;
    this.#found.set(kind, { ...known, lines: known.lines + 1, letters: known.letters + letters, examples });
  }

  list(): ByteChange[] {
    return [...this.#found.values()];
  }
}

/** Cuts both lines to start shortly before their first difference, so that they look different. */
function exampleOf(was: TextLine, is: TextLine): ByteChange["examples"][number] {
  const cited = [was, is].map(({ content }) => lineAsText(Buffer.from(content, "latin1")));
  const [one = "", other = ""] = cited;
  const isAlike = appearance(one) === appearance(other);
  const [before = "", after = ""] = isAlike ? cited.map(spelledLine) : cited;
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  const from = Math.max(0, start - 20);
  const part = (text: string) => text.slice(from, from + exampleCharactersMax).toWellFormed();
  return { line: is.number, before: part(before), after: part(after) };
}
