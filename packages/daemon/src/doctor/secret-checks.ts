/** Which credentials are there, and what a missing one means under the present policy. A key's presence is named, never its value. */
import { existsSync, readFileSync } from "node:fs";
import type { Policy } from "@aedev/core";
import type { Configuration } from "../configuration/configuration-schema.ts";
import { parseSecrets, secretNames, secretPlanes, secretsFile, sortEnvironmentSecrets } from "../home/secrets.ts";
import type { Check, Places } from "./check.ts";

/** Where a secret was found. `empty`: a variable that is set but empty, which counts as missing although the file may have a value. */
export type SecretPlace = "environment" | "file" | "empty" | "nowhere";

/** Each known secret and where it is; an environment variable wins over the file, as in the daemon that this environment would start. */
export function findSecrets({ home, environment }: Places): Record<string, SecretPlace> {
  const given = sortEnvironmentSecrets(environment);
  const kept = Object.assign({}, ...secretPlanes.map((plane) => readFile(secretsFile(home, plane))));
  const places: Record<string, SecretPlace> = {};
  for (const name of secretNames) {
    const value = secretPlanes.map((plane) => given[plane][name]).find((found) => found !== undefined);
    if (value !== undefined) places[name] = value.trim() === "" ? "empty" : "environment";
    else places[name] = (kept[name] ?? "") === "" ? "nowhere" : "file";
  }
  return places;
}

function readFile(file: string): Readonly<Record<string, string>> {
  return existsSync(file) ? parseSecrets(readFileSync(file, "utf8")) : {};
}

export function secretChecks(places: Places, configuration: Configuration | null, policy: Policy | null): Check[] {
  const found = findSecrets(places);
  const third = configuration !== null && configuration.models.compatible !== null ? [thirdJudge] : [];
  const judges = [...firstJudges, ...third];
  const required = policy?.judges.families_required ?? firstJudges.length;
  const suffice = judges.filter(({ secret }) => isThere(found[secret])).length >= required;
  return [coderCheck(found, configuration), ...judges.map((judge) => judgeCheck(judge, { found, policy, suffice }))];
}

interface JudgeKey {
  readonly name: string;
  readonly secret: string;
}
const firstJudges: readonly JudgeKey[] = [
  { name: "openai key", secret: "AEDEV_OPENAI_API_KEY" },
  { name: "gemini key", secret: "AEDEV_GEMINI_API_KEY" },
];
const thirdJudge: JudgeKey = { name: "compatible key", secret: "AEDEV_COMPATIBLE_API_KEY" };

function coderCheck(places: Record<string, SecretPlace>, configuration: Configuration | null): Check {
  const names = ["AEDEV_CLAUDE_OAUTH_TOKEN"];
  if (configuration?.auth.allow_api_key === true) names.push("AEDEV_ANTHROPIC_API_KEY");
  const name = names.find((candidate) => isThere(places[candidate]));
  return {
    name: "claude credential",
    ok: name !== undefined,
    found: name === undefined ? "no credential for Claude Code" : foundWords(name, places[name]),
    help: "claude setup-token makes one; then: aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN",
  };
}

/** `suffice`: enough judges have their key without this one. */
function judgeCheck(
  { name, secret }: JudgeKey,
  { found: places, policy, suffice }: { found: Record<string, SecretPlace>; policy: Policy | null; suffice: boolean },
): Check {
  const ok = isThere(places[secret]);
  const asks = policy?.judges.when_missing === "ask";
  const meaning = suffice
    ? "this judge is not asked, the others suffice"
    : asks
      ? "changes are asked about and never merge by themselves (judges.when_missing: ask)"
      : "changes are held (judges.when_missing: hold)";
  return {
    name,
    ok,
    // Whoever chose to be asked can work without this key.
    needed: !asks && !suffice,
    found: ok ? foundWords(secret, places[secret]) : `${secret} is missing: ${meaning}`,
    help: `aedev secrets set ${secret}${asks || suffice ? "" : "; without the key: aedev init --yes --when-missing ask"}`,
  };
}

function isThere(place: SecretPlace | undefined): boolean {
  return place === "file" || place === "environment";
}

function foundWords(name: string, place: SecretPlace | undefined): string {
  return place === "environment" ? `${name} is set in this environment` : `${name} is set`;
}
