/** Tokens from the stream, the budget that they are charged to, and a vendor's usage limits. */
import { tokensOf } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { createMeter } from "../../src/gateway/meter.ts";
import { createRequestRate } from "../../src/gateway/request-rate.ts";
import { anthropicMessages } from "../../src/gateway/wire/anthropic-messages/anthropic-messages.ts";
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
  it("counts by kind, wherever chunks end, and recognizes the last count", () => {
    for (const size of [1, 7, 10_000]) {
      const counter = anthropicMessages.createCounter("text/event-stream; charset=utf-8");
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
      const counter = anthropicMessages.createCounter("application/json");
      const cache_creation = { ephemeral_5m_input_tokens: 50 - hour, ephemeral_1h_input_tokens: hour };
      counter.take(Buffer.from(JSON.stringify({ type: "message", usage: { ...usage, cache_creation } })));
      return counter.counts();
    };
    expect(told(40)).toMatchObject({ cache_write_tokens: 50, surcharge_tokens: 40 });
    expect(told(0)).not.toHaveProperty("surcharge_tokens");
  });

  it("counts an answer that is one document, but not an error", () => {
    const counter = anthropicMessages.createCounter("application/json");
    counter.take(Buffer.from(JSON.stringify({ type: "message", usage: { input_tokens: 5, output_tokens: 6 } })));
    expect(counter.counts()).toMatchObject({ input_tokens: 5, output_tokens: 6 });
    const error = anthropicMessages.createCounter("application/json");
    error.take(Buffer.from('{"type":"error"}'));
    expect(error.counts()).toBeNull();
  });
});

describe("createMeter", () => {
  const counts = { input_tokens: 10, output_tokens: 20, cache_read_tokens: 500, cache_write_tokens: 5 };
  const one = { counts, final: true, free: false, countsAsRequest: true, bodyBytes: null };
  const asker = { model: "claude-sonnet-4-5", billing: "api" as const };
  const outgoing = { ...asker, bodyBytes: 4000, maxTokens: 100, cachesAnHour: false, pictureTokens: 0 };
  const of = (tokens: number, nanoDollars = 0) => ({ ...asker, tokens, nanoDollars });
  /** The usage without its figures by model. */
  const sums = ({ models: _models, ...usage }: ReturnType<ReturnType<typeof createMeter>["usage"]>) => usage;

  it("reserves first, settles by the stream, and then has room again", () => {
    const meter = createMeter({ ...gatewayLimits, run_tokens: 100 });
    expect(meter.reserve(of(80))).toBeNull();
    expect(meter.reserve(of(30))).toBe("tokens");
    meter.settle({ reserved: of(80), ...one });
    expect(sums(meter.usage())).toEqual({ ...counts, requests: 1 });
    expect(meter.reserve(of(65))).toBeNull();
    expect(meter.reserve(of(1))).toBe("tokens");
  });

  it("charges the full reservation for a stream without its final count, and reports the counts so far", () => {
    const meter = createMeter({ ...gatewayLimits, run_tokens: 100 });
    meter.reserve(of(90));
    meter.settle({ reserved: of(90), ...one, final: false });
    expect(meter.usage().output_tokens).toBe(20);
    expect(meter.reserve(of(20))).toBe("tokens");
    expect(meter.reserve(of(10))).toBeNull();
  });

  it("reports the surcharge beyond the counts, so that every later budget includes it", () => {
    const meter = createMeter(gatewayLimits);
    meter.reserve(of(90));
    meter.settle({ reserved: of(90), ...one, final: false });
    expect(sums(meter.usage())).toEqual({ ...counts, requests: 1, surcharge_tokens: 90 - 35 });
    meter.reserve(of(90));
    meter.settle({ reserved: of(90), ...one });
    expect(meter.usage()).toMatchObject({ requests: 2, surcharge_tokens: 55 });
    meter.reserve(of(90));
    meter.settle({ reserved: of(90), ...one, counts: null, final: false, free: true });
    expect(meter.usage().surcharge_tokens).toBe(55);
  });

  it("charges one-hour cache writes twice, and reserves for that", () => {
    const meter = createMeter({ ...gatewayLimits, run_tokens: 100 });
    meter.reserve(of(50));
    meter.settle({ reserved: of(50), ...one, counts: { ...counts, cache_write_tokens: 30, surcharge_tokens: 30 } });
    expect(meter.usage()).toMatchObject({ cache_write_tokens: 30, surcharge_tokens: 30 });
    expect(meter.reserve(of(11))).toBe("tokens");
    expect(meter.reserve(of(10))).toBeNull();
    expect(meter.estimate(outgoing).tokens).toBe(1100);
    expect(meter.estimate({ ...outgoing, cachesAnHour: true }).tokens).toBe(2100);
    expect(meter.estimate({ ...outgoing, maxTokens: 0 }).tokens).toBe(0);
  });

  it("reports what each model used, which adds up to the one token figure", () => {
    const meter = createMeter(gatewayLimits);
    const small = { model: "claude-haiku-4-5", billing: "subscription" as const, tokens: 90, nanoDollars: 0 };
    const hour = { ...counts, cache_write_tokens: 30, surcharge_tokens: 12 };
    meter.reserve(of(50));
    meter.settle({ reserved: of(50), ...one, counts: hour });
    meter.reserve(small);
    meter.settle({ reserved: small, ...one, final: false });
    const usage = meter.usage();
    expect(usage.models).toMatchObject([
      { model: "claude-haiku-4-5", billing: "subscription", unfinished_requests: 1, unfinished_tokens: 90 - 35 },
      { model: "claude-sonnet-4-5", billing: "api", cache_write_hour_tokens: 12, unfinished_tokens: 0, requests: 1 },
    ]);
    const charged = (usage.models ?? []).map(
      ({ input_tokens, output_tokens, cache_write_tokens, cache_write_hour_tokens, unfinished_tokens }) =>
        input_tokens + output_tokens + cache_write_tokens + cache_write_hour_tokens + unfinished_tokens,
    );
    expect(charged.reduce((sum, tokens) => sum + tokens, 0)).toBe(tokensOf(usage));
  });

  describe("a meter with a dollar budget", () => {
    const price = { input: 3_000_000, output: 15_000_000, cache_read: 300_000, cache_write: 3_750_000 };
    const spend = (nano_usd: number, prices: Record<string, typeof price> = { [asker.model]: price }) => ({
      ...gatewayLimits,
      spend: { nano_usd, budget: "limits.day_usd" as const, resets_at: null, prices },
    });
    const cost = 10 * 3000 + 20 * 15_000 + 500 * 300 + 5 * 3750;

    it("reserves the most that a request can cost, and charges what it did cost", () => {
      const reserved = createMeter(spend(1)).estimate(outgoing);
      expect(reserved.nanoDollars).toBe(1000 * 3750 + 100 * 15_000);
      const meter = createMeter(spend(reserved.nanoDollars + cost));
      expect(meter.reserve(reserved)).toBeNull();
      expect(meter.reserve(reserved)).toBe("usd");
      meter.settle({ reserved, ...one });
      expect(meter.reserve(reserved)).toBeNull();
      meter.settle({ reserved, ...one, final: false });
      expect(meter.reserve(of(1, 1))).toBe("usd");
    });

    it("has no room for a model without a known price; without the budget prices don't matter", () => {
      const unknown = createMeter(spend(1_000_000_000_000, {}));
      expect(unknown.reserve(unknown.estimate(outgoing))).toBe("usd");
      const without = createMeter(gatewayLimits);
      expect(without.reserve(without.estimate(outgoing))).toBeNull();
    });
  });

  it("learns the density of input from answers, but never estimates less than at first", () => {
    const meter = createMeter(gatewayLimits);
    const input = (tokens: number) => ({
      ...counts,
      input_tokens: tokens,
      cache_read_tokens: 0,
      cache_write_tokens: 0,
    });
    meter.reserve(of(1));
    meter.settle({ reserved: of(1), ...one, counts: input(100), bodyBytes: 4000 });
    expect(meter.estimate(outgoing).tokens).toBe(1100);
    meter.reserve(of(1));
    meter.settle({ reserved: of(1), ...one, counts: input(3000), bodyBytes: 4000 });
    expect(meter.estimate(outgoing).tokens).toBe(2100);
  });

  it("does not mistake the endpoint's own additions to a small request for its density, and knows a bound for any model", () => {
    const meter = createMeter(gatewayLimits);
    meter.reserve(of(1));
    meter.settle({ reserved: of(1), ...one, counts: { ...counts, input_tokens: 495 }, bodyBytes: 100 });
    expect(meter.estimate(outgoing).tokens).toBe(1100);
    meter.reserve(of(1));
    meter.settle({ reserved: of(1), ...one, counts: { ...counts, input_tokens: 200_000 }, bodyBytes: 100 });
    expect(meter.estimate({ ...outgoing, bodyBytes: 1_000_000 }).tokens).toBe(1_000_100);
  });

  it("reserves images and documents by their possible cost, not by their bytes", () => {
    const meter = createMeter(gatewayLimits);
    expect(meter.estimate({ ...outgoing, pictureTokens: 200_000 }).tokens).toBe(201_100);
  });

  it("refuses beyond the number of requests", () => {
    const meter = createMeter({ ...gatewayLimits, requests_max: 1 });
    expect(meter.reserve(of(1))).toBeNull();
    expect(meter.reserve(of(1))).toBe("tokens");
  });
});

describe("createRequestRate", () => {
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
    anthropicMessages.usageLimitEnd({ status, headers, body, nowMs });

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
