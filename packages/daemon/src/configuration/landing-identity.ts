/** Checks by whom landed commits are signed and signed off. A sign-off is a person's statement, so the operator must have given the identity. */
import { isAbsolute } from "node:path";
import type { PolicyProblem } from "@aedev/core";

interface LandingIdentity {
  readonly author_name: string;
  readonly author_email: string;
  readonly sign_off: boolean;
  readonly sign: "none" | "ssh" | "gpg";
  readonly signing_key: string | null;
}

const keyId = /^(?:0x)?(?:[0-9A-Fa-f]{16}|[0-9A-Fa-f]{40})$/;

/** `shipped`: the default identity, which stands for no person. */
export function landingIdentityProblems(
  landing: LandingIdentity,
  shipped: Pick<LandingIdentity, "author_name" | "author_email">,
): PolicyProblem[] {
  const { author_name, author_email, sign_off, sign, signing_key } = landing;
  const isNobody = author_name === shipped.author_name || author_email === shipped.author_email;
  const problem = (key: string, message: string): PolicyProblem[] => [{ path: `landing.${key}`, message }];
  return [
    ...(sign_off && isNobody
      ? problem("sign_off", "needs landing.author_name and landing.author_email of the person who signs off")
      : []),
    ...(sign_off && !/^[^@\s]+@[^@\s]+$/u.test(author_email)
      ? problem("author_email", "must be an address such as name@example.com to sign off with")
      : []),
    ...(sign !== "none" && signing_key === null
      ? problem("signing_key", `is required if landing.sign is ${sign}`)
      : []),
    ...(sign === "none" && signing_key !== null
      ? problem("sign", "must be ssh or gpg if landing.signing_key is set")
      : []),
    ...(sign === "ssh" && signing_key !== null && !isAbsolute(signing_key)
      ? problem("signing_key", "must be the absolute path of a private SSH key")
      : []),
    ...(sign === "gpg" && signing_key !== null && !keyId.test(signing_key)
      ? problem("signing_key", "must be the 16 or 40 hexadecimal digits of a key's id or fingerprint")
      : []),
  ];
}
