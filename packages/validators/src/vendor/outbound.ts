/** The plane's only network access (SECURITY T24): a bounded `fetch` without redirects, also installed as the global one, and a cleared environment. */
import { AsyncLocalStorage } from "node:async_hooks";
import { responseBytesMax } from "../prompt/bounds.ts";

/** Records the `retry-after` header of the last response without passing it to the clients, which would obey it on their own. */
const retryAfterOf = new AsyncLocalStorage<{ header: string | null }>();

const direct: typeof fetch = globalThis.fetch;

/** A redirect is returned as its status, so that a key never reaches another origin. The body is read before returning, so that one deadline covers everything. */
export const outboundFetch: typeof fetch = async (input, init) => {
  const response = await direct(input, { ...init, redirect: "manual" });
  const noted = retryAfterOf.getStore();
  if (noted !== undefined) noted.header = response.headers.get("retry-after");
  const bytes = await readCapped(response);
  const body = bytes.length === 0 ? null : bytes;
  return new Response(body, {
    status: response.status,
    statusText: response.statusText,
    headers: contentType(response),
  });
};

/** Runs `ask` and records the `retry-after` of its requests in `noted`. */
export function notingRetryAfter<Result>(
  noted: { header: string | null },
  ask: () => Promise<Result>,
): Promise<Result> {
  return retryAfterOf.run(noted, ask);
}

/** The clients get only the content type: they would obey other headers (retries, lengths), which must not happen here. */
function contentType(response: Response): Record<string, string> {
  const value = response.headers.get("content-type");
  return value === null ? {} : { "content-type": value };
}

/** A response over the bound counts as empty, which no client accepts as an answer. */
async function readCapped(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > responseBytesMax) return new Uint8Array();
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Called once before any client is used; it deletes the environment variables that clients would read. */
export function sealOutbound(): void {
  const kept = new Set(["PATH", "HOME", "LANG", "LC_ALL", "TZ"]);
  for (const name of Object.keys(process.env)) if (!kept.has(name)) delete process.env[name];
  globalThis.fetch = outboundFetch;
}
