/** The token that an app signs for itself, as GitHub's documentation describes it. */
import { createSign, generateKeyPairSync } from "node:crypto";
import type { FakeGitHub } from "../../../src/github/server.ts";

export const keys = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/** `seconds`: how long it is valid. */
export function signAppToken(
  github: FakeGitHub,
  { seconds = 540, key = keys.privateKey }: { seconds?: number; key?: string } = {},
): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: github.app("aedev").appId, iat: now - 30, exp: now + seconds };
  const text = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(key, "base64url")}`;
}
