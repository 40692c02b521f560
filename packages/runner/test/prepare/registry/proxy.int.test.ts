/** The registry proxy on real sockets: what gets through to a registry, and that nothing reaches anything else. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer, type Server as HttpServer, request } from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Registry } from "@aedev/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  openRegistryProxy,
  type RegistryProxy,
  type RegistryProxyOptions,
} from "../../../src/prepare/registry/proxy.ts";
import { clientHello } from "./hello.ts";

let folder: string;
let socketPath: string;
let upstream: Server;
let mirror: HttpServer;
let port: number;
let mirrorPort: number;
/** Everything that any upstream received. */
let heard: Buffer[];
let asked: string[];
let told: string[];
let proxy: RegistryProxy | null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "aedev-proxy-"));
  socketPath = join(folder, "p.sock");
  [heard, asked, told, proxy] = [[], [], [], null];
  upstream = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes) => {
      heard.push(bytes);
      socket.write("answer of the registry");
    });
  });
  mirror = createHttpServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url} ${JSON.stringify(incoming.headers)}`);
    if (incoming.url === "/away") return void outgoing.writeHead(302, { location: "http://169.254.169.254/" }).end();
    if (incoming.url === "/large") return void outgoing.end(Buffer.alloc(3_000_000));
    outgoing.end("a package");
  });
  [port, mirrorPort] = await Promise.all([listening(upstream), listening(mirror)]);
});
afterEach(async () => {
  await proxy?.close();
  mirror.closeAllConnections();
  mirror.close();
  upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

async function listening(server: Server | HttpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
const registry = (other: Partial<Registry> = {}): Registry => ({
  host: "registry.example",
  port,
  secure: true,
  private: true,
  ...other,
});
async function open(registries: Registry[], other: Partial<RegistryProxyOptions> = {}): Promise<void> {
  proxy = await openRegistryProxy({
    socketPath,
    owner: null,
    registries,
    bounds: { receivedBytes: 1_000_000, sentBytes: 100_000 },
    refused: (what) => told.push(what),
    resolve: async () => ["127.0.0.1"],
    ...other,
  });
}
/** Sends bytes to the proxy, then each of `after` once something has come back; returns all that came back. */
function talk(first: string | Buffer, after: readonly (string | Buffer)[] = []): Promise<string> {
  return new Promise((resolve) => {
    const left = [...after];
    let answer = "";
    const socket: Socket = connect({ path: socketPath });
    const end = setTimeout(() => socket.destroy(), 1500);
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes) => {
      answer += bytes.toString("latin1");
      const next = left.shift();
      if (next !== undefined) socket.write(next);
      if (answer.includes("answer of the registry")) socket.end();
    });
    socket.on("close", () => {
      clearTimeout(end);
      resolve(answer);
    });
    socket.write(first);
  });
}
const tunnelTo = (target: string) => `CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`;
function get(url: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  return new Promise<{ status: number; text: string; location: string | undefined }>((resolve, reject) => {
    const { method = "GET", headers = {} } = options;
    const call = request({ socketPath, path: url, method, headers }, (answer) => {
      let text = "";
      answer.on("data", (bytes) => {
        text += bytes;
      });
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text, location: answer.headers.location }));
    });
    call.on("error", reject);
    call.end(options.body);
  });
}

describe("the registry proxy", () => {
  it("tunnels to a registry that the client's TLS hello names, and cuts off every other use of the tunnel", async () => {
    await open([registry()]);
    const target = `registry.example:${port}`;
    const honest = await clientHello("registry.example");
    expect(await talk(tunnelTo(target), [honest])).toContain("answer of the registry");
    expect(await talk(Buffer.concat([Buffer.from(tunnelTo(target)), honest]))).toContain("answer of the registry");
    expect(Buffer.concat(heard)).toEqual(Buffer.concat([honest, honest]));
    heard.length = 0;
    for (const bytes of [
      await clientHello("evil.example"),
      await clientHello(null),
      Buffer.from("GET / HTTP/1.1\r\nhost: registry.example\r\n\r\n"),
      Buffer.from(`${tunnelTo("evil.example:443")}`),
      Buffer.from("\u0000\u0000\u0000"),
    ])
      expect(await talk(tunnelTo(target), [bytes])).not.toContain("answer");
    expect(heard).toEqual([]);
    expect(told.join("\n")).toContain("the tunnel is for evil.example");
  });

  it("looks up only names of registries, once, and connects to the address that it checked", async () => {
    const lookedUp: string[] = [];
    let answers = [["127.0.0.1"], ["169.254.169.254"]];
    await open([registry({ private: true }), registry({ host: "public.example", private: false })], {
      resolve: async (host) => {
        lookedUp.push(host);
        return answers.shift() ?? [];
      },
    });
    const hello = await clientHello("registry.example");
    expect(await talk(tunnelTo(`registry.example:${port}`), [hello])).toContain("answer of the registry");
    // The second lookup of the name gives another address, which is refused.
    expect(await talk(tunnelTo(`registry.example:${port}`), [hello])).toContain("403");
    for (const addresses of [["127.0.0.1"], ["104.16.0.35", "10.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["0.0.0.0"]]) {
      answers = [addresses];
      expect(await talk(tunnelTo(`public.example:${port}`), [hello])).toContain("403");
    }
    lookedUp.length = 0;
    for (const target of [
      "evil.example:443",
      `registry.example:${port + 1}`,
      "127.0.0.1:80",
      `registry.example.:${port}`,
    ])
      expect(await talk(tunnelTo(target))).toContain("403");
    expect(lookedUp).toEqual([]);
    expect(heard).toHaveLength(1);
  });

  it("sends a plain registry a new request, passes its redirects to the client, and follows none", async () => {
    await open([registry({ host: "127.0.0.1", port: mirrorPort, secure: false })]);
    const origin = `http://127.0.0.1:${mirrorPort}`;
    const headers = {
      cookie: "c",
      authorization: "Basic eDp5",
      "x-other": "1",
      "user-agent": "npm",
      "proxy-authorization": "p",
    };
    expect(await get(`${origin}/left-pad`, { headers })).toMatchObject({ status: 200, text: "a package" });
    expect(asked[0]).toContain('"user-agent":"npm"');
    for (const word of ["cookie", "authorization", "x-other"]) expect(asked[0]).not.toContain(word);
    const away = await get(`${origin}/away`);
    expect(away).toMatchObject({ status: 302, location: "http://169.254.169.254/" });
    expect(await get(away.location ?? "")).toMatchObject({ status: 403 });
    expect(asked).toHaveLength(2);
    expect(await get(`${origin}/left-pad`, { method: "POST", body: "x" })).toMatchObject({ status: 403 });
    expect(await get(`${origin}/left-pad`, { headers: { "content-length": "1" }, body: "x" })).toMatchObject({
      status: 403,
    });
    expect(await get("/left-pad")).toMatchObject({ status: 403 });
    expect(asked).toHaveLength(2);
  });

  it("ends a connection that transfers too much, and reports each refusal once", async () => {
    await open([registry({ host: "127.0.0.1", port: mirrorPort, secure: false })]);
    expect(await get(`http://127.0.0.1:${mirrorPort}/small`)).toMatchObject({ status: 200 });
    await expect(get(`http://127.0.0.1:${mirrorPort}/large`)).rejects.toThrow();
    expect(asked).toHaveLength(2);
    for (let times = 0; times < 30; times += 1) await get(`http://evil-${times % 25}.example/`);
    expect(told).toHaveLength(20);
    expect(proxy?.refusals()).toEqual(told);
  });

  it("ends the connection to the registry with its client, and all of them when it closes", async () => {
    await open([registry()]);
    const hello = await clientHello("registry.example");
    const gone = new Promise((resolve) => {
      upstream.once("connection", (socket) => socket.once("close", resolve));
    });
    const client = connect({ path: socketPath });
    client.write(Buffer.concat([Buffer.from(tunnelTo(`registry.example:${port}`)), hello]));
    await expect.poll(() => heard.length).toBe(1);
    client.destroy();
    await gone;
    const second = connect({ path: socketPath });
    const closed = new Promise((resolve) => second.once("close", resolve));
    second.on("error", () => second.destroy());
    second.resume();
    second.write(tunnelTo(`registry.example:${port}`));
    await expect.poll(() => second.bytesRead).toBeGreaterThan(0);
    await proxy?.close();
    await closed;
    await expect(get(`http://127.0.0.1:${mirrorPort}/a`)).rejects.toThrow();
  });
});
