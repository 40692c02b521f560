/**
 * The head of the log, signed, outside the database (T13): whoever cuts or rewrites the log cannot make a new one without the key. It is
 * never moved to a log that does not extend the one it was signed for.
 */
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { canonicalJson, Fault, instantSchema, sha256Schema } from "@aedev/contracts";
import { readIfThere, writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { EventLog } from "../log/event-log.ts";
import type { Anchor } from "../log/verify.ts";
import { makeKeyPair } from "./key-pair.ts";

const claimSchema = z.strictObject({
  position: z.int().positive(),
  hash: sha256Schema,
  epoch: z.int().nonnegative(),
  at: instantSchema,
});
/** `signature`: Ed25519 over the canonical JSON of the other four, in base64. */
const signedHeadSchema = claimSchema.extend({ signature: z.base64() });

/** Makes the key pair where there is none; both files are 0600 and stay as they are afterwards. */
export function makeSigningKey(home: string): boolean {
  const { signingKey, verifyingKey } = homeLayout(home);
  return makeKeyPair({ privatePath: signingKey, publicPath: verifyingKey });
}

/**
 * Signs the log's head into `head.json`; called at each landing, at the daemon's stop and in every minute in which something changed.
 * Returns false where the head is signed already or there is none. Throws a Fault `log-broken` where the log does not extend the signed head.
 */
export function signHead(home: string, log: EventLogHead, at: string): boolean {
  assertExtendsHead(home, log);
  const layout = homeLayout(home);
  const { position, hash } = log.head;
  const reading = readSignedHead(home);
  if (position === 0 || (reading.kind === "head" && reading.position === position)) return false;
  const claim = { position, hash, epoch: log.state.system.epoch, at };
  const key = createPrivateKey(readFileSync(layout.signingKey));
  const signature = sign(null, Buffer.from(canonicalJson(claim)), key).toString("base64");
  writeDurably(layout.head, `${canonicalJson({ ...claim, signature })}\n`);
  return true;
}
type EventLogHead = Pick<EventLog, "head" | "hashAt" | "state">;

/** For the daemon's start too: it must not go on with a log whose tail was cut, because the next signature would hide that. */
export function assertExtendsHead(home: string, log: Pick<EventLog, "hashAt">): void {
  const reading = readSignedHead(home);
  const broken = (what: string) => new Fault("log-broken", what, { hint: "aedev events verify" });
  if (reading.kind === "invalid") throw broken(`the signed head cannot be trusted: ${reading.why}`);
  if (reading.kind === "head" && log.hashAt(reading.position) !== reading.hash)
    throw broken(`the log does not hold the event that was signed as position ${reading.position}`);
}

/** The home's own signed head, or the one in a file that was copied from it. */
export function readSignedHead(home: string, path = homeLayout(home).head): Anchor["reading"] {
  const text = readIfThere(path);
  if (text === null) return { kind: "missing" };
  const parsed = signedHeadSchema.safeParse(parseJson(text));
  if (!parsed.success) return { kind: "invalid", why: "it is not a signed head" };
  const { signature, ...claim } = parsed.data;
  const key = readIfThere(homeLayout(home).verifyingKey);
  if (key === null) return { kind: "invalid", why: "the key keys/head.pub is missing" };
  if (!verify(null, Buffer.from(canonicalJson(claim)), createPublicKey(key), Buffer.from(signature, "base64")))
    return { kind: "invalid", why: "its signature is not of this home's key" };
  return { kind: "head", position: claim.position, hash: claim.hash, epoch: claim.epoch };
}
