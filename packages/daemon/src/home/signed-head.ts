/** Signs the log's head outside the database (T13): whoever truncates or rewrites the log can't sign a new head. A new head must extend the signed one. */
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { canonicalJson, Fault, instantSchema, sha256Schema } from "@aedev/contracts";
import { readIfThere, writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { TrailedHead } from "../git/log-trailers.ts";
import type { EventLog } from "../log/event-log.ts";
import type { Anchor } from "../log/verify.ts";
import { makeKeyPair } from "./key-pair.ts";

const claimSchema = z.strictObject({
  position: z.int().positive(),
  hash: sha256Schema,
  epoch: z.int().nonnegative(),
  at: instantSchema,
  /** Where a person last accepted an untrusted log; a start does not verify earlier events. Missing: never. */
  accepted: z.int().positive().optional(),
});
/** `signature`: Ed25519 over the canonical JSON of the other four fields, in base64. */
const signedHeadSchema = claimSchema.extend({ signature: z.base64() });

/** Creates the key pair if there is none. Both files are 0600 and never change afterwards. */
export function makeSigningKey(home: string): boolean {
  const { signingKey, verifyingKey } = homeLayout(home);
  return makeKeyPair({ privatePath: signingKey, publicPath: verifyingKey });
}

/**
 * Signs the log's head into `head.json`: after each landing, at shutdown, and every minute if something changed. False if the head is signed already or the log
 * is empty. Throws a Fault `log-broken` if the log does not extend the signed head.
 */
export function signHead(home: string, log: EventLogHead, at: string): boolean {
  assertExtendsHead(home, log);
  const { position } = log.head;
  const reading = readSignedHead(home);
  if (position === 0 || (reading.kind === "head" && reading.position === position)) return false;
  writeHead(home, log, { at, accepted: reading.kind === "head" ? reading.accepted : null });
  return true;
}

/** Signs the head of a log that a person has just accepted, whatever was signed before. The last event is the acceptance. */
export function signAcceptedHead(home: string, log: EventLogHead, at: string): void {
  writeHead(home, log, { at, accepted: log.head.position });
}

function writeHead(home: string, log: EventLogHead, { at, accepted }: { at: string; accepted: number | null }): void {
  const { position, hash } = log.head;
  const claim = { position, hash, epoch: log.state.system.epoch, at, ...(accepted === null ? {} : { accepted }) };
  writeDurably(homeLayout(home).head, `${canonicalJson({ ...claim, signature: signatureOf(home, claim) })}\n`);
}

function signatureOf(home: string, claim: object): string {
  const key = createPrivateKey(readFileSync(homeLayout(home).signingKey));
  return sign(null, Buffer.from(canonicalJson(claim)), key).toString("base64");
}

/** What a landed commit's trailer signs. Unlike a head it names its purpose, so that neither can be used as the other. */
type TrailerClaim = Omit<TrailedHead, "signature">;
const trailerText = ({ position, hash, epoch }: TrailerClaim) => ({
  purpose: "trailer of a landed commit",
  ...{ position, hash, epoch },
});

/** The signature for a landed commit's trailer, always the same for the same claim. */
export function signTrailer(home: string, claim: TrailerClaim): string {
  return signatureOf(home, trailerText(claim));
}

/** Whether this home's key signed the trailer. Anybody who can push can write a trailer, but not sign it. */
export function isOwnTrailer(home: string, { signature, ...claim }: TrailedHead): boolean {
  const key = readIfThere(homeLayout(home).verifyingKey);
  if (key === null) return false;
  const signed = Buffer.from(canonicalJson(trailerText(claim)));
  return verify(null, signed, createPublicKey(key), Buffer.from(signature, "base64"));
}
type EventLogHead = Pick<EventLog, "head" | "hashAt" | "state">;

/** Throws a Fault `log-broken` if the log lacks the signed event; the next signature would hide that. */
export function assertExtendsHead(home: string, log: Pick<EventLog, "hashAt">): void {
  const reading = readSignedHead(home);
  const broken = (what: string) => new Fault("log-broken", what, { hint: "aedev events verify" });
  if (reading.kind === "invalid") throw broken(`the signed head can't be trusted: ${reading.why}`);
  if (reading.kind === "head" && log.hashAt(reading.position) !== reading.hash)
    throw broken(`the log does not contain the event that was signed at position ${reading.position}`);
}

/** Reads the home's signed head, or the one in a file copied from it. */
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
  const { position, hash, epoch, accepted = null } = claim;
  return { kind: "head", position, hash, epoch, accepted };
}
