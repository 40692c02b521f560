/** The push client against a server with ntfy's protocol: messages arrive unchanged, and the access token goes nowhere else. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { PushText } from "@aedev/contracts";
import { type NtfyServer, openNtfyServer } from "@aedev/fakes/ntfy/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PushAction, type PushMessage, publishMessage } from "../../src/phone/ntfy/ntfy-client.ts";
import { probeTopic } from "../../src/phone/probe-topic.ts";

const credential = "tk_clienttestcredential0000000";
let ntfy: NtfyServer;
beforeAll(async () => {
  ntfy = await openNtfyServer({
    accounts: [{ name: "operator", token: credential, access: { "*": "read-write" } }],
    everyone: { open: "read-only" },
    fallback: "deny",
  });
});
afterAll(() => ntfy.close());

const server = (topic: string, more: object = {}) => ({
  url: ntfy.address,
  topic,
  credential,
  timeoutMs: 2_000,
  ...more,
});
/** Any text, because this test is not about what the door lets through. */
const raw = (text: string) => text as PushText;
const said = (more: Partial<PushMessage> = {}): PushMessage => ({
  title: raw("A title"),
  message: raw("A text"),
  priority: 4,
  tags: ["warning"],
  actions: [],
  click: null,
  ...more,
});
const tap: PushAction = {
  kind: "http",
  label: raw("Approve"),
  url: "https://ntfy.example/replies",
  headers: { "X-Message": "1.a-b.c_d-e" },
};

describe("a message", () => {
  it.each([
    ["plain", "Land? Close the hole", "One line"],
    ["emoji", "Land? 🚀🚀🚀 fix 👩‍💻", "text 🚀\nwith lines"],
    [
      "Chinese",
      "修复登录页面的错误，并且让它在断网之后仍然可以工作；请看这里：一二三四五六七八九十".repeat(2),
      "把整个应用变得更好\n- 第二行",
    ],
    ["Latin-1", "Überraschung für André", "naïve café"],
    ["two lines", "first\nsecond", "first\nsecond"],
    ["an encoded word of its own", "=?UTF-8?B?bm90IHRoaXM=?= stays", "=?UTF-8?B?bm90IHRoaXM=?="],
    ["quotes", `"a", 'b'; c=d \\ e`, `"a", 'b'; c=d \\ e`],
  ])("a message arrives intact: %s", async (name, title, message) => {
    const topic = `intact-${name.replaceAll(" ", "-")}`;
    for (const actions of [[tap], [{ ...tap, label: raw(`1. ${title.replaceAll("\n", " ").slice(0, 30)}`) }]]) {
      await publishMessage(server(topic), said({ title: raw(title), message: raw(message), actions }));
      const arrived = ntfy.messages(topic).at(-1);
      expect(arrived).toMatchObject({ title, message, priority: 4, tags: ["warning"] });
      expect(arrived?.actions).toMatchObject([
        {
          action: "http",
          label: actions[0]?.label.replaceAll("=?", "= ?"),
          url: tap.url,
          method: "POST",
          clear: true,
          body: "",
          headers: { "X-Message": "1.a-b.c_d-e" },
        },
      ]);
    }
  });

  it("a message goes through the package if its form can carry it, and else as JSON", async () => {
    await publishMessage(
      server("ways"),
      said({ actions: [tap, { kind: "view", label: raw("Look"), url: "https://x.example/a?token=1.2" }] }),
    );
    await publishMessage(server("ways"), said({ actions: [{ ...tap, label: raw("是") }] }));
    const [byHeaders, byJson] = ntfy.received.slice(-2);
    expect(byHeaders).toMatchObject({ method: "POST", path: "/ways", body: "A text", status: 200 });
    expect(byJson).toMatchObject({ method: "POST", path: "/", status: 200 });
    expect(ntfy.messages("ways").map(({ actions }) => actions?.map(({ label }) => label))).toEqual([
      ["Approve", "Look"],
      ["是"],
    ]);
  });

  it("a message carries the access token in one header only, and none if none is configured", async () => {
    await publishMessage(server("credential"), said({ actions: [tap] }));
    const { headers, ...rest } = ntfy.received.at(-1) ?? { headers: {} as Record<string, string> };
    expect(headers["authorization"]).toBe(`Bearer ${credential}`);
    expect(JSON.stringify({ ...rest, headers: { ...headers, authorization: "" } })).not.toContain(credential);
    await expect(publishMessage(server("credential", { credential: null }), said())).rejects.toMatchObject({
      code: "push-refused",
      retry: true,
    });
    expect(ntfy.received.at(-1)?.headers["authorization"]).toBeUndefined();
  });

  it("sending a message leaves the process's fetch unchanged, even if it fails", async () => {
    const own = globalThis.fetch;
    await publishMessage(server("fetch"), said());
    await publishMessage(server("fetch", { credential: "wrong" }), said()).catch(() => undefined);
    expect(globalThis.fetch).toBe(own);
  });
});

describe("a server that does not take it", () => {
  it.each([401, 403, 404, 413, 429, 500, 503])(
    "publishing to a server that answers %d throws a fault with the status, without address or token",
    async (status) => {
      ntfy.failWith(status);
      try {
        for (const label of ["Approve", "是"]) {
          const fault = await publishMessage(server("t"), said({ actions: [{ ...tap, label: raw(label) }] })).then(
            () => null,
            (error: unknown) => error,
          );
          expect(fault).toMatchObject({
            code: "push-refused",
            message: expect.stringMatching(`^the push server answered ${status}(?:: it asks for fewer messages|$)`),
            detail: String(status),
            retry: true,
          });
          expect(JSON.stringify(Object.assign({}, fault, { stack: (fault as Error).stack }))).not.toMatch(
            /tk_client|1\.a-b/,
          );
        }
      } finally {
        ntfy.failWith(null);
      }
    },
  );

  it("a redirect passes nothing on to another place", async () => {
    const caught: string[] = [];
    const elsewhere = createServer((request, response) => {
      caught.push(request.url ?? "");
      response.end("{}");
    });
    const redirecting = createServer((request, response) => {
      const { port } = elsewhere.address() as AddressInfo;
      response
        .writeHead(request.url === "/301/t" ? 301 : 307, { location: `http://127.0.0.1:${port}${request.url}` })
        .end();
    });
    await Promise.all(
      [elsewhere, redirecting].map((each) => new Promise<void>((resolve) => each.listen(0, "127.0.0.1", resolve))),
    );
    const address = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`;
    try {
      for (const [url, label] of [
        [`${address}/301`, "Approve"],
        [address, "Approve"],
        [address, "是"],
      ] as const)
        await expect(
          publishMessage(server("t", { url }), said({ actions: [{ ...tap, label: raw(label) }] })),
        ).rejects.toMatchObject({ code: "push-refused" });
      expect(await probeTopic({ url: address, topic: "t", timeoutMs: 2_000 })).toBe("unproven");
      expect(caught).toEqual([]);
      // Control: a client that follows redirects does arrive there.
      await fetch(`${address}/t`);
      expect(caught).toEqual(["/t"]);
    } finally {
      elsewhere.close();
      redirecting.close();
    }
  });

  it("a server that never answers is given up after the timeout, and a missing one at once", async () => {
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const started = performance.now();
    await expect(publishMessage(server("t", { url, timeoutMs: 300 }), said())).rejects.toMatchObject({
      code: "push-unreachable",
      message: "the push server can't be reached: no answer in time",
    });
    expect(performance.now() - started).toBeLessThan(30_000);
    mute.closeAllConnections();
    await new Promise((resolve) => mute.close(resolve));
    await expect(publishMessage(server("t", { url }), said())).rejects.toMatchObject({
      message: "the push server can't be reached: ECONNREFUSED",
    });
  });

  it("an answer that is too large is not read to its end", async () => {
    const large = createServer((_request, response) => response.end(JSON.stringify("x".repeat(100 * 1024))));
    await new Promise<void>((resolve) => large.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(large.address() as AddressInfo).port}`;
    await expect(publishMessage(server("t", { url }), said())).rejects.toMatchObject({ code: "push-unreachable" });
    large.closeAllConnections();
    large.close();
  });

  it("a server under its own path is used there", async () => {
    const paths: string[] = [];
    const proxied = createServer((request, response) => {
      paths.push(request.url ?? "");
      response.end("{}");
    });
    await new Promise<void>((resolve) => proxied.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(proxied.address() as AddressInfo).port}/push/ntfy`;
    await publishMessage(server("t", { url }), said({ actions: [tap] }));
    await publishMessage(server("t", { url }), said({ actions: [{ ...tap, label: raw("是") }] }));
    proxied.close();
    expect(paths).toEqual(["/push/ntfy/t", "/push/ntfy/"]);
  });
});

describe("the probe of a topic", () => {
  it("the probe of a topic asks without credentials, and takes only a refusal for one", async () => {
    const probe = (topic: string) => probeTopic({ url: ntfy.address, topic, timeoutMs: 2_000 });
    expect(await probe("closed")).toBe("refused");
    expect(ntfy.received.at(-1)).toMatchObject({ method: "GET", path: "/closed/json?poll=1", status: 403 });
    expect(ntfy.received.at(-1)?.headers["authorization"]).toBeUndefined();
    expect(await probe("open")).toBe("readable");
    for (const [status, reading] of [
      [401, "refused"],
      [404, "unproven"],
      [302, "unproven"],
      [400, "unproven"],
    ] as const) {
      ntfy.failWith(status);
      expect([status, await probe("closed")]).toEqual([status, reading]);
    }
    ntfy.failWith(null);
    let opening = "";
    const firewall = createServer(({ headers }, response) =>
      response.writeHead(headers.authorization === opening ? 200 : 403).end(body),
    );
    let body = "<h1>Forbidden: no robots</h1>";
    await new Promise<void>((resolve) => firewall.listen(0, "127.0.0.1", resolve));
    const behind = {
      url: `http://127.0.0.1:${(firewall.address() as AddressInfo).port}`,
      topic: "t",
      timeoutMs: 2_000,
    };
    expect(await probeTopic(behind)).toBe("unproven");
    body = "x".repeat(200_000);
    expect(await probeTopic(behind)).toBe("unproven");
    body = '{"code":40301,"http":403,"error":"forbidden"}';
    expect(await probeTopic(behind)).toBe("refused");
    // A 403 of any server is about the credential if the credential ends it, and says nothing otherwise.
    body = "forbidden";
    expect(await probeTopic({ ...behind, credential: "tk_ours" })).toBe("unproven");
    opening = "Bearer tk_ours";
    expect(await probeTopic({ ...behind, credential: "tk_ours" })).toBe("refused");
    expect(await probeTopic({ ...behind, credential: "tk_other" })).toBe("unproven");
    expect(await probeTopic({ ...behind, credential: null })).toBe("unproven");
    firewall.close();
    for (const status of [429, 500, 502]) {
      ntfy.failWith(status);
      await expect(probe("closed")).rejects.toMatchObject({ code: "push-refused", retry: true });
    }
    ntfy.failWith(null);
  });
});
