/** Makes texts at run time that a scanner's rule must find, the same for the same seed. The only file that uses randexp. */
import RandExp from "randexp";
import { javascriptOf, type SecretRule } from "./secret-rules.ts";
import { numbersFrom } from "./seeded.ts";

const triesMax = 400;

export interface PlantedSecret {
  readonly rule: string;
  /** The part that the rule matches, with its name and marks. */
  readonly match: string;
  readonly secret: string;
}

/** Null if no try gave a text that the rule itself accepts, including its entropy. */
export function makeSecret(rule: SecretRule, seed: number): PlantedSecret | null {
  const accepts = javascriptOf(rule.regex);
  const plain = plainOf(rule.regex);
  for (let attempt = 0; attempt < triesMax; attempt += 1) {
    const random = new RandExp(plain);
    const next = numbersFrom(seed * 1_000 + attempt);
    random.max = 12;
    random.randInt = (from, to) => from + Math.floor(next() * (to - from + 1));
    random.defaultRange.subtract(0, 126);
    random.defaultRange.add(32, 126);
    const match = random.gen();
    const found = accepts.exec(match);
    if (found === null) continue;
    const secret =
      rule.secretGroup === null ? (found.slice(1).find((group) => group) ?? found[0]) : found[rule.secretGroup];
    if (secret !== undefined && entropyBits(secret) > rule.entropy) return { rule: rule.id, match, secret };
  }
  return null;
}

/** randexp knows neither flags nor Go's names and classes; white space is limited to that of source files. */
function plainOf(regex: string): RegExp {
  const text = regex
    .replaceAll(/\(\?i\)/g, "")
    .replaceAll(/\(\?-?[is]+:/g, "(?:")
    .replaceAll(/\(\?P<\w+>/g, "(?:")
    .replaceAll("[[:alnum:]]", "[a-zA-Z0-9]")
    .replaceAll("\\z", "$")
    .replaceAll("[\\s\\S-]", "[A-Za-z0-9+/\\n]")
    .replaceAll("[\\S]", "[A-Za-z0-9]")
    .replaceAll(/\\s/g, () => " ");
  return new RegExp(text);
}

function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return -[...counts.values()].reduce((sum, count) => sum + (count / text.length) * Math.log2(count / text.length), 0);
}
