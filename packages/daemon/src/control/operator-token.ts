/**
 * Makes operators' tokens, finds their operator by digest, and proves the daemon to a token's holder. The log has only the digest; a token of 256 random bits
 * needs no salt or slow hash, because nobody can try them all.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { operatorTokenPattern } from "@aedev/contracts";
import { isInForce, type OperatorState, operatorsOf, type State } from "@aedev/core";

/** Where operators are found, and whether the log that names them is trusted. */
export interface OperatorSource {
  readonly log: { readonly state: Pick<State, "system"> };
  readonly trust: { readonly untrusted: object | null };
}

const randomBytesOfToken = 32;
const proofSecretLength = 32;

/** A new token with its digest. The token's part that proves the daemon is derived from `key`, a key of the home that is not in the log. */
export function newOperatorToken(key: Buffer): { token: string; digest: string } {
  const random = randomBytes(randomBytesOfToken).toString("hex");
  const proofKey = sha256(`aedev proof ${random}`).toString("hex");
  const token = `aedev_${random}${proofSecret(key, proofKey)}`;
  return { token, digest: sha256(token).toString("hex") };
}

/** The operator with this token; null if there is none or the token is void. Compares every digest, each in constant time. */
export function operatorOfToken({ log, trust }: OperatorSource, text: string): OperatorState | null {
  if (!operatorTokenPattern.test(text) || trust.untrusted !== null) return null;
  const given = sha256(text);
  const found = operatorsOf(log.state).filter(({ token_digest }) =>
    timingSafeEqual(given, Buffer.from(token_digest, "hex")),
  );
  return found.find((operator) => isInForce(log.state, operator)) ?? null;
}

/**
 * Shows a client that this daemon made its token, before the client sends it: anybody may listen on a port while the daemon is down (SECURITY T35). The proof
 * covers the port, so that nobody can pass it on from another one.
 */
export function daemonProof(key: Buffer, asked: { proofKey: string; nonce: string; port: number }): string {
  const secret = proofSecret(key, asked.proofKey);
  return createHmac("sha256", secret).update(`aedev daemon ${asked.port} ${asked.nonce}`).digest("hex");
}

function proofSecret(key: Buffer, proofKey: string): string {
  return createHmac("sha256", key).update(`aedev operator ${proofKey}`).digest("hex").slice(0, proofSecretLength);
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
