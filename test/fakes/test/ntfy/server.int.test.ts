/** The fake ntfy server and phone keep what ntfy's documentation promises a client, tested with plain requests. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { openPhone, pushText } from "../../src/ntfy/phone.ts";
import { type NtfyServer, openNtfyServer } from "../../src/ntfy/server.ts";

let ntfy: NtfyServer;
beforeAll(async () => {
  ntfy = await openNtfyServer({
    accounts: [
      { name: "ann", password: "pass:word", token: "tk_ann", access: { "*": "read-write" } },
      { name: "bob", token: "tk_bob", access: { closed: "read-only" } },
    ],
    everyone: { closed: "deny", box: "write-only" },
    fallback: "read-write",
    keepaliveMs: 200,
  });
});
afterAll(() => ntfy.close());

const messageSchema = z.looseObject({
  id: z.string(),
  event: z.string(),
  title: z.string().optional(),
  message: z.string().optional(),
});
async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; body: string }> {
  const response = await fetch(`${ntfy.address}${path}`, init);
  return { status: response.status, body: await response.text() };
}
const last = (topic: string) => ntfy.messages(topic).at(-1);
const linesOf = (body: string) =>
  body
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => messageSchema.parse(JSON.parse(line)));

describe("publishing a message", () => {
  it("works by PUT, POST and GET, with headers by any of their names, and by query", async () => {
    await ask("/plain", { method: "PUT", body: "by put" });
    expect(last("plain")).toMatchObject({ event: "message", topic: "plain", message: "by put" });
    await ask("/plain", {
      method: "POST",
      body: "text",
      headers: { Title: "t", Prio: "urgent", Tags: "a, b", "X-Click": "https://x.example" },
    });
    expect(last("plain")).toMatchObject({
      title: "t",
      message: "text",
      priority: 5,
      tags: ["a", "b"],
      click: "https://x.example",
    });
    await ask("/plain/publish?message=by+get&title=q&p=2&tag=c");
    expect(last("plain")).toMatchObject({ title: "q", message: "by get", priority: 2, tags: ["c"] });
    await ask("/plain", { method: "POST", headers: { "X-Message": "in a header" } });
    expect(last("plain")).toMatchObject({ message: "in a header" });
    await ask("/plain", { method: "POST" });
    expect(last("plain")).toMatchObject({ message: "triggered" });
  });

  it("works with encoded words in both encodings", async () => {
    const word = (text: string) => `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;
    await ask("/words", { method: "POST", body: "x", headers: { Title: `${word("修复")} ${word("🚀")} now` } });
    expect(last("words")?.title).toBe("修复🚀 now");
    await ask("/words", { method: "POST", body: "x", headers: { Title: "=?utf-8?q?caf=C3=A9_noir?=" } });
    expect(last("words")?.title).toBe("café noir");
  });

  it("works with JSON at the root; anything that is not a message, too large or without a topic is refused", async () => {
    const actions = [{ action: "http", label: "Go", url: "https://x.example", headers: { a: "b" } }];
    const sent = await ask("/", {
      method: "POST",
      body: JSON.stringify({ topic: "json", message: "m", title: "t", priority: 4, tags: ["x"], actions }),
    });
    expect(messageSchema.parse(JSON.parse(sent.body)).id).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(last("json")).toMatchObject({
      message: "m",
      title: "t",
      priority: 4,
      tags: ["x"],
      actions: [{ ...actions[0], method: "", clear: false }],
    });
    for (const [body, status] of [
      ["{", 400],
      [JSON.stringify({ topic: "a/b", message: "" }), 400],
      [JSON.stringify({ topic: "json", message: "x".repeat(4097) }), 400],
      [JSON.stringify({ topic: "json", message: "x".repeat(8300) }), 413],
    ] as const)
      expect((await ask("/", { method: "POST", body })).status).toBe(status);
    expect((await ask("/json", { method: "POST", body: "x".repeat(4096) })).status).toBe(200);
    expect((await ask("/json", { method: "POST", body: "x".repeat(4097) })).status).toBe(400);
    expect((await ask("/json", { method: "POST", body: "x", headers: { Priority: "9" } })).status).toBe(400);
  });

  it("works with buttons in the short form and as JSON; more than three, or half a button, are refused", async () => {
    const short =
      'http, "Yes, do", https://x.example/a?b=c, method=PUT, clear=true, headers.X-Message=1.a-b; view, Look, url=https://y.example';
    await ask("/buttons", { method: "POST", body: "x", headers: { Actions: short } });
    expect(last("buttons")?.actions).toMatchObject([
      {
        action: "http",
        label: "Yes, do",
        url: "https://x.example/a?b=c",
        method: "PUT",
        clear: true,
        headers: { "X-Message": "1.a-b" },
      },
      { action: "view", label: "Look", url: "https://y.example", clear: false },
    ]);
    for (const wrong of [
      "http, Yes",
      "dance, a, https://x.example",
      "view, a, https://x, b; ",
      "[{",
      Array(4).fill("view, a, https://x.example").join("; "),
    ])
      expect([
        wrong,
        (await ask("/buttons", { method: "POST", body: "x", headers: { Actions: wrong } })).status,
      ]).toEqual([wrong, 400]);
  });
});

describe("access to a topic", () => {
  it("depends on account, topic and rules for everyone, with tokens and passwords", async () => {
    const auth = (authorization: string) => ({ headers: { authorization } });
    const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
    const read = async (init: RequestInit = {}) => (await ask("/closed/json?poll=1", init)).status;
    const write = async (init: RequestInit = {}) =>
      (await ask("/closed", { method: "POST", body: "x", ...init })).status;
    expect([await read(), await write()]).toEqual([403, 403]);
    expect([await read(auth("Bearer tk_ann")), await write(auth("Bearer tk_ann"))]).toEqual([200, 200]);
    expect([await read(auth("Bearer tk_bob")), await write(auth("Bearer tk_bob"))]).toEqual([200, 403]);
    expect([
      await read(auth(basic("ann:pass:word"))),
      await read(auth(basic(":tk_ann"))),
      await read(auth(basic("ann:wrong"))),
    ]).toEqual([200, 200, 401]);
    expect(await read(auth("Bearer tk_nobody"))).toBe(401);
    expect((await ask("/box", { method: "POST", body: "x" })).status).toBe(200);
    expect((await ask("/box/json?poll=1")).status).toBe(403);
    expect((await ask("/", { method: "POST", body: JSON.stringify({ topic: "closed", message: "x" }) })).status).toBe(
      403,
    );
    expect((await ask("/open/json?poll=1")).status).toBe(200);
  });
});

describe("reading a topic", () => {
  it("returns stored messages by id, time and duration", async () => {
    for (const body of ["one", "two", "three"]) await ask("/kept", { method: "POST", body });
    const [one] = ntfy.messages("kept");
    const since = async (text: string) =>
      linesOf((await ask(`/kept/json?poll=1&since=${text}`)).body).map(({ message }) => message);
    const all = ["one", "two", "three"];
    expect(await since("all")).toEqual(all);
    expect(await since(one?.id ?? "")).toEqual(["two", "three"]);
    expect(await since("zzzzzzzzzzzz")).toEqual(all);
    expect(await since(String((one?.time ?? 0) + 100))).toEqual([]);
    expect(await since("1h30m")).toEqual(all);
    expect(await since("none")).toEqual([]);
    expect(await since("latest")).toEqual(["three"]);
    expect((await ask("/kept/json?poll=1&since=yesterday!")).status).toBe(400);
  });

  it("a stream has open, stored messages, new messages and keepalives", async () => {
    await ask("/stream", { method: "POST", body: "before" });
    const leave = new AbortController();
    const response = await fetch(`${ntfy.address}/stream/json?since=all`, { signal: leave.signal });
    const seen: string[] = [];
    let rest = "";
    await ask("/stream", { method: "POST", body: "after" });
    for await (const chunk of response.body ?? []) {
      rest += Buffer.from(chunk).toString("utf8");
      seen.push(...linesOf(rest.slice(0, rest.lastIndexOf("\n") + 1)).map(({ event, message }) => message ?? event));
      rest = rest.slice(rest.lastIndexOf("\n") + 1);
      if (seen.includes("keepalive")) break;
    }
    leave.abort();
    expect(seen.slice(0, 3)).toEqual(["open", "before", "after"]);
  });
});

describe("an outage of the server", () => {
  it("is a failing status or a closed address, which comes back the same with its messages", async () => {
    await ask("/away", { method: "POST", body: "kept" });
    ntfy.failWith(429);
    expect((await ask("/away/json?poll=1")).status).toBe(429);
    ntfy.failWith(null);
    await ntfy.stop();
    await expect(ask("/away/json?poll=1")).rejects.toThrow();
    await ntfy.start();
    expect(linesOf((await ask("/away/json?poll=1")).body).map(({ message }) => message)).toEqual(["kept"]);
    expect(ntfy.received.slice(-2)).toMatchObject([
      { path: "/away/json?poll=1", status: 429 },
      { path: "/away/json?poll=1", status: 200 },
    ]);
  });
});

describe("the fake phone", () => {
  it("shows a push as text, and a tap sends the button's real request, without credentials", async () => {
    await using phone = await openPhone({ server: ntfy.address, topic: "closed", token: "tk_ann" });
    const actions = `http, Yes, ${ntfy.address}/box, headers.X-Message=answer; view, Look, ${ntfy.address}/v1/health`;
    const request = {
      method: "POST",
      body: "Shall I?",
      headers: { authorization: "Bearer tk_ann", Title: "Question", Priority: "5", Actions: actions },
    };
    await ask("/closed", request);
    const push = await phone.next(({ title }) => title === "Question");
    expect(pushText(push)).toBe("(5) Question\nShall I?\n[ Yes ]  [ Look ]");
    expect(await phone.tap(push, "Yes")).toMatchObject({ status: 200 });
    expect(last("box")?.message).toBe("answer");
    expect(ntfy.received.at(-1)).toMatchObject({ method: "POST", path: "/box" });
    expect(ntfy.received.at(-1)?.headers["authorization"]).toBeUndefined();
    expect(await phone.tap(push, "Look")).toMatchObject({ status: 200, body: '{"healthy":true}\n' });
    await expect(phone.tap(push, "No")).rejects.toThrow(/no button No/);
    await ntfy.stop();
    await ntfy.start();
    // A connection broken by the stop may still count as open, so the first attempt can fail.
    const again = () =>
      ask("/closed", { ...request, body: "Again?" }).then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(again).toBe(200);
    await phone.next(({ message }) => message === "Again?");
    expect(phone.pushes).toHaveLength(2);
    await expect(openPhone({ server: ntfy.address, topic: "closed" })).rejects.toThrow(/403/);
  });
});
