/**
 * The signed head of the log, kept outside the database (T13): whoever truncates or rewrites the log can't sign a new head without the key.
 * A new head is only signed for a log that extends the one signed before.
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
/** `signature`: Ed25519 over the canonical JSON of the other four fields, in base64. */
const signedHeadSchema = claimSchema.extend({ signature: z.base64() });

/** Creates the key pair if there is none. Both files are 0600 and never change afterwards. */
export function makeSigningKey(home: string): boolean {
  const { signingKey, verifyingKey } = homeLayout(home);
  return makeKeyPair({ privatePath: signingKey, publicPath: verifyingKey });
}

/**
 * Signs the log's head into `head.json`; called after each landing, at shutdown and every minute if something changed.
 * Returns false if the head is already signed or the log is empty. Throws a Fault `log-broken` if the log does not extend the signed head.
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

/** Also used when the daemon starts: it must not continue a truncated log, because the next signature would hide the truncation. */
export function assertExtendsHead(home: string, log: Pick<EventLog, "hashAt">): void {
  const reading = readSignedHead(home);
  const broken = (what: string) => new Fault("log-broken", what, { hint: "aedev events verify" });
  if (reading.kind === "invalid") throw broken(`the signed head can't be trusted: ${reading.why}`);
  if (reading.kind === "head" && log.hashAt(reading.position) !== reading.hash)
    throw broken(`the log does not contain the event that was signed at position ${reading.position}`);
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
    return { kind: "invalid", why: "it was not signed with this home's key" };
  return { kind: "head", position: claim.position, hash: claim.hash, epoch: claim.epoch };
}
