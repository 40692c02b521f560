/** Which families are asked about a bundle: those that got a nonce when it was sealed. */
import { type Family, families } from "../wire/index.ts";

export function askedFamilies(
  evidence: { readonly verdict_nonces: Readonly<Partial<Record<Family, string>>> } | null,
): Family[] {
  return families.filter((family) => evidence?.verdict_nonces[family] !== undefined);
}
