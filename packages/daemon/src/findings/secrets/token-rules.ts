/** Finds secrets by their form: documented forms of vendors and standards, and armoured private keys. Secretlint's own rules require today's exact lengths. */
import { hasHighEntropy } from "./high-entropy.ts";
import { literalFilter } from "./literal-filter.ts";
import { secretForms } from "./secret-forms.ts";
import type { SecretMatch } from "./secret-match.ts";

/** Text that may interrupt a key: line ends in any notation, quotes, operators, comment marks. None of it can start like Base64. */
const filler = String.raw`(?:[^A-Za-z0-9+/=\\&<%-]|\\{1,4}[nrt"']|<br ?/?>|&#(?:x[0-9a-f]{1,2}|1[03]);|%0[adAD])`;
const headerLine = String.raw`[\w-]{1,40}:(?:[^\n\\]|\\(?!\\?[nr])){0,100}(?:\n|\\{1,2}[nr])`;
/** Armour of RFC 7468 and 9580 has five dashes, of RFC 4716's relatives four and a space. */
const armouredKey = new RegExp(
  `-{4,5} ?BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)? ?-{4,5}(?:${filler}|${headerLine}){0,200}(?:[A-Za-z0-9+/=]${filler}{0,40}){40}`,
  "g",
);
/** An operator's token, as `aedev operator add` prints it. */
const operatorToken = /(?<![A-Za-z0-9])aedev_[0-9a-f]{96}(?![0-9a-f])/g;
const placeholder = /example|placeholder|redacted|dummy|changeme|your[-_]?(key|token)|(.)\2{15}|[xX*.]{6}/i;

/** Every secret of a documented form, except obvious placeholders. */
export function scanForTokens(text: string): SecretMatch[] {
  const mayContain = literalFilter(text);
  return [
    ...secretForms()
      .filter(({ literals }) => literals.some(mayContain))
      .flatMap(({ rule, pattern, isRandom, isPair, isCertain }) =>
        [...text.matchAll(pattern)].flatMap((match) => {
          const value = match[1] ?? match[0];
          const [start, end] = match.indices?.[match[1] === undefined ? 0 : 1] ?? [0, 0];
          if (placeholder.test(value) || (isRandom && !hasHighEntropy(randomPart(value)))) return [];
          if (isPair && !isUserAndPassword(value)) return [];
          return [{ rule, start, end, isCertain }];
        }),
      ),
    ...[...text.matchAll(operatorToken)].map((match) => ({
      rule: "aedev-operator-token",
      start: match.index,
      end: match.index + match[0].length,
      isCertain: true,
    })),
    ...(text.includes("PRIVATE KEY") ? [...text.matchAll(armouredKey)] : []).map((match) => ({
      rule: "private-key",
      start: match.index,
      end: match.index + match[0].length,
      isCertain: true,
    })),
  ];
}

/** The part of a token after its prefix. */
function randomPart(value: string): string {
  return value.slice(value.lastIndexOf("_") + 1);
}

function isUserAndPassword(base64: string): boolean {
  const decoded = Buffer.from(base64, "base64").toString("latin1");
  return /^[\x20-\x7e]{0,200}:[\x20-\x7e]{4,2000}$/.test(decoded) && !placeholder.test(decoded);
}
