/** Times and numbers as a person reads them. */
import { ageOf, roundedText } from "@aedev/contracts/figures";
import { escapeText } from "@aedev/contracts/safe-text";
import { now } from "../api/live.ts";
import { language, texts } from "./text.ts";

/** The browser's own form of the chosen language, such as `en-GB`. */
function locale(): string {
  return navigator.languages.find((one) => one.startsWith(language.value)) ?? language.value;
}

/** The local time of an instant, without seconds' fractions. The month is a word: numbers alone are read in two ways. */
export function localTime(instant: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "medium" }).format(new Date(instant));
}

/** The local time of an instant, without its date. */
export function timeOfDay(instant: string): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "medium" }).format(new Date(instant));
}

/** The time since an instant in its largest whole unit, by the daemon's clock. */
export function age(instant: string): string {
  const { count, unit } = ageOf(now.value - Date.parse(instant));
  return texts.value.ago[unit](count);
}

/** Such as `12.3 k`. */
export const shortNumber = roundedText;

/** An amount of nano-dollars. */
export function money(nanoDollars: number): string {
  const dollars = nanoDollars / 1e9;
  // Small amounts keep two digits that say something.
  const maximumFractionDigits = dollars > 0 && dollars < 0.1 ? 4 : 2;
  return new Intl.NumberFormat(language.value, { style: "currency", currency: "USD", maximumFractionDigits }).format(
    dollars,
  );
}

/** A length of time in its two largest units. Null: there is none. */
export function spanText(ms: number | null): string {
  const { spans, none } = texts.value.analytics;
  if (ms === null) return none;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return spans.seconds(Math.round(ms / 1000));
  if (minutes < 60) return spans.minutes(minutes);
  if (minutes < 2880) return spans.hours(Math.floor(minutes / 60), minutes % 60);
  return spans.days(Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60));
}

/** Such as `75 %`. */
function percent(share: number): string {
  return new Intl.NumberFormat(language.value, { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/** A share with its count: `75 % (3 of 4)`. */
export function shareText({ value, hits, n }: { value: number | null; hits: number; n: number }): string {
  const { shareOf, none } = texts.value.analytics;
  return value === null ? none : shareOf(percent(value), hits, n);
}

/** A text in which nothing hides: invisible characters are spelled, and a long gap within a line is named, because it would push the rest out of sight. */
export function visible(text: string): string {
  return escapeText(text).replace(/[^\S\n]{40,}(?=\S)/gu, (gap) => ` [${gap.length} spaces] `);
}
