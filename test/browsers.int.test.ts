/** Signing a browser in: the link works once, the cookie works only from the daemon's own pages, and it ends when it is told to. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiOf, type Sent, sendTo } from "./support/api.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
/** What a proxy passes on: the port where it connects, and its own address. */
let proxyPort = 0;
const proxy = { host: "board.example:8443", origin: "https://board.example:8443" };
beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  proxyPort = await freePort();
  writeFileSync(join(laboratory.home, "config.yaml"), `web:\n  url: ${proxy.origin}\n  port: ${proxyPort}\n`);
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
}, 60_000);
afterAll(() => laboratory[Symbol.asyncDispose]());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
const port = () => apiOf(laboratory.home).port;
const origin = () => `http://127.0.0.1:${port()}`;
async function linkOf(...options: string[]): Promise<string> {
  const { address } = (await laboratory.must("open", "--json", ...options)).json<{ address: string }>();
  return address;
}
async function signIn(code: string) {
  return sendTo(port(), "/sign-in", { method: "POST", headers: { origin: origin() }, body: { code } });
}
/** The cookie of a new session, as a browser sends it. */
async function cookieOf(...options: string[]): Promise<Browser & { session_id: string }> {
  const { headers, body } = await signIn((await linkOf(...options)).split("#")[1] ?? "");
  const { key, session_id } = JSON.parse(body) as { key: string; session_id: string };
  return { browser: { cookie: headers["set-cookie"]?.[0]?.split(";")[0] ?? "", "aedev-key": key }, session_id };
}
interface Browser {
  readonly browser: Record<string, string>;
}
async function call(path: string, browser: Record<string, string>, sent: Sent = {}) {
  const { status, body } = await sendTo(port(), path, { ...sent, headers: { ...browser, ...sent.headers } });
  return { status, document: JSON.parse(body) as { error?: { code: string } } & Record<string, unknown> };
}
const mission = {
  text: "Add half() to lib/add.js",
  repo: "small",
  criterion: ["a new test of half() is green"],
  again: true,
};
const submit = (cookie: Record<string, string>, headers: Record<string, string> = { origin: origin() }) =>
  call("/api/missions", cookie, { method: "POST", headers, body: mission });

describe("a signed-in browser", () => {
  it("gets a cookie that no script can read, by a link that works once and is in no log", async () => {
    const code = (await linkOf()).split("#")[1] ?? "";
    const first = await signIn(code);
    expect(first.headers["set-cookie"]?.[0]).toMatch(
      /^aedev_session=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Expires=/,
    );
    expect((await signIn(code)).status).toBe(409);
    const { stdout } = await laboratory.must("events", "export");
    expect(stdout).toContain("BrowserSessionStarted");
    for (const secret of [code, first.headers["set-cookie"]?.[0]?.slice(14, 78) ?? ""])
      expect(stdout).not.toContain(secret);
  });

  it("is signed in by nobody's long body", async () => {
    const body = { code: "0".repeat(64), more: "x".repeat(2000) };
    const sent = { method: "POST", headers: { origin: origin() }, body };
    expect((await sendTo(port(), "/sign-in", sent)).status).toBe(413);
    expect((await signIn("0".repeat(64))).status).toBe(409);
  });

  it("reads with its cookie, and changes something only from a page of the daemon's own", async () => {
    const { browser: cookie } = await cookieOf();
    expect((await call("/api/missions", cookie)).status).toBe(200);
    // A browser sends the cookie to every port, and other programs of this machine listen on ports.
    for (const half of ["cookie", "aedev-key"] as const)
      expect((await call("/api/missions", { [half]: cookie[half] ?? "" })).status).toBe(401);
    expect((await call("/api/missions", { ...cookie, "aedev-key": "0".repeat(64) })).status).toBe(401);
    expect((await submit(cookie)).status).toBe(200);
    expect((await submit(cookie, {})).status).toBe(401);
    expect((await submit(cookie, { origin: "http://example.com" })).status).toBe(403);
    expect((await submit(cookie, { origin: origin(), host: "example.com" })).status).toBe(403);
    const shown = (await laboratory.must("mission", "list", "--json")).json<{ missions: { mission_id: string }[] }>();
    const text = (await laboratory.must("mission", "show", shown.missions[0]?.mission_id ?? "")).stdout;
    expect(text).toMatch(/by operator in the browser/);
  });

  it("that only reads changes nothing, and makes no link that would", async () => {
    const { browser: cookie } = await cookieOf("--view");
    expect((await call("/api/caller", cookie)).document).toMatchObject({ role: "viewer" });
    expect((await submit(cookie)).document.error).toMatchObject({ code: "role-missing" });
    const post = { method: "POST", headers: { origin: origin() } };
    expect((await call("/api/browsers/invite", cookie, { ...post, body: {} })).status).toBe(409);
    const { session_id } = await cookieOf();
    expect((await call(`/api/browsers/${session_id}/sign-out`, cookie, { ...post, body: {} })).status).toBe(409);
  });

  it("is not signed in by a link of an operator who was removed, also if the name is given again", async () => {
    const file = join(laboratory.folder, "anna.token");
    const add = async (role: string) => {
      const { stdout } = await laboratory.must("operator", "add", "anna", "--role", role);
      writeFileSync(file, stdout, { mode: 0o600 });
    };
    await add("viewer");
    const [kept, old] = [await linkOf("--token-file", file), await linkOf("--token-file", file)];
    expect(JSON.parse((await signIn(kept.split("#")[1] ?? "")).body)).toMatchObject({ role: "viewer" });
    await laboratory.must("operator", "remove", "anna");
    await add("admin");
    expect((await signIn(old.split("#")[1] ?? "")).status).toBe(409);
  });

  it("can ask the daemon for a proof, which nobody else can give", async () => {
    const { session_id } = await cookieOf();
    const nonce = "a".repeat(64);
    const ask = (id: string) => sendTo(port(), `/proof/browser?session_id=${id}&nonce=${nonce}`);
    expect(JSON.parse((await ask(session_id)).body)).toEqual({ proof: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await ask("b-0123456789abcdef")).status).toBe(404);
  });

  it("is refused once it is signed out, and no other is", async () => {
    const [one, other] = [await cookieOf(), await cookieOf()];
    await laboratory.must("browser", "sign-out", one.session_id);
    expect((await call("/api/caller", one.browser)).status).toBe(401);
    expect((await call("/api/caller", other.browser)).status).toBe(200);
    const unknown = await laboratory.run("browser", "sign-out", one.session_id);
    expect([unknown.exitCode, unknown.stderr]).toEqual([1, expect.stringContaining("aedev browser list")]);
    expect((await laboratory.must("browser", "list")).stdout).toContain(other.session_id);
  });

  it("makes room in a limited number of links and browsers of one person, and takes none of another's", async () => {
    const file = join(laboratory.folder, "ben.token");
    writeFileSync(file, (await laboratory.must("operator", "add", "ben")).stdout, { mode: 0o600 });
    const bens = await cookieOf("--token-file", file);
    const codes: string[] = [];
    for (let at = 0; at < 6; at += 1) codes.push((await linkOf()).split("#")[1] ?? "");
    expect((await signIn(codes[0] ?? "")).status).toBe(409);
    expect((await signIn(codes[1] ?? "")).status).toBe(200);
    const first = await cookieOf();
    for (let at = 0; at < 10; at += 1) await cookieOf();
    expect((await call("/api/caller", first.browser)).status).toBe(401);
    expect((await call("/api/caller", bens.browser)).status).toBe(200);
  });
});

describe("a browser behind the proxy of web.url", () => {
  const through = (path: string, sent: Sent = {}) =>
    sendTo(proxyPort, path, { ...sent, headers: { host: proxy.host, ...sent.headers } });
  const post = (headers: Sent["headers"], body: object): Sent => ({ method: "POST", headers: { ...headers }, body });
  const own = { origin: proxy.origin };
  async function codeFor(...options: string[]): Promise<string> {
    const { stdout } = await laboratory.must("open", "--json", ...options);
    const { proxy_address } = JSON.parse(stdout) as { proxy_address: string };
    expect(proxy_address).toContain(`${proxy.origin}/sign-in#`);
    return proxy_address.split("#")[1] ?? "";
  }
  async function signedIn(...options: string[]) {
    const { status, headers, body } = await through("/sign-in", post(own, { code: await codeFor(...options) }));
    expect(status).toBe(200);
    const set = headers["set-cookie"]?.[0] ?? "";
    const { key, session_id } = JSON.parse(body) as { key: string; session_id: string };
    return { set, session_id, browser: { cookie: set.split(";")[0] ?? "", "aedev-key": key } };
  }

  it("is signed in only from the proxy's own Host and Origin, whatever forwarded headers say", async () => {
    const code = await codeFor();
    const hostile = [
      { ...own, host: "example.com" },
      { ...own, host: "example.com", "x-forwarded-host": proxy.host, forwarded: `host=${proxy.host};proto=https` },
      { ...own, host: `127.0.0.1:${proxyPort}` },
      { ...own, host: "board.example" },
      { origin: "https://example.com" },
      { origin: "http://board.example:8443" },
      { origin: "null" },
      { origin: "https://example.com", "x-forwarded-host": "example.com", "x-forwarded-for": "127.0.0.1" },
    ];
    for (const headers of hostile)
      expect([headers, (await through("/sign-in", post(headers, { code }))).status]).toEqual([headers, 403]);
    expect((await through("/sign-in", post({}, { code }))).status).toBe(401);
    const forwarded = { ...own, "x-forwarded-host": "example.com", "x-forwarded-proto": "http", via: "1.1 some" };
    const { status, headers } = await through("/sign-in", post(forwarded, { code }));
    expect([status, headers["set-cookie"]?.[0]]).toEqual([
      200,
      expect.stringMatching(/^aedev_session=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Expires=.*; Secure$/),
    ]);
  });

  it("reads and decides with its cookie there only, as one of loopback does only on loopback", async () => {
    const [{ browser, session_id }, here] = [await signedIn(), await cookieOf()];
    for (const path of ["/api/missions", "/status-board.json"])
      expect([path, (await through(path, { headers: browser })).status]).toEqual([path, 200]);
    expect((await call("/api/missions", browser)).status).toBe(401);
    expect((await through("/api/missions", { headers: here.browser })).status).toBe(401);
    expect((await call("/api/missions", here.browser)).status).toBe(200);
    for (const half of ["cookie", "aedev-key"] as const)
      expect((await through("/api/missions", { headers: { [half]: browser[half] } })).status).toBe(401);
    const submitted = { ...mission, text: "Add third() to lib/add.js" };
    expect((await through("/api/missions", post({ ...browser, ...own }, submitted))).status).toBe(200);
    expect((await through("/api/missions", post(browser, submitted))).status).toBe(401);
    const foreign = { ...browser, origin: "https://example.com" };
    expect((await through("/api/missions", post(foreign, submitted))).status).toBe(403);
    const ask = `/proof/browser?session_id=${session_id}&nonce=${"a".repeat(64)}`;
    expect([(await through(ask)).status, (await sendTo(port(), ask)).status]).toEqual([200, 404]);
    expect((await laboratory.must("browser", "list")).stdout).toMatch(new RegExp(`${session_id} .* proxy `));
  });

  it("gets the app's files without a session, and nothing else; no bearer token counts", async () => {
    const { token } = apiOf(laboratory.home);
    expect((await through("/sign-in")).status).not.toBe(401);
    for (const path of ["/status-board", "/status-board.json", "/health", "/api/status", "/api/stream"])
      for (const headers of [{}, { authorization: `Bearer ${token}` }])
        expect([path, (await through(path, { headers })).status]).toEqual([path, 401]);
    const { status } = await sendTo(port(), "/api/status", { headers: { authorization: `Bearer ${token}` } });
    expect(status).toBe(200);
  });

  it("changes nothing that needs an admin, signs no other in, and never gets more than it was given", async () => {
    const admin = { name: "eve", role: "admin" };
    const { browser } = await signedIn();
    const { status, body } = await through("/api/operators", post({ ...browser, ...own }, admin));
    expect([status, body]).toEqual([403, expect.stringContaining("only on the daemon's own machine")]);
    expect((await through("/api/browsers/invite", post({ ...browser, ...own }, {}))).status).toBe(409);
    const view = await signedIn("--view");
    expect((await through("/api/missions", { headers: view.browser })).status).toBe(200);
    expect((await through("/api/missions", post({ ...view.browser, ...own }, mission))).status).toBe(403);
    await laboratory.must("browser", "sign-out", view.session_id);
    expect((await through("/api/missions", { headers: view.browser })).status).toBe(401);
  });

  it("is not served at a plain http address, which the configuration refuses with the reason", async () => {
    const refused = await laboratory.run("config", "set", "web.url", "http://127.0.0.1:8080");
    expect([refused.exitCode, refused.stderr]).toEqual([expect.any(Number), expect.stringContaining("needs https")]);
    expect((await laboratory.run("config", "set", "web.url", "https://other.example")).exitCode).toBe(0);
  });

  it("changes something only with one Host and one Origin", async () => {
    const { browser } = await signedIn();
    const submitted = { ...mission, text: "Add fourth() to lib/add.js" };
    const origins = { ...browser, origin: [proxy.origin, proxy.origin] };
    expect((await through("/api/missions", post(origins, submitted))).status).toBe(403);
    const answered = async (hosts: number) => {
      const socket = connect(proxyPort, "127.0.0.1");
      const head = Object.entries(browser).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(
        `GET /api/caller HTTP/1.1\r\n${`host: ${proxy.host}\r\n`.repeat(hosts)}${head.join("")}connection: close\r\n\r\n`,
      );
      return (await text(socket)).split("\r\n")[0];
    };
    expect([await answered(1), await answered(2)]).toEqual(["HTTP/1.1 200 OK", "HTTP/1.1 403 Forbidden"]);
    expect((await through("/api/missions", post({ ...own, ...browser }, submitted))).status).toBe(200);
  });

  it("that floods uses up its own limit, and another one's not", async () => {
    const [flooding, other] = [await signedIn(), await signedIn()];
    const statuses = new Set<number>();
    for (let sent = 0; sent < 1_500 && !statuses.has(429); sent += 50) {
      const batch = Array.from({ length: 50 }, () => through("/api/caller", { headers: flooding.browser }));
      for (const { status } of await Promise.all(batch)) statuses.add(status);
    }
    expect([...statuses].sort()).toEqual([200, 429]);
    expect((await through("/api/caller", { headers: other.browser })).status).toBe(200);
  });

  it("is not blocked by strangers, who use up a limit of their own, and a foreign page none", async () => {
    const { browser, session_id } = await signedIn();
    const flood = async (path: string, headers: Record<string, string>) => {
      const statuses = new Set<number>();
      for (let sent = 0; sent < 4_000 && !statuses.has(429); sent += 100) {
        const batch = Array.from({ length: 100 }, () => through(path, { headers }));
        for (const { status } of await Promise.all(batch)) statuses.add(status);
      }
      return [...statuses].sort();
    };
    expect(await flood("/api/caller", { host: "example.com" })).toEqual([403]);
    expect((await through("/api/caller")).status).toBe(401);
    expect(await flood("/api/caller", {})).toEqual([401, 429]);
    const ask = `/proof/browser?session_id=${session_id}&nonce=${"a".repeat(64)}`;
    for (const [path, headers] of [["/sign-in"], [ask], ["/api/caller", browser]] as const)
      expect([path, (await through(path, headers === undefined ? {} : { headers })).status]).toEqual([path, 200]);
  });
});
