/** Numbers, sizes and times as a person reads them in the terminal, in messages and on pages. JSON has the exact number and ISO 8601 UTC. */

/** "1 run", "0 runs", "1,234 runs". `plural`: the plural of a noun that does not just add "s". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${groupedText(count)} ${count === 1 ? noun : plural}`;
}

/** `1,234`. */
export function groupedText(count: number): string {
  return String(count).replace(/(?<!\.\d*)\B(?=(?:\d{3})+(?!\d))/g, ",");
}

/** A large number that nobody needs to the last digit: `950`, `9,876`, `12.3 k`, `40 M`, `1.2 G`. */
export function roundedText(count: number): string {
  if (count < 10_000) return groupedText(Math.round(count));
  return scaled(count, ["", "k", "M", "G", "T"]);
}

/** `1 token`, `1,240 tokens`, `40 M tokens`. */
export function tokensText(tokens: number): string {
  return `${roundedText(tokens)} ${tokens === 1 ? "token" : "tokens"}`;
}

/** A size in decimal units, as disks are sold: `512 B`, `1.5 MB`, `73 GB`. */
export function sizeText(bytes: number): string {
  return scaled(bytes, ["B", "kB", "MB", "GB", "TB"]);
}

/** Three digits and a unit, each a thousand times the one before. */
function scaled(value: number, units: readonly string[]): string {
  let rest = value;
  let at = 0;
  while (Number(rest.toPrecision(3)) >= 1000 && at < units.length - 1) {
    rest /= 1000;
    at += 1;
  }
  const digits = rest < 100 ? Number(rest.toPrecision(3)) : Math.round(rest);
  return `${digits} ${units[at] ?? ""}`.trimEnd();
}

/** An instant in the local time of whoever runs the program: `2026-01-31 10:20`. A text that is no instant stays as it is. */
export function localTime(instant: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return instant;
  const two = (part: number) => String(part).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The same with its second, for logs and events. */
export function localSecond(instant: string): string {
  const minute = localTime(instant);
  return minute === instant ? instant : `${minute}:${String(new Date(instant).getSeconds()).padStart(2, "0")}`;
}

/** An age in its largest whole unit. */
export function ageOf(milliseconds: number): { readonly count: number; readonly unit: "s" | "min" | "h" | "d" } {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return { count: seconds, unit: "s" };
  if (seconds < 3600) return { count: Math.floor(seconds / 60), unit: "min" };
  return seconds < 86_400
    ? { count: Math.floor(seconds / 3600), unit: "h" }
    : { count: Math.floor(seconds / 86_400), unit: "d" };
}

/** `35 s`, `12 min`, `3 h`, `2 d`. */
export function ageText(milliseconds: number): string {
  const { count, unit } = ageOf(milliseconds);
  return `${groupedText(count)} ${unit}`;
}
