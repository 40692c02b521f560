/** The texts of rules and lessons: their words, whether two say nearly the same, and why a text may not become a lesson. Pure. */
import { hasControls, hasInvisibles, memoryLineMax } from "@aedev/contracts";

/** Words that say nothing about what a text is about. */
const emptyWords = new Set(
  "add all and are but can change changed changes code does each file files for from has have how into its make more must new not now one only other run runs should task test tests than that the their them then there they this was when where which will with you your".split(
    " ",
  ),
);
const lettersMin = 3;
/** The share of common words from which two texts say nearly the same. */
const sameFrom = 0.7;

/** The words of a text and of the names in it, in lower case: `lib/taxRate.js` has `lib`, `tax`, `rate`. */
export function subjectWords(text: string): ReadonlySet<string> {
  const parts = text
    .normalize("NFKC")
    .replace(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, "$1 ")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return new Set((parts ?? []).filter((part) => part.length >= lettersMin && !emptyWords.has(part)));
}

/** Whether two texts consist mostly of the same words. */
export function isNearDuplicate(one: string, other: string): boolean {
  const [left, right] = [subjectWords(one), subjectWords(other)];
  const both = [...left].filter((part) => right.has(part)).length;
  const all = left.size + right.size - both;
  return all === 0 ? one.trim() === other.trim() : both / all >= sameFrom;
}

/** How texts speak to a model instead of about the code. A list proves nothing: a person reads every lesson too, and a prompt quotes them. */
const orders: readonly RegExp[] = [
  /\b(ignore|disregard|forget|overrid\w+|bypass\w*|circumvent)\b.{0,60}\b(instruction|rule|prompt|message|criteri|mission|polic|above|before|previous|prior|earlier)/iu,
  /\b(system|developer|assistant|user|human)\s*(prompt|message|:|>)/iu,
  /\byou\s+are\s+(now|no\s+longer|an?\b)|\bact\s+as\b|\bpretend\b|\bjailbreak/iu,
  /\b(new|real|actual|true|secret|hidden)\s+(instruction|task|mission|order|rule|goal)/iu,
  /\b(do\s+not|don't|never)\s+(tell|mention|reveal|report|inform|show)\b/iu,
  /\b(send|print|post|upload|leak|reveal|exfiltrat\w*|expose)\b.{0,40}\b(key|token|secret|password|credential|env)/iu,
  /\b(skip|disabl\w+|delet\w+|remov\w+|weaken\w*|comment\s+out|turn\s+off)\b.{0,40}\b(tests?|checks?|assertions?|judges?|gate|guard|lint\w*)\b/iu,
  /\b(approve|accept|merge)\b.{0,20}\b(everything|anything|any|all|this|automatically)\b/iu,
  /[a-z][a-z0-9+.-]*:\/\/|\bwww\.|\bcurl\b|\bwget\b|\beval\b|\bbase64\b|\|\s*(ba|z)?sh\b/iu,
  /<\/?[a-z!|][^>]*>|```|~~~|\[\/?INST\]|<\|/iu,
  /[A-Za-z0-9+=_]{40,}/u,
];

/** Why a text can't be a lesson; null: it can. Foreign look-alike letters are compared in their usual form. */
export function lessonProblem(text: string): string | null {
  if (text.trim() === "" || text.length > memoryLineMax)
    return `is not one line of at most ${memoryLineMax} characters`;
  if (hasControls(text) || hasInvisibles(text)) return "has line breaks, control or invisible characters";
  const named = text.replace(/`([^`]*)`/gu, (quoted, path: string) => (isPlainPath(path) ? "`file`" : quoted));
  const plain = named.normalize("NFKC").replace(/\s+/gu, " ");
  return orders.some((order) => order.test(plain)) ? "reads like an order to a model" : null;
}

/** A path that can stand in a sentence without saying anything: no spaces and no marks of a text. */
export function isPlainPath(path: string): boolean {
  return /^[\w@+-][\w@.+-]*(?:\/[\w@.+-]+)*$/u.test(path) && path.length <= 120 && !path.includes("..");
}
