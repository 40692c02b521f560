/** Secrets that their own form gives away: vendors' token prefixes and private keys. They stand beside secretlint's rules, which want today's exact lengths. */
import type { SecretMatch } from "./secret-match.ts";

interface TokenRule {
  readonly rule: string;
  readonly pattern: RegExp;
}

/** Base64 of a key, also as a string literal with escaped newlines, quotes and concatenation between the lines, or with header lines. */
const keyBody = String.raw`(?:[\s"'+,;\x60]|\\[nr]|[\w-]+: ?[^\n]{0,100}\n)*(?:[A-Za-z0-9+/=](?:[\s"'+,\x60]|\\[nr])*){40}`;

const tokenRules: readonly TokenRule[] = [
  { rule: "aws-access-key", pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g },
  { rule: "github-token", pattern: /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{30,255}/g },
  { rule: "github-token", pattern: /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{30,255}/g },
  { rule: "anthropic-key", pattern: /(?<![A-Za-z0-9])sk-ant-[a-z]{2,10}[0-9]{2}-[\w-]{20,200}/g },
  { rule: "openai-key", pattern: /(?<![A-Za-z0-9])sk-(?:proj|svcacct|admin|None)-[\w-]{20,250}/g },
  { rule: "openai-key", pattern: /(?<![A-Za-z0-9-])sk-[A-Za-z0-9]{40,64}(?![A-Za-z0-9-])/g },
  { rule: "google-key", pattern: /(?<![A-Za-z0-9])AIza[\w-]{35}(?![\w-])/g },
  { rule: "stripe-key", pattern: /(?<![A-Za-z0-9])[rs]k_(?:live|test|prod)_[A-Za-z0-9]{16,200}/g },
  { rule: "slack-token", pattern: /(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{20,250}/g },
  { rule: "gitlab-token", pattern: /(?<![A-Za-z0-9])gl(?:pat|dt|rt|ptt|soat|cbt|ft|imt|agent|oas)-[\w.-]{20,200}/g },
  { rule: "npm-token", pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g },
  { rule: "pypi-token", pattern: /(?<![A-Za-z0-9])pypi-AgE[\w-]{50,1000}/g },
  { rule: "age-secret-key", pattern: /AGE-SECRET-KEY-1[A-Z0-9]{58}/g },
  {
    rule: "private-key",
    pattern: new RegExp(`-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----${keyBody}`, "g"),
  },
];
const placeholder = /example|placeholder|redacted|dummy|changeme|your[-_]?(key|token)|(.)\2{15}|[xX*.]{6}/i;

/** Every token of a known form that is not an obvious stand-in for one. */
export function scanForTokens(text: string): SecretMatch[] {
  return tokenRules.flatMap(({ rule, pattern }) =>
    [...text.matchAll(pattern)]
      .filter((match) => rule === "private-key" || !placeholder.test(match[0]))
      .map((match) => ({ rule, start: match.index, end: match.index + match[0].length })),
  );
}
