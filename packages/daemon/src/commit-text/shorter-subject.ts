/**
 * Shortens a subject by dropping only what leaves the rest true: a reason, a purpose, an explanation after a colon, a further clause without an exception. If
 * nothing such fits, it says in general what is changed and where. It never cuts a unit.
 */

import type { TextLanguage } from "@aedev/clarify";
import { unitMark, unitsOf, wholeGraphemes, withoutUnits } from "@aedev/contracts/words";
import { terminalColumns } from "./columns.ts";
import { isChangeVerb } from "./english-verbs.ts";

/** A shorter clause says too little to stand alone. */
const clauseColumnsMin = 16;

export function shorterSubject(
  text: string,
  { columnsMax, language }: { readonly columnsMax: number; readonly language: TextLanguage },
): string {
  if (terminalColumns(text) <= columnsMax) return text;
  const clause = trueClause(text, columnsMax);
  if (clause !== null) return clause;
  return generalSubject(text, { columnsMax, language }) ?? beginning(text, columnsMax);
}

/** Where a sentence may end early: before a reason or purpose, at a colon or a dash. */
const explaining =
  /(?: [-–—]+ |[:：](?=\s|\p{Script=Han}|$)|,? (?:because|so that|in order to|since it|since they|weil|damit|denn|parce que|afin (?:de|que)|pour que|porque|para que)(?= )|[，,、]?(?:因为|以便|以免|确保)|, expected(?= )|, erwartet(?= ))/giu;
/** The place at the end of a sentence. */
const placing = new RegExp(`,? (?:in|inside|into|within|dans|en|em) ${unitMark}+$`, "giu");
/** Before a further clause, if that neither makes an exception nor refers back. */
const continuing =
  /(?:[;；](?=\s|\p{Script=Han})|,? (?:and|und|et|y|e) (?:also|then|auch|aussi|también|também)(?= )|, bitte(?= )|，(?:并|同时|另外|此外)|[、，](?:また|さらに)|, (?=\p{Ll}+ ))/gu;
const excepting =
  /\b(?:but|except|unless|only|not|never|no|nothing|instead|without|rather|however|otherwise|it|them|its|aber|außer|nur|nicht|kein\w*|nie|statt|ohne|sondern|mais|sauf|seulement|pas|jamais|sans|pero|salvo|solo|sólo|nunca|sin|mas|exceto|só|somente|não|sem)\b|但|除了|除非|只|仅|不要|不得|而不是|ただし|以外|のみ|だけ|しない|지만|제외|만|않/iu;
/** A report of a fault stays true without its circumstances; an order does not. */
const condition = / (?:when|while|where|whenever|wenn|falls|quand|lorsque|cuando|quando)(?= )/giu;
const ordering =
  /\b(?:must|should|shall|may|can|needs?|has to|have to|only|not|never|soll\w*|muss\w*|darf|doit|doivent|debe\w*|deve\w*)\b/iu;

function trueClause(text: string, columnsMax: number): string | null {
  const masked = withoutUnits(text, { groups: true });
  const [first = ""] = masked.match(/^\p{L}+/u) ?? [];
  const cuts = [
    ...cutsOf(masked, explaining).filter(({ rest }) => !/^[^\p{L}\p{N}\ue000]*$/u.test(rest)),
    ...cutsOf(masked, placing),
    ...cutsOf(masked, continuing).filter(
      ({ mark, rest }) => !excepting.test(rest) && (mark !== ", " || isChangeVerb(/^\p{L}+/u.exec(rest)?.[0] ?? "")),
    ),
    ...cutsOf(masked, condition).filter(({ at }) => !isChangeVerb(first) && !ordering.test(masked.slice(0, at))),
  ].toSorted((left, right) => right.at - left.at);
  for (const { at } of cuts) {
    const clause = text.slice(0, at).replace(/[\s,;:，；：]+$/u, "");
    const columns = terminalColumns(clause);
    if (columns <= columnsMax && columns >= clauseColumnsMin && isWhole(clause)) return clause;
  }
  return null;
}

interface SentenceEnd {
  readonly at: number;
  readonly mark: string;
  readonly rest: string;
}

function cutsOf(masked: string, pattern: RegExp): SentenceEnd[] {
  return [...masked.matchAll(pattern)].map(({ index, 0: mark }) => ({
    at: index,
    mark,
    rest: masked.slice(index + mark.length),
  }));
}

/** False for a clause that only announces what follows ("Change the following"), or leaves a bracket or quotation open. */
function isWhole(clause: string): boolean {
  if (
    /\b(?:following|things|points|folgende\w*|suivant\w*|siguiente\w*|seguinte\w*)$|(?:以下|下列|次の)\S{0,3}$/iu.test(
      clause,
    )
  )
    return false;
  const count = (mark: string) => withoutUnits(clause).split(mark).length - 1;
  return count("`") === 0 && count('"') === 0 && count("(") <= count(")");
}

/** How a change is described by names and place only. */
const changes: Readonly<Record<TextLanguage, (what: string, where: string | null) => string>> = {
  english: (what, where) => `Change ${what}${where === null ? "" : ` in ${where}`}`,
  german: (what, where) => `${what}${where === null ? "" : ` in ${where}`} ändern`,
  french: (what, where) => `Modifier ${what}${where === null ? "" : ` dans ${where}`}`,
  spanish: (what, where) => `Cambiar ${what}${where === null ? "" : ` en ${where}`}`,
  portuguese: (what, where) => `Alterar ${what}${where === null ? "" : ` em ${where}`}`,
  japanese: (what, where) => `${where === null ? "" : `${where} の `}${what} を変更`,
  chinese: (what, where) => `修改 ${where === null ? "" : `${where} 中的 `}${what}`,
  korean: (what, where) => `${where === null ? "" : `${where}의 `}${what} 변경`,
};

/** Such as "Change formatLine() in lib/format.js"; null if the sentence names nothing. */
function generalSubject(
  text: string,
  { columnsMax, language }: { readonly columnsMax: number; readonly language: TextLanguage },
): string | null {
  const units = unitsOf(text).map(({ kind, at, end }) => ({ kind, text: text.slice(at, end) }));
  const paths = units.filter(isPath).map((unit) => unit.text);
  const names = units.flatMap((unit) => (isPath(unit) ? [] : (nameOf(unit) ?? [])));
  const [path = null] = paths;
  const [name = null] = isDocument(path) ? [] : names;
  const change = changes[language];
  const forms = [
    ...(name === null ? [] : [change(name, path), change(name, null)]),
    ...(path === null ? [] : [change(path, null)]),
  ];
  return forms.find((form) => terminalColumns(form) <= columnsMax) ?? null;
}

function isDocument(path: string | null): boolean {
  return path !== null && (/\.(?:md|mdx|rst|adoc|txt)`?$/iu.test(path) || /^`?docs?\//u.test(path));
}

interface Named {
  readonly kind: string;
  readonly text: string;
}

function isPath({ kind, text }: Named): boolean {
  const bare = text.replace(/^`|`$/gu, "");
  if (!(kind === "token" || kind === "code") || /\s|:\/\//u.test(bare)) return false;
  return /^[^\s()]*\/[^\s()]*$/u.test(bare) || /^[\w.-]*\.\p{L}[\p{L}\p{N}]{0,9}$/u.test(bare);
}

/** A function as name and brackets, another name of the code unchanged; null for a number, a version, a text. */
function nameOf({ kind, text }: Named): string | null {
  const bare = kind === "code" ? text.replace(/^`+\s?|\s?`+$/gu, "") : text;
  if (/^[\p{L}_$][\p{L}\p{N}_$.:#>-]*\(/u.test(bare)) return withoutArguments(bare);
  if (literals.has(bare)) return null;
  if (kind === "code") return /^\S{1,40}$/u.test(bare) ? text : null;
  return kind === "token" && /^[\p{L}_$-][\p{L}\p{N}_$.:-]*$/u.test(bare) && /\p{L}{2}/u.test(bare) ? text : null;
}

const literals: ReadonlySet<string> = new Set([
  "NaN",
  "null",
  "undefined",
  "true",
  "false",
  "None",
  "True",
  "False",
  "nil",
]);

/** Turns `of(1, 2).build()` into `of().build()`. */
function withoutArguments(call: string): string {
  let depth = 0;
  let said = "";
  for (const character of call) {
    if (character === ")") depth -= 1;
    if (depth <= 0) said += character;
    if (character === "(") depth += 1;
  }
  return said;
}

/** The beginning, marked as such: whole words, and units only whole. */
function beginning(text: string, columnsMax: number): string {
  const masked = withoutUnits(text, { groups: true });
  let end = 0;
  for (const { segment, index } of new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)) {
    const next = index + segment.length;
    if (terminalColumns(text.slice(0, next)) > columnsMax - 1) break;
    const [before, after] = [masked.charAt(next - 1), masked.slice(next, next + 1)];
    const isInUnit = before === unitMark && after === unitMark;
    const isInWord = /[\p{Script=Latin}\p{N}_./@:`'"#-]/u.test(after) && /\S/u.test(before);
    if (!isInUnit && !isInWord) end = next;
  }
  const kept = wholeGraphemes(text, end).replace(/[\s,;:，；：、(（]+$/u, "");
  return kept === "" ? "" : `${kept}…`;
}
