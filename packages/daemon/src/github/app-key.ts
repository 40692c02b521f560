/** The private key of a GitHub App as a secret: PEM text, or that in base64 on one line, as a secrets file holds it. */
import { createPrivateKey } from "node:crypto";

/** The PEM text of an app's key, given as it is or in base64 on one line; null if it is neither. */
export function parseAppKey(value: string): string | null {
  const text = value.includes("-----BEGIN") ? value : Buffer.from(value, "base64").toString("utf8");
  try {
    return createPrivateKey(text).asymmetricKeyType === "rsa" ? text.trim() : null;
  } catch {
    // Not a key, or one with a passphrase.
    return null;
  }
}

/** One line for the secrets file; null if the value is no such key. */
export function appKeyLine(value: string): string | null {
  const key = parseAppKey(value);
  return key === null ? null : Buffer.from(`${key}\n`).toString("base64");
}
