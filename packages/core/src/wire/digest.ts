/** The digests that tie things together: of a bundle, of a change. Same input, same hex, in every plane. */
import { canonicalJson } from "./canonical-json.ts";
import type { BundleManifest } from "./evidence.ts";
import type { Sha256 } from "./names.ts";

/** Digest of any value: SHA-256 of its canonical JSON. */
export function digestOf(value: unknown, sha256: Sha256): string {
  return sha256(canonicalJson(value));
}

/** Digest of a bundle: of its canonical manifest. */
export function bundleDigest(manifest: BundleManifest, sha256: Sha256): string {
  return digestOf(manifest, sha256);
}

/** The change digest: what verdicts and approvals are about. Each part is a SHA-256 in hex. */
export function changeDigest(parts: { specification: string; patch: string; policy: string }, sha256: Sha256): string {
  return digestOf({ patch: parts.patch, policy: parts.policy, specification: parts.specification }, sha256);
}
