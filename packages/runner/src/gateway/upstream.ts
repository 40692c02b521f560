/** The live source: configured origin, constant path, fixed headers (SECURITY T5, T24); no redirect, no proxy, TLS always verified. Adds the credential. */
import type { IncomingMessage, RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { Fault } from "@aedev/contracts";
import { Agent as HttpAgent, request as httpRequest } from "@aedev/host/node-http";
import type { Credential } from "../engine/context.ts";
import type { ModelSource } from "./model-source.ts";
import type { Wire } from "./wire/wire.ts";

const idleTimeoutMs = 300_000;

export function openUpstream(wire: Pick<Wire, "upstream">, origin: string, credential: Credential): ModelSource {
  const base = URL.parse(origin);
  if (base === null || !["http:", "https:"].includes(base.protocol) || base.username !== "" || base.search !== "")
    throw new Fault("config-invalid", "the model's address must be a plain http(s) URL");
  const isSecure = base.protocol === "https:";
  const agent = isSecure
    ? new HttpsAgent({ keepAlive: true, rejectUnauthorized: true })
    : new HttpAgent({ keepAlive: true });
  const prefix = base.pathname.replace(/\/$/, "");
  return {
    secret: credential.value,
    billing: credential.kind === "oauth-token" ? "subscription" : "api",
    end: () => agent.destroy(),
    ask: (request, { headers, signal }) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(new Error("the sandbox went away"));
        const call = wire.upstream(request.path, {
          headers,
          bodyBytes: Buffer.byteLength(request.body),
          credential,
        });
        const options: RequestOptions & { rejectUnauthorized: true } = {
          method: "POST",
          protocol: base.protocol,
          hostname: base.hostname.replace(/^\[(.*)\]$/, "$1"),
          port: base.port === "" ? (isSecure ? 443 : 80) : base.port,
          path: `${prefix}${call.path}`,
          headers: call.headers,
          agent,
          timeout: idleTimeoutMs,
          rejectUnauthorized: true,
        };
        const take = (answer: IncomingMessage) => {
          // An answer that is aborted before anyone reads it must not crash the process; a reader gets the error anyway.
          answer.on("error", () => answer.destroy());
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer });
        };
        const outgoing = isSecure ? httpsRequest(options, take) : httpRequest(options, take);
        outgoing.on("timeout", () => outgoing.destroy(new Error("the upstream timed out")));
        outgoing.on("upgrade", (_answer, socket) => {
          socket.destroy();
          reject(new Error("the upstream asked for an upgrade"));
        });
        outgoing.on("error", reject);
        // Avoids the request's own `signal`, because an abort just after the answer's end would raise an uncaught error.
        signal.addEventListener("abort", () => outgoing.destroy(), { once: true });
        outgoing.end(request.body);
      }),
  };
}
