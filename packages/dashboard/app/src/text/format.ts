/** Times and numbers as a person reads them. */
import { escapeText } from "@aedev/contracts/safe-text";
import { now } from "../api/live.ts";
import { language, texts } from "./text.ts";

/** The local time of an instant, without seconds' fractions. */
export function localTime(instant: string): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: "short", timeStyle: "medium" }).format(new Date(instant));
}

/** The time since an instant in its largest whole unit, by the daemon's clock. */
export function age(instant: string): string {
  const seconds = Math.max(0, Math.floor((now.value - Date.parse(instant)) / 1000));
  const { ago } = texts.value;
  if (seconds < 60) return ago.seconds(seconds);
  if (seconds < 3600) return ago.minutes(Math.floor(seconds / 60));
  return seconds < 86_400 ? ago.hours(Math.floor(seconds / 3600)) : ago.days(Math.floor(seconds / 86_400));
}

/** Such as `1.2M`. */
export function shortNumber(count: number): string {
  return new Intl.NumberFormat(language.value, { notation: "compact", maximumFractionDigits: 1 }).format(count);
}

/** A text in which nothing hides: invisible characters are spelled, and a long gap within a line is named, because it would push the rest out of sight. */
export function visible(text: string): string {
  return escapeText(text).replace(/(?<=\S) {40,}(?=\S)/gu, (gap) => ` [${gap.length} spaces] `);
}
