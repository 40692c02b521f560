/** Finds the policy's words in a text, in any case: as whole words, or anywhere for scripts without spaces. */
import { folded, hasDense } from "./normal-form.ts";

/** The words that occur in the text, as the policy writes them. */
export function phrasesIn(text: string, words: readonly string[]): string[] {
  const searched = folded(text);
  return words.filter((word) => stands(searched, folded(word)));
}

/** The words that occur and are not negated ("not the whole app", "everything else stays as it is", 不是整个应用). */
export function unnegatedPhrasesIn(text: string, words: readonly string[]): string[] {
  const searched = folded(text);
  return words.filter((word) => {
    const sought = folded(word);
    if (sought === "") return false;
    return stands(searched.replaceAll(negated(sought), " ").replaceAll(leftAlonePattern(sought), " "), sought);
  });
}

function stands(text: string, word: string): boolean {
  if (word === "") return false;
  return hasDense(word) ? text.includes(word) : wholeWord(word).test(text);
}

/** Only Latin letters, digits and `_` extend a word: a Chinese character may follow an English word directly. */
function wholeWord(word: string): RegExp {
  return new RegExp(`(?<![\\p{Script=Latin}\\p{N}_])${escaped(word)}(?![\\p{Script=Latin}\\p{N}_])`, "u");
}

function negated(word: string): RegExp {
  const before = hasDense(word)
    ? "(?:不要|不是|不得|不会|而不是|而非|除了|无需|不|非)[^，。；,;.]{0,4}?"
    : "\\b(?:not|no|never|nor|without|instead of|rather than|except)\\s+(?:(?:the|a|an|touch|change|to)\\s+){0,2}";
  return new RegExp(`${before}${escaped(word)}`, "gu");
}

/** Phrases that say that everything else stays the same: they limit the scope. */
function leftAlonePattern(word: string): RegExp {
  const pattern = hasDense(word)
    ? `(?:(?:其他|其它|其余|别的)[^，。；,;]{0,6}${escaped(word)}|${escaped(word)}(?:其他|其它|其余|别的|现有)?)[^，。；,;]{0,10}(?:不变|不动|不改|保持|仍然通过)`
    : `${escaped(word)}\\s+(?:else|others?|rest|existing|remaining)\\b[^.;,]{0,40}\\b(?:stays?|remains?|keeps?|pass|passes|unchanged|untouched|the same|as it is|as they are|left alone)\\b`;
  return new RegExp(pattern, "gu");
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replace(/ /g, "\\s+");
}
