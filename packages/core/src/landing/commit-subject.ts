/**
 * The subject of a landed commit, from the words in which a person asked for the change: one line, at most 72 columns unless its repository says
 * otherwise, never cut inside a word, in the imperative where English says how. It invents nothing: every word but a label is the person's.
 */
import { replaceUnsafe } from "@aedev/contracts";
import { terminalColumns } from "./columns.ts";
import { type CommitType, typePrefix } from "./commit-type.ts";

/** Git's own pages and hosts cut longer subjects. */
const subjectColumnsMax = 72;
/** With fewer columns left, the scope of a conventional commit is left out. */
const describedColumnsMin = 30;
/** A clause shorter than this says too little to stand alone. */
const clauseColumnsMin = 16;
/** Of a longer line only the beginning is read; a subject is far shorter. So a hostile text takes no more time than its length. */
const lineCharactersMax = 2000;
const commentCharactersMax = 2000;

/** How the subject is to read. `type`: that of a conventional commit; null: a sentence. */
export interface SubjectForm {
  readonly columnsMax?: number | undefined;
  readonly type: CommitType | null;
}

/** `request`: what the change was asked for in. If it has no words, the first of `criteria` that has; empty if none has. */
export function commitSubject(
  request: string,
  criteria: readonly string[],
  { columnsMax = subjectColumnsMax, type }: SubjectForm = { type: null },
): string {
  const prefix = type === null ? "" : prefixOf(type, columnsMax);
  for (const text of [request, ...criteria]) {
    const sentence = firstSentence(prose(text));
    if (sentence === "") continue;
    const { rest, references } = withoutReferences(withoutCourtesy(sentence));
    const end = references.length === 0 ? "" : ` (${references.join(", ")})`;
    const said = withoutEnd(rest);
    const words = type === null ? imperative(said, text === request) : description(said, type);
    const subject = shortened(words, columnsMax - prefix.length - end.length);
    if (subject !== "") return prefix + subject + end;
  }
  return "";
}

/** The subject of a commit that takes back the one with the subject `undone`. */
export function revertSubject(
  undone: string,
  { columnsMax = subjectColumnsMax, type }: SubjectForm = { type: null },
): string {
  const said = replaceUnsafe(undone, () => " ").trim();
  if (type !== null) {
    const prefix = prefixOf(type, columnsMax);
    return prefix + (shortened(said, columnsMax - prefix.length) || "a landed change");
  }
  const words = shortened(said, columnsMax - 'Revert ""'.length);
  return words === "" ? "Revert a landed change" : `Revert "${words}"`;
}

function prefixOf({ type, scope, breaking }: CommitType, columnsMax: number): string {
  const mark = breaking ? "!: " : ": ";
  const scoped = scope === null ? type : `${type}(${scope})`;
  const room = columnsMax - terminalColumns(scoped + mark);
  return (room < describedColumnsMin ? type : scoped) + mark;
}

const comment = new RegExp(`<!--[^]{0,${commentCharactersMax}}?-->`, "g");

/** The lines that say something: without code blocks, quotes, headings without content, marks of lists and emoji. */
function prose(text: string): string[] {
  return text
    .replace(/^ {0,3}(```|~~~)[\s\S]*?(^ {0,3}\1|(?![\s\S]))/gm, "\n")
    .replace(comment, " ")
    .split(/\r?\n/)
    .map((line) =>
      line
        .slice(0, lineCharactersMax)
        .replace(/!\[[^\]]*\]\([^)]*\)/g, " ")
        .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1"),
    )
    .filter((line) => !/^\s*>/.test(line))
    .map((line) =>
      replaceUnsafe(line.replace(/^\s*(?:#{1,6}\s+|[-*+•]\s+(?:\[[ xX]\]\s+)?|\d{1,3}[.)]\s+)+/, ""), () => " ")
        .replace(/(?!\p{ASCII})\p{Extended_Pictographic}\ufe0f?/gu, " ")
        .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, "$2")
        .replace(/\s+/g, " ")
        .trim(),
    )
    .filter((line) => /\p{L}/u.test(line) && !isBareHeading(line));
}

const headings =
  /^(?:summary|description|overview|context|background|problem|bug(?: report)?|issue|task|todo|feature(?: request)?|request|steps(?: to reproduce)?|title|hi|hello|hey|hallo|hola|bonjour|你好|您好|こんにちは|안녕하세요)(?:[ ,]+(?:all|team|there|everyone|folks))?\s*[:：,，.!]*$/iu;
function isBareHeading(line: string): boolean {
  return headings.test(line);
}

const label =
  /^(?:\[[\p{L} -]{1,24}\]|(?:bug(?: report)?|issue|task|todo|feature(?: request)?|request|title|summary|problem)\s*[:：])\s*/iu;

function firstSentence(lines: readonly string[]): string {
  for (const line of lines) {
    const said = line.replace(label, "").replace(/^(?:hi|hello|hey|hallo|hola)\b[^.!:]{0,20}[,!:]\s+/iu, "");
    const sentence = said.match(/^.*?(?:[.!?]+(?=\s|$)|[。！？])/u)?.[0] ?? said;
    if (/\p{L}/u.test(sentence)) return sentence.trim();
  }
  return "";
}

const courtesy =
  /^(?:so|ok(?:ay)?|well|also|please|pls|plz|kindly|(?:can|could|would|will) (?:you|we|somebody|someone)(?: please)?|(?:i|we)(?:'d| would) (?:like|love)(?: you)? to|(?:i|we) (?:want|need|have)(?: you)? to|let(?:'|’)?s|it would be (?:nice|great|good|helpful) (?:to|if (?:you|we) could)|(?:we|you) should|need to)[,:]?\s+/iu;
const thanks = /[,;.!\s-]+(?:please|pls|plz|thanks?(?: you)?(?: a lot| so much)?|thx|asap|cheers)[\s.!]*$/iu;

function withoutCourtesy(sentence: string): string {
  let said = sentence;
  for (;;) {
    const next = said.replace(courtesy, "").replace(thanks, "").trim();
    if (next === said) return said;
    said = next;
  }
}

/** Moves references to issues to the end in parentheses: after a word such as "fix" a host would close that issue. */
function withoutReferences(sentence: string): { rest: string; references: string[] } {
  const references = [...new Set([...sentence.matchAll(/(?<![\p{L}\p{N}&/])#\d{1,7}\b/gu)].map(([one]) => one))];
  const rest = sentence
    .replace(/\s*\(\s*#\d{1,7}(?:,\s*#\d{1,7})*\s*\)/gu, "")
    .replace(/(?<![\p{L}\p{N}&/])(?:issue |ticket |bug )?#\d{1,7}\b:?/giu, " ")
    .replace(/\s+([,;:.!?])/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
  return /\p{L}/u.test(rest) ? { rest, references: references.slice(0, 3) } : { rest: sentence, references: [] };
}

function withoutEnd(text: string): string {
  return text.replace(/[\s.!?,;:…。！？，；：、-]+$/u, "").replace(/^[\s.!?,;:…。！？，；：、-]+/u, "");
}

/** Verbs of change, with the forms that end otherwise than in -s, -ed and -ing. */
const verbs: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [
    "accept add allow apply avoid build bump cache call change check clean clear close convert copy correct create deal decouple delete deprecate",
    "detect disable document drop enable ensure escape expose extend extract fix format guard handle hide ignore implement improve include increase",
    "inline introduce keep limit list load lock log make mark measure merge migrate mock move normalize open parse pass pin port prevent print",
    "raise read reduce refactor refuse reject release remove rename reorder replace report reset resolve restore retry return revert round run",
    "sanitize save send set show simplify skip sort speed split stop store strip support switch test throw translate treat trim turn type",
    "unify update upgrade use validate verify wait warn wrap write",
  ]
    .join(" ")
    .split(" ")
    .map((verb) => [verb, formsOf(verb)]),
);
const irregular: Readonly<Record<string, string>> = {
  made: "make",
  built: "build",
  kept: "keep",
  wrote: "write",
  written: "write",
  ran: "run",
  running: "run",
  sent: "send",
  threw: "throw",
  hid: "hide",
  setting: "set",
};

function formsOf(verb: string): readonly string[] {
  const stem = verb.endsWith("e") ? verb.slice(0, -1) : verb;
  const doubled = /[^aeiou][aeiou][bdgmnpt]$/.test(verb) ? verb + verb.slice(-1) : stem;
  const third = /(?:s|x|ch|sh)$/.test(verb)
    ? `${verb}es`
    : /[^aeiou]y$/.test(verb)
      ? `${verb.slice(0, -1)}ies`
      : `${verb}s`;
  const past = /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ied` : undefined;
  return [third, `${stem}ed`, `${stem}ing`, `${doubled}ed`, `${doubled}ing`, ...(past === undefined ? [] : [past])];
}

const baseOf = new Map<string, string>([
  ...Object.entries(verbs).flatMap(([verb, forms]) => forms.map((form): [string, string] => [form, verb])),
  ...Object.entries(irregular),
]);

/** Words by which a sentence is taken for English. */
const english = /\b(?:the|is|are|does|doesn't|don't|not|when|with|from|and|of|to|if|it|expected|crashes|fails)\b/iu;
/** English in the imperative with a capital; a report of what is wrong is named as a fix; other languages stay as they are. */
function imperative(text: string, isRequest: boolean): string {
  // The person's own convention stays as it is.
  if (typePrefix.test(text)) return text;
  const [, first = "", rest = ""] = text.match(/^(\p{L}+)(.*)$/u) ?? [];
  const verb = first.toLowerCase();
  if (Object.hasOwn(verbs, verb)) return capital(verb) + rest;
  const base = /^\s+\S/u.test(rest) ? baseOf.get(verb) : undefined;
  // "Sorting is broken" has a noun; "Sorting the list by name" a verb.
  if (base !== undefined && !/^\s+(?:is|are|was|were|does|doesn't|fails?|must|should|of)\b/iu.test(rest))
    return capital(base) + rest;
  if (!english.test(text) || !isRequest) return first === "" ? text : capitalUnlessName(text);
  return `Fix: ${text}`;
}

/** As it stands behind a commit type, which already says "fix": with a small letter unless it begins with a name such as `README`. */
function description(text: string, { type }: CommitType): string {
  const own = text.replace(typePrefix, "");
  const said = imperative(own, false);
  const [, first = "", rest = ""] = said.match(/^(\p{L}+) +(\S.*)$/u) ?? [];
  const words = first.toLowerCase() === type ? rest : said;
  return words.replace(/^\p{Lu}(?=\p{Ll}*(?:[^\p{L}\p{N}_.(/]|$))/u, (letter) => letter.toLowerCase());
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function capitalUnlessName(text: string): string {
  const [first = ""] = text.split(" ");
  return /[^\p{L}]|\p{Ll}\p{Lu}/u.test(first) ? text : capital(text);
}

/** Where a sentence may end: better at a mark or before a reason, else before another subordinate clause. */
const clauseEnds = [
  /(?: [-–—]+ |[;,:](?= )|[，；：、]| (?:because|so that|expected|but) )/gu,
  / (?:since|as|which|where|when|while|instead of) /gu,
];
/** Words that must not stand last. */
const dangling =
  /\s+(?:a|an|the|and|or|but|of|to|in|on|at|by|for|from|with|without|as|is|are|be|that|which|when|if|than|into|not|no|its|their|our|und|oder|der|die|das|mit|y|o|de|la|el|et|le|les|du)$/iu;

/** At most `columnsMax` columns: the longest run of whole clauses if it says enough, else of whole words. */
function shortened(text: string, columnsMax: number): string {
  if (terminalColumns(text) <= columnsMax) return text;
  for (const ends of clauseEnds) {
    const clauses = [...text.matchAll(ends)].map(({ index }) => text.slice(0, index));
    const clause = clauses.findLast((one) => terminalColumns(one) <= columnsMax && isBalanced(one));
    if (clause !== undefined && terminalColumns(clause) >= clauseColumnsMin) return withoutEnd(clause);
  }
  const words = [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)];
  let said = "";
  for (const { segment, index } of words) {
    const next = text.slice(0, index + segment.length);
    if (terminalColumns(next) > columnsMax) break;
    // Where words are separated by spaces, only a space or the end is a place to cut: "lib/age.js" is one word.
    const after = text.slice(index + segment.length);
    const endsWord = after === "" || /^\s/u.test(after) || !/^[\p{Script=Latin}\p{N}_./@:`'"#-]/u.test(after);
    if (endsWord) said = next;
  }
  return withoutDangling(balanced(withoutEnd(said)));
}

function withoutDangling(text: string): string {
  const next = withoutEnd(text.replace(dangling, ""));
  return next === text ? text : withoutDangling(next);
}

/** The text without an unclosed bracket, quotation or code span at its end. */
function balanced(text: string): string {
  if (isBalanced(text)) return text;
  const opened = Math.max(...["(", "[", "{", "`", '"', "“", "「", "（"].map((mark) => text.lastIndexOf(mark)));
  return opened <= 0 ? text : balanced(withoutEnd(text.slice(0, opened)));
}

function isBalanced(text: string): boolean {
  const count = (mark: string) => text.split(mark).length - 1;
  const pairs = [
    ["(", ")"],
    ["[", "]"],
    ["{", "}"],
    ["“", "”"],
    ["「", "」"],
    ["（", "）"],
  ] as const;
  return count("`") % 2 === 0 && count('"') % 2 === 0 && pairs.every(([open, close]) => count(open) <= count(close));
}
