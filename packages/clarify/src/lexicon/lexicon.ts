/**
 * The shape of one language's words for reading requests. Words are data: entries are separated by commas; a stem ends with `*`; of the words in
 * `(a|b c)` one stands there, of `(a|b)?` perhaps none; `_` is any word, `..` a gap within a clause. Case and accents don't matter.
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
/** What a word can say in a request. */
export const concepts = [
  ...changeVerbs,
  // Nouns that do.
  "testNoun",
  "docNoun",
  "dependency",
  "typo",
  // What people see or a developer finds without its name: a button, a column, an invoice.
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
  // What is needed lies where nothing here can read it.
  "elsewhere",
  // What a person said, knows or wants; "the new one"; what is right in somebody's judgement; what is to satisfy two sides.
  "told",
  "renewed",
  "judged",
  "both",
  // "Like in our other app"; "the right one"; now and then; some of them; and so on; a verb of thinking as the whole request.
  "otherOne",
  "right",
  "sometimes",
  "some",
  "etc",
  "ponder",
  // Who may decide or know, and what they are still preparing.
  "people",
  "preparing",
  "wish",
  // "The numbers follow next week".
  "soon",
  "handing",
  // A change without a stated result; an adjective that needs a value; "keeps working" in a request to remove something; what is ruled out.
  "alter",
  "gradable",
  "goesOn",
  "forbids",
  "untouched",
  // Alternatives, and the purpose that they may be part of; what begins a clause about what is so.
  "either",
  "purpose",
  "that",
  // What makes a ticket or a link the source of what is wanted.
  "source",
  // An amount changes; a degree instead of a value; only what is (not) in use.
  "amount",
  "level",
  "unused",
  // What takes such a doubt back: it was decided, either will do, it is only politeness.
  "settled",
  "free",
  "disclaimer",
  // The value is that of something else or a share of what is; what is now.
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
  // What takes a word back.
  "rest",
  "negation",
  "negationAfter",
] as const;
export type Concept = (typeof concepts)[number];

/** English and Chinese have no words of these: the policy's words and negations are used for them (loose-words.ts). */
type OfPolicy = "unbounded" | "rest" | "negation" | "negationAfter";

/** `common`: frequent short words by which the language is recognized; `letters`: letters that other languages written in Latin do not have. */
export interface Lexicon {
  readonly common: string;
  readonly letters: string;
  /** Headings above a list of criteria. */
  readonly headings: string;
  readonly words: Readonly<Record<Exclude<Concept, OfPolicy>, string> & Partial<Record<OfPolicy, string>>>;
}
