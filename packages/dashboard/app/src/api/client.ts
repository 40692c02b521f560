/** Calls the daemon's routes by name. The types are those of the daemon's own table. */

import type { ErrorDocument, RouteAnswer, RouteInput, RouteName } from "@aedev/contracts/api";
import { methodAndPath } from "./route-table.ts";

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
  const { params = {}, query = {}, body } = input as AnyInput;
  const [method, path] = methodAndPath[name];
  const filled = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ""));
  const asked = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  const response = await fetch(`${filled}${asked.size === 0 ? "" : `?${asked}`}`, {
    method,
    ...(method === "POST" ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) } : {}),
  }).catch(() => null);
  if (response === null)
    throw new CallError("the daemon does not answer", { code: "offline", hint: "aedev daemon start" });
  if (response.ok) return (await response.json()) as RouteAnswer<K>;
  const { error } = (await response.json().catch(() => ({}))) as Partial<ErrorDocument>;
  const { code = `http-${response.status}`, reason = response.statusText, hint = null } = error ?? {};
  throw new CallError(reason, { code, hint });
}
