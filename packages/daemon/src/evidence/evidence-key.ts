/** Makes and reads the key pair that signs evidence. It is separate from the pair for the log's head, so that neither can replace the other. */
import type { KeyObject } from "node:crypto";
import { existsSync, renameSync } from "node:fs";
import { Fault } from "@aedev/contracts";
import { readIfThere } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { fingerprintOf, type KeyPairPaths, makeKeyPair, parsePublicKey, readPrivateKey } from "../home/key-pair.ts";

function keyPairPaths(home: string): KeyPairPaths {
  const { evidenceKey, evidencePublicKey } = homeLayout(home);
  return { privatePath: evidenceKey, publicPath: evidencePublicKey };
}

/** Returns whether the key was missing. A lost key's public half is kept under its fingerprint, so that its signatures can still be verified. */
export function makeEvidenceKey(home: string): boolean {
  const { privatePath, publicPath } = keyPairPaths(home);
  const lost = existsSync(privatePath) ? null : evidencePublicKey(home);
  if (lost !== null) renameSync(publicPath, `${publicPath}.${fingerprintOf(lost).slice(0, 16)}`);
  return makeKeyPair(keyPairPaths(home));
}

/** Throws a Fault if the key is missing, exposed, malformed or differs from the published public key, because nobody could verify its signatures. */
export function evidenceKey(home: string): KeyObject {
  const { privatePath, publicPath } = keyPairPaths(home);
  const key = readPrivateKey(privatePath);
  const known = evidenceFingerprint(home);
  if (known !== null && known !== fingerprintOf(key))
    throw new Fault("signing-key", `${publicPath} does not match ${privatePath}`, {
      hint: `move ${publicPath} away, then run aedev init`,
    });
  return key;
}

/** Null if the home has no key or does not exist. Throws a Fault if the file is not a key. */
export function evidencePublicKey(home: string): KeyObject | null {
  const { publicPath } = keyPairPaths(home);
  const text = readIfThere(publicPath);
  return text === null ? null : parsePublicKey(text, publicPath);
}

/** The fingerprint of this home's key; null if there is none. */
export function evidenceFingerprint(home: string): string | null {
  const key = evidencePublicKey(home);
  return key === null ? null : fingerprintOf(key);
}
