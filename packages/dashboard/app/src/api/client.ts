/** Calls the daemon's routes by name. The types are those of the daemon's own table. */

import type { ErrorDocument, RouteAnswer, RouteInput, RouteName } from "@aedev/contracts/api";
import { methodAndPath } from "./route-table.ts";
import { distrust, isSignedOut, keptSession, proofOfDaemon } from "./session.ts";

/** The daemon refused, or did not answer. */
export class CallError extends Error {
  readonly code: string;
  readonly hint: string | null;
  constructor(message: string, { code, hint }: { code: string; hint: string | null }) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

interface AnyInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** The answer's document. Throws a `CallError` with the daemon's own words; `offline` if it does not answer. */
export async function call<K extends RouteName>(name: K, input: RouteInput<K>): Promise<RouteAnswer<K>> {
  return (await (await respond(name, input)).json()) as RouteAnswer<K>;
}

/** Saves the answer as a file of this name. Throws as `call` does. */
export async function download<K extends RouteName>(name: K, input: RouteInput<K>, file: string): Promise<void> {
  const address = URL.createObjectURL(await (await respond(name, input)).blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = file;
  link.click();
  URL.revokeObjectURL(address);
}

/** The successful response. Throws a `CallError`. */
async function respond<K extends RouteName>(name: K, input: RouteInput<K>): Promise<Response> {
  const { params = {}, query = {}, body } = input as AnyInput;
  const [method, path] = methodAndPath[name];
  const filled = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ""));
  const asked = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  const response = await send(`${filled}${asked.size === 0 ? "" : `?${asked}`}`, {
    method,
    body,
    isOpen: name === "signIn",
  });
  if (response.ok) return response;
  const { error } = (await response.json().catch(() => ({}))) as Partial<ErrorDocument>;
  const { code = `http-${response.status}`, reason = response.statusText, hint = null } = error ?? {};
  throw new CallError(reason, { code, hint });
}

/** The answer to a request with this browser's key. Throws a `CallError` if nobody is signed in, or the daemon does not answer or does not prove itself. */
export async function send(
  address: string,
  { method, body, isOpen = false, headers = {} }: Sending,
): Promise<Response> {
  const proof = isOpen ? "proved" : await proofOfDaemon();
  if (proof === "signed-out") throw new CallError("you are not signed in", { code: "no-token", hint: "aedev open" });
  const response =
    proof === "no"
      ? null
      : await fetch(address, {
          method,
          headers: {
            ...headers,
            ...(isOpen ? {} : { "aedev-key": keptSession()?.key ?? "" }),
            ...(method === "POST" ? { "content-type": "application/json" } : {}),
          },
          ...(method === "POST" ? { body: JSON.stringify(body ?? {}) } : {}),
        }).catch(() => null);
  if (response?.status === 401) isSignedOut.value = true;
  if (response !== null) return response;
  distrust();
  throw new CallError("the daemon does not answer", { code: "offline", hint: "aedev daemon start" });
}

interface Sending {
  readonly method: "GET" | "POST";
  readonly body?: unknown;
  /** The request needs nobody to be signed in. */
  readonly isOpen?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}
