/** The normal forms in which texts are read and compared, and the scripts whose width is measured differently. Use each form only for the purpose in its comment. */

const dense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const everyDense = new RegExp(dense, "gu");
export const latin = /\p{Script=Latin}/gu;
const greekOrCyrillic = /[\p{Script=Greek}\p{Script=Cyrillic}]/gu;
const accents = /[\u0300-\u036f]/g;
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** True if the text has a script without spaces, whose words are searched for anywhere. A terminal has more wide characters. */
export function hasDense(text: string): boolean {
  return dense.test(text);
}

export function denseCharacters(text: string): number {
  return count(text, everyDense);
}

/** The length of a text, to decide what is too short. A run of spaces or of one punctuation mark counts as one, a character of a dense script as two. */
export function widthOf(text: string): number {
  const spare = tidy(text).replace(/(\p{P})\1+/gu, "$1");
  return [...spare].length + denseCharacters(spare);
}

/** For recognizing the language and measuring: normal characters, single spaces, nothing invisible; fillers count as spaces. The words stay as written. */
export function tidy(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\u115f\u1160\u2800]/g, " ")
    .replace(invisible, "")
    .replace(/\s+/gu, " ")
    .trim();
}

/** For the lexicons' words (words.ts): lower case without accents in any script. Lines stay separate, because they end clauses. */
export function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replace(invisible, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(accents, "")
    .normalize("NFC")
    .replace(/[^\S\n]+/gu, " ")
    .trim();
}

/** Letters of other alphabets, and on the next line the Latin letters that they look like. */
const lookalikes = [..."авекмнорстухіјѕһԁԛԝαβεηικνορτυχωıɡɑ"];
const like = [..."abekmhopctyxijshdqwabenikvoptuxwiga"];

/** For the policy's words (phrases.ts), which nobody may evade: lower case; in a mainly Latin text also without accents and with lookalike letters replaced. */
export function folded(text: string): string {
  const lower = tidy(text).toLowerCase();
  if (count(lower, latin) <= count(lower, greekOrCyrillic)) return lower;
  const bare = lower.normalize("NFD").replace(accents, "");
  return bare.normalize("NFC").replace(/\P{ASCII}/gu, (character) => like[lookalikes.indexOf(character)] ?? character);
}

/** For comparing two texts, such as criteria and answers: folded, without punctuation. */
export function normalized(text: string): string {
  return tidy(folded(text).replace(/[\p{P}\p{S}]/gu, " "));
}

export function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
