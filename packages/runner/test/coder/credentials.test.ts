/** Which credential the coder uses: the chosen ones in order, and another while a limit is reached. */
import { describe, expect, it } from "vitest";
import { createCredentials, usableCredentials } from "../../src/coder/credentials.ts";
import { requireCredential } from "../../src/coder/preflight.ts";

const none = { kind: "none" } as const;
const token = (value: string) => ({ kind: "oauth-token", value }) as const;

describe("the usable credentials", () => {
  it("are the tokens first, then a paid key if it was chosen, and no empty value", () => {
    const all = { AEDEV_CLAUDE_OAUTH_TOKEN: "t", AEDEV_CLAUDE_OAUTH_TOKEN_2: "u", AEDEV_ANTHROPIC_API_KEY: "k" };
    expect(usableCredentials(all, { allowApiKey: true, login: none })).toEqual([token("t"), token("u")]);
    const equal = { AEDEV_CLAUDE_OAUTH_TOKEN: "t", AEDEV_CLAUDE_OAUTH_TOKEN_2: "t" };
    expect(usableCredentials(equal, { allowApiKey: true, login: none })).toEqual([token("t")]);
    const key = { AEDEV_CLAUDE_OAUTH_TOKEN: " ", AEDEV_ANTHROPIC_API_KEY: "k" };
    expect(usableCredentials(key, { allowApiKey: false, login: none })).toEqual([]);
    expect(usableCredentials(key, { allowApiKey: true, login: none })).toEqual([{ kind: "api-key", value: "k" }]);
    expect(usableCredentials({}, { allowApiKey: true, login: none })).toEqual([]);
  });

  it("include the login of Claude Code after the tokens and before a paid key, unless it ends soon", () => {
    const expires_at = "2026-01-01T00:00:00.000Z";
    const login = { kind: "valid", token: "l", expires_at } as const;
    const key = { AEDEV_ANTHROPIC_API_KEY: "k" };
    expect(usableCredentials({ AEDEV_CLAUDE_OAUTH_TOKEN: "t" }, { allowApiKey: true, login })).toEqual([token("t")]);
    expect(usableCredentials(key, { allowApiKey: true, login })).toEqual([{ ...token("l"), isLogin: true }]);
    const expired = { kind: "expired", expires_at } as const;
    expect(usableCredentials(key, { allowApiKey: true, login: expired })).toEqual([{ kind: "api-key", value: "k" }]);
    expect(() => requireCredential({ credential: () => null, claudeLogin: () => expired })).toThrow(
      /login of Claude Code/,
    );
    expect(() => requireCredential({ credential: () => null, claudeLogin: () => none })).toThrow(
      /no usable credential/,
    );
  });
});

describe("a usage limit that is reached", () => {
  const instant = (ms: number) => new Date(ms).toISOString();
  const hourMs = 3_600_000;
  function taking(tokens: readonly string[]) {
    const clock = { ms: Date.parse("2026-01-01T00:00:00.000Z") };
    const credentials = createCredentials(
      () => tokens.map(token),
      () => clock.ms,
    );
    return { clock, ...credentials, inUse: () => credentials.choose()?.value };
  }

  it("moves the next run to the other credential at once, and back after the reset", () => {
    const { clock, inUse, noteLimit } = taking(["one", "two"]);
    const resets = instant(clock.ms + 2 * hourMs);
    expect(inUse()).toBe("one");
    expect(noteLimit(token("one"), resets)).toBe(instant(clock.ms));
    expect(inUse()).toBe("two");
    clock.ms += 2 * hourMs;
    expect(inUse()).toBe("one");
  });

  it.each([
    ["the other's", 1, 3],
    ["its own", 3, 1],
  ])("makes the next run wait for the first reset if none is free: %s", (_whose, others, own) => {
    const { clock, inUse, noteLimit } = taking(["one", "two"]);
    noteLimit(token("one"), instant(clock.ms + others * hourMs));
    expect(noteLimit(token("two"), instant(clock.ms + own * hourMs))).toBe(instant(clock.ms + hourMs));
    expect(inUse()).toBe(others < own ? "one" : "two");
  });

  it("is the account's, so a login that was renewed meanwhile is not free either", () => {
    const login = { ...token("old"), isLogin: true as const };
    const credentials = createCredentials(
      () => [{ ...login, value: "new" }],
      () => 0,
    );
    expect(credentials.noteLimit(login, instant(hourMs))).toBe(instant(hourMs));
  });

  it("changes nothing if there is only one credential, whether its reset is known or not", () => {
    const { clock, inUse, noteLimit } = taking(["one"]);
    expect(noteLimit(token("one"), instant(clock.ms + hourMs))).toBe(instant(clock.ms + hourMs));
    expect([noteLimit(token("one"), null), inUse()]).toEqual([null, "one"]);
    expect(taking([]).choose()).toBeNull();
  });

  it("counts for an hour if its reset is unknown", () => {
    const { clock, inUse, noteLimit } = taking(["one", "two"]);
    expect(noteLimit(token("one"), null)).toBe(instant(clock.ms));
    expect(inUse()).toBe("two");
    clock.ms += hourMs;
    expect(inUse()).toBe("one");
  });

  it.each([
    [3, 1],
    [0.5, 0.5],
  ])("with one reset in %s h and the other unknown makes the next run wait %s h, in either order", (known, waits) => {
    const first = taking(["one", "two"]);
    first.noteLimit(token("one"), instant(first.clock.ms + known * hourMs));
    expect(first.noteLimit(token("two"), null)).toBe(instant(first.clock.ms + waits * hourMs));
    const last = taking(["one", "two"]);
    last.noteLimit(token("one"), null);
    expect(last.noteLimit(token("two"), instant(last.clock.ms + known * hourMs))).toBe(
      instant(last.clock.ms + waits * hourMs),
    );
    expect(last.inUse()).toBe(known < 1 ? "two" : "one");
    expect([last.noteLimit(token("one"), null), last.noteLimit(token("two"), null)].at(-1)).toBeNull();
  });
});
