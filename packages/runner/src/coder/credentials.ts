/** Which credential the coder's next run uses: the tokens in their order, but none whose usage limit is known to be reached while another is free. */
import { coderTokenNames } from "@aedev/contracts";
import type { ClaudeLogin } from "@aedev/host/claude-login";
import type { Credential } from "../engine/context.ts";

/** How long a limit whose reset is not known counts as reached. */
const unknownResetMs = 60 * 60_000;

/** What may be used, in order: the tokens from the plane's secrets, else the login of Claude Code, else a paid API key, if each of them was chosen. Empty counts as missing. */
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

/** Claude Code renews its login, which stays the same account. */
function accountOf({ kind, value, isLogin }: Credential): string {
  return isLogin === true ? "login" : `${kind} ${value}`;
}

export interface Credentials {
  /** Null if none is usable. If the limit of each is reached: the one that is free first. */
  choose(): Credential | null;
  /** Notes that a credential's usage limit is reached, until `resetsAt` (ISO 8601; null: not known). Returns when a run may continue: now, if another is free, else at the first reset, where one that is not known counts as reached for an hour; null if none is known. */
  noteLimit(credential: Credential, resetsAt: string | null): string | null;
}

/** `usable` is asked each time. What is known of limits ends with the process; then the first credential is simply tried again. */
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
