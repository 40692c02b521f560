/** The digests of bundles and changes. Every plane computes the same hex for the same input. */
import { canonicalJson } from "./canonical-json.ts";
import type { BundleManifest } from "./evidence.ts";
import type { Sha256 } from "./ids.ts";

/** Digest of any value: SHA-256 of its canonical JSON. */
export function digestOf(value: unknown, sha256: Sha256): string {
  return sha256(canonicalJson(value));
}

/** The digest of a bundle is that of its manifest. */
export function bundleDigest(manifest: BundleManifest, sha256: Sha256): string {
  return digestOf(manifest, sha256);
}

/** The change digest, which verdicts and approvals refer to. Each part is a SHA-256 in hex. */
export function changeDigest(parts: { specification: string; patch: string; policy: string }, sha256: Sha256): string {
  return digestOf({ patch: parts.patch, policy: parts.policy, specification: parts.specification }, sha256);
}
