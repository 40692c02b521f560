/**
 * One GET of a package registry that the operator configured: no redirects, no proxy, a bound on bytes and time. The name is looked up once and every
 * address of the answer is checked (SECURITY T8, T24).
 */
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { getCACertificates } from "node:tls";
import { gunzipSync } from "node:zlib";
import type { Registry } from "@aedev/contracts";
import { allowedAddresses } from "@aedev/host/public-address";

const bytesMax = 48 * 1024 * 1024;
const timeoutMs = 20_000;

export type Got =
  | { readonly body: Buffer; readonly headers: Readonly<Record<string, unknown>> }
  | { readonly why: string };

/** `path` begins with a slash. Contract: never throws. */
export async function get(registry: Registry, path: string): Promise<Got> {
  const { host, port, private: mayBePrivate } = registry;
  const found = await allowedAddresses(host, { mayBePrivate });
  if (found.kind !== "found") return { why: `${host}: ${found.reason}` };
  return await new Promise((resolve) => {
    const options = {
      ...{
        host: host.replace(/^\[(.*)\]$/, "$1"),
        port,
        path,
        agent: false as const,
        signal: AbortSignal.timeout(timeoutMs),
      },
      headers: { accept: "application/json, */*;q=0.1", "user-agent": "aedev", host: hostOf(registry) },
      lookup: lookupIn(found.addresses),
    };
    const asked = registry.secure ? secureRequest({ ...options, ca: certificates() }) : plainRequest(options);
    const fail = (reason: string) => {
      asked.destroy();
      resolve({ why: reason });
    };
    asked.on("error", (error) => fail(error.message));
    asked.on("response", (response) => {
      if (response.statusCode !== 200) return fail(`it answered ${response.statusCode}`);
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > bytesMax) fail("its answer is too large");
        else chunks.push(chunk);
      });
      response.on("error", (error) => fail(error.message));
      response.on("end", () => resolve({ body: Buffer.concat(chunks), headers: response.headers }));
    });
    asked.end();
  });
}

/** The files of a gzipped tar archive, by path. Throws if it is none, or too large. */
export function readTar(archive: Buffer): Map<string, Buffer> {
  const tar = gunzipSync(archive, { maxOutputLength: 4 * bytesMax });
  const files = new Map<string, Buffer>();
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const field = (from: number, length: number) =>
      tar.toString("latin1", at + from, at + from + length).replace(/\0.*$/s, "");
    const size = Number.parseInt(field(124, 12), 8) || 0;
    files.set([field(345, 155), field(0, 100)].filter(Boolean).join("/"), tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

const hostOf = ({ host, port, secure }: Registry) => (port === (secure ? 443 : 80) ? host : `${host}:${port}`);

/** Answers with the checked addresses instead of asking again. */
function lookupIn(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, options, done) =>
    options.all === true ? done(null, all) : done(null, addresses[0] ?? "", all[0]?.family);
}

let known: string[] | undefined;
/** Those of Node and of the machine's store. */
function certificates(): string[] {
  known ??= [...getCACertificates("default"), ...getCACertificates("system")];
  return known;
}
