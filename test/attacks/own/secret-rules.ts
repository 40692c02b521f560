/** Forms of secrets from vendors' public documentation, for machines without a folder of corpora. Secrets are made at run time; this file contains none. */
import type { SecretRule } from "../support/secret-rules.ts";

const forms: readonly (readonly [id: string, regex: string])[] = [
  ["aws access key", "\\b(AKIA[A-Z2-7]{16})\\b"],
  ["github token", "ghp_[0-9a-zA-Z]{36}"],
  ["gitlab token", "glpat-[\\w-]{20}"],
  ["npm token", "\\b(npm_[a-z0-9]{36})\\b"],
  ["stripe key", "\\b(sk_live_[a-zA-Z0-9]{24})\\b"],
  ["slack token", "xoxb-[0-9]{11}-[0-9]{12}-[a-zA-Z0-9]{24}"],
  ["shopify token", "shpat_[a-fA-F0-9]{32}"],
  ["digitalocean token", "dop_v1_[a-f0-9]{64}"],
  ["sendgrid key", "SG\\.[a-zA-Z0-9]{22}\\.[a-zA-Z0-9]{43}"],
  ["google key", "AIza[0-9A-Za-z]{35}"],
  ["json web token", "eyJ[a-zA-Z0-9]{30}\\.eyJ[a-zA-Z0-9]{40}\\.[a-zA-Z0-9]{43}"],
  [
    "pem key",
    "-----BEGIN RSA PRIVATE KEY-----\\n[A-Za-z0-9+/]{64}\\n[A-Za-z0-9+/]{64}\\n-----END RSA PRIVATE KEY-----",
  ],
  ["heroku key by name", "heroku_api_key: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'"],
  ["datadog key by name", 'DATADOG_KEY = "[a-z0-9]{40}"'],
  ["twitter secret by name", "twitter.secret=[a-z0-9]{50}"],
  ["password by name", 'password: "[a-z0-9]{20}[A-Z][0-9]"'],
  ["basic credentials", "curl -u admin:[a-z0-9]{16} https://api\\.internal/"],
  ["database address", "postgres://app:[a-z0-9]{18}@db/main"],
];

export const ownSecretRules: readonly SecretRule[] = forms.map(([id, regex]) => ({
  id,
  regex,
  entropy: 2.5,
  secretGroup: null,
  keywords: [],
  path: null,
}));
