/**
 * Decides whether a request of the fetch step may go to one of the operator's registries (SECURITY T8). Host and port must match exactly; every spelling that a
 * resolver might read differently is refused. Pure; a name that is not admitted is never looked up.
 */
import type { Registry } from "@aedev/contracts";

export type Admission = { kind: "admitted"; registry: Registry } | { kind: "refused"; reason: string };

const hostChars = /^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/;
const targetCharsMax = 120;

/** Checks a CONNECT request's target, `host:port`: only registries with TLS. */
export function admitConnect(target: string, registries: readonly Registry[]): Admission {
  const match = /^([^:]+|\[[^\]]+\]):([0-9]{1,5})$/.exec(target);
  return admit({ host: match?.[1], port: Number(match?.[2]), secure: true, escaped: target }, registries);
}

/** Checks a plain request in absolute form: GET or HEAD of a registry that the operator configured with http. `path` is forwarded. */
export function admitPlain(
  request: { method: string; url: string },
  registries: readonly Registry[],
): (Extract<Admission, { kind: "admitted" }> & { path: string }) | Extract<Admission, { kind: "refused" }> {
  const escaped = `${request.method} ${request.url}`;
  const match = /^http:\/\/([^/?#@\\:]+|\[[^\]/]+\])(?::([0-9]{1,5}))?(\/[\x21-\x22\x24-\x7e]*)?$/.exec(request.url);
  if (!["GET", "HEAD"].includes(request.method) || match === null)
    return refused(escaped, "is not a plain request to a registry");
  const admission = admit({ host: match[1], port: Number(match[2] ?? 80), secure: false, escaped }, registries);
  return admission.kind === "refused" ? admission : { ...admission, path: match[3] ?? "/" };
}

function admit(
  asked: { host: string | undefined; port: number; secure: boolean; escaped: string },
  registries: readonly Registry[],
): Admission {
  const host = asked.host?.toLowerCase() ?? "";
  if (!hostChars.test(host)) return refused(asked.escaped, "is not a plain host and port");
  const registry = registries.find(
    (known) => known.host === host && known.port === asked.port && known.secure === asked.secure,
  );
  return registry === undefined
    ? refused(asked.escaped, "is not one of the configured registries")
    : { kind: "admitted", registry };
}

function refused(asked: string, why: string): Extract<Admission, { kind: "refused" }> {
  const escaped = asked.replace(/[^\x20-\x7e]/g, "?").slice(0, targetCharsMax);
  return { kind: "refused", reason: `${escaped} ${why}` };
}
