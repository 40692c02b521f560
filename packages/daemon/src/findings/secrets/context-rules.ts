/** Finds secrets by their context: a command line, a header, an address, a secret manifest, a configuration with passwords, a key store. */
import { alternations, entropyBits } from "./high-entropy.ts";
import type { SecretMatch } from "./secret-match.ts";

interface ContextRule {
  readonly rule: string;
  /** A pattern whose first group is the secret. */
  readonly pattern: RegExp;
  /** Minimum entropy of the secret, in bits per character. */
  readonly entropyMin: number;
}

const contextRules: readonly ContextRule[] = [
  // A command may continue over several lines; its length is bounded.
  {
    rule: "curl-user",
    pattern:
      /\bcurl\b[^\n]{0,300}(?:\\\n[^\n]{0,300}){0,5}[ \t](?:-u|--user)[= \t]{1,5}["']?([^\s"']{0,80}:[^\s"']{3,200}|[^"'\n]{1,120}:[^"'\n]{3,120})/dg,
    entropyMin: 2.5,
  },
  {
    rule: "authorization-header",
    pattern:
      /\b(?:proxy-)?authorization["']?\s{0,3}[:=,]\s{0,5}["'`]?(?:basic|bearer|token|api-?token)[ \t]{1,5}([\w=~@.+/-]{8,2000})/dgi,
    entropyMin: 2.8,
  },
  {
    rule: "authorization-header",
    pattern: /["' ](?:x-(?:[a-z]{1,20}-)?)?(?:api-?)?(?:key|token):[ \t]{0,5}([\w=~@.+/-]{8,400})["']/dgi,
    entropyMin: 3,
  },
  {
    rule: "authorization-header",
    pattern: /["']authorization:[ \t]{0,5}([\w=~@.+/-]{16,2000})["']/dgi,
    entropyMin: 3.5,
  },
  {
    rule: "command-line-option",
    pattern:
      /(?<=\s)--?[a-z][\w-]{0,30}(?:token|key|secret|passw(?:or)?d)(?:[ \t]{1,4}|=)["']?([\w=~@.+/-]{12,400})(?=["'\s]|$)/dgi,
    entropyMin: 3,
  },
  { rule: "credentials-in-address", pattern: /:\/\/([a-f0-9]{8}:[a-f0-9]{8})@/dgi, entropyMin: 2 },
  {
    rule: "credentials-in-address",
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[\w.%+@-]{0,80}:([^\s:@/'"`<>{}$()]{6,200})@[\w.-]{1,200}/dgi,
    entropyMin: 2.5,
  },
  {
    rule: "configured-password",
    pattern: /<add\s{1,10}key="(?:[\w.:-]{0,60})password"\s{0,60}value="([^"\n]{8,200})"/dgi,
    entropyMin: 2.5,
  },
  {
    rule: "password",
    pattern:
      /(?:passw(?:or)?d|passphrase|pwd)["'\]]{0,2}[\w \t]{0,20}(?::=|=>|={1,2}|:|\|\||>|,)[\s=]{0,4}["'`]{1,2}([^\s"'`${}<>()]{8,60})["'`]/dgi,
    entropyMin: 2.7,
  },
  {
    rule: "secret-key",
    pattern: /["']?secret_?key["']?\s{0,60}(?:=>|:|=)\s{0,60}["'](sk_\S{16,100})["']/dgi,
    entropyMin: 3,
  },
];
const placeholder =
  /example|placeholder|change[-_]?me|redacted|dummy|sample|secret|passw|user|your|test|foo|bar|mock|fake|hunter2|^(.)\1*$|[xX*.]{4}|^[<[{$%]|\$\{|\{\{|12345|abcdef/i;

/** Files that contain only keys. */
const keyStore = /\.(p12|pfx|jks|keystore|bks|ppk|kdbx)$/i;

/** A key of a Kubernetes manifest and its base64 value. */
const manifestLine = /^[ \t]{1,40}["']?[\w.-]{1,80}["']?:[ \t]{0,40}["']?([a-z0-9+/]{10,4000}={0,2})["']?[ \t]*$/dgim;

export function scanContexts(text: string): SecretMatch[] {
  return [...scanByContext(text), ...scanKubernetesSecrets(text)];
}

function scanKubernetesSecrets(text: string): SecretMatch[] {
  if (!/^[ \t]{0,40}["']?kind["']?:[ \t]{0,40}["']?secret\b/im.test(text)) return [];
  return [...text.matchAll(manifestLine)].flatMap((match) => {
    const [value, [start, end]] = [match[1] ?? "", match.indices?.[1] ?? [0, 0]];
    const isPlain = placeholder.test(value) || entropyBits(value) < 2.5 || !/[A-Z0-9+/=]/.test(value.slice(1));
    return isPlain ? [] : [{ rule: "kubernetes-secret", start, end, isCertain: false }];
  });
}

function scanByContext(text: string): SecretMatch[] {
  return contextRules.flatMap(({ rule, pattern, entropyMin }) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const [value, [start, end]] = [match[1] ?? "", match.indices?.[1] ?? [0, 0]];
      if (placeholder.test(value) || entropyBits(value) < entropyMin) return [];
      const isIdentifier = rule !== "curl-user" && rule !== "configured-password" && alternations(value) === 0;
      return isIdentifier && !/[A-Z][a-z]*[A-Z]|[=+/]/.test(value)
        ? []
        : [{ rule, start, end, isCertain: rule === "credentials-in-address" }];
    }),
  );
}

export function isKeyStore(path: string): boolean {
  return keyStore.test(path);
}
