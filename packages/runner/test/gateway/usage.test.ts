/** Tokens from the stream, the budget they are charged to, and the limits a vendor tells. */
import { describe, expect, it } from "vitest";
import { createMeter } from "../../src/gateway/meter.ts";
import { createUsageCounter } from "../../src/gateway/usage-count.ts";
import { usageLimitEnd } from "../../src/gateway/usage-limit.ts";
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
  const one = { counts, final: true, free: false, countsAsRequest: true };

  it("reserves before, settles by the stream, and has room again", () => {
    const meter = createMeter({ ...gatewayLimits, run_tokens: 100 });
    expect(meter.reserve(80)).toBe(true);
    expect(meter.reserve(30)).toBe(false);
    meter.settle({ reserved: 80, ...one });
    expect(meter.usage()).toEqual({ ...counts, requests: 1 });
    expect(meter.reserve(65)).toBe(true);
    expect(meter.reserve(1)).toBe(false);
  });

  it("charges the whole reservation for a stream without its last count, and reports what it said", () => {
    const meter = createMeter({ ...gatewayLimits, run_tokens: 100 });
    meter.reserve(90);
    meter.settle({ reserved: 90, ...one, final: false });
    expect(meter.usage().output_tokens).toBe(20);
    expect(meter.reserve(20)).toBe(false);
    expect(meter.reserve(10)).toBe(true);
  });

  it("refuses beyond the number of requests", () => {
    const meter = createMeter({ ...gatewayLimits, requests_max: 1 });
    expect(meter.reserve(1)).toBe(true);
    expect(meter.reserve(1)).toBe(false);
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
