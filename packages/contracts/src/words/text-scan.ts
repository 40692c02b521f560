/**
 * Finds the units of a person's text: code, quotations, calls with their arguments, paths, versions, addresses. Linear in the text, whatever it is.
 * It knows no language and no meaning.
 */

/** `block`: fenced code. `token`: a path, a version, an address, a flag, a name from the code. `group`: prose in parentheses; units may stand in it. */
export type UnitKind = "block" | "code" | "quote" | "call" | "token" | "group";
/** One unit, from `at` to before `end`. */
export interface TextUnit {
  readonly kind: UnitKind;
  readonly at: number;
  readonly end: number;
}

/** The most characters that a bracket or quotation may contain, so that reading stays linear. */
const bracketCharactersMax = 1000;
const quoteCharactersMax = 1000;
const backticksMax = 8;

/** The units of a text in their order. They do not overlap, but units may stand in a group. */
export function unitsOf(text: string): TextUnit[] {
  const scan = scanOf(text);
  const units: TextUnit[] = [];
  let at = 0;
  while (at < text.length) {
    const unit = scan.unitAt(at);
    if (unit === null) at = passedAt(text, at);
    else {
      if (unit.kind !== "word") units.push({ kind: unit.kind, at, end: unit.end });
      at = unit.kind === "group" ? at + 1 : unit.end;
    }
  }
  return units;
}

interface Scan {
  /** The unit that starts here; `word`: an ordinary word of prose. */
  readonly unitAt: (at: number) => { readonly kind: UnitKind | "word"; readonly end: number } | null;
}

const closings: Readonly<Record<string, readonly string[]>> = {
  '"': ['"'],
  "'": ["'"],
  "“": ["”", "“"],
  "„": ["“", "”", '"'],
  "«": ["»"],
  "»": ["«"],
  "‹": ["›"],
  "‘": ["’"],
  "‚": ["‘", "’"],
  "「": ["」"],
  "『": ["』"],
  "《": ["》"],
  "＂": ["＂"],
};
const brackets: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "（": "）" };
const closed: ReadonlySet<string> = new Set(Object.values(brackets));
/** The most nested brackets that are tracked while looking for a closing bracket. */
const nestedMax = 32;
/** Closing marks that are not escaped. An apostrophe closes nothing. */
const ownClosing: Readonly<Record<string, RegExp>> = {
  '"': /(?<=(?<!\\)(?:\\\\){0,4})"/gu,
  "'": /(?<=(?<!\\)(?:\\\\){0,4})'(?![\p{L}\p{N}_])/gu,
};
const closingOf = (mark: string) => new RegExp(mark, "gu");
const lettered = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}_]/u;
const tokenPattern =
  /(?:[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{M}_.$@#/\\:~*+\-=<>&|%^!?]|(?<=\p{N}),(?=\p{N})|(?<=\p{L})['’](?=\p{L}))+/uy;
const punctuationAtEnd = /[.,:!?*]+$/u;
/** What makes a run of characters more than a word: a character of code, a dot or colon inside, a small letter before a capital, a digit. */
const codeLike = /[\\/_@#$=<>~^|&%+*]|[\p{L}\p{N}][.:?!]+[\p{L}\p{N}]|^\.\p{L}|^--?\p{L}|\p{Ll}\p{Lu}|\p{N}/u;

function scanOf(text: string): Scan {
  const places = placesOf(text);
  const fences = fencesOf(text);
  const blankLines = places(/\n[^\S\n]*\n/gu);
  const lineEnds = places(/\n/gu);

  /** The end of a code span, after CommonMark: as many backticks as at its start, in the same paragraph. */
  const codeEnd = (at: number, marks: string): number | null => {
    if (marks.length > backticksMax) return null;
    const close = places(new RegExp(`(?<!\`)\`{${marks.length}}(?!\`)`, "gu")).after(at + marks.length - 1);
    return close === null || close > (blankLines.after(at) ?? text.length) ? null : close + marks.length;
  };
  const quoteEnd = (at: number, inBrackets: boolean): number | null => {
    const open = text.charAt(at);
    const isPlain = open === '"' || open === "'";
    if ((isPlain || open === "»") && lettered.test(text.charAt(at - 1))) return null;
    if ((open === "'" || open === "»") && !inBrackets && /\s|^$/u.test(text.charAt(at + 1))) return null;
    const paragraphEnd = (isPlain ? lineEnds.after(at) : blankLines.after(at)) ?? text.length;
    const limit = Math.min(at + quoteCharactersMax, paragraphEnd);
    const isEscaped = isPlain && text.charAt(at - 1) === "\\";
    const ends = (closings[open] ?? []).flatMap((close) => {
      const end = places((isEscaped ? undefined : ownClosing[close]) ?? closingOf(close)).after(at);
      return end === null || end >= limit ? [] : [end];
    });
    return ends.length === 0 ? null : Math.min(...ends) + 1;
  };
  const stringEnd = (at: number): number | null => {
    if (text.charAt(at) !== "`")
      return quoteEnd(at, lettered.test(text.charAt(at - 1)) || text.charAt(at - 1) in brackets);
    return codeEnd(at, backticksAt(text, at));
  };
  const bracketEnds = bracketsOf(text, { stringEnd, blankLines });
  const bracketEnd = (at: number): number | null => {
    const end = bracketEnds.get(at) ?? null;
    return end === null || end - at > bracketCharactersMax ? null : end;
  };
  /** The end of a token with what belongs to it: arguments in brackets, a value in quotes, members of the result. */
  const tokenEnd = (at: number): { kind: UnitKind | "word"; end: number } | null => {
    let end = at;
    let hasArguments = false;
    for (;;) {
      tokenPattern.lastIndex = end;
      end += tokenPattern.exec(text)?.[0].length ?? 0;
      const [before, next] = [text.charAt(end - 1), text.charAt(end)];
      if (end === at) return null;
      const joined =
        lettered.test(before) || /[$>)\]}]/u.test(before) || /[\p{L}_][?!]$/u.test(text.slice(at, end).slice(-3));
      const enclosed = joined && next !== "（" && next in brackets ? bracketEnd(end) : null;
      const valued = before === "=" && (next === '"' || next === "'") ? quoteEnd(end, true) : null;
      const more = enclosed ?? valued;
      if (more === null) break;
      hasArguments = true;
      end = more;
      if (!tokenContinues(text, end)) break;
    }
    if (hasArguments) return { kind: "call", end: end - (punctuationAtEnd.exec(text.slice(at, end))?.[0].length ?? 0) };
    const token = text.slice(at, end).replace(punctuationAtEnd, "");
    if (token === "" || !codeLike.test(token)) return { kind: "word", end };
    return { kind: "token", end: at + token.length };
  };
  return {
    unitAt(at) {
      const fence = fences.get(at);
      if (fence !== undefined) return { kind: "block", end: fence };
      const character = text.charAt(at);
      if (character === "`") {
        const end = stringEnd(at);
        return end === null ? null : { kind: "code", end };
      }
      if (character in closings) {
        const end = quoteEnd(at, false);
        return end === null ? null : { kind: "quote", end };
      }
      if (character in brackets) {
        const end = bracketEnd(at);
        if (end === null) return null;
        if (character === "(" || character === "（") return { kind: "group", end };
        const target = text.charAt(end) === "(" ? bracketEnd(end) : null;
        return { kind: "call", end: target ?? end };
      }
      return tokenEnd(at);
    },
  };
}

/** The next place to look at if nothing starts at this one: a run of backticks is skipped as a whole. */
function passedAt(text: string, at: number): number {
  return at + Math.max(1, backticksAt(text, at).length);
}

function backticksAt(text: string, at: number): string {
  let end = at;
  while (text.charAt(end) === "`") end += 1;
  return text.slice(at, end);
}

/** True if a member, an index or a call follows directly. */
function tokenContinues(text: string, at: number): boolean {
  return /^(?:[.:?!-][\p{L}_>:.]|[([])/u.test(text.slice(at, at + 3));
}

interface Places {
  /** The first match after a place; null if there is none. */
  readonly after: (at: number) => number | null;
}

/** The places where a pattern matches; each pattern is searched for once. */
function placesOf(text: string): (pattern: RegExp) => Places {
  const known = new Map<string, Places>();
  return (pattern) => {
    const found = known.get(pattern.source) ?? sortedPlaces([...text.matchAll(pattern)].map(({ index }) => index));
    known.set(pattern.source, found);
    return found;
  };
}

/** The end of each bracket in its paragraph. Text in quotes closes nothing, and neither does a bracket of another form. */
function bracketsOf(
  text: string,
  { stringEnd, blankLines }: { readonly stringEnd: (at: number) => number | null; readonly blankLines: Places },
): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  let open: { readonly at: number; readonly close: string }[] = [];
  let paragraphEnd = blankLines.after(-1) ?? text.length;
  for (let at = 0; at < text.length; at += 1) {
    if (at > paragraphEnd) {
      open = [];
      paragraphEnd = blankLines.after(at) ?? text.length;
    }
    const character = text.charAt(at);
    const close = brackets[character];
    if (close !== undefined) open.push({ at, close });
    else if (closed.has(character)) {
      const place = open.slice(-nestedMax).findLastIndex((one) => one.close === character);
      const begun = place < 0 ? undefined : open[Math.max(0, open.length - nestedMax) + place];
      if (begun === undefined) continue;
      ends.set(begun.at, at + 1);
      open = open.slice(0, Math.max(0, open.length - nestedMax) + place);
    } else if (character in closings || character === "`") at = (stringEnd(at) ?? passedAt(text, at)) - 1;
  }
  return ends;
}

function sortedPlaces(places: readonly number[]): Places {
  return {
    after(at) {
      let [low, high] = [0, places.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((places[middle] ?? 0) > at) high = middle;
        else low = middle + 1;
      }
      return places[low] ?? null;
    },
  };
}

const fenceLine = /^[ \t]*(`{3,}|~{3,})([^\n`]*)$/u;
/** Where fenced code starts (at its line's first mark) and ends; code that is not closed extends to the end of the text. */
function fencesOf(text: string): ReadonlyMap<number, number> {
  const fences = new Map<number, number>();
  let open: { readonly at: number; readonly marks: string } | null = null;
  let start = 0;
  for (const line of text.split("\n")) {
    const [, marks, rest = ""] = fenceLine.exec(line.slice(0, bracketCharactersMax)) ?? [];
    if (marks !== undefined) {
      if (open === null) open = { at: start + line.indexOf(marks), marks };
      else if (marks.startsWith(open.marks) && rest.trim() === "") {
        fences.set(open.at, start + line.trimEnd().length);
        open = null;
      }
    }
    start += line.length + 1;
  }
  if (open !== null) fences.set(open.at, text.length);
  return fences;
}
