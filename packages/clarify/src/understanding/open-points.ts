/** Finds what a request leaves open although it names a place and sounds concrete. The rules are the same for all languages and work on kinds of words; nearly all words are in the lexicons. */
import type { Concept } from "../lexicon/lexicon.ts";
import type { RequestKind } from "../lexicon/request-kind.ts";
import { type AnchorKind, anchorMark } from "../reading/anchors.ts";
import type { Found } from "../reading/words.ts";
import { hasResult, isComplete } from "./complete.ts";
import { isOrder } from "./question.ts";
import { foundMax, type Reading, type Sentence } from "./reading.ts";
import { endOf, isSameClause, marksOf, startOf } from "./sentence.ts";

/** What a request can leave open, named by the row of the table that counts it. */
export const openPointNames = [
  // "Move it to the new structure", which is not described.
  "unnamed",
  // "Like in our other app".
  "otherOne",
  // "With the values from PROJ-77", which can't be read here.
  "source",
  // "The security team is working that out".
  "preparing",
  // "The columns that management wants to see".
  "wish",
  // "The numbers follow next week".
  "follows",
  // "Use the right rate".
  "right",
  // "Above the price or behind a tooltip".
  "either",
  // "Some handlers", "email, phone etc."
  "some",
  // "Now and then it skips a record".
  "sometimes",
  // "A warning when the file is large".
  "gradable",
  // "Have a look whether it could be dropped".
  "ponder",
  // "Rename `data2` in report.ts".
  "nameless",
  // "Change the colour of the button".
  "alter",
  // "Delete the column, but the reports must go on showing it"; "below 50 ms without cache, index or other queries".
  "contradiction",
] as const;
export type OpenPoint = (typeof openPointNames)[number];
export type OpenPoints = Readonly<Record<OpenPoint, boolean>>;

export function openPointsOf(reading: Reading, kind: RequestKind): OpenPoints {
  const { sentences } = reading;
  const some = (rule: (sentence: Sentence) => boolean) => sentences.some(rule);
  const has = (...sought: readonly Concept[]) => sought.some((concept) => reading.found[concept].length > 0);
  const orders = sentences.filter(isOrder);
  const valued = sentences.some(hasExactValue);
  const otherOrders = orders.filter(({ found }) => found.ponder.length === 0);
  return {
    unnamed: some(aimsAtUnnamed),
    otherOne: some(({ found }) => found.otherOne.length > 0),
    source: some(namesSource),
    preparing: some(({ found }) => found.people.length > 0 && found.preparing.length > 0),
    wish: some((sentence) => isInOneClause(sentence, "people", "wish")),
    follows: some((sentence) => sentence.found.expected.length === 0 && isInOneClause(sentence, "soon", "handing")),
    right: !valued && has("right"),
    either: !has("free", "settled", "disclaimer") && sentences.some(offersAlternatives),
    some: orders.some(({ found }) => found.etc.length > 0 || (found.some.length > 0 && found.condition.length === 0)),
    sometimes: has("sometimes") && !has(...ways) && !some(saysWhatShouldBe),
    gradable: !valued && kind !== "fix" && has("gradable"),
    ponder: !valued && sentences.some((sentence) => isPondering(sentence, has("expected"))) && otherOrders.length === 0,
    nameless: kind === "rename" && !isComplete(reading, kind) && !sentences.some(hasResult),
    alter:
      (kind === "config" || !isComplete(reading, kind)) &&
      !has("expected", "instead", "contrast", "unchanged") &&
      sentences.some(isAimlessChange),
    contradiction: contradicts(reading, kind),
  };
}

/** True if words of both kinds are in one clause, in any order. */
function isInOneClause(sentence: Sentence, left: Concept, right: Concept): boolean {
  const { found } = sentence;
  return found[left].some((one) => found[right].some((other) => isSameClause(sentence, one, other)));
}

/** Verbs that say what to do, rather than only that something should be better. */
const ways = ["rename", "remove", "upgrade", "refactor", "move"] as const satisfies readonly Concept[];

const values: ReadonlySet<AnchorKind> = new Set(["quote", "version", "measure", "number", "literal", "arrow", "block"]);
/** A number of lines, or a number after the word for a line, names a place and no amount. */
const lines = /\d\s*(?:行|줄|lines?|zeilen?|lignes?|l[ií]neas?|linhas?)$/iu;

/** True for a sentence with a value: a number, a version, a wording. */
function hasExactValue({ anchors, text }: Sentence): boolean {
  return anchors.some((anchor) => values.has(anchor.kind) && !lines.test(anchor.text)) && !onlyLine.test(text);
}
const onlyLine = /(?:lines?|zeilen?|lignes?|l[ií]neas?|linhas?|第)\s*¤[^¤]*$/iu;

/** The most characters between "the new" and the name. */
const nameCharactersMax = 30;
function aimsAtUnnamed(sentence: Sentence): boolean {
  const named: ReadonlySet<AnchorKind> = new Set([...values, "code"]);
  return (
    sentence.found.renewed.some((word) => !after(sentence, word).includes(anchorMark)) &&
    !sentence.anchors.some(({ kind }) => named.has(kind))
  );
}

function after(sentence: Sentence, word: Found): string {
  const from = endOf(sentence, word);
  return sentence.words.text.slice(from, from + nameCharactersMax);
}

const unreadable: ReadonlySet<AnchorKind> = new Set(["ticket", "link"]);
/** The most characters between a ticket and the word that makes it a source. */
const sourceCharactersMax = 8;
/** True if a word makes a ticket or link beside it the source of the wanted facts. */
function namesSource(sentence: Sentence): boolean {
  const { found } = sentence;
  if (found.source.length === 0) return false;
  return marksOf(sentence).some(({ anchor, at: mark }) => {
    if (!unreadable.has(anchor.kind)) return false;
    return found.source.some((word) => {
      const gap = word.at > mark && word.dense ? word.at - mark : mark - endOf(sentence, word);
      return gap >= 0 && gap <= sourceCharactersMax;
    });
  });
}

/** True if an order leaves two ways open; not for "if it is empty or null" and not for "`a` or `b`". */
function offersAlternatives(sentence: Sentence): boolean {
  const { found, words } = sentence;
  const { text } = words;
  return found.either.some((word) => {
    const { at, dense } = word;
    const from = startOf(sentence, word);
    const to = endOf(sentence, word);
    const exact =
      text.slice(0, from).trimEnd().endsWith(anchorMark) && text.slice(to).trimStart().startsWith(anchorMark);
    const closed = [...found.condition, ...found.purpose, ...(dense ? [] : found.interrogative)];
    if (exact || closed.some((other) => other.at < at && isSameClause(sentence, other, word))) return false;
    // "Above it, or below when there is no room."
    return !found.condition.some((other) => !dense && other.at >= word.end && other.at - word.end <= 2);
  });
}

/** True for a sentence about what should be, unless it only asks for a repair. */
function saysWhatShouldBe({ found }: Sentence): boolean {
  return found.expected.length > 0 && found.fix.length === 0;
}

/** The most tokens before a verb of thinking that is the request itself. */
const leadMax = 5;
function isPondering({ found }: Sentence, expects: boolean): boolean {
  return found.ponder.some(({ at, dense }) => (dense ? !expects : at <= leadMax));
}

/** True for a change without a word for its result. */
function isAimlessChange(sentence: Sentence): boolean {
  const { found } = sentence;
  if (hasResult(sentence) || ways.some((concept) => found[concept].length > 0)) return false;
  const valued = marksOf(sentence)
    .filter(({ anchor }) => values.has(anchor.kind))
    .slice(0, foundMax);
  return found.alter.some(
    (word) => !valued.some(({ at }) => isSameClause(sentence, word, { ...word, at, end: at + 1, dense: true })),
  );
}

const manifest = /package\.json|lock|pom\.xml|gradle|requirements|pyproject|go\.mod|cargo|composer|gemfile|podfile/iu;
/** A longer text also mentions continuing things other than the one to be removed. */
const storyWidth = 250;
/** The most ways that may be forbidden for a target before no way is left. */
const forbiddenMax = 2;

function contradicts({ sentences, found, width }: Reading, kind: RequestKind): boolean {
  if (kind === "removal" && width < storyWidth && sentences.some((sentence) => sentence.found.goesOn.length > 0))
    return true;
  if (kind === "perf" && found.forbids.length > forbiddenMax) return true;
  return (
    kind === "upgrade" &&
    sentences.some(
      (sentence) => sentence.found.untouched.length > 0 && sentence.anchors.some(({ text }) => manifest.test(text)),
    )
  );
}
