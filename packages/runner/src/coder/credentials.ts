/** Chooses the credential of the coder's next run: the tokens in order, skipping one whose usage limit is reached while another is free. */
import { coderTokenNames } from "@aedev/contracts";
import type { ClaudeLogin } from "@aedev/host/claude-login";
import type { Credential } from "../engine/context.ts";

/** A limit without a known reset counts as reached for this long. */
const unknownResetMs = 60 * 60_000;

/** The chosen credentials in order: tokens from the plane's secrets, else the login of Claude Code, else a paid API key. An empty value counts as missing. */
export function usableCredentials(
  secrets: Readonly<Record<string, string>>,
  { allowApiKey, login }: { allowApiKey: boolean; login: ClaudeLogin },
): Credential[] {
  const tokens = [...new Set(coderTokenNames.map((name) => secrets[name]?.trim() ?? ""))].filter(
    (token) => token !== "",
  );
  if (tokens.length > 0) return tokens.map((value) => ({ kind: "oauth-token", value }));
  if (login.kind === "valid") return [{ kind: "oauth-token", value: login.token, isLogin: true }];
  const key = secrets["AEDEV_ANTHROPIC_API_KEY"]?.trim() ?? "";
  return key !== "" && allowApiKey ? [{ kind: "api-key", value: key }] : [];
}

/** Claude Code renews its login, which remains the same account. */
function accountOf({ kind, value, isLogin }: Credential): string {
  return isLogin === true ? "login" : `${kind} ${value}`;
}

export interface Credentials {
  /** Null if none is usable. If all limits are reached, the one that is free first. */
  choose(): Credential | null;
  /**
   * Notes that a credential's usage limit is reached until `resetsAt` (ISO 8601; null: unknown). Returns when a run may continue: now if another is free, else
   * at the first reset, or null if no reset is known; an unknown one counts as an hour from now.
   */
  noteLimit(credential: Credential, resetsAt: string | null): string | null;
}

/** `usable` is called each time. Known limits are forgotten when the process ends; then the first credential is simply tried again. */
export function createCredentials(usable: () => readonly Credential[], now: () => number = Date.now): Credentials {
  const limits = new Map<string, { readonly untilMs: number; readonly isKnown: boolean }>();
  const limitOf = (credential: Credential) => limits.get(accountOf(credential));
  const freeAt = (credential: Credential) => limitOf(credential)?.untilMs ?? 0;
  const isFree = (credential: Credential) => freeAt(credential) <= now();
  const firstFree = () => usable().toSorted((one, other) => freeAt(one) - freeAt(other))[0] ?? null;
  return {
    choose() {
      return usable().find(isFree) ?? firstFree();
    },
    noteLimit(credential, resetsAt) {
      const resets = resetsAt === null ? Number.NaN : Date.parse(resetsAt);
      const isKnown = !Number.isNaN(resets);
      limits.set(accountOf(credential), { untilMs: isKnown ? resets : now() + unknownResetMs, isKnown });
      const next = firstFree();
      if (next === null) return resetsAt;
      if (isFree(next)) return new Date(now()).toISOString();
      return usable().some((one) => limitOf(one)?.isKnown === true) ? new Date(freeAt(next)).toISOString() : null;
    },
  };
}
