/**
 * Extracts string and number literals from changed lines, such as a key of a rewritten table or a limit that moved, to use as inputs that no test has. Test
 * generators call this constant seeding (Fraser and Arcuri, "The Seed is Strong", ICST 2012). Reads hostile text line by line, without a grammar; bounded.
 * Pure.
 */

const textsMax = 16;
const numbersMax = 8;
const textCharactersMax = 40;
const lineCharactersMax = 400;
const linesMax = 2000;

/** The first different constants of each kind. `limits`: numbers in lines with a comparison. */
export interface Constants {
  readonly texts: readonly string[];
  readonly limits: readonly number[];
  readonly numbers: readonly number[];
}
/** `removed`: in lines that only the base has. `added`: in lines that only the change has. */
export interface NamedConstants {
  readonly removed: Constants;
  readonly added: Constants;
}

const none: Constants = { texts: [], limits: [], numbers: [] };
export const noConstants: NamedConstants = { removed: none, added: none };

/** `base`, `candidate`: the contents of all changed files. A line that is only moved or indented counts as unchanged. */
export function namedConstants(base: readonly string[], candidate: readonly string[]): NamedConstants {
  const [before, now] = [linesOf(base), linesOf(candidate)];
  return { removed: constantsOf(before.filter(notIn(now))), added: constantsOf(now.filter(notIn(before))) };
}

function linesOf(contents: readonly string[]): string[] {
  return contents.flatMap((content) => content.split("\n").map((line) => line.trim()));
}

function notIn(lines: readonly string[]): (line: string) => boolean {
  const known = new Set(lines);
  return (line) => !known.has(line);
}

/** A comment line. `#limit` is a field and `* 1440` a factor, so they don't match. */
const comment = /^(?:\/\/|\/\*(?!.*\*\/\s*\S)|\*(?:\/|$|\s+\D)|#(?:[\s!]|$))/u;
const imports = /^import\b|^from\s+\S+\s+import\b|=\s*require\(\s*['"]|^(?:export\b.*|\}\s*)\bfrom\s+['"]/u;
const quoted = /"([^"\\\n]*)"|'([^'\\\n]*)'|`([^`\\$\n]*)`/gu;
const key = /(?:^|[{,(]\s*)([A-Za-z_]\w*)\s*:(?!:)/gu;
const number = /(?<![\w.])(?:0x[\da-fA-F_]{1,12}|\d[\d_]{0,14}(?:\.\d{1,10})?(?:e\+?\d{1,2})?)(?![\w.])/gu;
const compares = /[<>=!]=|(?<![=<-])[<>](?![<>])/u;
/** In `24 * 60` the product is the limit, not the factors. */
const product = /(?<![\w.])(\d{1,7})\s*\*\s*(\d{1,7})(?![\w.])/gu;

function constantsOf(lines: readonly string[]): Constants {
  const texts = new Set<string>();
  const [limits, numbers] = [new Set<number>(), new Set<number>()];
  for (const line of lines.slice(0, linesMax)) {
    if (line.length > lineCharactersMax || comment.test(line) || imports.test(line)) continue;
    for (const [, double, single, back] of line.matchAll(quoted)) texts.add(double ?? single ?? back ?? "");
    const bare = line.replaceAll(quoted, '""');
    for (const [, name = ""] of bare.matchAll(key)) texts.add(name);
    const found = compares.test(bare) ? limits : numbers;
    for (const [, one, other] of bare.matchAll(product)) found.add(Number(one) * Number(other));
    for (const [digits] of bare.matchAll(number)) found.add(Number(digits.replaceAll("_", "")));
  }
  const isUseful = (text: string) => text.trim() !== "" && text.length <= textCharactersMax;
  return {
    texts: [...texts].filter(isUseful).slice(0, textsMax),
    limits: [...limits].filter(Number.isFinite).slice(0, numbersMax),
    numbers: [...numbers].filter(Number.isFinite).slice(0, numbersMax),
  };
}

/** Variants of a text: each constant in it replaced by each other one, then the constants themselves. */
export function withConstants(text: string, constants: readonly string[]): string[] {
  const held = constants.filter((one) => one !== text && text.includes(one));
  const replaced = held.flatMap((one) =>
    constants.filter((other) => other !== one).map((other) => text.replace(one, () => other)),
  );
  return [...new Set([...replaced, ...constants])].filter((one) => one !== text);
}
