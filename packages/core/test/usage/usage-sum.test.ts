/** The recorded usage and its cost: every charge in one group, one total, and nothing unknown counted as zero. */
import { noUsage, type Usage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { verdictOf } from "../../src/testing/index.ts";
import { type Charge, chargesOf, tokensCharged } from "../../src/usage/charge.ts";
import { mergePrices } from "../../src/usage/merge-prices.ts";
import { priceOf } from "../../src/usage/price-list.ts";
import { chargedDollars, sumUsage, usageReport } from "../../src/usage/usage-sum.ts";

const listed = { source: "https://example.org/pricing", date: "2026-01-01" };
const merged = mergePrices(
  {
    models: {
      coder: { input: "3", output: "15", cache_read: "0.30", cache_write: "3.75", cache_write_hour: "6", ...listed },
      judge: { input: "1.25", output: "10", ...listed },
    },
  },
  null,
);
if (merged.kind === "problems") throw new Error(JSON.stringify(merged.problems));
const { prices } = merged;

const context = { mission_id: "m-1", repository: "repo", started_at: "2026-01-01T00:00:00.000Z", given_tokens: 1000 };
const at = "2026-01-01T00:01:00.000Z";
const model = {
  ...{ model: "coder", billing: "api" as const, requests: 2, unfinished_requests: 0, unfinished_tokens: 0 },
  ...{ input_tokens: 10, output_tokens: 20, cache_read_tokens: 40, cache_write_tokens: 5, cache_write_hour_tokens: 1 },
};
const usage: Usage = {
  ...{ input_tokens: 10, output_tokens: 20, cache_read_tokens: 40, cache_write_tokens: 5, requests: 2 },
  ...{ surcharge_tokens: 1, models: [model] },
};
const ofRun = (used: Usage): Charge[] =>
  chargesOf(
    {
      ...{ stream: "task/t-1", recorded_at: at, type: "RunEnded" },
      data: { run_id: "r-1" as never, usage: used, journal: null, patch: null, exit_code: 0 },
    },
    context,
  );
const ofVerdict = (change: object): Charge[] =>
  chargesOf(
    {
      ...{ stream: "task/t-1", recorded_at: at, type: "VerdictRecorded" },
      data: { ...verdictOf("openai", "pass"), ...change },
    },
    context,
  );

describe("charges", () => {
  it("charges the token count of the run's usage, however it was counted", () => {
    const old = { ...usage, models: undefined };
    for (const used of [usage, old]) {
      const tokens = ofRun(used as Usage).reduce((sum, charge) => sum + tokensCharged(charge), 0);
      expect(tokens).toBe(36);
    }
    expect(ofRun(usage)).toMatchObject([{ model: "coder", run_ms: 60_000, mission_id: "m-1", repository: "repo" }]);
    expect(ofRun(noUsage)).toMatchObject([{ model: null, requests: 0, run_ms: 60_000 }]);
  });

  it("subtracts the input that a judge's vendor had cached, and charges nothing for a verdict that is reused or was not asked for", () => {
    const asked = { usage: { input_tokens: 100, output_tokens: 10, cached_input_tokens: 60, requests: 3 } };
    expect(ofVerdict(asked)).toMatchObject([{ input_tokens: 40, cache_read_tokens: 60, requests: 3, billing: "api" }]);
    expect(ofVerdict({ ...asked, reused_from: "e".repeat(64) })).toEqual([]);
    expect(ofVerdict({ verdict: "not_configured" })).toEqual([]);
  });
});

it("charges the time of a run that is reported twice only once", () => {
  const told = (change: object) =>
    chargesOf(
      {
        ...{ stream: "task/t-1", recorded_at: at, type: "RunEnded" },
        data: { run_id: "r-1" as never, usage, journal: null, patch: null, exit_code: 0, ...change },
      },
      context,
    );
  const milliseconds = (charges: readonly Charge[]) => charges.map(({ run_ms }) => run_ms);
  expect(milliseconds(told({}))).toEqual([60_000]);
  expect(milliseconds(told({ again: true }))).toEqual([0]);
});

it("charges a judge's requests without counts what they may have used, and a budget of dollars the highest price", () => {
  const lost = { input_tokens: 8, output_tokens: 1, requests: 3, uncounted_requests: 2, uncounted_tokens: 500 };
  const [charge] = ofVerdict({ model: "judge", usage: lost }) as [Charge];
  expect([charge.unfinished_requests, tokensCharged(charge)]).toEqual([2, 509]);
  expect(chargedDollars([charge], prices).nanoDollars).toBe(8 * 1250 + 10_000 + 500 * 10_000);
  const [counted] = ofVerdict({ model: "judge", usage: { input_tokens: 8, output_tokens: 1, requests: 3 } }) as [
    Charge,
  ];
  expect([counted.unfinished_requests, tokensCharged(counted)]).toEqual([0, 9]);
});

describe("the cost of charges", () => {
  it("prices charges by the class of their tokens", () => {
    const nano = 10 * 3000 + 20 * 15_000 + 40 * 300 + 4 * 3750 + 1 * 6000;
    expect(sumUsage(ofRun(usage), prices)).toMatchObject({ nano_usd: nano, subscription_nano_usd: 0, unknown: [] });
  });

  it("prices a subscription at list price, and never at zero", () => {
    const sum = sumUsage(ofRun({ ...usage, models: [{ ...model, billing: "subscription" }] }), prices);
    expect(sum.subscription_nano_usd).toBe(sum.nano_usd);
    expect([sum.nano_usd > 0, sum.subscription_requests]).toEqual([true, 2]);
  });

  it("names each model without a known price, with its requests", () => {
    const other = { ...model, model: "other" };
    const charges = [
      ...ofRun({ ...usage, models: [model, other] }),
      ...ofRun({ ...usage, models: undefined } as Usage),
    ];
    const sum = sumUsage(charges, prices);
    expect(sum.unknown).toEqual([
      { model: null, requests: 2 },
      { model: "other", requests: 2 },
    ]);
    expect(sum.nano_usd).toBe(sumUsage(ofRun(usage), prices).nano_usd);
    expect(chargedDollars(charges, prices).unknown).toEqual([null, "other"]);
  });

  it("gives no price for a class without one, but does if there are no tokens of that class", () => {
    const cached = ofVerdict({ model: "judge", usage: { input_tokens: 9, output_tokens: 1, cached_input_tokens: 1 } });
    expect(sumUsage(cached, prices).unknown).toEqual([{ model: "judge", requests: 1 }]);
    const plain = ofVerdict({ model: "judge", usage: { input_tokens: 8, output_tokens: 1 } });
    expect(sumUsage(plain, prices)).toMatchObject({ nano_usd: 8 * 1250 + 10_000, unknown: [] });
  });

  it("counts for a dollar budget the highest possible cost of an answer without its end", () => {
    const torn = ofRun({ ...usage, models: [{ ...model, unfinished_requests: 1, unfinished_tokens: 100 }] });
    const { nano_usd } = sumUsage(torn, prices);
    expect(chargedDollars(torn, prices).nanoDollars).toBe(nano_usd + 100 * 15_000);
  });
});

it("puts every charge in exactly one group, whatever the grouping", () => {
  const charges = [
    ...ofRun(usage),
    ...ofVerdict({ model: "judge", usage: { input_tokens: 8, output_tokens: 1 } }),
    ...ofRun(usage).map((charge) => ({
      ...charge,
      mission_id: null,
      repository: null,
      at: "2026-01-02T00:00:00.000Z",
    })),
  ];
  const total = sumUsage(charges, prices);
  for (const by of ["day", "repo", "model", "mission"] as const) {
    const report = usageReport(charges, { by, prices, dayOf: (instant) => instant.slice(0, 10) });
    expect(report.total).toEqual(total);
    expect(report.rows).toHaveLength(2);
    for (const key of ["tokens", "nano_usd", "requests", "run_ms"] as const)
      expect(report.rows.reduce((sum, row) => sum + row[key], 0)).toBe(total[key]);
  }
});

describe("the price list", () => {
  it("finds a model by its name, also with a date at its end, and no other by a part of it", () => {
    expect(priceOf(prices, "coder")).toBeDefined();
    expect(priceOf(prices, "coder-20250929")).toEqual(priceOf(prices, "coder"));
    expect(priceOf(prices, "coder-2025-11-13")).toEqual(priceOf(prices, "coder"));
    for (const name of ["coder-2", "coder-mini", "code", "constructor"]) expect(priceOf(prices, name)).toBeUndefined();
  });

  it("refuses numbers, unknown keys and half a price in the price list, with their path", () => {
    const shipped = { models: {} };
    const refused = (entry: object) => mergePrices(shipped, { models: { x: entry } });
    const whole = { input: "1", output: "2", ...listed };
    expect(refused(whole).kind).toBe("prices");
    for (const [entry, path] of [
      [{ ...whole, input: 1 }, "models.x.input"],
      [{ ...whole, extra: "1" }, "models.x.extra"],
      [{ input: "1", ...listed }, "models.x.output"],
      [{ input: "1", output: "2", source: listed.source }, "models.x.date"],
    ] as const)
      expect(refused(entry)).toMatchObject({ kind: "problems", layer: "operator", problems: [{ path }] });
  });
});
