/** Replaces secrets before an event is hashed: text that looks like one or equals a known one. Digests, ids, blob names and other text stay unchanged. */
import { canonicalText } from "./canonical-text.ts";

const redactedText = "[redacted]";
/** A known value shorter than this would occur in too many innocent texts. */
const knownValueLengthMin = 12;

const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g,
  /\bsk-(?:ant|proj|svcacct|or)-[A-Za-z0-9_-]{8,}/g,
  /\bsk-[A-Za-z0-9]{20,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{16,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\baedev_[0-9a-f]{64,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\bxox[abeprs]-[A-Za-z0-9-]{10,}/g,
  /(?<=\bbearer\s+)(?=[A-Za-z._~+/=-]*[0-9])[A-Za-z0-9._~+/=-]{16,}/gi,
  /(?<=:\/\/)[^/\s:@]*:[^/\s@]+(?=@)/g,
];

/** A cheap check of an event's JSON: text that doesn't match has nothing to replace. */
const suspicion =
  /sk-|gh[pousr]_|b_pat_|glpat-|npm_|aedev_|A[KS]IA|AIza|xox[abeprs]-|-----B|[Bb][Ee][Aa][Rr][Ee][Rr]|@/;

export interface Redactor {
  /** The text with every secret replaced. */
  text(text: string): string;
  /** An event's data without secrets, and its canonical JSON; the same object if there was nothing to replace. */
  event<T>(data: T): { data: T; json: string };
}

/** `knownValues`: the exact secrets that the control plane holds, its own and those for other planes. */
export function createRedactor(knownValues: readonly string[] = []): Redactor {
  const known = knownValues.filter((value) => value.length >= knownValueLengthMin);
  const knownInJson = known.map((value) => JSON.stringify(value).slice(1, -1));

  function text(original: string): string {
    let replaced = original;
    for (const value of known) replaced = replaced.replaceAll(value, redactedText);
    for (const shape of shapes) replaced = replaced.replace(shape, redactedText);
    return replaced;
  }

  return {
    text,
    event<T>(data: T) {
      const json = canonicalText(data);
      if (!suspicion.test(json) && !knownInJson.some((value) => json.includes(value))) return { data, json };
      const clean = mapTexts(data, text) as T;
      const cleanJson = canonicalText(clean);
      return cleanJson === json ? { data, json } : { data: clean, json: cleanJson };
    },
  };
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}
