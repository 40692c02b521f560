/** Finds lines of code that know a programming language: they test a path for the ending of its files, or compare the language's name. */

const names = "javascript|python|go|rust|csharp|java|php|ruby|shell|script|node";
const comparesName = new RegExp(String.raw`\blanguage\)?\s*[!=]==\s*["'](?:${names})["']`, "u");
const plainEnding =
  /(["'`])\.(?:go|py[iw]?|rs|java|rb|php|sh|cs|[cm]?[jt]sx?)\1|\bendsWith\(["'`][^"'`]*\.(?:go|py|rs|java|rb|php|sh|cs|[jt]s)["'`]\)/u;
/** One of the endings in a regular expression, such as `[cm]?[jt]sx?`. */
const ending =
  /^(?:\[cm\]\?|m\?|\(m\|c\)\?)?(?:go|py(?:w|i|\[iw\])?\??|rs|java|rb|php|sh|cs|\[jt\]sx?\??|\[jt\]|\(j\|t\)s|[jt]sx?\??)$/u;

/** The numbers of the lines, from 1. */
export function languageKnowledge(text: string): number[] {
  return text.split("\n").flatMap((line, index) => (knowsLanguage(line) ? [index + 1] : []));
}

function knowsLanguage(line: string): boolean {
  if (/^\s*(?:\/\*|\*|\/\/)/u.test(line)) return false;
  if (comparesName.test(line) || plainEnding.test(line)) return true;
  return [...line.matchAll(/(.?)\\\.(\((?:\?:)?(?:[^()]|\([^()]*\))*\)|(?:[\w?]|\[\w+\]|\(\w\|\w\))+)/gu)].some(
    // `setup\.py` is one file.
    ([, before = "", found = ""]) =>
      !/[a-su-z]/u.test(before) &&
      found
        .replace(/^\((?:\?:)?(.*)\)$/u, "$1")
        .split(/\|(?![^(]*\))/u)
        .some((one) => ending.test(one)),
  );
}
