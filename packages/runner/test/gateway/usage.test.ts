/** Tokens from the stream, the budget they are charged to, and a vendor's usage limits. */
import { describe, expect, it } from "vitest";
import { createUsageCounter } from "../../src/gateway/answer/usage-count.ts";
import { usageLimitEnd } from "../../src/gateway/answer/usage-limit.ts";
import { createMeter } from "../../src/gateway/meter.ts";
import { createRequestRate } from "../../src/gateway/request-rate.ts";
import { gatewayLimits } from "../throw-away-home.ts";

const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const start = event("message_start", {
  message: {
    usage: { input_tokens: 10, cache_read_input_tokens: 4, cache_creation_input_tokens: 2, output_tokens: 1 },
  },
});
const lie = event("content_block_delta", {
  delta: { type: "text_delta", text: '"message_delta" {"output_tokens":0}' },
});
const delta = event("message_delta", { usage: { output_tokens: 30 } });

describe("createUsageCounter", () => {
  it("counts by kind, whatever the chunks' boundaries, and knows the last count", () => {
    for (const size of [1, 7, 10_000]) {
      const counter = createUsageCounter("text/event-stream; charset=utf-8");
      const bytes = Buffer.from(start + lie);
      for (let at = 0; at < bytes.length; at += size) counter.take(bytes.subarray(at, at + size));
      expect(counter.isFinal()).toBe(false);
      counter.take(Buffer.from(delta));
      expect(counter.counts()).toEqual({
        input_tokens: 10,
        output_tokens: 30,
        cache_read_tokens: 4,
        cache_write_tokens: 2,
      });
      expect(counter.isFinal()).toBe(true);
    }
  });

  it("charges one-hour cache writes a second time, as the endpoint reports them", () => {
    const usage = { input_tokens: 1, output_tokens: 1, cache_creation_input_tokens: 50 };
    const told = (hour: number) => {
      const counter = createUsageCounter("application/json");
      const cache_creation = { ephemeral_5m_input_tokens: 50 - hour, ephemeral_1h_input_tokens: hour };
      counter.take(Buffer.from(JSON.stringify({ type: "message", usage: { ...usage, cache_creation } })));
      return counter.counts();
    };
    expect(told(40)).toMatchObject({ cache_write_tokens: 50, surcharge_tokens: 40 });
    expect(told(0)).not.toHaveProperty("surcharge_tokens");
  });

  it("counts an answer that is one document, and nothing of an error", () => {
    const counter = createUsageCounter("application/json");
    counter.take(Buffer.from(JSON.stringify({ type: "message", usage: { input_tokens: 5, output_tokens: 6 } })));
    expect(counter.counts()).toMatchObject({ input_tokens: 5, output_tokens: 6 });
    const error = createUsageCounter("application/json");
    error.take(Buffer.from('{"type":"error"}'));
    expect(error.counts()).toBeNull();
  });
});

describe("createMeter", () => {
  const counts = { input_tokens: 10, output_tokens: 20, cache_read_tokens: 500, cache_write_tokens: 5 };
  const one = { counts, final: true, free: false, countsAsRequest: true, bodyBytes: null };
  const outgoing = { bodyBytes: 4000, maxTokens: 100, cachesAnHour: false, pictureTokens: 0 };

  it("reserves before, settles by the stream, and has room again", () => {
    const meter = createMeter({ ...gatewayLimits, run_tokens: 100 });
    expect(meter.reserve(80)).toBe(true);
    expect(meter.reserve(30)).toBe(false);
    meter.settle({ reserved: 80, ...one });
    expect(meter.usage()).toEqual({ ...counts, requests: 1 });
    expect(meter.reserve(65)).toBe(true);
    expect(meter.reserve(1)).toBe(false);
  });

  it("charges the full reservation for a stream without its final count, and reports the counts that it had", () => {
    const meter = createMeter({ ...gatewayLimits, run_tokens: 100 });
    meter.reserve(90);
    meter.settle({ reserved: 90, ...one, final: false });
    expect(meter.usage().output_tokens).toBe(20);
    expect(meter.reserve(20)).toBe(false);
    expect(meter.reserve(10)).toBe(true);
  });

  it("reports the surcharge beyond the counts, so that every later budget includes it", () => {
    const meter = createMeter(gatewayLimits);
    meter.reserve(90);
    meter.settle({ reserved: 90, ...one, final: false });
    expect(meter.usage()).toEqual({ ...counts, requests: 1, surcharge_tokens: 90 - 35 });
    meter.reserve(90);
    meter.settle({ reserved: 90, ...one });
    expect(meter.usage()).toMatchObject({ requests: 2, surcharge_tokens: 55 });
    meter.reserve(90);
    meter.settle({ reserved: 90, ...one, counts: null, final: false, free: true });
    expect(meter.usage().surcharge_tokens).toBe(55);
  });

  it("charges one-hour cache writes twice, and reserves for that", () => {
    const meter = createMeter({ ...gatewayLimits, run_tokens: 100 });
    meter.reserve(50);
    meter.settle({ reserved: 50, ...one, counts: { ...counts, cache_write_tokens: 30, surcharge_tokens: 30 } });
    expect(meter.usage()).toMatchObject({ cache_write_tokens: 30, surcharge_tokens: 30 });
    expect(meter.reserve(11)).toBe(false);
    expect(meter.reserve(10)).toBe(true);
    expect(meter.estimate(outgoing)).toBe(1100);
    expect(meter.estimate({ ...outgoing, cachesAnHour: true })).toBe(2100);
    expect(meter.estimate({ ...outgoing, maxTokens: 0 })).toBe(0);
  });

  it("estimates denser input by what the answers have shown, and never below the first estimate", () => {
    const meter = createMeter(gatewayLimits);
    const input = (tokens: number) => ({
      ...counts,
      input_tokens: tokens,
      cache_read_tokens: 0,
      cache_write_tokens: 0,
    });
    meter.reserve(1);
    meter.settle({ reserved: 1, ...one, counts: input(100), bodyBytes: 4000 });
    expect(meter.estimate(outgoing)).toBe(1100);
    meter.reserve(1);
    meter.settle({ reserved: 1, ...one, counts: input(3000), bodyBytes: 4000 });
    expect(meter.estimate(outgoing)).toBe(2100);
  });

  it("does not take what the endpoint adds to a small request for its density, and no model for endless", () => {
    const meter = createMeter(gatewayLimits);
    meter.reserve(1);
    meter.settle({ reserved: 1, ...one, counts: { ...counts, input_tokens: 495 }, bodyBytes: 100 });
    expect(meter.estimate(outgoing)).toBe(1100);
    meter.reserve(1);
    meter.settle({ reserved: 1, ...one, counts: { ...counts, input_tokens: 200_000 }, bodyBytes: 100 });
    expect(meter.estimate({ ...outgoing, bodyBytes: 1_000_000 })).toBe(1_000_100);
  });

  it("reserves images and documents by what they may cost, not by their bytes", () => {
    const meter = createMeter(gatewayLimits);
    expect(meter.estimate({ ...outgoing, pictureTokens: 200_000 })).toBe(201_100);
  });

  it("refuses beyond the number of requests", () => {
    const meter = createMeter({ ...gatewayLimits, requests_max: 1 });
    expect(meter.reserve(1)).toBe(true);
    expect(meter.reserve(1)).toBe(false);
  });
});

describe("createTurns", () => {
  it("allows a minute's requests immediately, and then spreads them evenly", () => {
    let nowMs = 0;
    const take = createRequestRate(3, () => nowMs);
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
    nowMs = 19_999;
    expect(take()).toBe(false);
    nowMs = 20_000;
    expect([take(), take()]).toEqual([true, false]);
    nowMs = 3_600_000;
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
  });
});

describe("usageLimitEnd", () => {
  const nowMs = Date.parse("2026-01-01T00:00:00.000Z");
  const end = (status: number, headers: Record<string, string>, body = "") =>
    usageLimitEnd({ status, headers, body, nowMs });

  it("reads the reset from header, long retry-after or text", () => {
    const reset = String(nowMs / 1000 + 3600);
    expect(end(429, { "anthropic-ratelimit-unified-reset": reset })).toBe("2026-01-01T01:00:00.000Z");
    expect(end(429, { "retry-after": "600" })).toBe("2026-01-01T00:10:00.000Z");
    expect(end(429, {}, `Claude AI usage limit reached|${reset}`)).toBe("2026-01-01T01:00:00.000Z");
  });

  it("leaves an ordinary 429 and other errors to the CLI's own retries", () => {
    expect(end(429, { "retry-after": "5" })).toBeNull();
    expect(end(429, {}, "This request would exceed your account's rate limit")).toBeNull();
    expect(end(500, { "retry-after": "600" })).toBeNull();
    const status = { "anthropic-ratelimit-unified-status": "allowed" };
    expect(end(429, { "anthropic-ratelimit-unified-reset": String(nowMs / 1000 + 60), ...status })).toBeNull();
  });
});
