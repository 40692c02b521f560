/**
 * The secrets files: which name belongs to which plane, and writing one value. Each file is read by its own plane only; control reads
 * `control.env`. A value appears in no message.
 */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Refusal } from "@aedev/core";
import { Fault } from "@aedev/core/wire";
import { readIfThere, writeDurably } from "./durable-file.ts";

export const secretPlanes = ["control", "execution", "judgement"] as const;
export type SecretPlane = (typeof secretPlanes)[number];

const planeOfSecret: Readonly<Record<string, SecretPlane>> = {
  AEDEV_CLAUDE_OAUTH_TOKEN: "execution",
  AEDEV_ANTHROPIC_API_KEY: "execution",
  AEDEV_OPENAI_API_KEY: "judgement",
  AEDEV_GEMINI_API_KEY: "judgement",
  AEDEV_COMPATIBLE_API_KEY: "judgement",
  AEDEV_NTFY_TOKEN: "control",
};
export const secretNames: readonly string[] = Object.keys(planeOfSecret);
const valueLengthMax = 16_384;

export function secretsFile(home: string, plane: SecretPlane): string {
  return join(home, "secrets", `${plane}.env`);
}

/** Writes `NAME=value` into the file of the name's plane, in place of an older value. White space around the value is dropped. */
export function setSecret(home: string, name: string, value: string): { kind: "done"; plane: SecretPlane } | Refusal {
  const plane = Object.hasOwn(planeOfSecret, name) ? planeOfSecret[name] : undefined;
  if (plane === undefined)
    return {
      kind: "refused",
      code: "SECRET-UNKNOWN",
      reason: `no secret is called ${name}; known: ${secretNames.join(", ")}`,
    };
  const trimmed = value.trim();
  const hint = `printf %s "$VALUE" | aedev secrets set ${name}`;
  if (trimmed === "") return { kind: "refused", code: "SECRET-EMPTY", reason: "the value is empty", hint };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(trimmed) || trimmed.length > valueLengthMax)
    return {
      kind: "refused",
      code: "SECRET-MALFORMED",
      reason: `the value must be one line of at most ${valueLengthMax} characters`,
      hint,
    };
  const path = secretsFile(home, plane);
  const secrets = { ...parseSecrets(readIfThere(path) ?? ""), [name]: trimmed };
  writeDurably(
    path,
    Object.entries(secrets)
      .map(([key, text]) => `${key}=${text}\n`)
      .join(""),
  );
  return { kind: "done", plane };
}

/** The control plane's own secrets. Throws a Fault `SECRETS-EXPOSED` where others may read the file. */
export function readControlSecrets(home: string): Readonly<Record<string, string>> {
  assertPrivate(secretsFile(home, "control"));
  return parseSecrets(readIfThere(secretsFile(home, "control")) ?? "");
}

/** Throws a Fault `SECRETS-EXPOSED` where anybody but the owner may read or write the file; a missing file exposes nothing. */
export function assertPrivate(path: string): void {
  if (!existsSync(path) || (statSync(path).mode & 0o077) === 0) return;
  throw new Fault("SECRETS-EXPOSED", `${path} can be read by others than its owner`, { hint: `chmod 600 ${path}` });
}

/** The secrets that stand in an environment, sorted to their planes; one that is set but empty is passed on as empty, which is a hold. */
export function sortEnvironmentSecrets(
  environment: Readonly<Record<string, string | undefined>>,
): Record<SecretPlane, Record<string, string>> {
  const sorted: Record<SecretPlane, Record<string, string>> = { control: {}, execution: {}, judgement: {} };
  for (const [name, plane] of Object.entries(planeOfSecret)) {
    const value = environment[name];
    if (value !== undefined) sorted[plane][name] = value;
  }
  return sorted;
}

/** Lines `NAME=value`; the value is everything after the first `=`, as it is. Empty lines and lines that begin with `#` say nothing. */
export function parseSecrets(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line.includes("=") && !line.startsWith("#"));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}
