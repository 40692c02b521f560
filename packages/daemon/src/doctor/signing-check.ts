/** Tries the key that signs landed commits. */
import { Fault } from "@aedev/contracts";
import type { Configuration } from "../configuration/configuration-schema.ts";
import { makeSignature } from "../git/make-signature.ts";
import type { Check } from "./check.ts";

/** Empty if commits are not signed. */
export async function signingChecks(configuration: Configuration | null): Promise<Check[]> {
  const signer = configuration?.landing.signer ?? null;
  if (signer === null) return [];
  const check = { name: "signing key", help: "make the key usable, or set landing.sign: none" };
  try {
    await makeSignature(signer, Buffer.from("aedev doctor\n"));
    return [{ ...check, ok: true, found: `${signer.kind} key ${signer.key} signs` }];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [{ ...check, ok: false, invalid: true, found: error.message.replace(/^.*nothing was pushed: /, "") }];
  }
}
