/** The one pause of a push server: how long it is by the server's answer, how often a server that always refuses is asked in a day, and who goes first. */
import { expect, it } from "vitest";
import {
  inPushTurn,
  noteTaken,
  noteTooMany,
  type PushPause,
  pauseOf,
  requireNoPause,
  restorePause,
} from "../../src/phone/ntfy/push-pause.ts";

const minute = 60_000;
const hour = 60 * minute;
const noon = Date.parse("2026-03-01T12:00:00.000Z");
let servers = 0;
function newServer(): string {
  servers += 1;
  return `https://push-${servers}.example/path`;
}
const quota = { retryAfter: null, text: '{"code":42908,"http":429}' };

it.each([
  ["an hour for a used-up quota", quota, noon, hour],
  ["until after midnight UTC if that is sooner", quota, noon + 11 * hour + 50 * minute, 11 * minute],
  ["what Retry-After says in seconds", { ...quota, retryAfter: "90" }, noon, 90_000],
  ["what Retry-After says as a date", { ...quota, retryAfter: "Sun, 01 Mar 2026 12:30:00 GMT" }, noon, 30 * minute],
  ["a minute if the server says nothing", { retryAfter: null, text: "<html>" }, noon, minute],
  ["at most a day", { ...quota, retryAfter: "999999999" }, noon, 24 * hour],
])("the pause lasts %s", (_, answer, at, expected) => {
  const url = newServer();
  expect(noteTooMany(url, answer, at).untilMs - at).toBe(expected);
  expect(pauseOf(`${new URL(url).origin}/other`, at + expected - 1)).not.toBeNull();
  expect(pauseOf(url, at + expected)).toBeNull();
});

it.each([
  ["its quota's code", quota],
  ["nothing more", { retryAfter: null, text: "" }],
  ["a pause of one second", { retryAfter: "1", text: "" }],
])("a server that answers everything with 429 and %s is asked fewer than 50 times a day", (_, answer) => {
  const url = newServer();
  let requests = 0;
  for (let at = noon; at < noon + 24 * hour; at += 1_000) {
    if (pauseOf(url, at) !== null) continue;
    requests += 1;
    noteTooMany(url, answer, at);
  }
  expect(requests).toBeLessThan(50);
  expect(requests).toBeGreaterThan(5);
});

it("all who ask share one pause, which ends once a message is taken", () => {
  const url = newServer();
  const first = noteTooMany(url, quota, noon);
  expect(noteTooMany(url, { retryAfter: "7200", text: "" }, noon + minute)).toEqual(first);
  expect(pauseOf(newServer(), noon)).toBeNull();
  noteTooMany(url, quota, Date.now());
  noteTaken(url);
  expect(() => requireNoPause(url)).not.toThrow();
  noteTooMany(url, quota, Date.now());
  expect(() => requireNoPause(url)).toThrow(/quota/u);
});

it("one message is sent at a time, and the most important of those that wait goes first", async () => {
  const url = newServer();
  const order: number[] = [];
  let sending = 0;
  await Promise.all(
    [3, 2, 5, 4].map((priority) =>
      inPushTurn(url, priority, async () => {
        sending += 1;
        expect(sending).toBe(1);
        await new Promise((done) => setImmediate(done));
        order.push(priority);
        sending -= 1;
      }),
    ),
  );
  // The first one had nobody before it.
  expect(order).toEqual([3, 5, 4, 2]);
  await expect(inPushTurn(url, 1, () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  expect(await inPushTurn(url, 1, async () => "next")).toBe("next");
});

it("the pause is stored when it begins and when a message was taken, whoever sent it", () => {
  const server = "http://written.test/topic";
  const written: (PushPause | null)[] = [];
  restorePause(server, null, (pause) => written.push(pause));
  noteTaken(server);
  expect(written).toEqual([]);
  const pause = noteTooMany(server, { retryAfter: "60", text: "" });
  noteTooMany(server, { retryAfter: "60", text: "" });
  noteTaken(server);
  expect(written).toEqual([pause, null]);
  // Another server has its own pause.
  noteTooMany("http://other.test/topic", { retryAfter: "60", text: "" });
  expect(written).toHaveLength(2);
});

it("the pause continues after a start, unless it is another server's or a set-back clock would prolong it", () => {
  const pause = noteTooMany(newServer(), quota, noon);
  const restored = (nowMs: number, change: Partial<PushPause> = {}) => {
    const server = newServer();
    const written: (PushPause | null)[] = [];
    restorePause(server, { ...pause, origin: new URL(server).origin, ...change }, (one) => written.push(one), nowMs);
    return { lasts: pauseOf(server, nowMs) !== null, written };
  };
  const dropped = { lasts: false, written: [null] };
  expect(restored(noon + minute)).toEqual({ lasts: true, written: [] });
  expect(restored(noon + minute, { origin: "https://other.example" })).toEqual(dropped);
  expect(restored(noon - hour)).toEqual(dropped);
  expect(restored(noon, { untilMs: noon + 25 * hour })).toEqual(dropped);
});
