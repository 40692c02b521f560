/**
 * How a credential reaches git for one call (SECURITY T18): through an inherited descriptor that aedev's own helper reads, for one origin only. It is in
 * no argument, URL, environment variable or file. This file starts nothing.
 */
import { Fault, hasControls } from "@aedev/contracts";

/** A user name and a secret for one origin, such as `https://github.com`. */
export interface GitCredential {
  /** Scheme, host and, if it is not the default, port: no path, no trailing slash. */
  readonly origin: string;
  readonly username: string;
  readonly password: string;
}

/** The most characters of the user name and of the secret. Both fit into the descriptor's buffer, so that nobody has to wait for a reader. */
const partLengthMax = 16_384;
/** The descriptor of the record in git and in everything that git starts: the first after the standard streams. */
const credentialDescriptor = 3;

/**
 * Flags of the call, after those that clear every other helper. For `get`, the helper prints the rest of the descriptor once: aedev's end is closed, so
 * that a second `get` finds the end instead of waiting. The helper ignores `store` and `erase`. Throws a Fault `secret-malformed`, without the value.
 */
export function credentialFlags(credential: GitCredential): string[] {
  const { origin, username, password } = credential;
  const url = URL.parse(origin);
  if (url === null || url.origin !== origin || !/^https?:$/.test(url.protocol))
    throw new Fault("secret-malformed", "a credential of git needs an http(s) origin");
  for (const part of [username, password])
    if (part === "" || part.length > partLengthMax || hasControls(part))
      throw new Fault("secret-malformed", `the credential for ${origin} is empty, too long or not one line`, {
        hint: "store it again: aedev secrets set NAME",
      });
  const helper = `!f() { if test "$1" = get; then cat <&${credentialDescriptor}; fi; }; f`;
  return ["-c", `credential.${origin}.helper=${helper}`];
}

/** The helper's output, in the form of git's credential protocol. */
export function credentialRecord({ username, password }: GitCredential): Uint8Array {
  return Buffer.from(`username=${username}\npassword=${password}\n`);
}

/** git's own texts over http: no credential, a wrong one, one without the permission, or a repository that forges hide from strangers. */
const denied =
  /could not read (Username|Password) for |Authentication failed for |returned error: 403|fatal: repository '[^']*' not found/;

/** Whether git's message says that the server refuses access with this credential, or without one. */
export function isAccessDenied(cause: string): boolean {
  return denied.test(cause);
}

/** Removes the secret from text that a server may have sent back, also in the form of the request's header. */
export function withoutCredential(text: string, credential: GitCredential | undefined): string {
  if (credential === undefined) return text;
  const { username, password } = credential;
  const basic = Buffer.from(`${username}:${password}`).toString("base64");
  return text.replaceAll(password, "…").replaceAll(basic, "…");
}
