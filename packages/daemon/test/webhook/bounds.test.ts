/** Floods: many deliveries cause few looks, many refusals few events, and no news are lost. */
import type { EventData } from "@aedev/contracts/events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDeliveryPace } from "../../src/webhook/delivery-pace.ts";
import { createRefusalRecord } from "../../src/webhook/refusal-record.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("deliveries", () => {
  it("a burst of deliveries causes one look at once and one after it, for each repository", () => {
    const passed: string[] = [];
    const pace = createDeliveryPace((repository) => passed.push(repository));
    for (let times = 0; times < 500; times += 1) pace.add("acme/shop");
    pace.add("acme/other");
    expect(passed).toEqual(["acme/shop", "acme/other"]);
    vi.advanceTimersByTime(9_999);
    expect(passed).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(passed).toEqual(["acme/shop", "acme/other", "acme/shop"]);
    vi.advanceTimersByTime(600_000);
    expect(passed).toHaveLength(3);
    pace.close();
  });

  it("endless deliveries cause a look every ten seconds, and a later one a look at once", () => {
    let passed = 0;
    const pace = createDeliveryPace(() => {
      passed += 1;
    });
    for (let second = 0; second < 60; second += 1) {
      pace.add("acme/shop");
      vi.advanceTimersByTime(1_000);
    }
    expect(passed).toBe(7);
    vi.advanceTimersByTime(60_000);
    pace.add("acme/shop");
    expect(passed).toBe(8);
    pace.add("acme/shop");
    pace.close();
    vi.advanceTimersByTime(60_000);
    expect(passed).toBe(8);
  });
});

describe("refusals", () => {
  function opened() {
    const recorded: EventData<"WebhookRefused">[] = [];
    const record = createRefusalRecord(async (data) => void recorded.push(data));
    return { record, recorded };
  }

  it("refusals are recorded at once, and a flood as one number an hour", () => {
    const { record, recorded } = opened();
    for (let times = 0; times < 10_000; times += 1) record.add("bad-signature");
    record.add("replayed", "72d3162e-cc78-11e3-81ab-4c9367dc0958");
    expect(recorded).toEqual([
      { why: "bad-signature", count: 1 },
      { why: "replayed", count: 1, delivery: "72d3162e-cc78-11e3-81ab-4c9367dc0958" },
    ]);
    vi.advanceTimersByTime(3_600_000);
    expect(recorded.slice(2)).toEqual([{ why: "bad-signature", count: 9_999 }]);
    // The following hour is counted too.
    record.add("bad-signature");
    expect(recorded).toHaveLength(3);
    vi.advanceTimersByTime(3_600_000);
    expect(recorded.slice(3)).toEqual([{ why: "bad-signature", count: 1 }]);
    vi.advanceTimersByTime(7_200_000);
    expect(recorded).toHaveLength(4);
    record.add("bad-signature");
    expect(recorded).toHaveLength(5);
  });

  it("refusals that were only counted are recorded at the end", async () => {
    const { record, recorded } = opened();
    for (let times = 0; times < 3; times += 1) record.add("unsigned");
    record.add("too-large");
    await record.close();
    expect(recorded.slice(2)).toEqual([{ why: "unsigned", count: 2 }]);
    vi.advanceTimersByTime(7_200_000);
    expect(recorded).toHaveLength(3);
  });
});
