/**
 * The form of one language's words for reading requests. Words are data. Commas separate entries; a stem ends with `*`; `(a|b c)` matches either
 * alternative, `(a|b)?` optionally; `_` is any word, `..` a gap within a clause. Case and accents don't matter.
 *
 * Folder: data: the words of eight languages by what they say in a request.
 */

/** The languages in which requests are read and questions asked. */
export const textLanguages = [
  "english",
  "german",
  "french",
  "spanish",
  "portuguese",
  "japanese",
  "chinese",
  "korean",
] as const;
/** A language in which a request can be written. */
export type TextLanguage = (typeof textLanguages)[number];

/** Verbs that tell what kind of change is asked for. */
export const changeVerbs = [
  "fix",
  "add",
  "rename",
  "remove",
  "upgrade",
  "refactor",
  "document",
  "speed",
  "set",
  "replace",
  "move",
] as const;
/** What a word can say in a request. A comment describes the concepts below it, in order. */
export const concepts = [
  ...changeVerbs,
  // Nouns that tell the kind of change.
  "testNoun",
  "docNoun",
  "dependency",
  "typo",
  // Things that people see, or that a developer finds without a name: a button, a column, an invoice.
  "surface",
  // What should be, what is, and under which condition.
  "expected",
  "contrast",
  "symptom",
  "broken",
  "condition",
  "observable",
  "unchanged",
  "limit",
  "compare",
  "into",
  // What makes a request unclear.
  "vague",
  "unbounded",
  "placeholder",
  "hedge",
  "undecided",
  "deferred",
  // The needed facts are in a place that can't be read here.
  "elsewhere",
  // What a person said, knows or wants; "the new one"; what somebody considers right; something that must satisfy two sides.
  "told",
  "renewed",
  "judged",
  "both",
  // "Like in our other app"; "the right one"; now and then; some of them; and so on; a verb of thinking that is the whole request.
  "otherOne",
  "right",
  "sometimes",
  "some",
  "etc",
  "ponder",
  // Who may decide or know; what they are still preparing; what they wish.
  "people",
  "preparing",
  "wish",
  // "The numbers follow next week".
  "soon",
  "handing",
  // A change without a stated result; an adjective that needs a value; "keeps working" in a request to remove something; what is forbidden or ruled out.
  "alter",
  "gradable",
  "goesOn",
  "forbids",
  "untouched",
  // Alternatives; the purpose that they may be part of; the start of a clause about a fact.
  "either",
  "purpose",
  "that",
  // What makes a ticket or a link the source of the wanted facts.
  "source",
  // A changing amount; a degree instead of a value; only what is (not) in use.
  "amount",
  "level",
  "unused",
  // Words that remove such a doubt: it was decided; either will do; it is mere politeness.
  "settled",
  "free",
  "disclaimer",
  // A value relative to something else or a share of a present value; the present value.
  "relative",
  "now",
  // "This instead of that"; what is forbidden, or allowed only under a condition.
  "instead",
  "rule",
  // A sentence that asks without a question mark: "I wonder why", 请问.
  "wonder",
  "interrogative",
  "inquiry",
  "polite",
  // Words that take another word back.
  "rest",
  "negation",
  "negationAfter",
] as const;
export type Concept = (typeof concepts)[number];

/** The lexicons of English and Chinese lack these concepts: the policy's words and negations are used for them (loose-words.ts). */
type OfPolicy = "unbounded" | "rest" | "negation" | "negationAfter";

/** `common`: frequent short words that identify the language. `letters`: letters that no other language in Latin script has. */
export interface Lexicon {
  readonly common: string;
  readonly letters: string;
  readonly headings: string;
  readonly words: Readonly<Record<Exclude<Concept, OfPolicy>, string> & Partial<Record<OfPolicy, string>>>;
}
