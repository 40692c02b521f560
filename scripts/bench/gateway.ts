/**
 * The model gateway against no gateway: the time to an answer's first byte, against the endpoint asked directly, and the throughput of a long
 * answer, against an HTTP proxy on a unix socket that only passes on. The endpoint and
 * who asks it are one process, what is measured between them is another; turns alternate.
 */
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer, request } from "node:http";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { blobStore } from "../../packages/daemon/src/home/blobs.ts";
import { openGateway } from "../../packages/runner/src/gateway/gateway.ts";
import { openUpstream } from "../../packages/runner/src/gateway/upstream.ts";
import { atLeast, atMost, type Figure, median } from "./figure.ts";
import { type Answered, type AskedPlace, model, promptBytes } from "./model-endpoint.ts";

const rounds = 60;
const longRounds = 9;
const firstByteMsMax = 5;
const throughputMin = 0.8;

export async function benchGateway(): Promise<Figure[]> {
  const folder = mkdtempSync(join(process.cwd(), ".bench-"));
  const endpoint = fork(fileURLToPath(new URL("./model-endpoint.ts", import.meta.url)), { stdio: "inherit" });
  const port = await new Promise<number>((resolve) => endpoint.once("message", (message) => resolve(Number(message))));
  const socket = (name: string) => join(folder, name);
  const proxies = [await rawProxy(socket("raw.sock"), port), await copyingProxy(socket("copy.sock"), port)];
  const gateway = await openGateway({
    socketPath: socket("gateway.sock"),
    owner: null,
    indexPath: socket("journal.jsonl"),
    limits: {
      ...{ model, small_model: model, max_output_tokens: 1000, run_tokens: 1e12, token_budget: "limits.run_tokens" },
      ...{ requests_in_flight: 4, requests_max: 1e6, requests_per_minute: 1e6 },
      ...{ request_bytes: 1e9, response_bytes: 1e9, recorded_bytes: 1e12 },
    },
    blobs: blobStore(folder),
    source: openUpstream(`http://127.0.0.1:${port}`, { kind: "oauth-token", value: "bench-credential-0000000000" }),
    refusal: (what) => process.stderr.write(`bench: ${what}\n`),
    onEnding: () => undefined,
  });
  try {
    const ask = (place: AskedPlace) => (size: "short" | "long") =>
      new Promise<Answered>((resolve, reject) => {
        endpoint.once("message", (answered: Answered | { error: string }) =>
          "error" in answered ? reject(new Error(answered.error)) : resolve(answered),
        );
        endpoint.send({ place, size });
      });
    const direct = ask({ port, host: "127.0.0.1" });
    const raw = ask({ socketPath: socket("raw.sock") });
    const through = ask({ socketPath: socket("gateway.sock") });
    const copied = ask({ socketPath: socket("copy.sock") });
    return [await firstByte({ direct, through }), await throughput({ raw, copied, through })];
  } finally {
    await gateway.close();
    for (const proxy of proxies) proxy.close();
    endpoint.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Ask = (size: "short" | "long") => Promise<Answered>;

async function firstByte({ direct, through }: { direct: Ask; through: Ask }): Promise<Figure> {
  const took = { direct: [] as number[], through: [] as number[] };
  for (let round = -5; round < rounds; round += 1) {
    const [plain, metered] = [(await direct("short")).firstByteMs, (await through("short")).firstByteMs];
    if (round < 0) continue;
    took.direct.push(plain);
    took.through.push(metered);
  }
  const later = median(took.through.map((ms, round) => ms - (took.direct[round] ?? 0)));
  const ms = (values: readonly number[]) => `${median(values).toFixed(1)} ms`;
  const detail = `${ms(took.through)}, directly ${ms(took.direct)}; request of ${promptBytes / 1000} kB; ${rounds} turns`;
  return atMost("gateway: first byte later by", { limit: firstByteMsMax, value: later, unit: " ms", detail });
}

async function throughput({ raw, copied, through }: { raw: Ask; copied: Ask; through: Ask }): Promise<Figure> {
  const rates = { raw: [] as number[], copied: [] as number[], through: [] as number[] };
  const rate = ({ sizeBytes, totalMs }: Answered) => sizeBytes / totalMs / 1000;
  for (let round = -1; round < longRounds; round += 1) {
    const turn = {
      raw: rate(await raw("long")),
      copied: rate(await copied("long")),
      through: rate(await through("long")),
    };
    if (round >= 0) for (const name of ["raw", "copied", "through"] as const) rates[name].push(turn[name]);
  }
  const value = median(rates.through.map((metered, round) => metered / (rates.raw[round] ?? 1)));
  const mb = (name: keyof typeof rates) => `${median(rates[name]).toFixed(0)} MB/s`;
  const detail = `${mb("through")}, raw HTTP proxy ${mb("raw")}; only copying bytes ${mb("copied")}; ${longRounds} turns of 20 MB`;
  return atLeast("gateway: throughput", { limit: throughputMin, value, unit: " × raw proxy", detail });
}

/** The same protocol on the same kind of socket, and nothing done with what passes. */
async function rawProxy(socketPath: string, port: number): Promise<Server> {
  const server = createHttpServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const upstream = request({ host: "127.0.0.1", port, method, path: url, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    upstream.on("error", () => outgoing.destroy());
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return server;
}

/** Nothing but bytes from one socket to the other. */
async function copyingProxy(socketPath: string, port: number): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    client.pipe(upstream).pipe(client);
    for (const end of [client, upstream]) end.on("error", () => [client, upstream].map((socket) => socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return server;
}
