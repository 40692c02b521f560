/**
 * The judges' keys: from the start message where tests gave them by environment, else from the plane's own 0600 file, read anew for each
 * work so that a new key counts without a restart. A key never enters an error, a log or a report.
 */
import { readFileSync, statSync } from "node:fs";
import { type Family, Fault } from "@aedev/core/wire";
import { secretsFileBytesMax } from "./bounds.ts";

/** The name under which `aedev secrets set` stores each family's key. */
const keyNames: Record<Family, string> = {
  openai: "AEDEV_OPENAI_API_KEY",
  gemini: "AEDEV_GEMINI_API_KEY",
  compatible: "AEDEV_COMPATIBLE_API_KEY",
};

/** The key of a family, or null when it is missing: unset, empty, or nothing that fits in a header. A name set in `given` wins over the file, also when empty. */
export function keyOf(
  family: Family,
  sources: { home: string; given: Readonly<Record<string, string>> },
): string | null {
  const name = keyNames[family];
  const value = (
    Object.hasOwn(sources.given, name) ? sources.given[name] : readSecretsFile(sources.home)[name]
  )?.trim();
  return value !== undefined && /^[\x21-\x7e]+$/.test(value) ? value : null;
}

/** Reads `secrets/judgement.env`; a file that is not there is empty. Throws a Fault that names the line, never its text. */
function readSecretsFile(home: string): Record<string, string> {
  const path = `${home}/secrets/judgement.env`;
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return {};
  const hint = "chmod 600 the file, or write it anew with: aedev secrets set NAME";
  if (!facts.isFile() || facts.size > secretsFileBytesMax)
    throw new Fault("SECRETS-FILE", `${path} is not a small regular file`, { hint });
  if ((facts.mode & 0o077) !== 0) throw new Fault("SECRETS-FILE", `${path} can be read by others`, { hint });
  return parseSecrets(readFileSync(path, "utf8"), path);
}

/** Strict `NAME=value` lines; blank lines and lines beginning with `#` are skipped; the value is taken as it stands, without quotes or escapes. */
export function parseSecrets(text: string, path: string): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    const hint = "write it anew with: aedev secrets set NAME";
    if (name === undefined || value === undefined)
      throw new Fault("SECRETS-FILE", `${path} line ${index + 1} is not NAME=value`, { hint });
    if (Object.hasOwn(secrets, name))
      throw new Fault("SECRETS-FILE", `${path} line ${index + 1} sets a name twice`, { hint });
    secrets[name] = value;
  }
  return secrets;
}

/** `text` with the key taken out, for what an endpoint sent back; keys too short to be real are left, or every text would be mangled. */
export function withoutKey(text: string, key: string): string {
  return key.length < 8 ? text : text.replaceAll(key, "[key removed]");
}
