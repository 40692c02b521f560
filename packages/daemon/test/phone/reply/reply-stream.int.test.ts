/** Listening to the reply topic: it continues where it stopped, reconnects after silence and broken connections, and skips a message that keeps failing. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NtfyServer, openNtfyServer } from "@aedev/fakes/ntfy/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pauseOf } from "../../../src/phone/ntfy/push-pause.ts";
import { openReplyCursor } from "../../../src/phone/reply/reply-cursor.ts";
import { openReplyStream, type ReplyStream, type ReplyStreamOptions } from "../../../src/phone/reply/reply-stream.ts";

let home = "";
let ntfy: NtfyServer;
let stream: ReplyStream | undefined;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "aedev-replies-"));
  mkdirSync(join(home, "run"));
  ntfy = await openNtfyServer({
    accounts: [{ name: "ann", token: "tk_ann", access: { "*": "read-write" } }],
    everyone: { replies: "write-only" },
    fallback: "deny",
    keepaliveMs: 100,
  });
});
afterEach(async () => {
  await stream?.close();
  stream = undefined;
  await ntfy.close();
  rmSync(home, { recursive: true, force: true });
});

/** A reader that keeps the messages that it gets. `fails`: how often each is refused first. */
function open(more: Partial<ReplyStreamOptions> & { fails?: (message: string) => number } = {}): string[] {
  const { fails = () => 0, ...options } = more;
  const read: string[] = [];
  const tries = new Map<string, number>();
  stream = openReplyStream({
    url: ntfy.address,
    topic: "replies",
    credential: () => "tk_ann",
    cursor: openReplyCursor({ home, source: `${ntfy.address}/replies` }),
    firstReplayMs: 3_600_000,
    onTap: () => undefined,
    reader: {
      async read(line) {
        const { id, event, message = "" } = JSON.parse(line) as { id: string; event: string; message?: string };
        if (event !== "message") return { id: null, tap: null };
        const count = (tries.get(message) ?? 0) + 1;
        tries.set(message, count);
        if (count <= fails(message)) throw new Error(`${message} can't be decided on now`);
        read.push(message);
        return { id, tap: null };
      },
    },
    ...options,
  });
  return read;
}
const say = (message: string) =>
  fetch(`${ntfy.address}/replies`, { method: "POST", body: message }).then((response) => response.text());
const connections = () => ntfy.received.filter(({ path }) => path.startsWith("/replies/json"));

describe("the stream of replies", () => {
  it("the stream reads what was said before it was opened, continues by id, and ignores another topic's cursor", async () => {
    await say("one");
    const first = open();
    await say("two");
    await expect.poll(() => first).toEqual(["one", "two"]);
    expect(connections()[0]?.path).toBe("/replies/json?since=3600s");
    await stream?.close();
    await say("three");
    const second = open();
    await expect.poll(() => second).toEqual(["three"]);
    await stream?.close();
    const kept = readFileSync(join(home, "run/replies.json"), "utf8");
    const elsewhere = open({ cursor: openReplyCursor({ home, source: "another" }) });
    await expect.poll(() => elsewhere).toEqual(["one", "two", "three"]);
    await stream?.close();
    for (const damaged of ["", "{", kept.replace(/"id":"[^"]*"/, '"id":"../../x?auth=1"')]) {
      writeFileSync(join(home, "run/replies.json"), damaged);
      expect(openReplyCursor({ home, source: `${ntfy.address}/replies` }).last()).toBeNull();
    }
  });

  it("the stream is opened again after a break and after silence; signs of life keep it open", async () => {
    const read = open({ silenceMs: 400 });
    await expect.poll(() => stream?.problem()).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(connections()).toHaveLength(1);
    await ntfy.stop();
    await expect.poll(() => stream?.problem()).toMatch(/can't be reached/);
    await ntfy.start();
    await expect.poll(() => stream?.problem()).toBeNull();
    await expect
      .poll(() =>
        say("after the break").then(
          () => read,
          () => read,
        ),
      )
      .toContain("after the break");
    await stream?.close();

    const mute = await openNtfyServer({ keepaliveMs: 60_000 });
    open({ url: mute.address, silenceMs: 200 });
    await expect.poll(() => mute.received.length).toBeGreaterThanOrEqual(2);
    await stream?.close();
    await mute.close();
  });

  it("the stream waits as long as a busy server asks, and no message waits for that", async () => {
    ntfy.failWith(429, { retryAfter: "1" });
    open();
    await expect.poll(() => stream?.problem()).toBe("the push server answered 429");
    expect(pauseOf(ntfy.address)).toBeNull();
    const asked = connections().length;
    ntfy.failWith(null);
    await expect.poll(() => stream?.problem(), { timeout: 5_000 }).toBeNull();
    expect(connections()).toHaveLength(asked + 1);
  });

  it("the stream says why it does not listen, and takes a token that was set meanwhile", async () => {
    let token: string | null = null;
    open({ credential: () => token });
    await expect.poll(() => stream?.problem()).toBe("the push server answered 403");
    expect(connections()[0]?.headers["authorization"]).toBeUndefined();
    token = "tk_ann";
    await expect.poll(() => stream?.problem()).toBeNull();
  });

  it("the stream gives a message that fails another try, and finally skips it", async () => {
    const read = open({ fails: (message) => ({ hard: 2, impossible: 99 })[message] ?? 0 });
    await expect.poll(() => stream?.problem()).toBeNull();
    for (const message of ["easy", "hard", "impossible", "last"]) await say(message);
    await expect.poll(() => read).toEqual(["easy", "hard", "last"]);
  });
});
