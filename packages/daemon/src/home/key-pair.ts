/** Makes and reads a home's Ed25519 key pairs, two PEM files made once with mode 0600. Other files decide what they sign. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { Fault } from "@aedev/contracts";
import { readIfThere, writeDurably } from "@aedev/host/durable-file";
import { assertPrivate } from "@aedev/host/private-home";

export interface KeyPairPaths {
  readonly privatePath: string;
  readonly publicPath: string;
}

/** Creates whichever half is missing; returns whether the private key was. */
export function makeKeyPair({ privatePath, publicPath }: KeyPairPaths): boolean {
  const missing = !existsSync(privatePath);
  if (missing) {
    const { privateKey } = generateKeyPairSync("ed25519");
    writeDurably(privatePath, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  }
  if (!existsSync(publicPath)) {
    const publicKey = createPublicKey(readFileSync(privatePath));
    writeDurably(publicPath, publicKey.export({ type: "spki", format: "pem" }).toString());
  }
  return missing;
}

/** Throws a Fault `signing-key` if there is no Ed25519 key, `secrets-exposed` if others can read it. */
export function readPrivateKey(path: string): KeyObject {
  const text = readIfThere(path);
  if (text === null) throw new Fault("signing-key", `${path} is missing`, { hint: "aedev init" });
  assertPrivate(path);
  return ed25519(() => createPrivateKey(text), path);
}

/** The public key in a PEM text. Throws a Fault `signing-key`, also for a private key, so that nobody shares one by mistake. */
export function parsePublicKey(text: string, name: string): KeyObject {
  if (!/^-----BEGIN PUBLIC KEY-----\r?\n/.test(text))
    throw new Fault("signing-key", `${name} is not a public key in PEM`, { hint: "give a copy of keys/evidence.pub" });
  return ed25519(() => createPublicKey(text), name);
}

/** The public key of canonical SubjectPublicKeyInfo bytes, since Node's parser accepts other encodings too. Throws a Fault `signing-key`. */
export function publicKeyOf(der: Buffer, name: string): KeyObject {
  const key = ed25519(() => createPublicKey({ key: der, format: "der", type: "spki" }), name);
  if (!publicKeyBytes(key).equals(der)) throw new Fault("signing-key", `${name} is not canonically encoded`);
  return key;
}

/** The public half's SubjectPublicKeyInfo, from either half. */
export function publicKeyBytes(key: KeyObject): Buffer {
  return (key.type === "public" ? key : createPublicKey(key)).export({ type: "spki", format: "der" });
}

/** The fingerprint that people compare: SHA-256 of the public key's SubjectPublicKeyInfo, in hex. */
export function fingerprintOf(key: KeyObject): string {
  return createHash("sha256").update(publicKeyBytes(key)).digest("hex");
}

function ed25519(read: () => KeyObject, name: string): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    throw new Fault("signing-key", `${name} is not a key`, { cause });
  }
  if (key.asymmetricKeyType !== "ed25519") throw new Fault("signing-key", `${name} is not an Ed25519 key`);
  return key;
}
