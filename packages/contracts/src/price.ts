/** What tokens cost. A model's prices are whole micro-dollars per million tokens, amounts are whole nano-dollars. No amount is ever a fraction. */
import { z } from "zod";
import type { TokenClasses } from "./usage.ts";

const microDollars = z.int().nonnegative().max(1_000_000_000_000);
/** A model's prices per million tokens, in micro-dollars. A class without a price is unknown, not free. */
export const modelPriceSchema = z.strictObject({
  input: microDollars,
  output: microDollars,
  cache_read: microDollars.optional(),
  /** A cache write that is kept for five minutes. */
  cache_write: microDollars.optional(),
  cache_write_hour: microDollars.optional(),
});
export type ModelPrice = z.infer<typeof modelPriceSchema>;

const nanoPerDollar = 1_000_000_000;

/** The cost of these tokens in nano-dollars, rounded up; null if a class has tokens and no price. */
export function nanoDollarsOf(tokens: TokenClasses, price: ModelPrice): number | null {
  const parts: readonly (readonly [number, number | undefined])[] = [
    [tokens.input_tokens, price.input],
    [tokens.output_tokens, price.output],
    [tokens.cache_read_tokens, price.cache_read],
    [tokens.cache_write_tokens - tokens.cache_write_hour_tokens, price.cache_write],
    [tokens.cache_write_hour_tokens, price.cache_write_hour],
  ];
  let pico = 0n;
  for (const [count, perMillion] of parts) {
    if (count <= 0) continue;
    if (perMillion === undefined) return null;
    pico += BigInt(count) * BigInt(perMillion);
  }
  return Number((pico + 999n) / 1000n);
}

/** The highest possible cost of this many tokens, whatever their class. */
export function dearestNanoDollars(tokens: number, price: ModelPrice): number {
  const dearest = Math.max(...Object.values(price).map((perMillion) => perMillion ?? 0));
  return Number((BigInt(Math.max(0, Math.ceil(tokens))) * BigInt(dearest) + 999n) / 1000n);
}

/** Micro-dollars of a decimal text of dollars such as "0.30"; null for any other text, or for more than six decimals. */
export function microDollarsOf(text: string): number | null {
  const [, whole = "", decimals = ""] = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  return whole === "" ? null : Number(whole) * 1_000_000 + Number(decimals.padEnd(6, "0"));
}

/** `$12.34`. Amounts below a dollar have four decimals, and only zero is shown as zero. */
export function dollarsText(nanoDollars: number): string {
  if (nanoDollars >= nanoPerDollar) return `$${decimalOf(nanoDollars, 2)}`;
  if (nanoDollars > 0 && nanoDollars < 100_000) return "under $0.0001";
  return `$${decimalOf(nanoDollars, nanoDollars === 0 ? 2 : 4)}`;
}

/** Dollars with this many decimals (at most nine), rounded up, as plain text. */
export function decimalOf(nanoDollars: number, decimals: number): string {
  const step = 10n ** BigInt(9 - decimals);
  const digits = String((BigInt(nanoDollars) + step - 1n) / step).padStart(decimals + 1, "0");
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
