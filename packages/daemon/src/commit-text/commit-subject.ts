/**
 * Writes a landed commit's subject from a person's words: one line, at most 72 columns unless the repository says otherwise. It is true by itself; what does
 * not fit is said in general (`shorter-subject.ts`), and the body has the full words.
 */

import { lexicons, readRequest } from "@aedev/clarify";
import { replaceUnsafe } from "@aedev/contracts";
import {
  firstSentence,
  onOneLine,
  textParts,
  unitLines,
  unitMark,
  unitsOf,
  withoutUnits,
} from "@aedev/contracts/words";
import { terminalColumns } from "./columns.ts";
import { type CommitType, typePrefix } from "./commit-type.ts";
import { imperativeOf, isChangeVerb } from "./english-verbs.ts";
import { shorterSubject } from "./shorter-subject.ts";

/** git's own pages and code hosts cut longer subjects. */
const subjectColumnsMax = 72;
/** With fewer columns left, a conventional commit gets no scope. */
const describedColumnsMin = 30;
/** A longer text is read only up to here; a subject is far shorter. */
const textCharactersMax = 8000;
const sentenceCharactersMax = 2000;
const commentCharactersMax = 2000;

/** The form of a subject. `type`: a conventional commit's; null: a sentence. */
export interface SubjectForm {
  readonly columnsMax?: number | undefined;
  readonly type: CommitType | null;
}

/** `request`: the person's words. If it has none, the first of `criteria` with words is used; empty if none has any. */
export function commitSubject(
  request: string,
  criteria: readonly string[],
  { columnsMax = subjectColumnsMax, type }: SubjectForm = { type: null },
): string {
  const prefix = type === null ? "" : prefixOf(type, columnsMax);
  for (const text of [request, ...criteria]) {
    const sentence = saidFirst(text.slice(0, textCharactersMax));
    if (sentence === "") continue;
    const { rest, references } = withoutReferences(withoutCourtesy(sentence));
    const end = references.length === 0 ? "" : ` (${references.join(", ")})`;
    const words = withoutEnd(rest);
    const { language } = readRequest(words);
    const room = columnsMax - prefix.length - end.length;
    const labels = type === null && text === request && isReport(words);
    const spoken = labels ? words : type === null ? imperative(words, language) : description(words, type, language);
    const labelled = labels ? `Fix: ${spoken}` : spoken;
    const whole = [labelled, spoken].find((one) => terminalColumns(one) <= room);
    const shorter = () => {
      const said = shorterSubject(spoken, { columnsMax: room, language });
      const asFix = labelled === spoken || !spoken.startsWith(said) ? said : `Fix: ${said}`;
      const fitting = terminalColumns(asFix) <= room ? asFix : said;
      return type === null ? fitting : description(fitting, type, language);
    };
    const subject = whole ?? shorter();
    if (subject !== "" && terminalColumns(subject) <= room) return prefix + subject + end;
  }
  return "";
}

/** The subject of a commit that reverts the one with the subject `undone`. */
export function revertSubject(
  undone: string,
  { columnsMax = subjectColumnsMax, type }: SubjectForm = { type: null },
): string {
  const said = onOneLine(replaceUnsafe(undone, () => " "));
  const { language } = readRequest(said);
  if (type !== null) {
    const prefix = prefixOf(type, columnsMax);
    return prefix + (shorterSubject(said, { columnsMax: columnsMax - prefix.length, language }) || "a landed change");
  }
  const words = shorterSubject(said, { columnsMax: columnsMax - 'Revert ""'.length, language });
  return words === "" ? "Revert a landed change" : `Revert "${words}"`;
}

function prefixOf({ type, scope, breaking }: CommitType, columnsMax: number): string {
  const mark = breaking ? "!: " : ": ";
  const scoped = scope === null ? type : `${type}(${scope})`;
  const room = columnsMax - terminalColumns(scoped + mark);
  return (room < describedColumnsMin ? type : scoped) + mark;
}

const comment = new RegExp(`<!--[^]{0,${commentCharactersMax}}?-->`, "g");

const headings =
  /^(?:summary|description|overview|context|background|problem|bug(?: report)?|issue|task|todo|feature(?: request)?|request|steps(?: to reproduce)?|title|hi|hello|hey|hallo|hola|bonjour|你好|您好|こんにちは|안녕하세요)(?:[ ,]+(?:all|team|there|everyone|folks))?\s*[:：,，.!]*$/iu;
const label =
  /^(?:\[[\p{L} -]{1,24}\]|(?:bug(?: report)?|issue|task|todo|feature(?: request)?|request|title|summary|problem)\s*[:：])\s*/iu;
const greeting = /^(?:hi|hello|hey|hallo|hola)\b[^.!:]{0,20}[,!:]\s+/iu;

/** The first sentence that says something: no code block, quoted mail, bare heading or comment. */
function saidFirst(text: string): string {
  const visible = replacedOutside(text, comment, () => " ");
  const own = unitLines(visible)
    .filter((line) => !/^\s*>/u.test(line))
    .join("\n");
  for (const part of textParts(own)) {
    if (part.isBlock || headings.test(part.text)) continue;
    const [words = ""] = part.text.split("\n", 1);
    const said = plainText(words.slice(0, sentenceCharactersMax)).replace(label, "").replace(greeting, "");
    const sentence = withoutDecoration(firstSentence(said) || said);
    if (/\p{L}/u.test(sentence)) return sentence;
  }
  return "";
}

/** The visible text, without marks of emphasis, links and images. */
function plainText(text: string): string {
  const visible = replacedOutside(text, /!?\[([^\]\n]*)\]\([^)\n]*\)/gu, (match, words) =>
    match.startsWith("!") ? " " : words,
  );
  const bare = visible.replace(
    /(?<![\p{L}\p{N}*])\*\*(?=[\p{L}\p{N}`])([^*\n]{1,200}?)(?<=[\p{L}\p{N}\p{P}])\*\*(?![\p{L}\p{N}*])/gu,
    "$1",
  );
  return onOneLine(replaceUnsafe(bare, () => " "));
}

/** Replaces only matches that start outside code and quotations. */
function replacedOutside(text: string, pattern: RegExp, by: (match: string, group: string) => string): string {
  const units = unitsOf(text).filter(({ kind }) => kind === "code" || kind === "quote" || kind === "block");
  return text.replace(pattern, (match: string, ...groups: unknown[]) => {
    const at = groups.findLast((group) => typeof group === "number") as number;
    const isInside = units.some((unit) => unit.at <= at && at < unit.end);
    return isInside ? match : by(match, typeof groups[0] === "string" ? groups[0] : "");
  });
}

const emoji = /\p{RGI_Emoji}/v;
/** If an emoji precedes an order, it is decoration, and so may be one at the end. Elsewhere an emoji counts as a word. */
function withoutDecoration(sentence: string): string {
  const [, mark = "", rest = ""] = /^(\S{1,20})\s+(.*)$/su.exec(sentence) ?? [];
  if (mark.replace(new RegExp(emoji, "gv"), "") !== "" || !isChangeVerb(/^\p{L}+/u.exec(rest)?.[0] ?? ""))
    return sentence;
  return rest.endsWith(` ${mark}`) ? rest.slice(0, -mark.length).trim() : rest;
}

const courtesy =
  /^(?:(?:so|ok(?:ay)?|well)(?=,)|also|please|pls|plz|kindly|bitte|(?:can|could|would|will) (?:you|we|somebody|someone)(?: please)?|(?:i|we)(?:'d| would) (?:like|love)(?: you)? to|(?:i|we) (?:want|need)(?: you)? to(?= (?:add|fix|remove|rename|change|update|support|replace)\b)|let(?:'|’)?s|it would be (?:nice|great|good|helpful) (?:to|if (?:you|we) could)|(?:we|you) should)[,:]?\s+/iu;
const thanks =
  /[,;.!-]+\s*(?:please|pls|plz|thanks?(?: you)?(?: a lot| so much)?|thx|asap|cheers|danke|merci|gracias|obrigad[oa])[\s.!]*$/iu;

function withoutCourtesy(sentence: string): string {
  let said = sentence;
  for (;;) {
    const next = said.replace(courtesy, "").replace(thanks, "").trim();
    if (next === said) return said;
    said = next;
  }
}

/**
 * Moves a reference to an issue to the end, in parentheses: after a word such as "fix" a host would close the issue, and at the start it says nothing. A
 * reference that the sentence is about, or that is in code, stays.
 */
function withoutReferences(sentence: string): { rest: string; references: string[] } {
  const references: string[] = [];
  const moved = replacedOutside(
    sentence,
    /\s*[(]\s*#\d{1,7}(?:,\s*#\d{1,7})*\s*[)]|(?:^|(?<=\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?)(?: issue| ticket| bug)? ))#\d{1,7}\b:?/giu,
    (match) => {
      references.push(...(match.match(/#\d{1,7}/gu) ?? []));
      return " ";
    },
  );
  const rest = onOneLine(moved)
    .replace(/\s+([,;:.!?])(?=\s|$)/g, "$1")
    .trim();
  return /\p{L}/u.test(rest)
    ? { rest, references: [...new Set(references)].slice(0, 3) }
    : { rest: sentence, references: [] };
}

/** Drops the punctuation around it; `--json` and `.env` keep theirs. */
function withoutEnd(text: string): string {
  return text.replace(/[\s.!?,;:…。！？，；：、-]+$/u, "").replace(/^(?:[\s!?,;:…。！？，；：、]|[.-]+(?=\s))+/u, "");
}

/** Words that mark a sentence as English. */
const english = /\b(?:the|is|are|does|doesn't|don't|not|when|with|from|and|of|to|if|it|expected|crashes|fails)\b/iu;

/** True if an English text reports a fault or a wish and gives no order. */
function isReport(text: string): boolean {
  const prose = withoutUnits(text);
  const [, first = "", rest = ""] = prose.match(/^(\p{L}+)(.*)$/su) ?? [];
  return !typePrefix.test(text) && english.test(prose) && imperativeOf(first, rest) === null;
}

/** Turns English into the imperative, with a capital first letter unless that would change a name. */
function imperative(text: string, language: keyof typeof lexicons): string {
  // The person's own convention stays unchanged.
  if (typePrefix.test(text)) return text;
  const prose = withoutUnits(text);
  const [, first = ""] = prose.match(/^(\p{L}+)(?![^\s,])/u) ?? [];
  if (first === "") return text;
  const verb = imperativeOf(first, prose.slice(first.length).replaceAll(unitMark, ""));
  if (verb !== null && (language === "english" || isChangeVerb(first))) return capital(verb) + text.slice(first.length);
  return isCommon(first, language) ? capital(text) : text;
}

/** A frequent word of the language, which is not a name. */
function isCommon(word: string, language: keyof typeof lexicons): boolean {
  return lexicons[language].common.split(/[ ,]+/u).includes(word.toLowerCase());
}

/**
 * The form after a commit type, which says "fix" already: with a small first letter, as such conventions demand, unless the first word is not an ordinary one.
 */
function description(text: string, { type }: CommitType, language: keyof typeof lexicons): string {
  const said = imperative(text.replace(typePrefix, ""), language);
  const [, first = "", rest = ""] = withoutUnits(said).match(/^(\p{L}\p{Ll}*)(?=\s|$)(.*)$/su) ?? [];
  if (first === "") return said;
  const isRepeated = first.toLowerCase() === type && /[^\s\p{P}]/u.test(rest);
  return isRepeated ? said.slice(first.length).trim() : first.toLowerCase() + said.slice(first.length);
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
