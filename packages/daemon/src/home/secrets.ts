/**
 * The secrets files: which name belongs to which plane, and writing one value. Each file is read by its own plane only; control reads
 * `control.env`. A value appears in no message.
 */
import { existsSync, statSync } from "node:fs";
import { Fault, hasControls } from "@aedev/contracts";
import type { Refusal } from "@aedev/core";
import { readIfThere, writeDurably } from "@aedev/host/durable-file";
import { homeLayout, type SecretPlane } from "@aedev/host/home-layout";
import { parseSecrets, secretsText } from "@aedev/host/secrets-file";

export const secretPlanes = ["control", "execution", "judgement"] as const satisfies readonly SecretPlane[];

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

/** Writes `NAME=value` into the file of the name's plane, in place of an older value. White space around the value is dropped. */
export function setSecret(home: string, name: string, value: string): { kind: "done"; plane: SecretPlane } | Refusal {
  const plane = Object.hasOwn(planeOfSecret, name) ? planeOfSecret[name] : undefined;
  if (plane === undefined)
    return {
      kind: "refused",
      code: "unknown-secret",
      reason: `no secret is called ${name}; known: ${secretNames.join(", ")}`,
    };
  const trimmed = value.trim();
  const hint = `printf %s "$VALUE" | aedev secrets set ${name}`;
  if (trimmed === "") return { kind: "refused", code: "empty-secret", reason: "the value is empty", hint };
  const malformed = (reason: string): Refusal => ({ kind: "refused", code: "secret-malformed", reason, hint });
  if (hasControls(trimmed) || trimmed.length > valueLengthMax)
    return malformed(`the value must be one line of at most ${valueLengthMax} characters`);
  const path = homeLayout(home).secrets(plane);
  const text = secretsText({ ...parseSecrets(readIfThere(path) ?? "").secrets, [name]: trimmed });
  if (text === null) return malformed("the value must not contain every kind of quotation mark");
  writeDurably(path, text);
  return { kind: "done", plane };
}

/** The control plane's own secrets. Throws a Fault `secrets-exposed` if others may read the file. */
export function readControlSecrets(home: string): Readonly<Record<string, string>> {
  assertPrivate(homeLayout(home).secrets("control"));
  return parseSecrets(readIfThere(homeLayout(home).secrets("control")) ?? "").secrets;
}

/** Throws a Fault `secrets-exposed` if anybody but the owner may read or write the file; a missing file exposes nothing. */
export function assertPrivate(path: string): void {
  if (!existsSync(path) || (statSync(path).mode & 0o077) === 0) return;
  throw new Fault("secrets-exposed", `${path} can be read by other users`, { hint: `chmod 600 ${path}` });
}

/** The secrets of an environment, by plane. A secret that is set but empty is passed on as empty, which leads to a hold. */
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
