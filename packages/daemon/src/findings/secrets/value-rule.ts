/** Finds secrets by name: a random-looking value under a key such as `api_key`, in JSON, YAML, environment files, headers or source. */
import { alternations, entropyBits, isChainAddress } from "./high-entropy.ts";
import type { SecretMatch } from "./secret-match.ts";

const keyword = String.raw`(?:secret|token|passw(?:or)?d|passphrase|pwd|credentials?|bearer|authorization|auth[_-]?key|(?:api|access|private|signing|encryption|account|master|service|storage|license|deploy|session|client|app|webhook|shared|hmac|ssh)[_\- ]?key)`;
const scheme = "(?:(?:Bearer|Basic|Token)\\s+)?";
const quote = String.raw`\\?["'\x60]`;
/** A separator and a quoted value; the separator may be a comma, as in `set("x-api-key", "…")`. */
const quoted = String.raw`(?::=|=>|:|={1,3}|,|>)\s{0,3}${quote}${scheme}([^"'\x60\s\\]{12,400})${quote}`;
/** A separator and an unquoted value at the end of a line. */
const bare = String.raw`(?::=|:|=|>)\s{0,3}${scheme}([^\s"'\x60,;(){}<>\\]{16,400})(?=\s*(?:$|#|<))`;
const assignment = new RegExp(
  String.raw`${keyword}([\w.-]{0,40})(?:${quote})?[\])]?\s{0,3}(?:${quoted}|${bare})`,
  "gim",
);
/** Names with a keyword whose value is no secret. */
const harmlessName =
  /(^|[_.-])(max|min|num|count|total|input|output|cache)?[_.-]?tokens([_.-]|$)|public|publishable|tokeni[sz]|[_.-]?(id|ids|name|names|url|uri|path|file|dir|type|kind|env|regex|pattern|length|count|limit|ttl|expiry|expires|format|prefix|header|label|field|param|hash|digest|endpoint|scope|mode|version)$/i;
const placeholder =
  /example|placeholder|change[-_]?me|redacted|dummy|sample|insert|your[-_]|my[-_](secret|token|key|password)|fake|mock|foobar|lorem|\$\{|\{\{|%[({]|process\.env|os\.environ|[xX*.]{6}|^<|>$|0123456789|123456789|abcdefgh/i;
/** Words joined by punctuation, with short numbers, as in identifiers, paths, sentences and test names. */
const wordy = /^[./~@]*[a-z]+(?:[-_./:][a-z]+|[-_./:]?v?\d{1,3}(?![\da-z]))*$/i;
/** A sentence as a name, as translations have it: at least five words, a capital only in the first, maybe a number. */
const sentence = /^[A-Z]?[a-z]+(?:_(?:[a-z]+|[A-Z])){4,}(?:_\d{1,5})?$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const entropyBitsMin = 3.1;

/** Every random-looking value under a name that suggests a secret. */
export function scanForSecretValues(text: string): SecretMatch[] {
  return [...text.matchAll(assignment)].flatMap((match) => {
    const value = match[2] ?? match[3] ?? "";
    const name = `${nameBefore(text, match.index)}${match[0].split(/["'`:=,>\s]/)[0] ?? ""}`;
    if (harmlessName.test(name) || !isSecretLike(value, name)) return [];
    if (match[3] !== undefined && alternations(value) < 4) return [];
    const start = match.index + match[0].lastIndexOf(value);
    return [{ rule: "secret-value", start, end: start + value.length, isCertain: false }];
  });
}

function nameBefore(text: string, index: number): string {
  return /[\w.-]*$/.exec(text.slice(Math.max(0, index - 60), index))?.[0] ?? "";
}

function isSecretLike(value: string, name: string): boolean {
  if (placeholder.test(value) || /^(sha(1|224|256|384|512)[-:]|https?:\/\/|\d+$)/i.test(value)) return false;
  if (isChainAddress(value) || sentence.test(value)) return false;
  if (uuid.test(value)) return /api|secret|passw/i.test(name);
  if (/[()[\]{}]/.test(value) && !/passw|pwd|passphrase/i.test(name)) return false;
  const longLetters = value.length >= 24 && /[a-z]/.test(value) && /[A-Z]/.test(value) && entropyBits(value) >= 4.2;
  if (!/\d/.test(value)) return longLetters;
  if (!/[a-z]/i.test(value) || wordy.test(value)) return false;
  return entropyBits(value) >= entropyBitsMin;
}
