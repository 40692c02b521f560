/** The few settings that `aedev init` asks for, read as the daemon reads them and written into the home's overlays. Secrets are named, never read. */

import { claudeLoginPath, readClaudeLogin } from "@aedev/host/claude-login";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { loadPolicy } from "../configuration/load-policy.ts";
import { type OverlayValues, writeOverlay } from "../configuration/write-overlay.ts";
import { findSecrets, type SecretSource } from "../home/find-secrets.ts";

export interface HomeSettings {
  /** Whether the coder may use this machine's login of Claude Code. */
  readonly claudeLogin: boolean;
  /** What happens if a judge has no key: `hold` or `ask`. */
  readonly whenMissing: "hold" | "ask";
  /** The third judge, of another vendor; both null: there is none. */
  readonly compatibleModel: string | null;
  readonly compatibleUrl: string | null;
  readonly ntfyUrl: string;
  readonly ntfyTopic: string | null;
  readonly ntfyReplyTopic: string | null;
  readonly publicUrl: string | null;
}
export interface HomeSetup {
  readonly settings: HomeSettings;
  /** `auth.allow_api_key`: whether a paid key may replace the coder's token. */
  readonly apiKeyAllowed: boolean;
  /** When this machine's login of Claude Code ends (ISO 8601 UTC), even if it may not be used; null if there is no usable one. */
  readonly claudeLoginUntil: string | null;
  /** Host of the configured GitHub. */
  readonly gitHubHost: string;
  /** Where each known secret is stored, by name. */
  readonly secrets: Readonly<Record<string, SecretSource>>;
}

/** Throws a Fault `config-invalid` that names file and key path. */
export function readSetup(options: HomeOptions): HomeSetup {
  const { auth, notifications, models, addresses, github } = loadConfiguration(options);
  const { policy } = loadPolicy({ home: options.home });
  const login = readClaudeLogin(claudeLoginPath(options.environment));
  return {
    settings: {
      claudeLogin: auth.claude_login,
      whenMissing: policy.judges.when_missing,
      compatibleModel: models.compatible,
      compatibleUrl: addresses.compatible,
      ntfyUrl: notifications.url,
      ntfyTopic: notifications.topic,
      ntfyReplyTopic: notifications.replyTopic,
      publicUrl: notifications.publicUrl,
    },
    apiKeyAllowed: auth.allow_api_key,
    claudeLoginUntil: login.kind === "valid" ? login.expires_at : null,
    gitHubHost: new URL(github.url).host,
    secrets: findSecrets(options),
  };
}

/** Writes these settings and returns whether a file changed. If the result would not load, throws a Fault `config-invalid` and changes nothing. */
export function writeSettings({ home, settings }: { home: string; settings: Partial<HomeSettings> }): boolean {
  const { claudeLogin, whenMissing, compatibleModel, compatibleUrl, ntfyUrl, ntfyTopic, ntfyReplyTopic, publicUrl } =
    settings;
  const configuration = givenValues({
    "auth.claude_login": claudeLogin,
    "models.compatible": compatibleModel,
    "addresses.compatible": compatibleUrl,
    "notifications.url": ntfyUrl,
    "notifications.topic": ntfyTopic,
    "notifications.reply_topic": ntfyReplyTopic,
    "notifications.public_url": publicUrl,
  });
  const changed = [
    writeOverlay({ home, name: "config.yaml", values: configuration }),
    writeOverlay({ home, name: "policies.yaml", values: givenValues({ "judges.when_missing": whenMissing }) }),
  ];
  return changed.includes(true);
}

function givenValues(values: Readonly<Record<string, string | boolean | null | undefined>>): OverlayValues {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
