/** Reads the login of Claude Code on this machine. It is never changed: renewing it here would end the person's own login. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { parseJson } from "./parse-json.ts";

/** `expires_at`: ISO 8601 UTC. `expired`: Claude Code renews it at its next use. `none`: there is none, or its form is unknown. */
export type ClaudeLogin =
  | { readonly kind: "valid"; readonly token: string; readonly expires_at: string }
  | { readonly kind: "expired"; readonly expires_at: string }
  | { readonly kind: "none" };

/** A token that expires sooner is useless to a run. */
const usableMs = 10 * 60_000;
const fileBytesMax = 64 * 1024;
const tokenForm = /^sk-ant-oat[\w-]{10,}$/u;

/** Where Claude Code keeps its login; null if the environment names no home folder, or names one by a relative path, which would mean another place in each process. */
export function claudeLoginPath(environment: Readonly<Record<string, string | undefined>>): string | null {
  const { CLAUDE_CONFIG_DIR: own, HOME: userHome } = environment;
  const folder = own !== undefined && own !== "" ? own : userHome === undefined ? null : join(userHome, ".claude");
  return folder === null || !isAbsolute(folder) ? null : join(folder, ".credentials.json");
}

/** `path` null, a missing file, a link, or another user's file: no login. */
export function readClaudeLogin(path: string | null, nowMs = Date.now()): ClaudeLogin {
  const { accessToken: token, expiresAt } = loginIn(parseJson(path === null ? undefined : ownText(path)));
  const at = typeof expiresAt === "number" ? new Date(expiresAt) : new Date(Number.NaN);
  if (typeof token !== "string" || !tokenForm.test(token) || Number.isNaN(at.getTime())) return { kind: "none" };
  const expires_at = at.toISOString();
  return at.getTime() > nowMs + usableMs ? { kind: "valid", token, expires_at } : { kind: "expired", expires_at };
}

/** In the form that Claude Code 2.1 writes on Linux; on macOS the login is in the keychain, which is not read. */
function loginIn(file: unknown): { accessToken?: unknown; expiresAt?: unknown } {
  const login = typeof file === "object" && file !== null && "claudeAiOauth" in file ? file.claudeAiOauth : null;
  return typeof login === "object" && login !== null ? login : {};
}

function ownText(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const state = fstatSync(file);
    const isOwn = state.isFile() && state.uid === process.getuid?.() && state.size <= fileBytesMax;
    return isOwn ? readFileSync(file, "utf8") : undefined;
  } finally {
    closeSync(file);
  }
}
