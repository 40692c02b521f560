/** Wraps in-toto statements in DSSE envelopes, signed with Ed25519. Only this file uses @sigstore/core. It does not know what a statement says. */
import { type KeyObject, sign, verify } from "node:crypto";
import { canonicalJson, sha256Schema } from "@aedev/contracts";
import { dsse } from "@sigstore/core";
import { z } from "zod";
import { fingerprintOf } from "../home/key-pair.ts";

const statementMediaType = "application/vnd.in-toto+json";
export const envelopeMediaType = "application/vnd.dsse.envelope.v1+json";
const signatureBytes = 64;

/** `keyid`: SHA-256 of the public key's SubjectPublicKeyInfo. There is exactly one signature, since nobody would check the bytes of a second. */
export const envelopeSchema = z.strictObject({
  payload: z.base64(),
  payloadType: z.literal(statementMediaType),
  signatures: z.tuple([z.strictObject({ keyid: sha256Schema, sig: z.base64() })]),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** The statement as canonical JSON in its signed envelope. */
export function sealEnvelope(statement: unknown, key: KeyObject): Envelope {
  const payload = Buffer.from(canonicalJson(statement));
  const sig = sign(null, dsse.preAuthEncoding(statementMediaType, payload), key);
  return {
    payload: payload.toString("base64"),
    payloadType: statementMediaType,
    signatures: [{ keyid: fingerprintOf(key), sig: sig.toString("base64") }],
  };
}

/** The payload's bytes if the signature is this key's, else the reason why not. */
export function openEnvelope(
  envelope: Envelope,
  key: KeyObject,
): { kind: "payload"; bytes: Buffer } | { kind: "invalid"; why: string } {
  const [{ keyid, sig }] = envelope.signatures;
  const fingerprint = fingerprintOf(key);
  if (keyid !== fingerprint) return { kind: "invalid", why: `it names key ${keyid}, but the key is ${fingerprint}` };
  const bytes = bytesOfBase64(envelope.payload);
  const signature = bytesOfBase64(sig);
  if (bytes === null || signature?.length !== signatureBytes)
    return { kind: "invalid", why: "payload or signature is not in canonical base64" };
  return verify(null, dsse.preAuthEncoding(envelope.payloadType, bytes), key, signature)
    ? { kind: "payload", bytes }
    : { kind: "invalid", why: "the signature does not verify with this key" };
}

/** The bytes of canonical base64 (padded, no unused bits set); null for any other text. */
export function bytesOfBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
}
