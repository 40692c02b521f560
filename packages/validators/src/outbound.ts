/**
 * The plane's only way out (THREATS T24): `fetch` that follows no redirect, reads at most so many bytes, and is installed for clients
 * that use the global one. The environment is cleared too, because clients and Node itself take addresses, headers and TLS switches from it.
 */
import { responseBytesMax } from "./bounds.ts";

const direct: typeof fetch = globalThis.fetch;

/** A redirect comes back as its status, so that a key never travels to another origin. The body is read before it returns: one deadline covers it all. */
export const outboundFetch: typeof fetch = async (input, init) => {
  const response = await direct(input, { ...init, redirect: "manual" });
  const bytes = await readCapped(response);
  const body = bytes.length === 0 ? null : bytes;
  return new Response(body, {
    status: response.status,
    statusText: response.statusText,
    headers: contentType(response),
  });
};

/** Only the content type goes on to the clients: they obey other headers (retries, lengths) that are not theirs to obey here. */
function contentType(response: Response): Record<string, string> {
  const value = response.headers.get("content-type");
  return value === null ? {} : { "content-type": value };
}

/** A response over the cap counts as empty, which is no answer to any client. */
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

/** Called once, before any client is used; what stands in the environment at that time is gone for all of them. */
export function sealOutbound(): void {
  const kept = new Set(["PATH", "HOME", "LANG", "LC_ALL", "TZ"]);
  for (const name of Object.keys(process.env)) if (!kept.has(name)) delete process.env[name];
  globalThis.fetch = outboundFetch;
}
