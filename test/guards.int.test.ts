/** Every listener of the daemon refuses a stranger's unreadable request by its guard, before a path, a query or a body is decoded. */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { routes } from "@aedev/contracts/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiOf } from "./support/api.ts";
import { Laboratory } from "./support/laboratory.ts";

let laboratory: Laboratory;
let token = "";
let link = "";
let ports: { api: number; approvals: number; webhook: number };

beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("init", "--yes");
  const configuration =
    "board: { public: false }\nnotifications: { public_url: https://me.example.org, approval_port: 0 }\ngithub: { webhook_port: 0 }\n";
  writeFileSync(join(laboratory.home, "config.yaml"), configuration);
  link = (await laboratory.must("daemon", "start", "--json")).json<{ board: string }>().board;
  const record = JSON.parse(readFileSync(join(laboratory.home, "run/daemon.json"), "utf8")) as Record<string, number>;
  ports = {
    api: apiOf(laboratory.home).port,
    approvals: record["approval_port"] ?? 0,
    webhook: record["webhook_port"] ?? 0,
  };
  ({ token } = apiOf(laboratory.home));
});
afterAll(() => laboratory[Symbol.asyncDispose]());

type Place = { readonly port: number; readonly host: "127.0.0.1" } | { readonly path: string };

/** The status of the answer to these bytes; `head` is everything between the address and the empty line. */
async function statusOf(to: Place, method: string, address: string, head: readonly string[]): Promise<number> {
  const socket = connect(to);
  socket.on("error", () => undefined);
  const answer = text(socket);
  socket.write([`${method} ${address} HTTP/1.1`, ...head, "connection: close", "", ""].join("\r\n"), "latin1");
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(await answer.catch(() => "")) ?? [];
  return Number(status);
}

/** Addresses that no router can read, that are not addresses, or that are too long for a route. */
const spoiled = [
  "%",
  "%zz",
  "%E0%A4%A",
  "%C3%28",
  "%00",
  "..%2f..%2fetc",
  "%252e%252e",
  "a".repeat(3_000),
  "?%zz=%",
  "//x",
];
const routePaths = [...new Set(Object.values(routes).map(({ path }) => path as string))];
const unread = [
  // `/` with a query is the web app's page, which is open.
  ...spoiled.flatMap((part) => [
    part.startsWith("?") ? `/api/${part}` : `/${part}`,
    ...routePaths.map((path) => `${path.replace(/:\w+/g, part)}/${part}`),
  ]),
  "http://example.org/%zz",
  "*",
];

const apis = (): [string, Place, string][] => [
  ["the API on loopback", { port: ports.api, host: "127.0.0.1" }, `127.0.0.1:${ports.api}`],
  ["the API on its socket", { path: join(laboratory.home, "run/api.sock") }, "localhost"],
];

describe("a status board that is not public", () => {
  it("is shown by the link that the start prints, or with a token, and to nobody else", async () => {
    const [, place, host] = apis()[0] ?? ["", { path: "" }, ""];
    const ask = (path: string, ...head: string[]) => statusOf(place, "GET", path, [`host: ${host}`, ...head]);
    const { pathname, searchParams } = new URL(link);
    const key = searchParams.get("key") ?? "";
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    const other = `${key.slice(1)}${key[0]}`;
    for (const path of [pathname, `${pathname}.json`]) {
      const answers = {
        path,
        none: await ask(path),
        wrong: await ask(`${path}?key=${other}`),
        empty: await ask(`${path}?key=`),
        byLink: await ask(`${path}?key=${key}`),
        byToken: await ask(path, `authorization: Bearer ${token}`),
        byProxy: await ask(`${path}?key=${key}`, "x-forwarded-for: 10.0.0.1"),
        asToken: await ask(path, `authorization: Bearer ${key}`),
      };
      expect(answers).toEqual({
        ...{ path, none: 401, wrong: 401, empty: 401, byLink: 200, byToken: 200, byProxy: 403, asToken: 401 },
      });
    }
    expect(await ask(`/api/status?key=${key}`)).toBe(401);
    expect(await ask("/api/status", `authorization: Bearer ${key}`)).toBe(401);
    expect(await ask("/health")).toBe(200);
    expect((await laboratory.run("doctor")).stdout).toMatch(/status board: private: only by its link/);
  });
});

it("closes the connection of a request that it refuses", async () => {
  const [, place, host] = apis()[0] ?? ["", { path: "" }, ""];
  const headOf = async (...head: string[]) => {
    const socket = connect(place);
    socket.write(["GET /api/status HTTP/1.1", `host: ${host}`, ...head, "", ""].join("\r\n"));
    const [bytes] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    return bytes.toString().split("\r\n\r\n")[0]?.toLowerCase();
  };
  expect(await headOf()).toMatch(/^http\/1\.1 401.*\nconnection: close/s);
  expect(await headOf(`authorization: Bearer ${token}`)).toMatch(/^http\/1\.1 200.*\nconnection: keep-alive/s);
});

describe("a request that can't be read", () => {
  it("is refused by the API for its Host, then for its token, and only then for its fault", async () => {
    for (const [name, place, host] of apis()) {
      const failed: unknown[] = [];
      for (const address of unread)
        for (const method of ["GET", "POST"]) {
          const foreign = await statusOf(place, method, address, ["host: evil.example"]);
          const stranger = await statusOf(place, method, address, [`host: ${host}`]);
          if (foreign !== 403 || stranger !== 401) failed.push([name, method, address.slice(0, 60), foreign, stranger]);
        }
      expect(failed).toEqual([]);
      const authorization = `authorization: Bearer ${token}`;
      expect(await statusOf(place, "GET", "/api/%zz", [`host: ${host}`, authorization])).toBe(400);
      expect(await statusOf(place, "GET", "/api/status", [`host: ${host}`, authorization])).toBe(200);
      expect(await statusOf(place, "GET", "/api/status", ["host: evil.example", authorization])).toBe(403);
    }
  }, 60_000);

  it("gets no further with a header twice, an expectation, a long head or a body", async () => {
    const authorization = `authorization: Bearer ${token}`;
    for (const [name, place, host] of apis()) {
      const ask = (method: string, path: string, ...head: string[]) => statusOf(place, method, path, head);
      const own = `host: ${host}`;
      const answers = {
        name,
        twoHosts: await ask("GET", "/health", own, "host: evil.example"),
        twoHostsWithToken: await ask("GET", "/api/status", own, "host: evil.example", authorization),
        twoTokens: await ask("GET", "/api/status", own, authorization, "authorization: Bearer 00"),
        twoOrigins: await ask(
          "GET",
          "/api/status",
          own,
          `origin: http://${host}`,
          "origin: http://evil.example",
          authorization,
        ),
        expectation: await ask("POST", "/api/missions", own, "expect: the-unexpected"),
        foreignExpectation: await ask("POST", "/api/missions", "host: evil.example", "expect: the-unexpected"),
        body: await ask("POST", "/api/missions", own, 'content-type: text/x; charset="', "content-length: 0"),
        largeBody: await ask(
          "POST",
          "/api/missions",
          own,
          "content-type: application/json",
          "content-length: 99999999",
        ),
      };
      expect(answers).toEqual({
        ...{ name, twoHosts: 403, twoHostsWithToken: 403, twoTokens: 401, twoOrigins: 403 },
        ...{ expectation: 401, foreignExpectation: 403, body: 401, largeBody: 401 },
      });
      // Node's own parser comes first; nothing is read of a head that it refuses.
      expect(await ask("GET", "/api/\u00ff", own)).toBe(400);
      expect(await ask("GET", `/api/${"a".repeat(40_000)}`, own)).toBe(431);
      expect(await ask("GET", "/api/status", own, authorization)).toBe(200);
    }
  });

  it("a spoiled request reaches no approval page and counts as no webhook delivery", async () => {
    const answers = new Set<number>();
    for (const part of spoiled)
      for (const path of [`/${part}`, `/a/${part}`, `/a/${part}?token=${part}`, `/a/new?token=${part}`]) {
        answers.add(
          await statusOf({ port: ports.approvals, host: "127.0.0.1" }, "POST", path, [
            "host: x",
            "expect: nothing",
            "content-length: 99999999",
          ]),
        );
        expect([
          path.slice(0, 60),
          await statusOf({ port: ports.webhook, host: "127.0.0.1" }, "POST", path, [
            "host: x",
            "content-length: 99999999",
          ]),
        ]).toEqual([path.slice(0, 60), 404]);
      }
    expect([...answers].sort()).toEqual([403, 404]);
    const delivery = await statusOf({ port: ports.webhook, host: "127.0.0.1" }, "POST", "/github/webhook?%zz", [
      "host: x",
      "content-type: application/json",
    ]);
    expect(delivery).toBe(400);
  });
});
