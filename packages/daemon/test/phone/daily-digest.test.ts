/** When a day's digest is due, sent once, over restarts and failures; and what it says. */
import { type CommandBody, decide, evolve, initialState, type State } from "@aedev/core";
import { sumUsage } from "@aedev/core/reading";
import { storyCommand } from "@aedev/core/testing";
import { describe, expect, it } from "vitest";
import { dueDigest, startDailyDigest } from "../../src/phone/daily-digest.ts";
import { composeDigest } from "../../src/phone/message/compose-digest.ts";

const nothingUsed = sumUsage([], {});
const minuteOfDay = 7 * 60 + 30;
/** In this machine's time. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 0, day, hour, minute);

function after(state: State, body: CommandBody, when: Date): State {
  const command = { ...storyCommand(body), at: when.toISOString() };
  const decision = decide(command, state);
  if (decision.kind === "refused") throw new Error(decision.reason);
  return decision.events.reduce((folded, event) => evolve(folded, { ...event, recorded_at: command.at }), state);
}
const configured = after(initialState, { kind: "ConfigureNotifier", digest: "a".repeat(64) }, at(1, 12));
const due = (state: State, now: Date) => dueDigest(state, { minuteOfDay, now })?.notice_id ?? null;
const sent = (state: State, notice_id: string, when: Date) =>
  after(state, { kind: "RecordPush", stream: "system", notice_id, key: notice_id, folded: false }, when);

describe("a digest", () => {
  it("a digest is due once for each day, from its time on for half a day, and not before there was anybody to tell", () => {
    expect(due(initialState, at(2, 8))).toBe(null);
    expect(due(configured, at(1, 13))).toBe(null);
    expect(due(configured, at(2, 7, 29))).toBe(null);
    expect(due(configured, at(2, 7, 30))).toBe("digest/2026-01-02");
    expect(due(configured, at(2, 19, 29))).toBe("digest/2026-01-02");
    expect(due(configured, at(2, 19, 31))).toBe(null);
    const told = sent(configured, "digest/2026-01-02", at(2, 7, 31));
    expect(due(told, at(2, 7, 32))).toBe(null);
    expect(due(told, at(3, 7, 32))).toBe("digest/2026-01-03");
    expect(dueDigest(told, { minuteOfDay, now: at(3, 8) })?.since).toBe(at(2, 7, 30).toISOString());
  });

  it("a digest is tried until it is taken, then recorded, and the next process does not send it again", async () => {
    let state = configured;
    let now = at(2, 7, 31).getTime();
    const sends: string[] = [];
    const live = async (rounds: number, failures: number) => {
      let left = rounds;
      const ended = Promise.withResolvers<void>();
      const digest = startDailyDigest({
        minuteOfDay,
        state: () => state,
        async send(since) {
          sends.push(since);
          if (sends.length <= failures) throw new Error("the server is down");
        },
        async submit(body) {
          state = after(state, body, new Date(now));
        },
        pacing: {
          now: () => now,
          async sleep(ms, signal) {
            now += ms;
            left -= 1;
            if (left > 0) return;
            ended.resolve();
            await new Promise((resolve) => signal.addEventListener("abort", resolve));
          },
        },
      });
      await ended.promise;
      await digest.close();
    };
    await live(1, 1);
    expect([sends.length, state.system.pushes]).toEqual([1, undefined]);
    await live(5, 1);
    expect(sends.length).toBe(2);
    await live(5, 1);
    expect(sends.length).toBe(2);
    now = at(3, 7, 30).getTime();
    await live(2, 1);
    expect(sends.length).toBe(3);
    expect(state.system.pushes?.map(({ notice_id }) => notice_id)).toEqual(["digest/2026-01-02", "digest/2026-01-03"]);
  });
});

describe("its message", () => {
  const item = { title: "Close the\u0007 hole at https://evil.example" };

  it("the digest's message has the counts in its title, each thing by its title, holds with their reason, and the command for more", () => {
    const holds = [{ ...item, means: "The home's disk has less free space.", detail: "2 GB\u001b[1m" }];
    const digest = {
      landed: [item, item],
      rejected: [],
      cancelled: [item],
      waiting: [item],
      holds,
      used: { ...nothingUsed, runs: 1, tokens: 1234, requests: 3, nano_usd: 1_250_000_000 },
    };
    const { title, text, approval, commands } = composeDigest(digest, null);
    expect(title).toBe("aedev: 2 landed, 1 need you, 1 held, 1 cancelled");
    expect(text).toMatch(
      /^Landed:\n- Close the.* hole at \[link\]\n- Close.*\nNeeds you:\n- .*\nHeld:\n- Close.*: The home's disk/,
    );
    expect(text).toMatch(/1 run, 1,?234 tokens, 3 requests, \$1\.25 in 24 hours$/);
    expect([approval, commands]).toEqual([null, ["aedev digest"]]);
    expect(text).not.toContain("\u0007");
    // A coder's text is never in a message with an approval.
    expect(text).not.toContain("2 GB");
  });

  it("the digest's message is short however much happened", () => {
    const many = Array.from({ length: 500 }, () => ({
      title: "x".repeat(500),
      means: "y".repeat(500),
      detail: "z".repeat(500),
    }));
    const { title, text } = composeDigest(
      { ...{ landed: many, rejected: many, cancelled: many, waiting: many, holds: many }, used: nothingUsed },
      null,
    );
    expect(Buffer.byteLength(text)).toBeLessThan(3_001);
    expect(title.length).toBeLessThan(101);
    expect(text).toContain("and 495 more");
  });
});
