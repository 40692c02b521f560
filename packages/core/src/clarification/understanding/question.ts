/** Tells a question about the code from a request for a change that is put as a question ("can you rename …?"). */
import { changeVerbs } from "../lexicon/lexicon.ts";
import { findWords, wordsOf } from "../reading/words.ts";
import type { Reading, Sentence } from "./reading.ts";

/** Endings by which a sentence is a question without a question mark. */
const asking: Readonly<Partial<Record<Reading["language"], RegExp>>> = {
  japanese: /(?:ですか|ますか|でしょうか|のか|んですか|ませんか|だろうか|かな|なの)[。.!\s]*$/u,
  chinese: /(?:吗|呢|么)[。.!\s]*$/u,
  korean: /(?:나요|까요|가요|습니까|입니까|인지요|하죠|는지)[.!\s]*$/u,
};

/** True if everything that is said asks, and nothing asks for a change. */
export function isQuestion(reading: Reading): boolean {
  const { sentences } = reading;
  if (sentences.length === 0) return false;
  return sentences.every((sentence) => isAsking(reading, sentence)) || isInquiry(reading);
}

/** True for a sentence that asks for an answer; a polite request for a change does not. */
export function isAsking({ language }: Reading, { text, asks }: Sentence): boolean {
  if (!asks && !(asking[language]?.test(text) ?? false)) return false;
  const found = findWords(language, wordsOf(text));
  const polite = found.polite.length > 0 && found.inquiry.length === 0;
  return !(polite && changeVerbs.some((concept) => found[concept].length > 0));
}

/** "Explain how the cache works": an order, but for an answer. */
function isInquiry({ language, sentences }: Reading): boolean {
  const [first] = sentences;
  if (first === undefined || sentences.length > 2) return false;
  const found = findWords(language, wordsOf(first.text));
  const orders = found.inquiry.filter(({ at, dense }) => dense || at <= 3);
  const asks = found.interrogative.length > 0;
  return (
    orders.length > 0 && asks && !changeVerbs.some((concept) => found[concept].some(({ at, dense }) => dense || at < 2))
  );
}
