/** The families that are asked about a bundle: those that got a nonce when it was sealed. */
import { type Family, families } from "@aedev/contracts";

/** In the order of `families`; empty before the bundle exists. */
export function requestedJudges(
  evidence: { readonly verdict_nonces: Readonly<Partial<Record<Family, string>>> } | null,
): Family[] {
  return families.filter((family) => evidence?.verdict_nonces[family] !== undefined);
}
