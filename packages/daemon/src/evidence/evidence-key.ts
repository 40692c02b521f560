/** The key that signs evidence: a pair of its own beside the one of the log's head, so that neither can stand for the other. */
import type { KeyObject } from "node:crypto";
import { readIfThere } from "../home/durable-file.ts";
import { fingerprintOf, type KeyPairPlace, makeKeyPair, parsePublicKey, readPrivateKey } from "../home/key-pair.ts";
import { homeLayout } from "../home/layout.ts";

function placeOf(home: string): KeyPairPlace {
  const { evidenceKey, evidencePublicKey } = homeLayout(home);
  return { privatePath: evidenceKey, publicPath: evidencePublicKey };
}

/** Returns whether the key was missing. */
export function makeEvidenceKey(home: string): boolean {
  return makeKeyPair(placeOf(home));
}

/** Throws a Fault where it is missing, exposed or no key. */
export function evidenceKey(home: string): KeyObject {
  return readPrivateKey(placeOf(home).privatePath);
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
