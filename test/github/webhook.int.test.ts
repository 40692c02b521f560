/** GitHub's webhook: a signed delivery makes aedev look at once, and decides nothing; every other delivery is refused and recorded without effect. */
import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { type FakeGitHub, startFakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { watchIssues } from "../../packages/daemon/src/issues/watch-issues.ts";
import { openWebhookListener } from "../../packages/daemon/src/webhook/listener.ts";
import { issueFolder, openIssueHome } from "./support/issues-at-github.ts";

const secret = "0123456789abcdef0123456789abcdef";
const clear = 'Add a `--json` flag to `src/cli.js`. `node src/cli.js --json` must print `{"ok":true}`.';

let gitHub: FakeGitHub;
let now = new Date("2026-03-01T10:00:00Z");
beforeAll(async () => {
  gitHub = await startFakeGitHub({ folder: issueFolder(), clock: () => now });
});
afterAll(() => gitHub.close());
beforeEach(() => {
  now = new Date(now.getTime() + 10_000);
});

/** A home with intake on that polls once a day, its listener, and the repository's webhook. */
async function opened(rate = { burst: 1_000, perSecond: 50 }) {
  const home = await openIssueHome(gitHub, { poll: "1d", webhook: true });
  const issues = watchIssues(home.control);
  const noted: string[][] = [];
  const stored: { secret: string | null; isActing: boolean } = { secret, isActing: true };
  const noteNews = (names: ReadonlySet<string>) => {
    noted.push([...names]);
    issues.noteNews(names);
  };
  const open = async () => {
    const listener = await openWebhookListener(home.control, {
      rate,
      secret: () => stored.secret,
      acting: () => (stored.isActing ? { noteNews } : null),
    });
    if (listener === null) throw new Error("it is not configured");
    return listener;
  };
  let listener = await open();
  const url = () => `http://127.0.0.1:${listener.port}/github/webhook`;
  const hook = await home.repository.addHook({ url: url(), secret });
  await hook.settled();
  return {
    ...home,
    hook,
    noted,
    stored,
    url,
    refused: async () => (await home.events("WebhookRefused")).map(({ data }) => data),
    async restart() {
      await listener.close();
      listener = await open();
    },
    async [Symbol.asyncDispose]() {
      hook.remove();
      await listener.close();
      await issues.close();
      await home.close();
    },
  };
}

const bodyFor = (fullName: string, more = {}) => JSON.stringify({ repository: { full_name: fullName }, ...more });

describe("a webhook delivery", () => {
  it("makes aedev look at once and read from GitHub what happened", async () => {
    await using home = await opened();
    expect(home.hook.deliveries).toMatchObject([{ event: "ping", status: 202 }]);
    const issue = await home.repository.as("eve").openIssue({ title: "A flag", body: clear });
    now = new Date(now.getTime() + 10_000);
    await home.repository.as("ann").label(issue, "aedev");
    await home.hook.settled();
    await expect.poll(() => home.missions().length, { timeout: 15_000 }).toBe(1);
    expect(home.missions()).toMatchObject([{ author: "github:ann", task_ids: [], origin: { github: { issue } } }]);
    expect(home.hook.deliveries.every(({ status }) => status === 202)).toBe(true);
    // The content of a delivery has no effect: this one has a label, a person and a text that GitHub does not have.
    const forged = {
      action: "labeled",
      label: { name: "aedev" },
      issue: { number: 99, title: "rm -rf /", body: clear },
    };
    expect(
      await home.hook.send({ body: bodyFor(home.fullName, { ...forged, sender: { login: "ann" } }) }),
    ).toHaveProperty("status", 202);
    await home.poll();
    expect(home.missions()).toHaveLength(1);
    expect(await home.events("MissionApproved", "IssueRefused", "WebhookRefused")).toEqual([]);
  });

  it("counts once, even with another id or after a restart; repetitions are refused and recorded without effect", async () => {
    await using home = await opened();
    const taken = await home.hook.send({ body: bodyFor(home.fullName) });
    expect([taken.status, home.noted]).toEqual([202, [["shop"]]]);
    const replays = async () => [
      (await home.hook.redeliver(taken)).status,
      (await home.hook.redeliver(taken, { id: randomUUID() })).status,
    ];
    expect(await replays()).toEqual([409, 409]);
    expect(await home.refused()).toEqual([{ why: "replayed", count: 1, delivery: taken.id }]);
    await home.restart();
    expect(await home.refused()).toEqual([
      { why: "replayed", count: 1, delivery: taken.id },
      { why: "replayed", count: 1, delivery: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ]);
    // Its port is different now.
    expect(await send(home.url(), { headers: headersOf(taken), body: taken.body })).toBe(409);
    expect(home.noted).toHaveLength(1);
    const other = headersOf({ ...taken, id: randomUUID() });
    expect(await send(home.url(), { headers: other, body: taken.body })).toBe(409);
    const body = bodyFor(home.fullName, { other: true });
    const { id, event, signature } = await home.hook.send({ body });
    expect(await send(home.url(), { headers: headersOf({ id, event, signature }), body })).toBe(202);
  });
});

/** Sends a request that no webhook of GitHub would send. */
function send(
  url: string,
  { method = "POST", headers = {}, body = "" }: { method?: string; headers?: Record<string, string>; body?: string },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function headersOf({ id, event, signature }: { id: string; event: string; signature: string }) {
  return {
    "content-type": "application/json",
    "x-github-delivery": id,
    "x-github-event": event,
    "x-hub-signature-256": signature,
  };
}

describe("a refused webhook delivery", () => {
  it("gets its status and is recorded once, without effect; the same without the flaw is accepted", async () => {
    await using home = await opened();
    const { hook, fullName } = home;
    const good = await hook.send({ body: bodyFor(fullName) });
    const fresh = () => bodyFor(fullName, { at: randomUUID() });
    const status = async (delivery: Promise<{ status: number | null }>) => (await delivery).status;
    const other = { id: randomUUID(), body: fresh() };
    expect(await status(hook.redeliver(good, other))).toBe(401);
    expect(await status(hook.redeliver(good, { ...other, signature: "" }))).toBe(401);
    expect(await status(hook.send({ body: fresh(), secret: "another" }))).toBe(401);
    expect(await status(hook.redeliver(good, { ...other, id: "1" }))).toBe(400);
    expect(await status(hook.redeliver(good, { ...other, event: "x y" }))).toBe(400);
    expect(await status(hook.send({ body: "{}" }))).toBe(422);
    expect(await status(hook.send({ body: "not JSON" }))).toBe(422);
    expect(await status(hook.send({ body: bodyFor("acme/unknown") }))).toBe(404);
    expect(await status(hook.send({ body: bodyFor(fullName, { text: "x".repeat(1024 * 1024) }) }))).toBe(413);
    expect(await send(home.url(), { headers: { "content-type": "text/plain" }, body: fresh() })).toBe(415);
    home.stored.secret = null;
    expect(await status(hook.send({ body: fresh() }))).toBe(503);
    home.stored.secret = secret;
    const refused = [
      { why: "bad-signature", count: 1 },
      { why: "unsigned", count: 1 },
      { why: "bad-headers", count: 1 },
      { why: "bad-body", count: 1, delivery: expect.any(String) },
      { why: "unknown-repository", count: 1, delivery: expect.any(String) },
      { why: "too-large", count: 1 },
      { why: "wrong-type", count: 1 },
      { why: "no-secret", count: 1 },
    ];
    expect(await home.refused()).toEqual(refused);
    expect(home.noted).toHaveLength(1);
    expect(await status(hook.send({ body: bodyFor(fullName, { text: "x".repeat(1000 * 1024) }) }))).toBe(202);
    await home.restart();
    expect((await home.refused()).slice(refused.length)).toEqual([
      { why: "bad-signature", count: 1 },
      { why: "bad-headers", count: 1 },
      { why: "bad-body", count: 1, delivery: expect.any(String) },
    ]);
  });

  it("is not even read in a flood, which causes two events", async () => {
    await using home = await opened({ burst: 20, perSecond: 0.001 });
    const flood = await Promise.all(
      Array.from({ length: 60 }, (_none, number) => {
        const signature = `sha256=${String(number).padStart(64, "0")}`;
        const headers = headersOf({ id: randomUUID(), event: "issues", signature });
        return send(home.url(), { headers, body: bodyFor(home.fullName) });
      }),
    );
    // The ping was the first of twenty.
    expect(flood.toSorted()).toEqual([...Array(19).fill(401), ...Array(41).fill(429)]);
    expect((await home.hook.send({ body: bodyFor(home.fullName) })).status).toBe(429);
    expect(await home.refused()).toEqual([
      { why: "bad-signature", count: 1 },
      { why: "too-many", count: 1 },
    ]);
    expect(home.noted).toEqual([]);
    await home.restart();
    expect((await home.refused()).slice(2)).toEqual([
      { why: "bad-signature", count: 18 },
      { why: "too-many", count: 41 },
    ]);
    const { id, event, signature } = await home.hook.send({ body: bodyFor(home.fullName) });
    expect(await send(home.url(), { headers: headersOf({ id, event, signature }), body: bodyFor(home.fullName) })).toBe(
      202,
    );
  });

  it("is not remembered while the log is not trusted, so it can be delivered again", async () => {
    await using home = await opened();
    home.stored.isActing = false;
    const early = await home.hook.send({ body: bodyFor(home.fullName) });
    expect([early.status, home.noted]).toEqual([503, []]);
    home.stored.isActing = true;
    expect([(await home.hook.redeliver(early)).status, home.noted]).toEqual([202, [["shop"]]]);
    expect(await home.refused()).toEqual([]);
  });

  it("is unknown at any other path or with any other method, because the listener has nothing else", async () => {
    await using home = await opened();
    const at = (path: string) => home.url().replace("/github/webhook", path);
    const before = home.control.log.head.position;
    for (const path of ["/", "/api/missions", "/health", "/a/x", "/status-board", "/github/webhook/", "/openapi.json"])
      for (const method of ["GET", "POST"]) expect([path, method, await send(at(path), { method })]).toContain(404);
    for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
      expect([method, await send(home.url(), { method })]).toEqual([method, 404]);
    expect(home.control.log.head.position).toBe(before);
    expect((await home.hook.send({ body: bodyFor(home.fullName) })).status).toBe(202);
  });
});

it("the webhook opens no port unless it is configured", async () => {
  const home = await openIssueHome(gitHub);
  expect(await openWebhookListener(home.control, { secret: () => secret, acting: () => null })).toBeNull();
  await home.close();
});
