/** The key that signs evidence: a pair of its own beside the one of the log's head, so that neither can stand for the other. */
import type { KeyObject } from "node:crypto";
import { existsSync, renameSync } from "node:fs";
import { Fault } from "@aedev/core/wire";
import { readIfThere } from "../home/durable-file.ts";
import { fingerprintOf, type KeyPairPlace, makeKeyPair, parsePublicKey, readPrivateKey } from "../home/key-pair.ts";
import { homeLayout } from "../home/layout.ts";

function placeOf(home: string): KeyPairPlace {
  const { evidenceKey, evidencePublicKey } = homeLayout(home);
  return { privatePath: evidenceKey, publicPath: evidencePublicKey };
}

/** Returns whether the key was missing. The public half of a lost key is kept under its fingerprint: what that key signed can be verified with it. */
export function makeEvidenceKey(home: string): boolean {
  const { privatePath, publicPath } = placeOf(home);
  const lost = existsSync(privatePath) ? null : evidencePublicKey(home);
  if (lost !== null) renameSync(publicPath, `${publicPath}.${fingerprintOf(lost).slice(0, 16)}`);
  return makeKeyPair(placeOf(home));
}

/** Throws a Fault where it is missing, exposed, no key, or not the other half of the public key that is handed out: nobody could verify what it signs. */
export function evidenceKey(home: string): KeyObject {
  const { privatePath, publicPath } = placeOf(home);
  const key = readPrivateKey(privatePath);
  const known = evidenceFingerprint(home);
  if (known !== null && known !== fingerprintOf(key))
    throw new Fault("SIGNING-KEY", `${publicPath} is not the public half of ${privatePath}`, {
      hint: `move ${publicPath} away, then aedev init`,
    });
  return key;
}

/** Null where the home has none, or there is no home. Throws a Fault where the file is no key. */
export function evidencePublicKey(home: string): KeyObject | null {
  const { publicPath } = placeOf(home);
  const text = readIfThere(publicPath);
  return text === null ? null : parsePublicKey(text, publicPath);
}

/** The fingerprint of this home's key; null where there is none. */
export function evidenceFingerprint(home: string): string | null {
  const key = evidencePublicKey(home);
  return key === null ? null : fingerprintOf(key);
}
