/** The cookie of a signed-in browser: makes its token, and finds the session of a request by the token's digest. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type BrowserSessionState, browserSessions } from "@aedev/core";
import type { OperatorSource } from "./operator-token.ts";

const cookieName = "aedev_session";
const randomBytesOfToken = 32;

export function newBrowserToken(): { token: string; digest: string } {
  const token = randomBytes(randomBytesOfToken).toString("hex");
  return { token, digest: digestOf(token).toString("hex") };
}

/** The header that stores the token in the browser until `expiresAt`. No script can read it, and no other site's page sends it. */
export function cookieOf(token: string, { expiresAt, isSecure }: { expiresAt: string; isSecure: boolean }): string {
  const until = new Date(expiresAt).toUTCString();
  return `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict; Expires=${until}${isSecure ? "; Secure" : ""}`;
}

/** The session of the request's cookie; null: there is none, it has ended, or the log is not trusted. */
export function sessionOf(
  { headers }: Pick<IncomingMessage, "headers">,
  { log, trust }: OperatorSource,
  now: string,
): BrowserSessionState | null {
  const given = new RegExp(`(?:^|; )${cookieName}=([0-9a-f]{64})(?:;|$)`).exec(headers.cookie ?? "")?.[1];
  if (given === undefined || trust.untrusted !== null) return null;
  const digest = digestOf(given);
  const isGiven = ({ token_digest }: BrowserSessionState) => timingSafeEqual(digest, Buffer.from(token_digest, "hex"));
  return browserSessions(log.state, now).find(isGiven) ?? null;
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
