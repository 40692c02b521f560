/**
 * The secrets of a signed-in browser: a cookie, which no script can read, and a key, which the web app sends as a header. Both are needed, because a browser
 * sends a cookie to every port of the machine (SECURITY T35). The log has one digest of both.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { BrowserReach } from "@aedev/contracts";
import { type BrowserSessionState, browserSessions } from "@aedev/core";
import type { OperatorSource } from "./operator-token.ts";

const cookieName = "aedev_session";
const keyHeader = "aedev-key";
const randomBytesOfSecret = 32;

export function newBrowserSecrets(): { cookie: string; key: string; digest: string } {
  const [cookie, key] = [newSecret(), newSecret()];
  return { cookie, key, digest: digestOf(cookie, key).toString("hex") };
}

/** The header that stores the cookie in the browser until `expiresAt`. No other site's page sends it. */
export function cookieOf(cookie: string, { expiresAt, isSecure }: { expiresAt: string; isSecure: boolean }): string {
  const until = new Date(expiresAt).toUTCString();
  return `${cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Strict; Expires=${until}${isSecure ? "; Secure" : ""}`;
}

/** The session of the request's cookie and key; null: there is none, it began on another way, it has ended, or the log is not trusted. */
export function sessionOf(
  { headers }: Pick<IncomingMessage, "headers">,
  { log, trust }: OperatorSource,
  { now, reach }: { now: string; reach: BrowserReach },
): BrowserSessionState | null {
  const cookie = new RegExp(`(?:^|; )${cookieName}=([0-9a-f]{64})(?:;|$)`).exec(headers.cookie ?? "")?.[1];
  const key = headers[keyHeader];
  if (cookie === undefined || typeof key !== "string" || trust.untrusted !== null) return null;
  const digest = digestOf(cookie, key);
  const isGiven = ({ token_digest }: BrowserSessionState) => timingSafeEqual(digest, Buffer.from(token_digest, "hex"));
  return browserSessions(log.state, now).find((one) => reachOf(one) === reach && isGiven(one)) ?? null;
}

/** On which way the session works. */
export function reachOf({ reach = "loopback" }: Pick<BrowserSessionState, "reach">): BrowserReach {
  return reach;
}

/** The key with which the daemon proves itself to the session's browser. */
export function proofKeyOf({ token_digest }: Pick<BrowserSessionState, "token_digest">): string {
  return createHmac("sha256", Buffer.from(token_digest, "hex")).update("aedev proof to a browser").digest("hex");
}

/** The proof covers the port, so that nobody can pass it on from another one. */
export function proofFor(
  session: BrowserSessionState,
  { nonce, port }: { nonce: string; port: number | string },
): string {
  const key = Buffer.from(proofKeyOf(session), "hex");
  return createHmac("sha256", key).update(`aedev daemon ${port} ${nonce}`).digest("hex");
}

function newSecret(): string {
  return randomBytes(randomBytesOfSecret).toString("hex");
}

function digestOf(cookie: string, key: string): Buffer {
  return createHash("sha256").update(`${cookie}.${key}`).digest();
}
