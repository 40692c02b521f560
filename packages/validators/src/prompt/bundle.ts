/** Reads a bundle by its digest and re-hashes every byte. A mismatch is a Fault, never evidence. */
import { readFileSync, statSync } from "node:fs";
import {
  type Blob,
  type BundleManifest,
  bundleDigest,
  bundleManifestSchema,
  type EvidenceName,
  evidenceNames,
  Fault,
} from "@aedev/contracts";
import { sha256 } from "@aedev/host/sha256";
import { entryBytesMax, manifestBytesMax } from "./bounds.ts";

/** A bundle whose bytes match its digest. */
export interface Bundle {
  digest: string;
  manifest: BundleManifest;
  entries: ReadonlyMap<EvidenceName, Uint8Array>;
}

/** Throws a Fault `bundle-digest` if anything is missing or does not match its digest or size, and `bundle-too-large` before reading an entry that is too large to show. */
export function readBundle(bundlesDir: string, bundle: Blob, limits = { patchBytes: entryBytesMax }): Bundle {
  const folder = `${bundlesDir}/${bundle.digest}`;
  const manifest = parseManifest(readHashed(`${folder}/manifest.json`, bundle), bundle.digest);
  for (const [name, { size_bytes }] of Object.entries(manifest.entries))
    if (size_bytes > (name === "patch" ? limits.patchBytes : entryBytesMax))
      throw new Fault("bundle-too-large", `${name} of bundle ${bundle.digest} has ${size_bytes} bytes`);
  const entries = new Map<EvidenceName, Uint8Array>();
  for (const name of evidenceNames) {
    const entry = manifest.entries[name];
    if (entry !== undefined) entries.set(name, readHashed(`${folder}/${entry.digest}`, entry));
  }
  return { digest: bundle.digest, manifest, entries };
}

function parseManifest(bytes: Uint8Array, digest: string): BundleManifest {
  if (bytes.length > manifestBytesMax) throw new Fault("bundle-digest", `the manifest of bundle ${digest} is too long`);
  const manifest = parsedJson(bytes, (value) => bundleManifestSchema.parse(value), `the manifest of bundle ${digest}`);
  if (bundleDigest(manifest, sha256) !== digest)
    throw new Fault("bundle-digest", `the manifest of bundle ${digest} is not canonical`);
  return manifest;
}

function readHashed(path: string, blob: Blob): Uint8Array {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined || !facts.isFile() || facts.size !== blob.size_bytes)
    throw new Fault("bundle-digest", `${blob.digest} is missing or has the wrong size`);
  const bytes = readFileSync(path);
  if (sha256(bytes) !== blob.digest) throw new Fault("bundle-digest", `${blob.digest} does not match its hash`);
  return bytes;
}

/** Parses a JSON evidence entry with its schema. Invalid bytes are a Fault `bundle-digest`: the bundle is not what it claims to be. */
export function parsedJson<Value>(bytes: Uint8Array, parse: (value: unknown) => Value, what: string): Value {
  try {
    return parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch (cause) {
    throw new Fault("bundle-digest", `${what} does not match its schema`, { cause });
  }
}
