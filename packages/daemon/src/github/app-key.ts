/** Parses the private key of a GitHub App: PEM text, or the same in base64 on one line, as a secrets file holds it. */
import { createPrivateKey } from "node:crypto";

/** The key as PEM text; null if the value is no key in either form. */
export function parseAppKey(value: string): string | null {
  const text = value.includes("-----BEGIN") ? value : Buffer.from(value, "base64").toString("utf8");
  try {
    return createPrivateKey(text).asymmetricKeyType === "rsa" ? text.trim() : null;
  } catch {
    // It is no key, or has a passphrase.
    return null;
  }
}

/** The key as one line for the secrets file; null if the value is no such key. */
export function appKeyLine(value: string): string | null {
  const key = parseAppKey(value);
  return key === null ? null : Buffer.from(`${key}\n`).toString("base64");
}
