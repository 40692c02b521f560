/** Finds criteria in a mission's own text: lists under a heading, check boxes, sentences that state what must be true, a failing test or a reproduction. */

import type { ClarificationRules } from "@aedev/contracts";
import { type TextPart, textParts, unitLines, unitMark, unitsOf, withoutUnits } from "@aedev/contracts/words";
import { statedEvidence } from "./given-evidence.ts";
import { textLanguages } from "./lexicon/lexicon.ts";
import { lexicons } from "./lexicon/lexicons.ts";
import { criterionProblem, isObservable } from "./reading/criterion.ts";
import { unboundedWordsIn, vagueWordsIn } from "./reading/loose-words.ts";
import { normalized } from "./reading/normal-form.ts";

/** The longest criterion of a specification; a longer line is only part of the text. */
const criterionCharactersMax = 2000;

interface FoundCriteria {
  /** In the order of the text, without duplicates. */
  readonly criteria: readonly string[];
  /** The criteria that the person listed as such; the others are sentences that say what must hold. */
  readonly listed: readonly string[];
  /** The text without the lines that are criteria. */
  readonly description: string;
}

export function findCriteria(text: string, rules: ClarificationRules): FoundCriteria {
  const listed = listedItems(text).filter(
    (item) => item.text === "" || (isCriterion(item.text, rules) && !isEndless(item.text, rules)),
  );
  const taken = new Set(listed.flatMap(({ lines }) => lines));
  // Headings are removed as well, because they describe nothing.
  const description = unitLines(text)
    .filter((_, index) => !taken.has(index))
    .join("\n");
  const found = listed.map((item) => item.text).filter((item) => item !== "");
  const parts = textParts(description).filter(({ isBlock }) => !isBlock);
  const holding = parts.filter((part) => mustHold(part, rules));
  const others = parts.filter((part) => !holding.includes(part)).map((part) => part.text);
  const stated = [...holding.map(withLead), ...statedEvidence(others, text)].filter((one) => isCriterion(one, rules));
  return { criteria: distinct([...found, ...stated]), listed: distinct(found), description };
}

/** The distinct texts, in order. Case, punctuation and spaces are ignored in prose, but not in code and quotations. */
export function distinct(texts: readonly string[]): string[] {
  const seen = new Set<string>();
  return texts.filter((text) => {
    const units = unitsOf(text).filter(({ kind }) => kind !== "group");
    const exact = units.map(({ at, end }) => text.slice(at, end));
    const key = [normalized(withoutUnits(text).replaceAll(unitMark, " ")), ...exact].join("\n").trim() || text;
    return seen.has(key) ? false : seen.add(key);
  });
}

/** Whether a text can be a criterion. */
export function isCriterion(text: string, rules: ClarificationRules): boolean {
  return text.length <= criterionCharactersMax && criterionProblem(text, rules) === null;
}

/** True for "rewrite it from scratch": unbounded and not observable, so it is no criterion even under a heading. */
function isEndless(text: string, rules: ClarificationRules): boolean {
  return !isObservable(text, rules) && unboundedWordsIn(text, rules).length > 0;
}

/** The longest headings come first, so that a heading is matched as a whole. */
const headingWords = textLanguages
  .flatMap((language) => lexicons[language].headings.split(", "))
  .toSorted((left, right) => right.length - left.length)
  .join("|");
/** The pattern can match in only one way, so that matching stays linear on long lines. */
const heading = new RegExp(`^(?:#{1,6}\\s*)?[*_【]*(?:${headingWords})[\\s*_】:：]*(.*)$`, "isu");
const bullet = /^\s*(?:[-*+•·]|\d{1,2}[.)、]|[a-z]\)|c\d{1,2}[:.)])\s*(?:\[[ xX]\]\s*)?(\S.*)$/u;
const checkBox = /^\s*[-*+]\s*\[[ xX]\]\s*\S/u;

/** An item of a list of criteria, with its line numbers. A heading alone has no text. */
interface Item {
  text: string;
  readonly lines: number[];
}

function listedItems(text: string): Item[] {
  const items: Item[] = [];
  /** What the next line may be: a bullet, a plain line of a list without bullets, or neither. */
  let inside: "none" | "heading" | "bullets" | "lines" = "none";
  for (const [index, line] of unitLines(text).entries()) {
    const begun = headingOf(line.trim());
    const item = bullet.exec(line)?.[1];
    const last = items.at(-1);
    if (begun !== null) {
      items.push({ text: begun, lines: [index] });
      inside = begun === "" ? "heading" : "bullets";
    } else if (line.trim() === "") {
      if (inside === "lines") inside = "none";
    } else if (item !== undefined && (inside !== "none" || checkBox.test(line))) {
      items.push({ text: item.trim(), lines: [index] });
      if (inside !== "none") inside = "bullets";
    } else if (inside === "bullets" && last !== undefined && belongsTo(last, line)) {
      // Code stays on its own lines.
      last.text = `${last.text}${fence.test(line) ? "\n" : " "}${line.trim()}`.trim();
      last.lines.push(index);
    } else if (inside === "bullets" || /^\s*#{1,6}\s/.test(line)) inside = "none";
    else if (inside !== "none") {
      items.push({ text: line.trim(), lines: [index] });
      inside = "lines";
    }
  }
  return items;
}

const fence = /^\s*(?:```|~~~)/u;

/** Whether a line belongs to an item: a wrapped line does, and so does code that the item introduces. */
function belongsTo(item: Item, line: string): boolean {
  return /^(?: {2}|\t)/.test(line) || (fence.test(line) && /[:：]$/u.test(item.text));
}

/** The text after the heading on its line; null if the line is not a heading, like "Acceptance tests are slow". */
export function headingOf(line: string): string | null {
  const rest = heading.exec(line)?.[1];
  if (rest === undefined) return null;
  if (rest !== "" && !/[:：]/.test(line.slice(0, line.length - rest.length))) return null;
  return /^(?:the following|as follows|these|below|如下)?\s*[:：.。]?$/iu.test(rest) ? "" : rest.trim();
}

/** Words that say what must hold, in each language. Words that also mean "I owe" or "one has" are left out. */
const obligation = new RegExp(
  [
    "\\b(?:should|must|shall|has to|have to|is expected to|needs to|soll(?:en|te|ten)?|muss|muß|müssen|müsste|darf|dürfen|doit|doivent|devra(?:it|ient|ont)?|ne peu(?:t|vent) pas|il faut que|debe(?:n|ría|rían|rá|rán)?|tienen? que|hay que|deve(?:m|ria|riam|rá|rão)?|precisa(?:m)? (?:ser|de)|tem que|têm que|tem de)(?![\\p{L}\\p{N}_])",
    "应该|应当|必须|不得|不能再|需要(?!求)|需(?=[^求要])|一律",
    "べき|なければなら|なければいけ|ねばなら|必要がある|はず|ようにする|ようにして|すること(?=$|[。.])|しないこと",
    "해야|하여야|되어야|돼야|어야 (?:한다|합니다|해요|함)|아야 (?:한다|합니다|해요|함)|도록 (?:한다|합니다|해)|면 안 (?:된다|됩니다|돼)",
  ].join("|"),
  "iu",
);
const newTest =
  /\b(?:new|added|additional|regression) tests?\b[^\n]{0,300}\b(?:fails?|pass(?:es)?|shows?|covers?|proves?|asserts?)\b|新(?:增|加|的|写).{0,6}测试/iu;

/** Whether a sentence has an observable obligation or is about a new test. Vague or unbounded sentences, and the line before a list that has the details, don't count. */
function mustHold(part: TextPart, rules: ClarificationRules): boolean {
  const sentence = withLead(part);
  if (/[:：]$/u.test(sentence)) return false;
  if (!newTest.test(sentence) && !obligation.test(sentence)) return false;
  if (!newTest.test(sentence) && !isObservable(sentence.replace(obligation, " "), rules)) return false;
  return vagueWordsIn(sentence, rules).length + unboundedWordsIn(sentence, rules).length === 0;
}

/** An item of a list, preceded by the line before the list if the item needs it to say what must hold. */
export function withLead({ text, lead }: TextPart): string {
  return lead === null || !obligation.test(lead) || obligation.test(text) ? text : `${lead} ${text}`;
}
