/** Checks which credentials are set, and what a missing one means under the current policy. It never shows a value. */
import { coderTokenNames } from "@aedev/contracts";
import type { Policy } from "@aedev/core";
import { claudeLoginPath, readClaudeLogin } from "@aedev/host/claude-login";
import type { Configuration } from "../configuration/configuration-schema.ts";
import type { HomeOptions } from "../configuration/load-configuration.ts";
import { findSecrets, type SecretSource } from "../home/find-secrets.ts";
import { advice, type Check, isThere } from "./check.ts";

export function secretChecks(
  sources: HomeOptions,
  configuration: Configuration | null,
  policy: Policy | null,
): Check[] {
  const found = findSecrets(sources);
  const third = configuration !== null && configuration.models.compatible !== null ? [thirdJudge] : [];
  const judges = [...firstJudges, ...third];
  const required = policy?.judges.families_required ?? firstJudges.length;
  const suffice = judges.filter(({ secret }) => isThere(found[secret])).length >= required;
  return [
    coderCheck(found, { configuration, environment: sources.environment }),
    ...judges.map((judge) => judgeCheck(judge, { found, policy, suffice })),
    gitHubCheck(found, configuration),
  ];
}

/** A home may use ssh alone. `doctor --probe` asks what the credential may do. */
function gitHubCheck(sources: Record<string, SecretSource>, configuration: Configuration | null): Check {
  const names = ["AEDEV_GITHUB_TOKEN", ...(configuration?.github.appId == null ? [] : ["AEDEV_GITHUB_APP_KEY"])];
  const name = names.find((candidate) => isThere(sources[candidate]));
  return advice({
    name: "github credential",
    ok: name !== undefined,
    found:
      name === undefined
        ? "none: repositories are reached by ssh, or if they are public"
        : foundText(name, sources[name]),
    help: "aedev secrets set AEDEV_GITHUB_TOKEN (docs/GITHUB.md)",
  });
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

function coderCheck(
  sources: Record<string, SecretSource>,
  { configuration, environment }: { configuration: Configuration | null; environment: HomeOptions["environment"] },
): Check {
  const tokenName = coderTokenNames.find((name) => isThere(sources[name]));
  const keyName = configuration?.auth.allow_api_key === true ? "AEDEV_ANTHROPIC_API_KEY" : undefined;
  const usedName = tokenName ?? (keyName !== undefined && isThere(sources[keyName]) ? keyName : undefined);
  const login = readClaudeLogin(configuration?.auth.claude_login === true ? claudeLoginPath(environment) : null);
  if (tokenName === undefined && login.kind !== "none")
    return {
      name: "claude credential",
      ok: login.kind === "valid",
      found: `the login of Claude Code, which ${login.kind === "valid" ? "lasts until" : "ends or ended at"} ${login.expires_at}`,
      help: "use Claude Code once, which renews it (claude -p hello); claude setup-token makes a token that lasts longer",
    };
  return {
    name: "claude credential",
    ok: usedName !== undefined,
    found: usedName === undefined ? "no credential for Claude Code" : foundText(usedName, sources[usedName]),
    help: "claude setup-token makes one; then: aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN",
  };
}

/** `suffice`: enough other judges have their key. */
function judgeCheck(
  { name, secret }: JudgeKey,
  { found: sources, policy, suffice }: { found: Record<string, SecretSource>; policy: Policy | null; suffice: boolean },
): Check {
  const ok = isThere(sources[secret]);
  const asks = policy?.judges.when_missing === "ask";
  const meaning = suffice
    ? "this judge is not asked; the others suffice"
    : asks
      ? "changes need your approval and never merge automatically (judges.when_missing: ask)"
      : "changes are held (judges.when_missing: hold)";
  return {
    name,
    ok,
    // An operator who chose `ask` can work without this key.
    needed: !asks && !suffice,
    found: ok ? foundText(secret, sources[secret]) : `${secret} is missing: ${meaning}`,
    help: `aedev secrets set ${secret}${asks || suffice ? "" : "; to work without the key: aedev init --yes --when-missing ask"}`,
  };
}

function foundText(name: string, source: SecretSource | undefined): string {
  return source === "environment" ? `${name} is set in this environment` : `${name} is set`;
}
