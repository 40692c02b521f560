/** The stream of changes: each client hears each change once, a slow one is dropped, and one that comes back goes on from its position. */
import { setTimeout } from "node:timers/promises";
import type { LiveMessage } from "@aedev/contracts/api";
import { expect, it } from "vitest";
import { type LiveSource, openLiveFeed } from "../../../src/http/routes/live-feed.ts";

type Stored = Awaited<ReturnType<LiveSource<null>["log"]["listEvents"]>>[number];

/** A log of streams, whose positions count from 1. */
function feedOf(limits?: Parameters<typeof openLiveFeed>[1]) {
  const events: Stored[] = [];
  const listeners = new Set<Parameters<LiveSource<null>["log"]["subscribe"]>[0]>();
  const reads: (readonly string[])[] = [];
  const feed = openLiveFeed(
    {
      log: {
        listEvents: async ({ after = 0, limit = 10_000 } = {}) =>
          events.filter(({ position }) => position > after).slice(0, Math.min(limit, 1000)),
        subscribe(listener) {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      },
      missionOf: (stream) => (stream.startsWith("mission/") ? stream.slice("mission/".length) : null),
      prepare: async () => null,
      read(missions) {
        reads.push(missions);
        const documents = missions.map((mission_id) => ({ mission_id }));
        return { position: events.length, at: "2026-01-02T03:04:05.678Z", missions: documents, status: {} } as never;
      },
    },
    limits,
  );
  const append = (...streams: string[]) => {
    const added = streams.map((stream, at) => ({ stream, position: events.length + at + 1 }) as Stored);
    events.push(...added);
    for (const listener of listeners) listener(added, {} as never);
  };
  return { feed, append, reads, listeners };
}

function clientOf(writableLength = 0) {
  let close = (): void => undefined;
  const messages: LiveMessage[] = [];
  const state = { isDestroyed: false };
  const client = {
    writableLength,
    writeHead: () => client as never,
    flushHeaders: () => undefined,
    write(text: string) {
      messages.push(JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? "") as LiveMessage);
      return true;
    },
    destroy() {
      state.isDestroyed = true;
      close();
      return client as never;
    },
    on(_event: string, listener: () => void) {
      close = listener;
      return client as never;
    },
  };
  return { client, messages, state };
}

const idsOf = ({ missions }: LiveMessage) => missions.map(({ mission_id }) => mission_id);
const isAllowed = () => true;
const by = "operator";

it("sends a change to every client, and reads it once for all of them", async () => {
  const { feed, append, reads } = feedOf();
  const [one, other] = [clientOf(), clientOf()];
  await feed.add(one.client, { after: null, by, isAllowed });
  await feed.add(other.client, { after: null, by, isAllowed });
  const before = reads.length;
  append("mission/m-1", "mission/m-1", "mission/m-2", "system");
  await expect.poll(() => one.messages.length).toBe(2);
  expect(idsOf(one.messages[1] as LiveMessage)).toEqual(["m-1", "m-2"]);
  expect(other.messages[1]).toEqual(one.messages[1]);
  expect(reads).toHaveLength(before + 1);
  one.client.destroy();
  other.client.destroy();
});

it("starts with what changed since the client's position, or tells it to read everything", async () => {
  const { feed, append } = feedOf();
  append("mission/m-1", "mission/m-2", "mission/m-3");
  const back = clientOf();
  await feed.add(back.client, { after: 1, by, isAllowed });
  expect(back.messages[0]).toMatchObject({ position: 3, reload: false });
  expect(idsOf(back.messages[0] as LiveMessage)).toEqual(["m-2", "m-3"]);
  append(...Array.from({ length: 60 }, (_, at) => `mission/m-${100 + at}`));
  const late = clientOf();
  await feed.add(late.client, { after: 1, by, isAllowed });
  expect(late.messages[0]).toMatchObject({ reload: true, missions: [] });
  // More events than the log returns at once, of few missions.
  append(...Array.from({ length: 1001 }, () => "mission/m-1"));
  const longGone = clientOf();
  await feed.add(longGone.client, { after: 63, by, isAllowed });
  expect(longGone.messages[0]).toMatchObject({ reload: true });
  for (const { client } of [back, late, longGone]) client.destroy();
});

it("tells a change at once also after the last client left while one was due", async () => {
  const { feed, append } = feedOf();
  const [left, next] = [clientOf(), clientOf()];
  await feed.add(left.client, { after: null, by, isAllowed });
  append("mission/m-1");
  left.client.destroy();
  await feed.add(next.client, { after: null, by, isAllowed });
  append("mission/m-2");
  await expect.poll(() => next.messages.length, { timeout: 2000 }).toBe(2);
  expect(idsOf(next.messages[1] as LiveMessage)).toEqual(["m-2"]);
  next.client.destroy();
});

it("drops a client that does not read and one whose token no longer works, and keeps the others", async () => {
  const { feed, append, listeners } = feedOf();
  const [slow, signedOut, good] = [clientOf(5 * 1024 * 1024), clientOf(), clientOf()];
  let isSignedIn = true;
  await feed.add(good.client, { after: null, by, isAllowed });
  await feed.add(slow.client, { after: null, by, isAllowed });
  await feed.add(signedOut.client, { after: null, by, isAllowed: () => isSignedIn });
  expect([slow.state.isDestroyed, signedOut.state.isDestroyed]).toEqual([true, false]);
  isSignedIn = false;
  append("mission/m-1");
  await expect.poll(() => good.messages.length).toBe(2);
  expect([signedOut.state.isDestroyed, good.state.isDestroyed]).toEqual([true, false]);
  good.client.destroy();
  await setTimeout(0);
  expect(listeners.size).toBe(0);
});

it("has room for everybody when one person has opened as many clients as one person may", async () => {
  const { feed } = feedOf();
  const opened = Array.from({ length: 20 }, () => clientOf());
  for (const { client } of opened.slice(1)) await feed.add(client, { after: null, by, isAllowed });
  expect([feed.hasRoom(by), feed.hasRoom("operator:anna")]).toEqual([true, true]);
  const [last] = opened;
  if (last !== undefined) await feed.add(last.client, { after: null, by, isAllowed });
  expect([feed.hasRoom(by), feed.hasRoom("operator:anna")]).toEqual([false, true]);
  for (const { client } of opened) client.destroy();
});

it("has room for so many clients, and for so many of one person", async () => {
  const { feed } = feedOf({ clientsMax: 3, ownClientsMax: 2 });
  const opened = [];
  for (const by of ["anna", "anna", "ben"]) {
    expect(feed.hasRoom(by)).toBe(true);
    opened.push(clientOf());
    await feed.add(opened.at(-1)?.client as never, { after: null, by, isAllowed: () => true });
    if (opened.length === 2) expect([feed.hasRoom("anna"), feed.hasRoom("ben")]).toEqual([false, true]);
  }
  expect(feed.hasRoom("cleo")).toBe(false);
  opened[0]?.client.destroy();
  expect(feed.hasRoom("cleo")).toBe(true);
});
