/** Tells whether a request says everything that its kind needs: both names of a rename, dependency and version, setting and value, wrong and right text. */
import type { Concept } from "../lexicon/lexicon.ts";
import type { RequestKind } from "../lexicon/request-kind.ts";
import type { AnchorKind } from "../reading/anchors.ts";
import { hasDense } from "../reading/normal-form.ts";
import { entriesOf, namedOf, type Reading, type Sentence } from "./reading.ts";
import { endOf, isSameClause, marksOf } from "./sentence.ts";

const versions: ReadonlySet<AnchorKind> = new Set(["version"]);
const names: ReadonlySet<AnchorKind> = new Set(["name"]);
const numbers: ReadonlySet<AnchorKind> = new Set(["number"]);
const values: ReadonlySet<AnchorKind> = new Set(["number", "measure", "literal", "quote", "version", "code"]);
const targets: ReadonlySet<AnchorKind> = new Set(["measure"]);
const things: ReadonlySet<AnchorKind> = new Set(["code", "quote", "path", "route", "flag", "package", "symbol"]);
/** "recieve -> receive": an arrow between two short things with at most four words after it. */
const pairPattern =
  /[^\s][ \t]{0,8}(?:->|=>|→|⇒|⟶|➜)[ \t]{0,8}[^\s,;.()，。；、]{1,80}(?:[ \t]{1,8}[^\s,;.()，。；、]{1,80}){0,3}[ \t]{0,8}(?:$|[\n,;.()，。；、])/u;
/** A number that can be a version, but not a year. */
const versionNumber = /^\d{1,3}(?:[.]\d{1,5})*$/;

export function isComplete(reading: Reading, kind: RequestKind): boolean {
  const count = (kinds: ReadonlySet<AnchorKind>) => namedOf(reading, kinds).length;
  const entries = (concept: Concept) => entriesOf(reading, concept).length;
  const has = (concept: Concept) => entries(concept) > 0;
  if (has("vague") || has("placeholder") || has("hedge")) return false;
  const isPair = pairPattern.test(reading.text);
  switch (kind) {
    case "upgrade":
      return count(versions) > 0 || namedOf(reading, numbers).some((number) => versionNumber.test(number));
    case "rename":
      return namesTwo(reading) || isPair;
    case "removal":
      return count(things) + count(names) + count(numbers) >= 1 || isEnumeration(reading) || entries("surface") > 1;
    case "config":
      return (
        namesResult(reading) ||
        (count(values) > 0 && (count(things) > 0 || has("set"))) ||
        (has("set") && count(names) > 1)
      );
    case "perf":
      return count(targets) > 0 && has("compare");
    case "fix":
      return (has("typo") && (count(things) >= 1 || isPair)) || isPair;
    case "refactor":
      return (
        (has("unchanged") && (count(things) >= 1 || namesResult(reading))) ||
        (namesResult(reading) && count(things) + count(names) + count(values) >= 2)
      );
    case "test":
      return (count(things) + count(names) > 0 && has("condition")) || (entries("observable") > 0 && has("that"));
    case "docs":
      return isPair || (has("that") && count(things) + count(names) > 1);
    default:
      return isPair || (has("add") && has("remove") && count(numbers) + count(versions) > 1);
  }
}

const paths: ReadonlySet<AnchorKind> = new Set(["path"]);
const nameable: ReadonlySet<AnchorKind> = new Set(["code", "quote", "route", "flag", "package", "symbol", "name"]);

/** Whether the old and the new name are given; a file with one name tells only the place. */
function namesTwo(reading: Reading): boolean {
  return namedOf(reading, nameable).length >= 2 || namedOf(reading, paths).length >= 2;
}

/** "Change it to that": a verb of change and its result. */
export function namesResult(reading: Reading): boolean {
  return reading.sentences.some(hasResult);
}

/** True if a sentence has a verb of change and its result; "change the colour in Toolbar.tsx" names only the place. */
export function hasResult(sentence: Sentence): boolean {
  const { found } = sentence;
  const verbs = [...found.set, ...found.replace, ...found.rename];
  const places = marksOf(sentence).filter(({ anchor }) => paths.has(anchor.kind));
  return found.into.some((word) => {
    if (!verbs.some((verb) => isSameClause(sentence, verb, word))) return false;
    const end = endOf(sentence, word);
    return word.dense || !places.some(({ at }) => at >= end && at - end <= 2);
  });
}

/** The most words, or characters of a dense script, in one item of a list. */
const itemTokensMax = 8;
const itemDenseMax = 14;

/** True for a list of at least three things: "button, callback route, dependency and both variables". */
function isEnumeration({ prose }: Reading): boolean {
  return prose.split(/[.;:!?。；：！？()（）\n]/u).some((clause) => {
    const items = clause.split(/[,，、·・]|\s(?:and|or|und|et|y|e)\s/u).map((item) => item.trim());
    const short = items.filter(
      (item) =>
        item !== "" && (hasDense(item) ? item.length <= itemDenseMax : item.split(/\s+/u).length <= itemTokensMax),
    );
    return items.length >= 3 && short.length === items.length;
  });
}
