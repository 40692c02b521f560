/** Reads and writes the secrets files: each name belongs to a plane, and only that plane reads its file. No message shows a value. */
import { statSync } from "node:fs";
import { coderTokenNames, hasControls } from "@aedev/contracts";
import type { Refusal } from "@aedev/core";
import { readIfThere, writeDurably } from "@aedev/host/durable-file";
import { homeLayout, type SecretPlane } from "@aedev/host/home-layout";
import { assertPrivate } from "@aedev/host/private-home";
import { parseSecrets, secretsText } from "@aedev/host/secrets-file";
import { appKeyLine } from "../github/app-key.ts";

export const secretPlanes = ["control", "execution", "judgement"] as const satisfies readonly SecretPlane[];

/** The secret with which GitHub signs its deliveries. */
const webhookSecretName = "AEDEV_GITHUB_WEBHOOK_SECRET";
/** Minimum length in characters: whoever guesses the secret can make aedev look at GitHub. */
const webhookSecretLengthMin = 32;

const planeOfSecret: Readonly<Record<string, SecretPlane>> = {
  ...Object.fromEntries(coderTokenNames.map((name) => [name, "execution"])),
  AEDEV_ANTHROPIC_API_KEY: "execution",
  AEDEV_OPENAI_API_KEY: "judgement",
  AEDEV_GEMINI_API_KEY: "judgement",
  AEDEV_COMPATIBLE_API_KEY: "judgement",
  AEDEV_NTFY_TOKEN: "control",
  AEDEV_GITHUB_TOKEN: "control",
  AEDEV_GITHUB_APP_KEY: "control",
  [webhookSecretName]: "control",
};
/** The key has several lines, and is stored as one in base64. */
const appKeyName = "AEDEV_GITHUB_APP_KEY";
export const secretNames: readonly string[] = Object.keys(planeOfSecret);
const valueLengthMax = 16_384;

/**
 * Writes `NAME=value`, without space around the value, into the file of the name's plane, replacing an older value. A file with a malformed line is not
 * touched, because its plane would refuse it.
 */
export function setSecret(home: string, name: string, value: string): { kind: "done"; plane: SecretPlane } | Refusal {
  const plane = Object.hasOwn(planeOfSecret, name) ? planeOfSecret[name] : undefined;
  if (plane === undefined)
    return {
      kind: "refused",
      code: "unknown-secret",
      reason: `no secret is called ${name}; known: ${secretNames.join(", ")}`,
    };
  const hint =
    name === appKeyName ? `aedev secrets set ${name} < KEY.pem` : `printf %s "$VALUE" | aedev secrets set ${name}`;
  const isKey = name === appKeyName && value.trim() !== "";
  const trimmed = isKey ? appKeyLine(value) : value.trim();
  if (trimmed === "") return { kind: "refused", code: "empty-secret", reason: "the value is empty", hint };
  const malformed = (reason: string): Refusal => ({ kind: "refused", code: "secret-malformed", reason, hint });
  if (trimmed === null)
    return malformed("the value is not the RSA private key of a GitHub App (PEM, without a passphrase)");
  if (hasControls(trimmed) || trimmed.length > valueLengthMax)
    return malformed(`the value must be one line of at most ${valueLengthMax} characters`);
  if (name === webhookSecretName && trimmed.length < webhookSecretLengthMin)
    return malformed(`the value must have at least ${webhookSecretLengthMin} characters: openssl rand -hex 32`);
  const path = homeLayout(home).secrets(plane);
  const before = readIfThere(path) ?? "";
  const { problems } = parseSecrets(before);
  if (problems.length > 0) {
    const reason = `${path} is not valid and was not changed: ${problems.join("; ")}`;
    return { kind: "refused", code: "secrets-file", reason, hint: `correct ${path}, then try again` };
  }
  const line = secretsText({ [name]: trimmed });
  if (line === null) return malformed("the value must not contain every kind of quotation mark");
  const lines = before.split("\n").filter((kept) => kept !== "");
  const at = lines.findIndex((kept) => kept.startsWith(`${name}=`));
  lines.splice(at === -1 ? lines.length : at, 1, line.trimEnd());
  writeDurably(path, `${lines.join("\n")}\n`);
  return { kind: "done", plane };
}

/** A secret in a file of the home, without its value. `since`: when the file last changed (ISO 8601 UTC). */
export interface StoredSecret {
  readonly name: string;
  readonly plane: SecretPlane;
  readonly file: string;
  readonly since: string;
}

/** All secrets in the home's files, known or not. Throws a Fault `secrets-exposed` if others may read a file. */
export function storedSecrets(home: string): StoredSecret[] {
  return secretPlanes.flatMap((plane) => {
    const file = homeLayout(home).secrets(plane);
    assertPrivate(file);
    const text = readIfThere(file);
    if (text === null) return [];
    const since = statSync(file).mtime.toISOString();
    return Object.keys(parseSecrets(text).secrets).map((name) => ({ name, plane, file, since }));
  });
}

/** Removes every line with this name and returns the planes that had it. */
export function removeSecret(home: string, name: string): SecretPlane[] {
  const found = storedSecrets(home).filter((stored) => stored.name === name);
  for (const { file } of found) {
    const lines = (readIfThere(file) ?? "").split("\n").filter((line) => !line.startsWith(`${name}=`));
    writeDurably(file, lines.join("\n"));
  }
  return found.map(({ plane }) => plane);
}

/** The control plane's own secrets. Throws a Fault `secrets-exposed` if others may read the file, `home-owner` if it belongs to another user. */
export function readControlSecrets(home: string): Readonly<Record<string, string>> {
  assertPrivate(homeLayout(home).secrets("control"));
  return parseSecrets(readIfThere(homeLayout(home).secrets("control")) ?? "").secrets;
}

/** The webhook's secret among control's; null if there is none or it is too short. */
export function webhookSecret(secrets: Readonly<Record<string, string>>): string | null {
  const value = secrets[webhookSecretName]?.trim() ?? "";
  return value.length < webhookSecretLengthMin ? null : value;
}

/** Sorts an environment's secrets by plane. One that is set but empty is passed on as empty, which leads to a hold. */
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
