/**
 * The process that the gateway benchmark measures, started like the execution plane: the gateway, an HTTP proxy and a byte copier, each on a unix socket in the
 * folder of the first argument, before the endpoint on the port of the second.
 */
import { createServer as createHttpServer, request } from "node:http";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { blobStore } from "../../packages/daemon/src/home/blobs.ts";
import { openGateway } from "../../packages/runner/src/gateway/gateway.ts";
import { openUpstream } from "../../packages/runner/src/gateway/upstream.ts";
import { anthropicMessages } from "../../packages/runner/src/gateway/wire/anthropic-messages/anthropic-messages.ts";
import { model } from "./model-endpoint.ts";

const [folder = "", port = ""] = process.argv.slice(2);
const at = (name: string) => join(folder, name);

await openGateway({
  wire: anthropicMessages,
  socketPath: at("gateway.sock"),
  owner: null,
  indexPath: at("journal.jsonl"),
  limits: {
    ...{ model, small_model: model, max_output_tokens: 1000, run_tokens: 1e12, token_budget: "limits.run_tokens" },
    ...{ requests_in_flight: 4, requests_max: 1e6, requests_per_minute: 1e6 },
    ...{ request_bytes: 1e9, response_bytes: 1e9, recorded_bytes: 1e12 },
  },
  blobs: blobStore(folder),
  source: openUpstream(anthropicMessages, `http://127.0.0.1:${port}`, {
    kind: "oauth-token",
    value: "bench-credential-0000000000",
  }),
  refusal: (what) => process.stderr.write(`bench: ${what}\n`),
  onEnding: () => undefined,
});

/** The same protocol on the same kind of socket, forwarding everything unchanged. */
const rawProxy = createHttpServer((incoming, outgoing) => {
  const { method, url, headers } = incoming;
  const upstream = request({ host: "127.0.0.1", port, method, path: url, headers, agent: false }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  upstream.on("error", () => outgoing.destroy());
  incoming.pipe(upstream);
});
await new Promise<void>((resolve) => rawProxy.listen(at("raw.sock"), resolve));

/** Copies bytes from one socket to the other. */
const copier = createServer((client) => {
  const upstream = connect(Number(port), "127.0.0.1");
  client.pipe(upstream).pipe(client);
  for (const end of [client, upstream]) end.on("error", () => [client, upstream].map((socket) => socket.destroy()));
});
await new Promise<void>((resolve) => copier.listen(at("copy.sock"), resolve));

process.on("disconnect", () => process.exit(0));
process.send?.("ready");
