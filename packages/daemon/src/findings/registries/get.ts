/**
 * One GET of a package registry that the operator configured: no redirects, no proxy, a bound on bytes and time. The name is looked up once and every
 * address of the answer is checked (SECURITY T8, T24).
 */
import { lookup } from "node:dns";
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { getCACertificates } from "node:tls";
import { gunzipSync } from "node:zlib";
import type { Registry } from "@aedev/contracts";
import { ownAddresses, whyNotAddress } from "@aedev/host/public-address";

const bytesMax = 48 * 1024 * 1024;
const timeoutMs = 20_000;

export type Got =
  | { readonly body: Buffer; readonly headers: Readonly<Record<string, unknown>> }
  | { readonly why: string };

/** `path` begins with a slash. Contract: never throws. */
export async function get(registry: Registry, path: string): Promise<Got> {
  const literal = registry.host.replace(/^\[(.*)\]$/, "$1");
  const why = isIP(literal) === 0 ? null : whyNot(literal, registry);
  if (why !== null) return { why };
  return await new Promise((resolve) => {
    const options = {
      ...{ host: literal, port: registry.port, path, agent: false as const, signal: AbortSignal.timeout(timeoutMs) },
      headers: { accept: "application/json, */*;q=0.1", "user-agent": "aedev", host: hostOf(registry) },
      lookup: checkedLookup(registry),
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

function whyNot(address: string, { host, private: mayBePrivate }: Registry): string | null {
  const why = whyNotAddress(address, { mayBePrivate, own: ownAddresses() });
  return why === null ? null : `the address ${address} of ${host} ${why}`;
}

function checkedLookup(registry: Registry): LookupFunction {
  return (name, { all }, done) =>
    lookup(name, { all: true, order: "ipv4first" }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) return done(error ?? new Error("it has no address"), []);
      for (const { address } of addresses) {
        const why = whyNot(address, registry);
        if (why !== null) return done(new Error(why), []);
      }
      return all === true ? done(null, addresses) : done(null, first.address, first.family);
    });
}

let known: string[] | undefined;
/** Those of Node and of the machine's store. */
function certificates(): string[] {
  known ??= [...getCACertificates("default"), ...getCACertificates("system")];
  return known;
}
