/**
 * Reads and writes the text of `secrets/*.env`: one line `NAME=value` per secret. It opens no file, and no value enters an error. A value that
 * `util.parseEnv` would change is quoted. Any other line is read as older versions wrote it: everything after `=`, literally.
 */
import { parseEnv } from "node:util";

export interface ParsedSecrets {
  readonly secrets: Readonly<Record<string, string>>;
  /** The problem and number of each bad line, without its text. If two lines have the same name, the last one counts. */
  readonly problems: readonly string[];
}

/** Empty lines and lines that start with `#` are skipped. */
export function parseSecrets(text: string): ParsedSecrets {
  const secrets: Record<string, string> = {};
  const problems: string[] = [];
  for (const [index, untrimmed] of text.split("\n").entries()) {
    const line = untrimmed.trimEnd();
    if (line === "" || line.startsWith("#")) continue;
    const [, name, written] = /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(line) ?? [];
    if (name === undefined || written === undefined) {
      problems.push(`line ${index + 1} is not NAME=value`);
      continue;
    }
    if (Object.hasOwn(secrets, name)) problems.push(`line ${index + 1} sets a name twice`);
    const read = parseEnv(line)[name];
    secrets[name] = read !== undefined && writtenSecret(read) === written ? read : written;
  }
  return { secrets, problems };
}

/** The file's text for these secrets; null if a value can't be written so that it reads back unchanged. */
export function secretsText(secrets: Readonly<Record<string, string>>): string | null {
  const lines = Object.entries(secrets).map(([name, value]) => {
    const written = writtenSecret(value);
    const line = `${name}=${written}\n`;
    return written !== null && parseSecrets(line).secrets[name] === value ? line : null;
  });
  return lines.includes(null) ? null : lines.join("");
}

/** Unquoted if possible, otherwise in the first kind of quotes that keeps every character. */
function writtenSecret(value: string): string | null {
  const forms = ["", "'", '"', "`"].map((quote) => `${quote}${value}${quote}`);
  return forms.find((form) => parseEnv(`NAME=${form}`)["NAME"] === value) ?? null;
}
