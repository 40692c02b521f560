/** Tells a question about the code from a request for a change that is put as a question ("can you rename …?"). */
import { changeVerbs } from "../lexicon/lexicon.ts";
import { endsClause, type Found, type FoundWords, type Words } from "../reading/words.ts";
import { type Reading, type Sentence, sentencesMax } from "./reading.ts";

/** Sentence endings that make a question without a question mark. */
const questionEndings: Readonly<Partial<Record<Reading["language"], RegExp>>> = {
  japanese: /(?:ですか|ますか|でしょうか|のか|んですか|ませんか|だろうか|かな|なの|たっけ|ますっけ)[。.!\s]*$/u,
  chinese: /(?:吗|呢|么)[。.!\s]*$/u,
  korean: /(?:나요|까요|가요|습니까|입니까|인지요|하죠|는지|던데|던데요|을까|건지요)[.!\s]*$/u,
};

/** True if the request asks something and contains no request for a change. */
export function isQuestion(reading: Reading): boolean {
  if (reading.sentences.length === sentencesMax) return false;
  const asked = reading.sentences.filter((sentence) => isAsking(reading, sentence));
  if (asked.length === 0) return isInquiry(reading);
  return reading.sentences.every((sentence) => asked.includes(sentence) || !isOrder(sentence));
}

/** True for a sentence that asks for an answer; a polite request for a change does not. */
export function isAsking({ language }: Reading, { text, asks, found }: Sentence): boolean {
  if (!asks && !(questionEndings[language]?.test(text) ?? false) && found.wonder.length === 0) return false;
  const courtesies = new Set([...found.polite, ...found.disclaimer].map(({ entry }) => entry)).size;
  if (courtesies === 0 || found.inquiry.length > 0) return true;
  return courtesies === 1 && !changeVerbs.some((concept) => found[concept].length > 0);
}

/** Verbs of change that are as often nouns in a statement. */
const nouns: ReadonlySet<string> = new Set(["document", "speed"]);

/** True for a sentence that says what to do or what should be, but not for a statement of fact. */
export function isOrder({ words, found }: Sentence): boolean {
  if (found.expected.length + found.polite.length > 0) return true;
  return changeVerbs.some(
    (concept) => !nouns.has(concept) && found[concept].some(({ at, dense }) => dense || isCommanding(at, words, found)),
  );
}

/** True for a verb that begins a clause, or ends it, as a German infinitive does. */
function isCommanding(at: number, { tokens }: Words, { negation }: FoundWords): boolean {
  const begins = at <= 1 || endsClause(tokens[at - 1]) || endsClause(tokens[at - 2]);
  const ends = at === tokens.length - 1 || endsClause(tokens[at + 1]);
  return begins || (ends && negation.length === 0);
}

/** "Explain how the cache works" asks for an answer, although it is an order. "Suggest the nearest command if one is unknown" describes a program. */
export function isInquiry({ sentences }: Reading): boolean {
  const [first] = sentences;
  if (first === undefined || sentences.length > 2) return false;
  const { found, words } = first;
  const orders = found.inquiry.filter(({ at, dense }) => dense || at <= 3);
  const asks = orders.some((order) =>
    found.interrogative.some((word) => order.dense || word.dense || isNext(words, order, word)),
  );
  return (
    asks &&
    found.expected.length === 0 &&
    !changeVerbs.some((concept) => found[concept].some(({ at, dense }) => dense || at < 2))
  );
}

/** "Explain how", "tell me, please, why": at most one word between a verb and what it asks for. */
function isNext({ tokens }: Words, verb: Found, asked: Found): boolean {
  if (asked.at < verb.at) return false;
  return tokens.slice(verb.end, asked.at).filter((token) => !endsClause(token)).length <= 1;
}
