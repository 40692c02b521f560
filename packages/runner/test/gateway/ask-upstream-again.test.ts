/** When the gateway repeats a request to the model's endpoint, and how long it waits first. */
import { describe, expect, it } from "vitest";
import {
  failureOfAnswer,
  failureOfConnection,
  pauseBeforeRetry,
  upstreamTriesMax,
} from "../../src/gateway/ask-upstream-again.ts";

const answered = (status: number, headers = {}) => failureOfAnswer({ status, headers }, 0);
const failed = (code: string) => failureOfConnection(Object.assign(new Error("x"), { code }));

describe("a failure upstream", () => {
  it.each([500, 502, 503, 504, 529, 599])("a failure with status %i may pass and cost nothing", (status) => {
    expect(answered(status)).toEqual({ what: `answered ${status}`, free: true, retryAfterMs: null });
  });

  it.each([200, 400, 401, 403, 404, 413, 429, 600])("status %i is passed on to the sandbox", (status) => {
    expect(answered(status)).toBeNull();
  });

  it.each([
    ["ECONNREFUSED", true],
    ["ENOTFOUND", true],
    ["EAI_AGAIN", true],
    ["EHOSTUNREACH", true],
    ["ENETUNREACH", true],
    ["ECONNRESET", false],
    ["EPIPE", false],
  ])("a failure by %s may pass; cost nothing: %s", (code, free) => {
    expect(failed(code)).toMatchObject({ free });
  });

  it("a failure of any other kind does not pass", () => {
    for (const code of ["CERT_HAS_EXPIRED", "ERR_TLS_CERT_ALTNAME_INVALID", "replay-diverged"])
      expect(failed(code)).toBeNull();
    expect(failureOfConnection(new Error("the upstream timed out"))).toBeNull();
    expect(failureOfConnection("ECONNREFUSED")).toBeNull();
  });
});

describe("the pause before a retry", () => {
  const pause = (tries: number, { at = 0, chance = 1, header = null as string | null } = {}) => {
    const failure = answered(529, header === null ? {} : { "retry-after": header });
    if (failure === null) throw new Error("529 passes");
    return pauseBeforeRetry(failure, { tries, beganAt: 0 }, { now: () => at, random: () => chance });
  };

  it("doubles and is random; there is none after the last try", () => {
    expect([1, 2, 3].map((tries) => pause(tries))).toEqual([500, 1000, 2000]);
    expect(pause(3, { chance: 0.25 })).toBe(500);
    expect(pause(upstreamTriesMax)).toBeNull();
  });

  it("is at least as long as the endpoint asks, and never ends after half a minute", () => {
    expect(pause(1, { header: "7" })).toBe(7000);
    expect(pause(1, { header: "soon" })).toBe(500);
    expect(pause(1, { header: "30" })).toBe(30_000);
    expect(pause(1, { header: "31" })).toBeNull();
    expect(pause(1, { at: 29_500 })).toBe(500);
    expect(pause(1, { at: 29_501 })).toBeNull();
  });
});
