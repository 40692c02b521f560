/** Reads a bundle by its digest and hashes every byte again. What does not have the bytes its name promises is a Fault, never evidence. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import {
  type Blob,
  type BundleManifest,
  bundleDigest,
  bundleManifestSchema,
  type EvidenceName,
  evidenceNames,
  Fault,
  type Sha256,
} from "@aedev/core/wire";
import { entryBytesMax, manifestBytesMax } from "./bounds.ts";

export const sha256: Sha256 = (content) => createHash("sha256").update(content).digest("hex");

/** A bundle whose bytes are what its digest says. */
export interface Bundle {
  digest: string;
  manifest: BundleManifest;
  entries: ReadonlyMap<EvidenceName, Uint8Array>;
}

/** Throws a Fault `BUNDLE-DIGEST` when anything is missing or differs from its digest or size, and `BUNDLE-TOO-LARGE` before an entry is read that nobody could be shown. */
export function readBundle(bundlesDir: string, bundle: Blob, limits = { patchBytes: entryBytesMax }): Bundle {
  const folder = `${bundlesDir}/${bundle.digest}`;
  const manifest = parseManifest(readHashed(`${folder}/manifest.json`, bundle), bundle.digest);
  for (const [name, { size_bytes }] of Object.entries(manifest.entries))
    if (size_bytes > (name === "patch" ? limits.patchBytes : entryBytesMax))
      throw new Fault("BUNDLE-TOO-LARGE", `${name} of bundle ${bundle.digest} has ${size_bytes} bytes`);
  const entries = new Map<EvidenceName, Uint8Array>();
  for (const name of evidenceNames) {
    const entry = manifest.entries[name];
    if (entry !== undefined) entries.set(name, readHashed(`${folder}/${entry.digest}`, entry));
  }
  return { digest: bundle.digest, manifest, entries };
}

function parseManifest(bytes: Uint8Array, digest: string): BundleManifest {
  if (bytes.length > manifestBytesMax) throw new Fault("BUNDLE-DIGEST", `the manifest of bundle ${digest} is too long`);
  const manifest = parsedJson(bytes, (value) => bundleManifestSchema.parse(value), `the manifest of bundle ${digest}`);
  if (bundleDigest(manifest, sha256) !== digest)
    throw new Fault("BUNDLE-DIGEST", `the manifest of bundle ${digest} is not canonical`);
  return manifest;
}

function readHashed(path: string, blob: Blob): Uint8Array {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined || !facts.isFile() || facts.size !== blob.size_bytes)
    throw new Fault("BUNDLE-DIGEST", `${blob.digest} is missing or not of its size`);
  const bytes = readFileSync(path);
  if (sha256(bytes) !== blob.digest)
    throw new Fault("BUNDLE-DIGEST", `${blob.digest} does not have the bytes its name promises`);
  return bytes;
}

/** JSON of an evidence entry through its schema; bytes of another form are a Fault `BUNDLE-DIGEST`, because the bundle is not what it claims to be. */
export function parsedJson<Value>(bytes: Uint8Array, parse: (value: unknown) => Value, what: string): Value {
  try {
    return parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch (cause) {
    throw new Fault("BUNDLE-DIGEST", `${what} does not have its form`, { cause });
  }
}
